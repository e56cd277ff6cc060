//! What every page stands in: where the site is and which part of it this is.

use crate::ask::Behind;
use crate::assets;
use crate::visitor::Visitor;
use cairn_api::App;
use url::Url;

/// The surroundings of a page.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The address of the site without a final slash, for what people copy.
    pub(crate) base: String,
    /// The path of the site, without a final slash; links begin with it and so work under any host name.
    pub(crate) root: String,
    /// What QGIS is given.
    pub(crate) feed: String,
    /// Who looks at it.
    pub(crate) visitor: Option<Visitor>,
    /// The query that answered this page.
    pub(crate) behind: Option<Behind>,
    /// What was just done, in one sentence.
    pub(crate) done: Option<&'static str>,
    part: Part,
}

/// The parts of the site that the head of a page names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Home,
    Plugins,
    /// Numbers and charts.
    Statistics,
    /// How to add this repository to QGIS, and documents.
    Docs,
    /// Uploading, and one's own plugins.
    Publish,
    /// What staff do.
    Staff,
    Console,
    /// One's own account, and signing in.
    Account,
    /// None of them.
    Other,
}

impl Frame {
    /// The frame of a page in this part.
    pub(crate) fn of(app: &App, part: Part) -> Self {
        Self::at(&app.settings.base_url, part)
    }

    pub(crate) fn at(base_url: &Url, part: Part) -> Self {
        let base = base_url.as_str().trim_end_matches('/').to_owned();
        let root = base_url.path().trim_end_matches('/').to_owned();
        Self {
            feed: format!("{base}/plugins/plugins.xml"),
            base,
            root,
            visitor: Self::visitor(),
            behind: None,
            done: None,
            part,
        }
    }

    /// The address of a file of ours.
    pub(crate) fn asset(&self, name: &str) -> String {
        format!("{}/assets/{}", self.root, assets::file_of(name))
    }

    /// Whether this is the part of the site that a link of the head leads to.
    pub(crate) fn is_in(&self, part: Part) -> bool {
        self.part == part
    }

    /// Where the console opens with the query behind this page.
    pub(crate) fn console(&self) -> Option<String> {
        let behind = self.behind.as_ref()?;
        let variables = path_part(&behind.variables);
        Some(format!("{}/graphql/console/?operation={}&variables={variables}", self.root, behind.operation))
    }

    /// An absolute address of this site as one that works under any of its host names.
    pub(crate) fn local(&self, address: &str) -> String {
        match address.strip_prefix(&self.base) {
            Some(path) if path.starts_with('/') => format!("{}{path}", self.root),
            _ => address.to_owned(),
        }
    }

    /// The page of a plugin.
    pub(crate) fn plugin(&self, package: &str) -> String {
        format!("{}/plugins/{package}/", self.root)
    }

    /// The page of a version; its package is below it.
    pub(crate) fn version(&self, package: &str, number: &str) -> String {
        format!("{}/plugins/{package}/version/{}/", self.root, path_part(number))
    }
}

/// A text as one part of a path.
pub(crate) fn path_part(text: &str) -> String {
    // The form coding differs from that of paths by its blank only.
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_path_that_the_site_is_under() {
        let under = Frame::at(&"https://example.org/qgis/".parse().unwrap(), Part::Home);
        assert_eq!(under.feed, "https://example.org/qgis/plugins/plugins.xml");
        assert_eq!(under.plugin("lasso"), "/qgis/plugins/lasso/");
        let top = Frame::at(&"http://127.0.0.1:8000".parse().unwrap(), Part::Home);
        assert_eq!(top.version("lasso", "1.0+b 2/3"), "/plugins/lasso/version/1.0%2Bb%202%2F3/");
        assert_eq!(under.local("https://example.org/qgis/icons/1.png"), "/qgis/icons/1.png");
        assert_eq!(under.local("https://example.org/qgisother"), "https://example.org/qgisother");
        assert!(top.asset("style.css").starts_with("/assets/style."));
    }
}
