//! The names of countries, for their two letters.

/// ISO 3166 with the usual English names, one in a line, in the order of the letters.
const COUNTRIES: &str = include_str!("countries.txt");

/// The usual English name.
pub(super) fn name_of(code: &str) -> Option<&'static str> {
    COUNTRIES
        .lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(known, _)| *known == code)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_country() {
        assert_eq!(name_of("DE"), Some("Germany"));
        assert_eq!((name_of("QQ"), name_of(""), name_of("D")), (None, None, None));
        for line in COUNTRIES.lines() {
            let (code, name) = line.split_once(' ').unwrap();
            assert!(
                code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase()) && !name.is_empty(),
                "{line}"
            );
        }
    }
}
