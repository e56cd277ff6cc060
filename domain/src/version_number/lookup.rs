//! Which version a client means that does not write the number as its author did.

use super::order::without_prefix;
use super::{VERSION_CHARS_MAX, VersionNumber};

/// The version among `offered` that `asked` names, or none where none or more than one fits.
///
/// Tried in turn: the very text; the text without regard to case and leading zeros (`01.0` for `1.0`); the one equal version (`1.1.0` for
/// `1.1`, `1.3.0` for `v1.3`, as qgis-plugin-manager asks); the one that the site behind plugins.qgis.org shows as `asked`
/// (`1.rc1` for `1.0rc1`); the one whose fourth part qgis-plugin-manager turned into a label (`2.4.0+1` for `2.4.0.1`).
/// The first step with a match decides, so a text that two versions fit finds neither.
pub fn find<'a>(asked: &str, offered: impl Iterator<Item = &'a VersionNumber>) -> Option<&'a VersionNumber> {
    let asked = asked.trim();
    // The longest honest form is a padded one; anything longer is not looked at further.
    if asked.len() > 2 * VERSION_CHARS_MAX {
        return None;
    }
    let offered: Vec<_> = offered.collect();
    if let Some(same) = offered.iter().find(|version| version.as_str() == asked) {
        return Some(same);
    }

    let plain = plain_form(asked);
    let as_version = asked.parse::<VersionNumber>().ok();
    let unlabelled = without_label(asked);
    let steps: [&dyn Fn(&VersionNumber) -> bool; 4] = [
        &|version| plain_form(version.as_str()) == plain,
        &|version| as_version.as_ref() == Some(version),
        &|version| plain_form(&site_form(version.as_str())) == plain,
        &|version| unlabelled.as_ref() == Some(version),
    ];
    for fits in steps {
        let mut fitting = offered.iter().copied().filter(|version| fits(version));
        if let Some(first) = fitting.next() {
            return fitting.next().is_none().then_some(first);
        }
    }
    None
}

/// Lower case, without the zeros that lead a row of digits.
fn plain_form(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut in_number = false;
    while let Some(c) = chars.next() {
        let more_digits = chars.peek().is_some_and(char::is_ascii_digit);
        if c == '0' && !in_number && more_digits {
            continue;
        }
        in_number = c.is_ascii_digit();
        plain.push(c.to_ascii_lowercase());
    }
    plain
}

/// What the site behind plugins.qgis.org shows for a version: four parts at most, and the zeros that lead a part are lost
/// unless a dot, a dash or the end follows, so `1.0rc1` is `1.rc1` there.
fn site_form(text: &str) -> String {
    let parts = text.split('.').filter(|part| !part.is_empty()).take(4);
    parts.map(without_leading_zeros).collect::<Vec<_>>().join(".")
}

fn without_leading_zeros(part: &str) -> &str {
    let cut = part.trim_start_matches('0');
    let zeros = part.len() - cut.len();
    if zeros > 0 && (cut.is_empty() || cut.starts_with('-')) { &part[zeros - 1..] } else { cut }
}

/// Undoes how qgis-plugin-manager fits a number into three parts: `2.4.0+1` was `2.4.0.1`, `0.0.0+release` was `release`.
fn without_label(asked: &str) -> Option<VersionNumber> {
    let (public, label) = without_prefix(asked).split_once('+')?;
    let text = if public == "0.0.0" { label.to_owned() } else { format!("{public}.{label}") };
    text.parse().ok()
}
