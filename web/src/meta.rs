//! What search engines and other sites are told of a public page.

use crate::frame::Frame;
use serde_json::Value;

/// The head of a public page, for `partials/meta.html`.
#[derive(Debug, Clone)]
pub(crate) struct Meta {
    /// What the page is about, without the name of the site.
    pub(crate) title: String,
    /// One or two sentences of it.
    pub(crate) description: String,
    /// The one address of it, absolute.
    pub(crate) canonical: String,
    /// A picture for those who link it, absolute; that of the site unless the page has its own.
    pub(crate) image: Option<String>,
    /// Its Atom feed, absolute, with a title.
    pub(crate) atom: Option<(String, String)>,
    /// Search engines should look elsewhere: filtered lists, pages of old versions.
    pub(crate) unlisted: bool,
    json_ld: Option<String>,
}

/// The most characters of a description: search engines show fewer.
const DESCRIPTION_CHARS_MAX: usize = 200;

impl Meta {
    /// The head of the page at this path below the site.
    pub(crate) fn of(frame: &Frame, path: &str, title: impl Into<String>, description: &str) -> Self {
        let words: Vec<&str> = description.split_whitespace().collect();
        Self {
            title: title.into(),
            description: words.join(" ").chars().take(DESCRIPTION_CHARS_MAX).collect(),
            canonical: format!("{}{path}", frame.base),
            image: Some(format!("{}/og.png", frame.base)),
            atom: None,
            unlisted: false,
            json_ld: None,
        }
    }

    /// With a description of the thing in the words of schema.org.
    pub(crate) fn about(mut self, thing: &Value) -> Self {
        self.json_ld = Some(in_script(thing));
        self
    }
}

/// JSON that can stand in a script element: nothing in it ends the element or begins a comment.
fn in_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

impl Meta {
    /// The JSON for a script element, if there is any; safe to be written as it is.
    pub(crate) fn json_ld(&self) -> Option<&str> {
        self.json_ld.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn what_is_said_of_a_thing_cannot_leave_its_script() {
        let frame = testing::frame(Part::Home);
        let thing = serde_json::json!({ "name": format!("</script>{HOSTILE}<!--") });
        let meta = Meta::of(&frame, "/plugins/lasso/", "Lasso", "Draws\n a lasso").about(&thing);
        let told = meta.json_ld().unwrap();
        assert!(!told.contains('<') && !told.contains('>'), "{told}");
        assert_eq!(serde_json::from_str::<Value>(told).unwrap(), thing);
        assert_eq!(meta.canonical, "https://example.org/qgis/plugins/lasso/");
        assert_eq!(meta.description, "Draws a lasso");
    }
}
