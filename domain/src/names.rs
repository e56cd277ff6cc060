//! The words that name things, each parsed once at the edge and good by being one.

use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256 as Hasher};
use std::fmt;
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Declares a name that is a checked text: parsed by `$parse`, shown and stored as it was written.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $parse:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Refusal;

            fn from_str(text: &str) -> Result<Self, Refusal> {
                $parse(text).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Refusal;

            fn try_from(text: String) -> Result<Self, Refusal> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name! {
    /// The folder inside the zip, the module QGIS imports and the key in every address: `[A-Za-z][A-Za-z0-9_-]+`,
    /// 2 to 128 characters. Compared without regard to case wherever two plugins could be confused ([`PackageName::folded`]).
    PackageName, package_name
}

name! {
    /// The name people see, 1 to 256 characters without control characters. Unique without regard to case.
    PluginName, plugin_name
}

name! {
    /// One label of a plugin: lower case, trimmed, 1 to 64 characters, no comma.
    Tag, tag
}

name! {
    /// An address of the shape `local@host`, 3 to 254 characters (RFC 5321 §4.5.3.1).
    Email, email
}

name! {
    /// The name a person signs in with: `[\w.@+-]+` as on the present site, 1 to 150 characters.
    AccountName, account_name
}

name! {
    /// A licence: an SPDX expression such as `GPL-2.0-or-later`, or the words of an author, on one line of 1 to 100 characters. What words
    /// mean is known in [`crate::license`].
    License, license
}

name! {
    /// The name of a team: `[A-Za-z0-9][A-Za-z0-9_-]*`, 2 to 64 characters, unique without regard to case. It stands in
    /// the log for ever, so it names a group and never a person.
    TeamName, team_name
}

impl TeamName {
    /// The form in which two team names are the same.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl PackageName {
    /// The form in which two package names are the same plugin.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl PluginName {
    /// The form in which two plugin names are the same: NFKC, lower case, white space collapsed.
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

impl AccountName {
    /// The form in which two account names are the same.
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

/// NFKC, lower case, runs of white space as one blank.
pub fn fold(text: &str) -> String {
    let lower = text.nfkc().collect::<String>().to_lowercase();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a text for those who look for it: runs of letters and digits, without accents, in the case they have. Each sign of
/// the scripts that write no blanks is a word.
pub fn plain_words(text: &str) -> impl Iterator<Item = String> {
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>();
    let mut words = Vec::new();
    let mut word = String::new();
    for c in plain.chars() {
        let alone = is_ideograph(c);
        if (alone || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if alone {
            words.push(c.to_string());
        } else if c.is_alphanumeric() {
            match plain_letters(c) {
                Some(letters) => word.push_str(letters),
                None => word.push(c),
            }
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words.into_iter()
}

/// The longest licence, in characters: an expression of three or four.
pub const LICENSE_CHARS_MAX: usize = 100;

/// The most characters of an author line by which it is compared, and the most words by which it is found.
const AUTHOR_CHARS_MAX: usize = 200;
const AUTHOR_WORDS_MAX: usize = 30;

/// The form in which two author lines are the same: folded, and cut where nobody reads on.
pub fn author_key(author: &str) -> String {
    fold(author).chars().take(AUTHOR_CHARS_MAX).collect()
}

/// The words by which an author line is found, each once, without accents and case.
pub fn author_words(author: &str) -> Vec<String> {
    let cut: String = author.chars().take(AUTHOR_CHARS_MAX).collect();
    let words = plain_words(&cut).map(|word| word.to_lowercase());
    let words: std::collections::BTreeSet<String> = words.take(AUTHOR_WORDS_MAX).collect();
    words.into_iter().collect()
}

/// Letters that no normal form takes apart.
fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ẞ' => "SS",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ø' => "o",
        'Ø' => "O",
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'þ' => "th",
        'Þ' => "TH",
        'ı' => "i",
        _ => return None,
    })
}

/// Han, Hiragana and Katakana.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

fn package_name(text: &str) -> Result<String, Refusal> {
    let mut characters = text.chars();
    let starts_well = characters.next().is_some_and(|c| c.is_ascii_alphabetic());
    let goes_on_well = characters.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if starts_well && goes_on_well && (2..=128).contains(&text.len()) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::invalid(
            "package_name",
            "a package name is 2 to 128 letters, digits, '-' or '_' and starts with a letter",
        ))
    }
}

fn team_name(text: &str) -> Result<String, Refusal> {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    let goes_on_well = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if starts_well && goes_on_well && (2..=64).contains(&text.len()) {
        Ok(text.to_owned())
    } else {
        let message =
            "a team name is 2 to 64 letters, digits, '-' or '_' and starts with a letter or a digit";
        Err(Refusal::invalid("team", message))
    }
}

fn plugin_name(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if (1..=256).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::invalid("name", "a plugin name is 1 to 256 characters without control characters"))
    }
}

