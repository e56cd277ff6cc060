//! Where to go on after signing in, as an address says: only ever to a page of this site.

use crate::frame::Frame;

/// The longest address that is gone on to, in bytes.
pub(crate) const NEXT_BYTES_MAX: usize = 500;

impl Frame {
    /// The path to go on to; the account's page if none is given or it leads elsewhere.
    pub(crate) fn go_on(&self, next: Option<&str>) -> String {
        let ours = next.filter(|next| self.is_ours(next));
        ours.map_or_else(|| format!("{}/account/", self.root), str::to_owned)
    }

    /// Browsers read `//host` and `/\host` as another site, and leave out line breaks and tabs before they look.
    fn is_ours(&self, next: &str) -> bool {
        let path = next.strip_prefix(&self.root).and_then(|rest| rest.strip_prefix('/'));
        let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        plain && next.len() <= NEXT_BYTES_MAX && path.is_some_and(|path| !path.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;

    fn frame(base: &str) -> Frame {
        Frame::at(&base.parse().unwrap(), Part::Other)
    }

    #[test]
    fn one_goes_on_to_pages_of_this_site() {
        let (top, under) = (frame("https://example.org"), frame("https://example.org/qgis/"));
        assert_eq!(top.go_on(Some("/plugins/lasso/?a=b")), "/plugins/lasso/?a=b");
        assert_eq!(under.go_on(Some("/qgis/plugins/")), "/qgis/plugins/");
        assert_eq!(top.go_on(None), "/account/");
        let longest = format!("/{}", "a".repeat(NEXT_BYTES_MAX - 1));
        assert_eq!(top.go_on(Some(&longest)), longest);
    }

    #[test]
    fn and_nowhere_else() {
        let (top, under) = (frame("https://example.org"), frame("https://example.org/qgis/"));
        let too_long = format!("/{}", "a".repeat(NEXT_BYTES_MAX));
        for bad in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "javascript:alert(1)",
            "plugins/",
            "/é",
            &too_long,
        ] {
            assert_eq!(top.go_on(Some(bad)), "/account/", "{bad:?}");
        }
        for bad in ["/plugins/", "/qgisevil/", "/qgis//evil.example"] {
            assert_eq!(under.go_on(Some(bad)), "/qgis/account/", "{bad}");
        }
    }
}
