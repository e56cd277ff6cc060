//! What a browser sees at the address of the endpoint.

use std::fmt::Write;

use super::method::METHODS;

const HEAD: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>XML-RPC and JSON-RPC</title>\n\
</head>\n<body>\n<h1>XML-RPC and JSON-RPC</h1>\n";

/// The page of all methods with their parameters and help; it needs no script and no other file.
///
/// `service_url` is the absolute address of the endpoint, which the examples are to be sent to.
pub fn method_list_html(service_url: &str) -> String {
    let mut page = String::from(HEAD);
    let url = escaped(service_url);
    put(
        &mut page,
        format_args!(
            "<p>Programs POST to <code>{url}</code>: XML-RPC as <code>text/xml</code>, JSON-RPC as \
         <code>application/json</code>.</p>\n<ul>\n"
        ),
    );
    for method in METHODS {
        put(&mut page, format_args!("<li><a href=\"#{0}\"><code>{0}</code></a></li>\n", method.name));
    }
    page.push_str("</ul>\n");
    for method in METHODS {
        let params: Vec<String> = method
            .params
            .iter()
            .map(|param| {
                let shown = format!("{} {}", param.kind, param.name);
                if param.optional { format!("[{shown}]") } else { shown }
            })
            .collect();
        put(&mut page, format_args!("<h2 id=\"{0}\"><code>{0}</code></h2>\n", method.name));
        put(
            &mut page,
            format_args!("<p><code>{} {}({})</code></p>\n", method.result, method.name, params.join(", ")),
        );
        for paragraph in escaped(&addressed(method.help, service_url)).split("\n\n") {
            let element = if paragraph.starts_with("    ") { "pre" } else { "p" };
            put(&mut page, format_args!("<{element}>{paragraph}</{element}>\n"));
        }
    }
    page.push_str("</body>\n</html>\n");
    page
}

/// The examples with the address of this very endpoint.
fn addressed(help: &str, service_url: &str) -> String {
    let (scheme, host) = service_url.split_once("://").unwrap_or(("https", service_url));
    help.replace("https://USER:PASSWORD@HOST/plugins/RPC2/", &format!("{scheme}://USER:PASSWORD@{host}"))
        .replace("HOST/plugins/RPC2/", service_url)
}

fn put(page: &mut String, what: std::fmt::Arguments<'_>) {
    page.write_fmt(what).expect("a String takes every write");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_every_method_with_examples_for_this_server() {
        let page = method_list_html("http://127.0.0.1:8000/plugins/RPC2/");
        for method in METHODS {
            assert!(page.contains(&format!("<h2 id=\"{}\">", method.name)), "{}", method.name);
        }
        assert!(page.contains("array plugin.upload(base64 package, [boolean auto_approve])"));
        assert!(page.contains("ServerProxy(&quot;http://USER:PASSWORD@127.0.0.1:8000/plugins/RPC2/&quot;)"));
        assert!(page.contains("application/json' http://127.0.0.1:8000/plugins/RPC2/ \\"));
        assert!(!page.contains("HOST"), "{page}");
    }

    #[test]
    fn an_odd_address_stays_text() {
        let page = method_list_html("http://x/\"><script>alert(1)</script>");
        assert!(!page.contains("<script"));
    }
}
