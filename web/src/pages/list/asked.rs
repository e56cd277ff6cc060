//! What a reader asks of a list, read from an address and written into others.

use super::preset::Base;
use super::sort::Sort;
use crate::frame::Frame;
use cairn_domain::Refusal;
use cairn_domain::license::License;
use cairn_domain::names::Tag;
use cairn_domain::plugin::Channel;
use url::form_urlencoded::{self, Serializer};

/// Limits on what an address of a list may ask.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListLimits {
    /// Characters of the search text, and of any other.
    pub(super) text_chars_max: usize,
    pub(super) tags_max: usize,
    pub(super) per_page: u32,
    pub(super) per_page_max: u32,
    /// Plugins before a page that is asked for by its number: all before it are looked at.
    pub(super) skipped_max: u32,
}

pub(super) const LIMITS: ListLimits =
    ListLimits { text_chars_max: 200, tags_max: 10, per_page: 20, per_page_max: 100, skipped_max: 5_000 };

/// A list, narrowed, ordered, and where to begin in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) base: Base,
    pub(super) text: String,
    pub(super) tags: Vec<Tag>,
    pub(super) author: Option<String>,
    /// The name of an account.
    pub(super) user: Option<String>,
    pub(super) qgis: Option<String>,
    pub(super) channel: Option<Channel>,
    pub(super) flags: Flags,
    pub(super) deprecated: Option<bool>,
    pub(super) license: Option<License>,
    /// None takes that of the list, or what fits a search.
    pub(super) sort: Option<Sort>,
    pub(super) reversed: bool,
    pub(super) per_page: u32,
    pub(super) place: Place,
}

/// What a plugin must have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a box of the form")]
pub(super) struct Flags {
    pub(super) server: bool,
    pub(super) processing: bool,
    pub(super) featured: bool,
    pub(super) trusted: bool,
    pub(super) ready: bool,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    After(String),
    Before(String),
    /// By its number, from 1, as on the present site.
    Number(u32),
    Last,
}

/// Something that narrows the list, and the address without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chip {
    pub(super) label: String,
    pub(super) without: String,
}

/// Every flag: its word in addresses and what it says.
pub(super) const FLAGS: [(&str, &str); 5] = [
    ("server", "QGIS Server"),
    ("processing", "Processing"),
    ("featured", "featured"),
    ("trusted", "trusted author"),
    ("ready", "ready for QGIS 4"),
];

impl Flags {
    fn get_mut(&mut self, word: &str) -> Option<&mut bool> {
        Some(match word {
            "server" => &mut self.server,
            "processing" => &mut self.processing,
            "featured" => &mut self.featured,
            "trusted" => &mut self.trusted,
            "ready" => &mut self.ready,
            _ => return None,
        })
    }

    /// Whether the flag of this word is set.
    pub(super) fn has(mut self, word: &str) -> bool {
        self.get_mut(word).is_some_and(|flag| *flag)
    }
}

impl Asked {
    /// The whole list.
    pub(super) fn of(base: Base) -> Self {
        let fixed = base.fixed();
        let flags =
            Flags { server: fixed.server, featured: fixed.featured, ready: fixed.ready, ..Flags::default() };
        Self {
            text: String::new(),
            tags: Vec::new(),
            author: None,
            user: None,
            qgis: None,
            channel: fixed.channel,
            flags,
            deprecated: fixed.deprecated,
            license: None,
            sort: None,
            reversed: false,
            per_page: LIMITS.per_page,
            place: Place::Number(1),
            base,
        }
    }

