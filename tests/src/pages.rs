//! Every page there is, in one list: who looks at it, and at what. Tests of headers, of markup, of contrast and of weight walk
//! along it, and `every_page_is_in_the_list` sees to it that a new page is walked along too.

use std::fs;
use std::path::{Path, PathBuf};

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// Somebody without an account.
    Visitor,
    /// The owner of the plugin.
    Author,
    /// Somebody of the staff.
    Staff,
}

/// A page: its route as the program has it, with what is looked for behind it, and who may look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The route, as in the program.
    pub route: &'static str,
    /// What is asked, with `?`.
    pub query: &'static str,
    /// Who looks.
    pub who: Who,
}

const fn visitor(route: &'static str, query: &'static str) -> Page {
    Page { route, query, who: Who::Visitor }
}

const fn author(route: &'static str) -> Page {
    Page { route, query: "", who: Who::Author }
}

const fn staff(route: &'static str) -> Page {
    Page { route, query: "", who: Who::Staff }
}

/// Where nothing is, which is a page too.
pub const NOWHERE: &str = "/nothing/is/here";

/// All pages.
pub const PAGES: &[Page] = &[
    visitor("/", ""),
    visitor("/plugins", ""),
    visitor("/plugins", "?q={text}"),
    visitor("/plugins", "?q=nothing+is+called+like+this"),
    visitor("/plugins", "?qgis=wrong"),
    visitor("/plugins/featured", ""),
    visitor("/plugins/tags", ""),
    visitor("/plugins/tags/{tag}", ""),
    visitor("/plugins/authors", ""),
    visitor("/plugins/author/{text}", ""),
    visitor("/plugins/user/{name}", ""),
    visitor("/plugins/{package}", ""),
    visitor("/plugins/{package}/statistics", ""),
    visitor("/statistics", ""),
    visitor("/plugins/{package}/version/{version}", ""),
    visitor("/graphql/console", ""),
    visitor("/docs", ""),
    visitor("/docs/{*rest}", ""),
    visitor("/docs/add-to-qgis", ""),
    visitor("/docs/api", ""),
    visitor("/log", ""),
    visitor("/log", "?plugin={package}"),
    visitor("/log", "?kind={text}"),
    visitor("/log", "?actor={name}"),
    visitor("/log/{position}", ""),
    visitor("/account/sign-in", ""),
    visitor("/account/sign-up", ""),
    visitor("/account/reset", ""),
    visitor(NOWHERE, ""),
    author("/plugins/{package}"),
    author("/plugins/{package}/version/{version}"),
    author("/plugins/my"),
    author("/plugins/add"),
    author("/plugins/add/{staged}"),
    author("/plugins/{package}/version/add"),
    author("/plugins/{package}/versions"),
    author("/plugins/{package}/version/{waiting}/update"),
    author("/plugins/{package}/version/{version}/delete"),
    author("/plugins/{package}/version/{version}/yank"),
    author("/plugins/{package}/version/{version}/pin"),
    author("/plugins/{package}/update"),
    author("/plugins/{package}/owners"),
    author("/plugins/{package}/deprecate"),
    author("/plugins/{package}/delete"),
    author("/plugins/{gone}/restore"),
    author("/plugins/{package}/tokens"),
    author("/plugins/{package}/tokens/{token}/update"),
    author("/plugins/{package}/tokens/{token}/delete"),
    author("/account"),
    author("/account/invitations"),
    author("/account/teams"),
    author("/account/teams/{team}"),
    author("/account/password"),
    author("/account/email"),
    author("/account/sessions"),
    author("/account/erase"),
    author("/account/identities"),
    author("/account/second-factor"),
    author("/account/second-factor/passkey"),
    author("/graphql/console"),
    staff("/plugins/{package}"),
    staff("/plugins/{package}/version/{version}"),
    staff("/plugins/{package}/version/{version}/unapprove"),
    staff("/plugins/awaiting_deletion"),
    staff("/staff"),
    staff("/staff/queue"),
    staff("/staff/queue/{package}/{waiting}"),
    staff("/staff/accounts"),
    staff("/staff/accounts/{name}"),
    staff("/staff/accounts/{name}/undo"),
    staff("/staff/featured"),
    staff("/staff/deletions/{gone}"),
    staff("/staff/settings"),
    staff("/staff/qgis"),
    staff("/staff/health"),
    staff("/log/{position}"),
];

