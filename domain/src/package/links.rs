//! Whether a link of metadata.txt is an address a browser can open. Nothing is fetched.

use super::profile::Profile;

/// The longest link, in bytes; the site behind plugins.qgis.org keeps 200 characters.
pub(super) const LINK_BYTES_MAX: usize = 200;

/// What is wrong with a link, if anything.
pub(super) fn fault(link: &str, profile: &Profile) -> Option<String> {
    if link.len() > LINK_BYTES_MAX {
        return Some(format!("the link has {} bytes; {LINK_BYTES_MAX} are allowed", link.len()));
    }
    if link.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"\\^`{|}".contains(c)) {
        return Some("the link contains a blank or a character that no address has".to_owned());
    }
    let same = |placeholder: &String| {
        placeholder.trim_end_matches('/').eq_ignore_ascii_case(link.trim_end_matches('/'))
    };
    if profile.placeholder_links.iter().any(same) {
        return Some(format!("`{link}` is what a template left there"));
    }
    let after = |scheme: &str| {
        link.get(..scheme.len())
            .filter(|start| start.eq_ignore_ascii_case(scheme))
            .map(|_| &link[scheme.len()..])
    };
    let Some(rest) = after("https://").or_else(|| after("http://")) else {
        return Some("the link does not begin with `https://` or `http://`".to_owned());
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if authority.contains('@') {
        return Some("the link contains a user name".to_owned());
    }
    if is_host(authority) { None } else { Some("the link names no host".to_owned()) }
}

/// `host`, `host:port` or `[ipv6]:port`.
fn is_host(authority: &str) -> bool {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, port)) if address.parse::<std::net::Ipv6Addr>().is_ok() => {
                ("v6", port.strip_prefix(':').or(port.is_empty().then_some("")))
            }
            _ => return false,
        },
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, Some("")),
        },
    };
    let port_good = port.is_some_and(|port| port.is_empty() || port.parse::<u16>().is_ok());
    let host = host.strip_suffix('.').unwrap_or(host);
    port_good
        && host.split('.').all(|label| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_pages_pass() {
        for link in [
            "https://example.org",
            "HTTP://Example.org/a?b=c#d",
            "http://localhost:8000/plugin",
            "https://[::1]:8443/",
            "https://größe.example/ä",
            "https://a_b.example.org./x",
        ] {
            assert_eq!(fault(link, &Profile::official()), None, "{link}");
        }
    }

    #[test]
    fn others_do_not() {
        for link in [
            "",
            "http://bugs",
            "http://repo/",
            "HTTP://homepage",
            "https  ://example.org",
            "https://",
            "https:///path",
            "https://.example.org",
            "https://example..org",
            "https://example.org:99999",
            "https://example.org:port",
            "https://[::1",
            "https://[example]",
            "https://ann:secret@example.org",
            "https://exa mple.org",
            "ftp://example.org",
            "javascript:alert(1)",
            "example.org",
            "é",
        ] {
            assert!(fault(link, &Profile::official()).is_some(), "{link}");
        }
    }

    #[test]
    fn a_link_has_two_hundred_bytes_at_most() {
        let link = |bytes: usize| format!("https://example.org/{}", "x".repeat(bytes - 20));
        assert_eq!(fault(&link(LINK_BYTES_MAX), &Profile::official()), None);
        assert!(fault(&link(LINK_BYTES_MAX + 1), &Profile::official()).is_some());
    }
}