fn tag(text: &str) -> Result<String, Refusal> {
    let text = text.trim().to_lowercase();
    let fits = (1..=64).contains(&text.chars().count());
    if fits && !text.contains(',') && !text.chars().any(char::is_control) {
        Ok(text)
    } else {
        Err(Refusal::invalid("tags", "a tag is 1 to 64 characters without comma or control characters"))
    }
}

fn license(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if (1..=LICENSE_CHARS_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::invalid(
            "license",
            "a licence is 1 to 100 characters on one line, such as GPL-2.0-or-later",
        ))
    }
}

fn email(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let good = (3..=254).contains(&text.len())
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;:\"()[]\\".contains(c))
        && text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && local.len() <= 64
                && !host.contains('@')
                && host
                    .split('.')
                    .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
        });
    if good {
        Ok(text.to_owned())
    } else {
        Err(Refusal::invalid("email", "an e-mail address looks like ann@example.org"))
    }
}

fn account_name(text: &str) -> Result<String, Refusal> {
    let good = (1..=150).contains(&text.chars().count())
        && text.chars().all(|c| c.is_alphanumeric() || "_.@+-".contains(c));
    if good {
        Ok(text.to_owned())
    } else {
        Err(Refusal::invalid("account", "an account name is 1 to 150 letters, digits or one of _ . @ + -"))
    }
}

/// A SHA-256 digest; written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Hasher::digest(bytes).into())
    }

    /// The 32 bytes of the digest.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Sha256 {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({self})")
    }
}

impl FromStr for Sha256 {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let fault = || Refusal::invalid("sha256", "a SHA-256 digest is 64 hexadecimal digits");
        if text.len() != 64 || !text.is_ascii() {
            return Err(fault());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| fault())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| fault())?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Sha256 {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        text.parse()
    }
}

impl From<Sha256> for String {
    fn from(digest: Sha256) -> String {
        digest.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_names_are_python_module_like() {
        for good in ["ab", "lasso", "Q-2_x", &"a".repeat(128)] {
            assert!(good.parse::<PackageName>().is_ok(), "{good}");
        }
        for bad in ["", "a", "1ab", "_ab", "a b", "a.b", "ä1", "a/b", &"a".repeat(129)] {
            assert!(bad.parse::<PackageName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn names_fold_case_and_white_space_and_forms() {
        let one: PluginName = " Lasso  Tool".parse().unwrap();
        let two: PluginName = "lasso tool".parse().unwrap();
        assert_eq!(one.folded(), two.folded());
        assert_eq!(fold("Caf\u{e9}"), fold("Cafe\u{301}"));
    }

    #[test]
    fn words_have_no_accents_and_signs_without_blanks_are_words() {
        let words = |text: &str| plain_words(text).collect::<Vec<_>>();
        assert_eq!(words("L'Île_2 (Łódź)"), ["L", "Ile", "2", "Lodz"]);
        assert_eq!(words("QGIS地图3"), ["QGIS", "地", "图", "3"]);
        assert_eq!(words(" - "), [""; 0]);
        assert_eq!(author_words("Ann Müller, ann & Bob"), ["ann", "bob", "muller"]);
        assert_eq!(author_key(" Ann  MÜLLER"), "ann müller");
        assert_eq!(author_key(&"x".repeat(1_000)).len(), AUTHOR_CHARS_MAX);
    }

    #[test]
    fn email_addresses_have_two_sides() {
        for good in ["a@b", "ann.o'neil+x@mail.example.org"] {
            assert!(good.parse::<Email>().is_ok(), "{good}");
        }
        let long = format!("{}@b", "a".repeat(65));
        for bad in ["", "a@", "@b", "a b@c", "a@b@c", "a@b..c", "a@-b", "a,b@c", &long] {
            assert!(bad.parse::<Email>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_tag_is_lower_case_and_has_no_comma() {
        assert_eq!(" Raster ".parse::<Tag>().unwrap().as_str(), "raster");
        assert!("a,b".parse::<Tag>().is_err());
        assert!("x".repeat(64).parse::<Tag>().is_ok());
        assert!("x".repeat(65).parse::<Tag>().is_err());
    }

    #[test]
    fn a_digest_reads_back() {
        let digest = Sha256::of(b"cairn");
        assert_eq!(digest.to_string().parse::<Sha256>().unwrap(), digest);
        assert!("é".repeat(32).parse::<Sha256>().is_err());
    }
}