    /// As the query part of an address narrows it. Words that are not known are not looked at: old links go on working.
    pub(super) fn read(base: Base, query: &str) -> Result<Self, Refusal> {
        let mut asked = Self::of(base);
        let mut falls = None;
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            let value: String = value.trim().chars().take(LIMITS.text_chars_max).collect();
            if value.is_empty() {
                continue;
            }
            match key.as_ref() {
                "q" => asked.text = value,
                "tag" => asked.tag(&value)?,
                "author" => asked.author = Some(value),
                "user" => asked.user = Some(value),
                "qgis" => asked.qgis = Some(value),
                "channel" => asked.channel(&value),
                "license" => asked.license = License::called(&value),
                "deprecated" if asked.base.fixed().deprecated.is_none() => {
                    asked.deprecated = ["no", "yes"].iter().position(|word| *word == value).map(|at| at == 1);
                }
                "sort" => asked.sort = Sort::of(&value),
                "order" => match value.as_str() {
                    "asc" => falls = Some(false),
                    "desc" => falls = Some(true),
                    word => asked.sort = Sort::of(word).or(asked.sort),
                },
                "per_page" => asked.per_page = per_page(&value),
                "after" => asked.place = Place::After(value),
                "before" => asked.place = Place::Before(value),
                "page" => asked.place = numbered(&value)?,
                word => {
                    if let Some(flag) = asked.flags.get_mut(word) {
                        *flag |= matches!(value.as_str(), "1" | "on" | "true" | "yes");
                    }
                }
            }
        }
        asked.reversed = falls.is_some_and(|falls| falls != asked.sorted().falls());
        Ok(asked)
    }

    fn tag(&mut self, value: &str) -> Result<(), Refusal> {
        let tag: Tag = value.parse()?;
        let fixed = matches!(&self.base, Base::Tag(own) if *own == tag);
        if !fixed && !self.tags.contains(&tag) && self.tags.len() < LIMITS.tags_max {
            self.tags.push(tag);
        }
        Ok(())
    }

    fn channel(&mut self, value: &str) {
        if self.base.fixed().channel.is_none() {
            self.channel = match value {
                "stable" => Some(Channel::Stable),
                "experimental" => Some(Channel::Experimental),
                _ => None,
            };
        }
    }

    /// The order it comes in.
    pub(super) fn sorted(&self) -> Sort {
        self.sort.unwrap_or_else(|| if self.text.is_empty() { self.base.sort() } else { Sort::Relevance })
    }

    /// Whether anything but the list's own filters narrows it.
    pub(super) fn is_narrowed(&self) -> bool {
        let own = Self::of(self.base.clone());
        Self { sort: None, reversed: false, per_page: own.per_page, place: own.place.clone(), ..self.clone() }
            != own
    }

    /// Whether this is the beginning of the list.
    pub(super) fn is_first(&self) -> bool {
        self.place == Place::Number(1)
    }

    /// Its address from this place on.
    pub(super) fn address(&self, frame: &Frame, place: &Place) -> String {
        let own = Self::of(self.base.clone());
        let mut query = Serializer::new(String::new());
        let mut put = |key: &str, value: &str| {
            query.append_pair(key, value);
        };
        if !self.text.is_empty() {
            put("q", &self.text);
        }
        for tag in &self.tags {
            put("tag", tag.as_str());
        }
        for (key, value) in [("qgis", &self.qgis), ("author", &self.author), ("user", &self.user)] {
            if let Some(value) = value {
                put(key, value);
            }
        }
        if let Some(channel) = self.channel.filter(|_| own.channel.is_none()) {
            put("channel", word_of(channel));
        }
        for (word, _) in FLAGS {
            if self.flags.has(word) && !own.flags.has(word) {
                put(word, "1");
            }
        }
        if let Some(deprecated) = self.deprecated.filter(|_| own.deprecated.is_none()) {
            put("deprecated", if deprecated { "yes" } else { "no" });
        }
        if let Some(license) = &self.license {
            put("license", license.as_str());
        }
        if let Some(sort) = self.sort {
            put("sort", sort.word());
        }
        if self.reversed {
            put("order", if self.sorted().falls() { "asc" } else { "desc" });
        }
        if self.per_page != LIMITS.per_page {
            put("per_page", &self.per_page.to_string());
        }
        match place {
            Place::After(cursor) => put("after", cursor),
            Place::Before(cursor) => put("before", cursor),
            Place::Number(1) => {}
            Place::Number(number) => put("page", &number.to_string()),
            Place::Last => put("page", "last"),
        }
        let (path, query) = (self.base.path(), query.finish());
        if query.is_empty() {
            format!("{}{path}", frame.root)
        } else {
            format!("{}{path}?{query}", frame.root)
        }
    }

    /// What narrows it, each with the address of the list without that.
    pub(super) fn chips(&self, frame: &Frame) -> Vec<Chip> {
        let first = Place::Number(1);
        let mut chips = Vec::new();
        let mut chip = |label: String, change: &dyn Fn(&mut Self)| {
            let mut without = self.clone();
            change(&mut without);
            chips.push(Chip { label, without: without.address(frame, &first) });
        };
        if !self.base.is("") {
            // The rest of what is asked narrows all plugins then.
            let own = Self::of(self.base.clone());
            chip(self.base_label(), &|without: &mut Self| without.leave(&own));
        }
        if !self.text.is_empty() {
            chip(format!("“{}”", self.text), &|without: &mut Self| without.text.clear());
        }
        for tag in &self.tags {
            chip(format!("tag {tag}"), &|without: &mut Self| without.tags.retain(|other| other != tag));
        }
        if let Some(qgis) = &self.qgis {
            chip(format!("runs on QGIS {qgis}"), &|without: &mut Self| without.qgis = None);
        }
        if let Some(author) = &self.author {
            chip(format!("author {author}"), &|without: &mut Self| without.author = None);
        }
        if let Some(user) = &self.user {
            chip(format!("owner {user}"), &|without: &mut Self| without.user = None);
        }
        let fixed = self.base.fixed();
        if let Some(channel) = self.channel.filter(|_| fixed.channel.is_none()) {
            chip(format!("has a {} version", word_of(channel)), &|without: &mut Self| without.channel = None);
        }
        let own = Self::of(self.base.clone());
        for (word, label) in FLAGS {
            if self.flags.has(word) && !own.flags.has(word) {
                chip(label.to_owned(), &|without: &mut Self| {
                    if let Some(flag) = without.flags.get_mut(word) {
                        *flag = false;
                    }
                });
            }
        }
        if let Some(deprecated) = self.deprecated.filter(|_| fixed.deprecated.is_none()) {
            let label = if deprecated { "deprecated" } else { "not deprecated" };
            chip(label.to_owned(), &|without: &mut Self| without.deprecated = None);
        }
        if let Some(license) = &self.license {
            chip(format!("licence {license}"), &|without: &mut Self| without.license = None);
        }
        chips
    }

    /// Narrows all plugins by what was asked of a list with filters of its own.
    fn leave(&mut self, own: &Self) {
        let mut all = Self::of(Base::all());
        for (word, _) in FLAGS {
            if let Some(flag) = all.flags.get_mut(word) {
                *flag = self.flags.has(word) && !own.flags.has(word);
            }
        }
        self.flags = all.flags;
        self.channel = self.channel.filter(|_| own.channel.is_none());
        self.deprecated = self.deprecated.filter(|_| own.deprecated.is_none());
        self.base = all.base;
    }

    fn base_label(&self) -> String {
        match &self.base {
            Base::Preset(preset) => preset.label.to_lowercase().replace("qgis", "QGIS"),
            Base::Tag(tag) => format!("tag {tag}"),
            Base::Author(author) => format!("author {author}"),
        }
    }

    /// The channel in the word of addresses; empty for any.
    pub(super) fn channel_word(&self) -> &'static str {
        self.channel.map_or("", word_of)
    }
}