/// Routes that answer something else than a page, or a page that needs a secret of a mail; each with the reason.
pub const NOT_WALKED: &[(&str, &str)] = &[
    ("/assets/{file}", "a file of ours"),
    ("/graphql/schema.graphql", "the schema as text"),
    ("/account/data", "a file for its owner"),
    ("/plugins/{package}/publishers/{publisher}/delete", "needs a publisher; its own tests name one"),
    ("/atom.xml", "a feed"),
    ("/plugins/{package}/atom.xml", "a feed"),
    ("/plugins/tags/{tag}/atom.xml", "a feed"),
    ("/sitemap.xml", "for search engines"),
    ("/sitemap/{part}", "for search engines"),
    ("/robots.txt", "for search engines"),
    ("/.well-known/security.txt", "for whoever found a weakness"),
    ("/opensearch.xml", "for browsers"),
    ("/site.webmanifest", "for browsers"),
    ("/favicon.ico", "a picture"),
    ("/apple-touch-icon.png", "a picture"),
    ("/icon-512.png", "a picture"),
    ("/og.png", "a picture"),
    ("/accounts/login", "leads on"),
    ("/add", "leads on"),
    ("/plugins/unapproved", "leads on"),
    ("/staff/queue/next", "leads on"),
    ("/account/sign-up/{link}", "needs the link of a letter; its own tests open it"),
    ("/account/confirm/{link}", "needs the link of a letter; its own tests open it"),
    ("/account/reset/{link}", "needs the link of a letter; its own tests open it"),
    ("/account/oidc/{name}/callback", "needs a provider; its own tests come back from one"),
    ("/account/sign-in/second-factor", "needs a password that was just right; its own tests go there"),
    ("/account/second-factor/app/{ceremony}", "needs a ceremony; its own tests begin one"),
    ("/account/second-factor/{factor}/remove", "needs a factor; its own tests have one"),
];

impl Page {
    /// Whether this is the page of a route: what the parts in braces are called does not matter.
    pub fn is_of(&self, route: &str) -> bool {
        let part = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
        let parts = |route: &str| route.trim_end_matches('/').split('/').map(part).collect::<Vec<_>>();
        parts(self.route) == parts(route)
    }

    /// Its address: the parts in braces are replaced by these values, coded for an address.
    ///
    /// Panics when a value is missing.
    pub fn path(&self, values: &[(&str, String)]) -> String {
        let mut path = format!("{}{}", self.route, if self.route.ends_with('/') { "" } else { "/" });
        path.push_str(self.query);
        for (name, value) in values {
            let value = if *name == "*rest" { value.clone() } else { coded(value) };
            path = path.replace(&format!("{{{name}}}"), &value);
        }
        assert!(!path.contains('{'), "there is no value for {path}");
        path
    }
}

/// A text as a part of an address.
pub fn coded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A route of the pages, as the program's text has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The address, with names in braces.
    pub path: String,
    /// It answers GET.
    pub get: bool,
    /// It answers POST.
    pub post: bool,
}

/// Every route of the pages, read from the text of the program: whoever adds one need not tell the tests.
pub fn routes() -> Vec<Route> {
    let mut files = Vec::new();
    rust_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src/pages"), &mut files);
    let mut routes: Vec<Route> = files
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).expect("a file of the program can be read");
            let program = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
            routes_in(&program)
        })
        .collect();
    routes.sort();
    routes.dedup();
    routes
}

fn rust_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the pages are in this folder") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            rust_below(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn routes_in(text: &str) -> Vec<Route> {
    text.split(".route(").skip(1).filter_map(route).collect()
}

/// `"/path", get(…).post(…))…`, up to the bracket that ends it.
fn route(after: &str) -> Option<Route> {
    let (path, rest) = after.trim_start().strip_prefix('"')?.split_once('"')?;
    let mut depth = 1;
    let end = rest.char_indices().find(|(_, c)| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    let handlers = &rest[..end.map_or(rest.len(), |(at, _)| at)];
    let has = |method: &str| handlers.contains(&format!("{method}("));
    Some(Route { path: path.to_owned(), get: has("get"), post: has("post") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_read_with_their_methods() {
        let text = r#"Router::new().route("/a", get(a)).route("/b/{c}", post(b)).route(
            "/d",
            get(d).post(e),
        ).merge(other())"#;
        let read = |path: &str, get, post| Route { path: path.into(), get, post };
        assert_eq!(
            routes_in(text),
            [read("/a", true, false), read("/b/{c}", false, true), read("/d", true, true)]
        );
        assert!(routes().len() > 30, "the program has pages");
    }

    #[test]
    fn an_address_is_filled_in() {
        let page = visitor("/plugins/{package}/version/{version}", "?text={text}");
        let values =
            [("package", "lasso".to_owned()), ("version", "1.0 b".to_owned()), ("text", "<b>".to_owned())];
        assert_eq!(page.path(&values), "/plugins/lasso/version/1.0%20b/?text=%3Cb%3E");
        assert_eq!(visitor("/", "").path(&[]), "/");
    }
}
