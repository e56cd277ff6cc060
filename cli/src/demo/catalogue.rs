//! The plugins of the demo, as their lines in `plugins.txt` tell of them.

/// One plugin that somebody might have thought of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a trait that a plugin has or not")]
pub(super) struct Idea {
    pub(super) package: String,
    pub(super) name: String,
    /// What its text and its icon are about.
    pub(super) theme: String,
    pub(super) description: String,
    pub(super) tags: String,
    /// Adds algorithms to Processing.
    pub(super) processing: bool,
    /// Has a part for QGIS Server.
    pub(super) server: bool,
    /// Has experimental versions only.
    pub(super) experimental: bool,
    /// Is given up in the course of things.
    pub(super) deprecated: bool,
    /// Nobody wants it.
    pub(super) spam: bool,
}

impl Idea {
    /// The menu of QGIS that it asks for.
    pub(super) fn category(&self) -> &'static str {
        match self.theme.as_str() {
            "raster" | "terrain" => "Raster",
            "vector" | "edit" => "Vector",
            "data" => "Database",
            "web" => "Web",
            _ => "Plugins",
        }
    }
}

/// All ideas, the most useful ones first.
pub(super) fn ideas() -> Vec<Idea> {
    include_str!("plugins.txt").lines().map(idea).collect()
}

fn idea(line: &str) -> Idea {
    let mut parts = line.split('|').map(str::to_owned);
    let mut part = || parts.next().expect("each line of plugins.txt has six parts");
    let (package, name, theme, flags) = (part(), part(), part(), part());
    let (description, tags) = (part(), part());
    let has = |flag: char| flags.contains(flag);
    Idea {
        package,
        name,
        theme,
        description,
        tags,
        processing: has('p'),
        server: has('s'),
        experimental: has('e'),
        deprecated: has('d'),
        spam: has('x'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_are_about_two_hundred_and_no_two_are_called_alike() {
        let ideas = ideas();
        assert!((200..=220).contains(&ideas.len()), "{}", ideas.len());
        let packages: BTreeSet<_> = ideas.iter().map(|idea| idea.package.to_lowercase()).collect();
        let names: BTreeSet<_> = ideas.iter().map(|idea| idea.name.to_lowercase()).collect();
        assert_eq!((packages.len(), names.len()), (ideas.len(), ideas.len()));
    }
}
