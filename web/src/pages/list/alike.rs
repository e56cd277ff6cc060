//! Whether a search found what was asked for, or only what looks like it.

use cairn_domain::names::plain_words;

/// What is told of a plugin that a search may look at.
pub(super) struct Told<'t> {
    pub(super) texts: [&'t str; 3],
    pub(super) tags: &'t [String],
    pub(super) rest: [Option<&'t str>; 3],
}

/// Whether a word of the search is nowhere in the plugin: where nothing has all words, those come that look alike.
pub(super) fn only_looks_alike(search: &str, found: &Told<'_>) -> bool {
    let all = found.texts.into_iter().chain(found.tags.iter().map(String::as_str));
    let text = joined(all.chain(found.rest.into_iter().flatten()));
    plain_words(search).any(|word| !text.contains(&word.to_lowercase()))
}

/// All letters and digits, without accents and case: `Quick Map` is found by `quickmap`.
fn joined<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    texts
        .flat_map(|text| plain_words(text).chain(Some("\n".to_owned())))
        .map(|word| word.to_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_nowhere_is_a_typo() {
        let tags = ["Île".to_owned()];
        let found = Told {
            texts: ["Quick Map Services", "quick_map_services", "Basemaps"],
            tags: &tags,
            rest: [Some("by Ann"), None, None],
        };
        for there in ["quickmap", "QUICK base", "ile ann", "services quick", ""] {
            assert!(!only_looks_alike(there, &found), "{there}");
        }
        for typo in ["quikmap", "quick mpa", "anna"] {
            assert!(only_looks_alike(typo, &found), "{typo}");
        }
    }
}
