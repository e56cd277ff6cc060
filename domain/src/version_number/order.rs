//! The order of version numbers, written once as bytes that compare like the versions.
//!
//! A key is a row of fields, each of which says itself where it ends; so comparing keys byte by byte compares field by
//! field. The fields are those of PEP 440: release, pre-release, post-release, development release, local label.

use super::PREFIXES;

const UNREADABLE: u8 = 0;
const READABLE: u8 = 1;

/// Ends a row of parts; below every part, so that the shorter row comes first.
const END: u8 = 1;
const TEXT: u8 = 2;
/// A number opens with this plus how many digits follow; zero has none.
const NUMBER: u8 = 16;

/// The phase of a version that is only a development release (`1.0.dev3`), before its first alpha.
const PHASE_DEV: u8 = 1;
const PHASE_RELEASE: u8 = 6;
const PHASES: [(&str, u8); 9] = [
    ("alpha", 2),
    ("beta", 3),
    ("preview", 4),
    ("trunk", 5),
    ("pre", 4),
    ("rc", 4),
    ("a", 2),
    ("b", 3),
    ("c", 4),
];
const POST_WORDS: [(&str, u8); 3] = [("post", 1), ("rev", 1), ("r", 1)];
const DEV_WORDS: [(&str, u8); 1] = [("dev", 0)];

/// The key of a version text of ASCII letters, digits and `. _ + -`, at most 32 characters long.
pub(super) fn sort_key(text: &str) -> Vec<u8> {
    let lower = text.to_ascii_lowercase();
    readable(without_prefix(&lower)).unwrap_or_else(|| natural(&lower))
}

/// Cuts `v`, `ver.`, `version`, `r`, `rev` when a number follows, so that `release` stays whole.
pub(super) fn without_prefix(lower: &str) -> &str {
    PREFIXES
        .iter()
        .filter_map(|prefix| lower.strip_prefix(prefix))
        .map(|rest| rest.strip_prefix(['.', '-', '_']).unwrap_or(rest))
        .find(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or(lower)
}

fn readable(lower: &str) -> Option<Vec<u8>> {
    let (public, local) = match lower.split_once('+') {
        Some((public, local)) => (public, Some(local)),
        None => (lower, None),
    };
    let (release, rest) = take_release(public)?;
    let (pre, rest) = take_word(rest, &PHASES);
    let (post, rest) = take_post(rest);
    let (dev, rest) = take_word(rest, &DEV_WORDS);
    if !rest.is_empty() {
        return None;
    }

    let mut key = vec![READABLE];
    for segment in release {
        push_number(&mut key, segment);
    }
    key.push(END);
    match pre {
        Some((phase, number)) => {
            key.push(phase);
            push_number(&mut key, number);
        }
        None if post.is_none() && dev.is_some() => key.push(PHASE_DEV),
        None => key.push(PHASE_RELEASE),
    }
    match post {
        Some(number) => push_number(&mut key, number),
        None => key.push(END),
    }
    match dev {
        Some((_, number)) => push_number(&mut key, number),
        None => key.push(u8::MAX),
    }
    push_local(&mut key, local)?;
    Some(key)
}

/// Numbers with single dots between them, without the zeros at the end: `1.0.0` is `1`.
fn take_release(text: &str) -> Option<(Vec<&str>, &str)> {
    let mut segments = Vec::new();
    let mut rest = text;
    loop {
        let (digits, after) = take_digits(rest);
        if digits.is_empty() {
            return None;
        }
        segments.push(digits);
        rest = after;
        match after.strip_prefix('.') {
            Some(next) if next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
            _ => break,
        }
    }
    while segments.last().is_some_and(|segment| segment.bytes().all(|digit| digit == b'0')) {
        segments.pop();
    }
    Some((segments, rest))
}

fn take_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

/// `-rc.2`, `rc2`, `_rc`: a separator or none, a word, a separator and a number or none.
fn take_word<'a>(text: &'a str, words: &[(&str, u8)]) -> (Option<(u8, &'a str)>, &'a str) {
    let after_separator = text.strip_prefix(['.', '-', '_']).unwrap_or(text);
    let Some((rest, rank)) =
        words.iter().find_map(|(word, rank)| Some((after_separator.strip_prefix(word)?, *rank)))
    else {
        return (None, text);
    };
    let (number, rest) = take_digits(rest.strip_prefix(['.', '-', '_']).unwrap_or(rest));
    (Some((rank, number)), rest)
}

/// `post3`, `rev3`, `r3`, or the bare `-3` of the Debian habit.
fn take_post(text: &str) -> (Option<&str>, &str) {
    if let Some(rest) = text.strip_prefix('-') {
        let (number, after) = take_digits(rest);
        if !number.is_empty() {
            return (Some(number), after);
        }
    }
    let (word, rest) = take_word(text, &POST_WORDS);
    (word.map(|(_, number)| number), rest)
}

/// Local labels: none, then words, then numbers. None for a label with an empty part.
fn push_local(key: &mut Vec<u8>, local: Option<&str>) -> Option<()> {
    for part in local.into_iter().flat_map(|local| local.split(['.', '-', '_'])) {
        if part.is_empty() || part.contains('+') {
            return None;
        }
        if part.bytes().all(|b| b.is_ascii_digit()) { push_number(key, part) } else { push_text(key, part) }
    }
    key.push(END);
    Some(())
}

/// Runs of digits as numbers, everything between as text; numbers after text.
fn natural(lower: &str) -> Vec<u8> {
    let mut key = vec![UNREADABLE];
    let mut rest = lower;
    while !rest.is_empty() {
        let (digits, after) = take_digits(rest);
        if digits.is_empty() {
            let end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
            push_text(&mut key, &rest[..end]);
            rest = &rest[end..];
        } else {
            push_number(&mut key, digits);
            rest = after;
        }
    }
    key.push(END);
    key
}

fn push_text(key: &mut Vec<u8>, text: &str) {
    key.push(TEXT);
    key.extend_from_slice(text.as_bytes());
    key.push(0);
}

/// More digits mean a greater number, and equally long ones compare as text, once leading zeros are gone.
fn push_number(key: &mut Vec<u8>, digits: &str) {
    let digits = digits.trim_start_matches('0');
    let length = u8::try_from(digits.len()).expect("a version has at most 32 characters");
    key.push(NUMBER + length);
    key.extend_from_slice(digits.as_bytes());
}
