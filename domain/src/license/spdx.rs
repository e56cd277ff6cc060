//! The list of licences and the grammar of expressions that SPDX keeps.

use spdx::{Expression, ParseMode, identifiers};

/// The old bare names of GNU licences are good here, and so is a `/` for `OR`. The crate's list of loose names is not asked: there `GPL`
/// is version 2 only.
const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

/// A text as an SPDX expression with the names and operators as the list writes them, if it is one but for upper and lower case, `/` for
/// `OR` and `GPL-2.0+` for `GPL-2.0-or-later`.
pub(super) fn expression(text: &str) -> Option<String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<String> = spaced.split_whitespace().map(word).collect::<Option<_>>()?;
    let whole = words.join(" ").replace("( ", "(").replace(" )", ")");
    Expression::parse_mode(&whole, MODE).is_ok().then_some(whole)
}

/// A licence, exception, operator or bracket as SPDX writes it.
fn word(word: &str) -> Option<String> {
    let same = |known: &&str| known.eq_ignore_ascii_case(word);
    if let Some(known) = ["(", ")", "AND", "OR", "WITH"].iter().find(|known| same(known)) {
        return Some((*known).to_owned());
    }
    if let Some(bare) = word.strip_suffix('+')
        && let Some(later) = license(&format!("{bare}-or-later"))
    {
        return Some(later.to_owned());
    }
    let plus = if word.ends_with('+') { "+" } else { "" };
    let found = license(word.trim_end_matches('+'));
    found.map(|found| format!("{found}{plus}")).or_else(|| {
        let mut names = identifiers::EXCEPTIONS.iter().map(|exception| exception.name);
        names.find(same).map(str::to_owned)
    })
}

fn license(name: &str) -> Option<&'static str> {
    identifiers::LICENSES.iter().map(|license| license.name).find(|known| known.eq_ignore_ascii_case(name))
}

/// The name in full of one licence of the list. A bare GNU licence is not called `only`, as nobody said so.
pub(super) fn full_name(id: &str) -> Option<&'static str> {
    let found = identifiers::LICENSES.iter().find(|license| license.name == id)?;
    let said = id.ends_with("-only") || !found.full_name.starts_with("GNU ");
    Some(if said { found.full_name } else { found.full_name.trim_end_matches(" only") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_come_out_as_the_list_writes_them() {
        for (written, expected) in [
            ("mit", "MIT"),
            ("gpl-3.0-OR-LATER", "GPL-3.0-or-later"),
            ("GPL-2.0+", "GPL-2.0-or-later"),
            ("lgpl-2.1", "LGPL-2.1"),
            ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
            ("( mit or isc ) AND cc0-1.0", "(MIT OR ISC) AND CC0-1.0"),
            (
                "gpl-2.0-or-later with classpath-exception-2.0",
                "GPL-2.0-or-later WITH Classpath-exception-2.0",
            ),
            ("EUPL-1.2+", "EUPL-1.2+"),
        ] {
            assert_eq!(expression(written).as_deref(), Some(expected), "{written}");
            assert_eq!(expression(expected).as_deref(), Some(expected), "{expected} is stable");
        }
        for other in [
            "",
            "GPL",
            "GPLv3",
            "mine",
            "MIT ISC",
            "MIT OR",
            "(MIT",
            "MIT WITH ISC",
            "+",
            "OR",
            "mit license",
        ] {
            assert_eq!(expression(other), None, "{other}");
        }
    }
}