fn word_of(channel: Channel) -> &'static str {
    match channel {
        Channel::Stable => "stable",
        Channel::Experimental => "experimental",
    }
}

/// What is no number is the default, as on the present site.
fn per_page(value: &str) -> u32 {
    let asked = value.parse::<u64>().unwrap_or(u64::from(LIMITS.per_page)).max(1);
    u32::try_from(asked).unwrap_or(u32::MAX).min(LIMITS.per_page_max)
}

/// A bad number is no page, as on the present site.
fn numbered(value: &str) -> Result<Place, Refusal> {
    if value == "last" {
        return Ok(Place::Last);
    }
    value.parse().ok().filter(|number| *number > 0).map(Place::Number).ok_or(Refusal::NothingHere)
}

#[cfg(test)]
mod tests {
    use super::super::preset::PRESETS;
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing;

    fn all(query: &str) -> Asked {
        Asked::read(Base::all(), query).unwrap()
    }

    fn preset(word: &str) -> Base {
        Base::Preset(PRESETS.iter().find(|preset| preset.word == word).unwrap())
    }

    #[test]
    fn what_is_asked_comes_back_in_addresses() {
        let frame = testing::frame(Part::Plugins);
        for query in [
            "q=a%26b&tag=3d&tag=raster&qgis=3.40&author=Ann+B&user=ann&channel=stable&server=1&trusted=1&deprecated=no&license=GPL-3.0&sort=downloads&order=asc&per_page=50&after=7.-5.ab",
            "featured=1&page=last",
            "page=3",
            "before=x",
        ] {
            let asked = all(query);
            let address = asked.address(&frame, &asked.place);
            assert_eq!(address, format!("/qgis/plugins/?{query}"));
        }
        let asked = all("license=gplv3%2B&after=x");
        assert_eq!(asked.address(&frame, &Place::Number(1)), "/qgis/plugins/?license=GPL-3.0-or-later");
        let asked = all("tag=3D&sort=name&after=x");
        assert_eq!(asked.address(&frame, &Place::Number(1)), "/qgis/plugins/?tag=3d&sort=name");
        assert_eq!(all("").address(&frame, &Place::Number(1)), "/qgis/plugins/");
    }

