//! The lists that have an address of their own, as the present site has them: each is the one list with some of its filters set.

use super::sort::Sort;
use crate::frame::path_part;
use cairn_domain::names::Tag;
use cairn_domain::plugin::Channel;

/// What the fixed part of an address says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Base {
    Preset(&'static Preset),
    Tag(Tag),
    /// Exactly this text, as the package says it.
    Author(String),
}

/// A list with a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Preset {
    /// In the address; empty for all plugins.
    pub(super) word: &'static str,
    /// At the head of the page.
    pub(super) heading: &'static str,
    /// In links to it.
    pub(super) label: &'static str,
    /// What is in it, in one sentence.
    pub(super) lede: &'static str,
    pub(super) sort: Sort,
    pub(super) fixed: Fixed,
}

/// The filters that a list has set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Fixed {
    pub(super) channel: Option<Channel>,
    pub(super) server: bool,
    pub(super) featured: bool,
    pub(super) deprecated: Option<bool>,
    /// For the next major version of QGIS.
    pub(super) ready: bool,
    pub(super) since: Option<Since>,
}

/// What happened in the last days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Since {
    Created,
    Updated,
}

/// How long a plugin is new, and a version.
pub(super) const FRESH_DAYS: u64 = 30;

/// No filter at all.
const NONE: Fixed =
    Fixed { channel: None, server: false, featured: false, deprecated: None, ready: false, since: None };

/// Without what is advised against.
const LIVELY: Fixed = Fixed { deprecated: Some(false), ..NONE };

/// All of them; the first has no word.
pub(super) static PRESETS: [Preset; 13] = [
    Preset {
        word: "",
        heading: "Plugins",
        label: "All",
        lede: "All plugins for QGIS that are published in this repository.",
        sort: Sort::Updated,
        fixed: NONE,
    },
    Preset {
        word: "featured",
        heading: "Featured plugins",
        label: "Featured",
        lede: "Plugins for QGIS that the people of this repository recommend.",
        sort: Sort::Created,
        fixed: Fixed { featured: true, ..NONE },
    },
    Preset {
        word: "fresh",
        heading: "New plugins",
        label: "New",
        lede: "Plugins for QGIS that were published here first in the last 30 days.",
        sort: Sort::Created,
        fixed: Fixed { since: Some(Since::Created), ..LIVELY },
    },
    Preset {
        word: "latest",
        heading: "Updated plugins",
        label: "Updated",
        lede: "Plugins for QGIS with a new version in the last 30 days.",
        sort: Sort::Updated,
        fixed: Fixed { since: Some(Since::Updated), ..LIVELY },
    },
    Preset {
        word: "popular",
        heading: "Popular plugins",
        label: "Popular",
        lede: "Plugins for QGIS that are downloaded and liked.",
        sort: Sort::Popular,
        fixed: LIVELY,
    },
    Preset {
        word: "most_downloaded",
        heading: "Most downloaded plugins",
        label: "Most downloaded",
        lede: "Plugins for QGIS, the most downloaded first.",
        sort: Sort::Downloads,
        fixed: LIVELY,
    },
    Preset {
        word: "best_rated",
        heading: "Best rated plugins",
        label: "Best rated",
        lede: "Plugins for QGIS, the best rated first. Few votes count less.",
        sort: Sort::Rating,
        fixed: LIVELY,
    },
    Preset {
        word: "most_voted",
        heading: "Most voted plugins",
        label: "Most voted",
        lede: "Plugins for QGIS, those with the most votes first.",
        sort: Sort::Votes,
        fixed: LIVELY,
    },
    Preset {
        word: "stable",
        heading: "Stable plugins",
        label: "Stable",
        lede: "Plugins for QGIS with a version that its author calls stable.",
        sort: Sort::Name,
        fixed: Fixed { channel: Some(Channel::Stable), ..NONE },
    },
    Preset {
        word: "experimental",
        heading: "Experimental plugins",
        label: "Experimental",
        lede: "Plugins for QGIS with a version to try out.",
        sort: Sort::Name,
        fixed: Fixed { channel: Some(Channel::Experimental), ..NONE },
    },
    Preset {
        word: "server",
        heading: "Plugins for QGIS Server",
        label: "Server",
        lede: "Plugins that run in QGIS Server.",
        sort: Sort::Name,
        fixed: Fixed { server: true, ..NONE },
    },
    Preset {
        word: "new_qgis_ready",
        heading: "Plugins that are ready for QGIS 4",
        label: "QGIS 4 ready",
        lede: "Plugins with a version that runs on QGIS 4.",
        sort: Sort::Created,
        fixed: Fixed { ready: true, ..NONE },
    },
    Preset {
        word: "deprecated",
        heading: "Deprecated plugins",
        label: "Deprecated",
        lede: "Plugins for QGIS that are better not used any more; their pages say what to use instead.",
        sort: Sort::Name,
        fixed: Fixed { deprecated: Some(true), ..NONE },
    },
];

impl Base {
    /// All plugins.
    pub(super) fn all() -> Self {
        Self::Preset(&PRESETS[0])
    }

    /// The address, below the site.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Preset(Preset { word: "", .. }) => "/plugins/".to_owned(),
            Self::Preset(preset) => format!("/plugins/{}/", preset.word),
            Self::Tag(tag) => format!("/plugins/tags/{}/", path_part(tag.as_str())),
            Self::Author(author) => format!("/plugins/author/{}/", path_part(author)),
        }
    }

    /// What stands at the head of the page.
    pub(super) fn heading(&self) -> String {
        match self {
            Self::Preset(preset) => preset.heading.to_owned(),
            Self::Tag(tag) => format!("Plugins tagged {tag}"),
            Self::Author(author) => format!("Plugins by {author}"),
        }
    }

    /// What is in the list.
    pub(super) fn lede(&self) -> String {
        match self {
            Self::Preset(preset) => preset.lede.to_owned(),
            Self::Tag(tag) => format!("Plugins for QGIS with the tag {tag}."),
            Self::Author(author) => {
                format!("Plugins for QGIS whose author is {author}, as their packages say it.")
            }
        }
    }

    /// The filters that it sets.
    pub(super) fn fixed(&self) -> Fixed {
        match self {
            Self::Preset(preset) => preset.fixed,
            Self::Tag(_) | Self::Author(_) => NONE,
        }
    }

    /// The order of it.
    pub(super) fn sort(&self) -> Sort {
        match self {
            Self::Preset(preset) => preset.sort,
            Self::Tag(_) | Self::Author(_) => Sort::Name,
        }
    }

    /// Whether this is the list with that word.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Preset(preset) if preset.word == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_of_lists_differ() {
        for (n, preset) in PRESETS.iter().enumerate() {
            for other in &PRESETS[n + 1..] {
                assert_ne!(preset.word, other.word);
                assert_ne!(preset.heading, other.heading);
                assert_ne!(preset.lede, other.lede);
            }
        }
    }

    #[test]
    fn a_text_in_an_address_stays_one_part_of_it() {
        assert_eq!(Base::Author("A/B & C".into()).path(), "/plugins/author/A%2FB%20%26%20C/");
        assert_eq!(Base::all().path(), "/plugins/");
    }
}