    #[test]
    fn words_of_the_present_site_are_understood() {
        let asked = all("sort=created_on&order=asc&per_page=1000");
        assert_eq!((asked.sorted(), asked.reversed, asked.per_page), (Sort::Created, true, 100));
        assert_eq!(all("per_page=many").per_page, 20);
        assert_eq!(all("per_page=0").per_page, 1);
        assert_eq!(all("order=downloads").sorted(), Sort::Downloads);
        assert_eq!(all("page=last").place, Place::Last);
        for bad in ["page=0", "page=x", "page=-1", "page=99999999999"] {
            assert_eq!(Asked::read(Base::all(), bad), Err(Refusal::NothingHere), "{bad}");
        }
    }

    #[test]
    fn an_unknown_word_changes_nothing() {
        assert_eq!(all("sort=weight&channel=x&deprecated=maybe&utm_source=x&server=0&ajax=1"), all(""));
    }

    #[test]
    fn a_search_is_ordered_by_what_fits_unless_asked_otherwise() {
        assert_eq!(all("q=map").sorted(), Sort::Relevance);
        assert_eq!(all("q=map&sort=name").sorted(), Sort::Name);
        assert_eq!(all("").sorted(), Sort::Updated);
    }

    #[test]
    fn long_texts_and_many_tags_are_cut() {
        let long = "ä".repeat(LIMITS.text_chars_max + 1);
        assert_eq!(all(&format!("q={long}")).text.chars().count(), LIMITS.text_chars_max);
        let tags = |n: usize| (0..n).map(|n| format!("tag=t{n}")).collect::<Vec<_>>().join("&");
        assert_eq!(all(&tags(LIMITS.tags_max)).tags.len(), LIMITS.tags_max);
        assert_eq!(all(&tags(LIMITS.tags_max + 1)).tags.len(), LIMITS.tags_max);
    }

    #[test]
    fn each_chip_leads_to_the_list_without_it() {
        let frame = testing::frame(Part::Plugins);
        let asked = Asked::read(preset("server"), "q=map&tag=3d&after=x").unwrap();
        let chips = asked.chips(&frame);
        let told: Vec<(&str, &str)> =
            chips.iter().map(|chip| (chip.label.as_str(), chip.without.as_str())).collect();
        assert_eq!(
            told,
            [
                ("server", "/qgis/plugins/?q=map&tag=3d"),
                ("“map”", "/qgis/plugins/server/?tag=3d"),
                ("tag 3d", "/qgis/plugins/server/?q=map"),
            ]
        );
    }

    #[test]
    fn a_list_keeps_its_own_filters() {
        let asked = Asked::read(preset("stable"), "channel=experimental").unwrap();
        assert_eq!(asked.channel, Some(Channel::Stable));
        assert!(!asked.is_narrowed());
        assert!(Asked::read(preset("stable"), "q=x").unwrap().is_narrowed());
    }
}
