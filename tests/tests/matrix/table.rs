//! The policy as a table of words.

use crate::role::{ALL, Role};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a deed comes to for a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expected {
    /// It is done.
    Done,
    /// It is refused with this code.
    Refused(String),
}

impl Expected {
    /// Whether this is what an attempt was told: nothing, or the code of a refusal.
    pub(crate) fn fits(&self, told: Option<&str>) -> bool {
        match (self, told) {
            (Self::Done, None) => true,
            (Self::Refused(code), Some(told)) => code == told,
            _ => false,
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("done"),
            Self::Refused(code) => f.write_str(code),
        }
    }
}

/// The whole table.
#[derive(Debug)]
pub(crate) struct Table(BTreeMap<String, Vec<Expected>>);

impl Table {
    /// Reads `table.txt`: lines `X = code` explain the letters, a line of columns begins the rows, `#` begins a remark.
    pub(crate) fn read() -> Self {
        let mut letters = BTreeMap::new();
        let mut columns = Vec::new();
        let mut rows = BTreeMap::new();
        for line in include_str!("table.txt").lines() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            if let Some((letter, code)) = line.split_once(" = ") {
                letters.insert(letter.trim().to_owned(), code.trim().to_owned());
                continue;
            }
            let mut words = line.split_whitespace();
            let name = words.next().unwrap();
            let words: Vec<&str> = words.collect();
            if name == "deed" {
                columns = words;
                continue;
            }
            assert_eq!(words.len(), columns.len(), "{name} has a cell for each role");
            let cell = |word: &&str| match *word {
                "+" => Expected::Done,
                letter => Expected::Refused(letters.get(letter).expect("a letter that is explained").clone()),
            };
            let twice = rows.insert(name.to_owned(), words.iter().map(cell).collect());
            assert!(twice.is_none(), "{name} has two rows");
        }
        assert_eq!(columns, ALL.map(Role::column), "the columns are the roles");
        Self(rows)
    }

    /// What the deed comes to for the role.
    pub(crate) fn expected(&self, deed: &str, role: Role) -> &Expected {
        let row = self.0.get(deed).unwrap_or_else(|| panic!("the table has no row {deed}"));
        &row[ALL.iter().position(|one| *one == role).unwrap()]
    }

    /// The names of all rows.
    pub(crate) fn deeds(&self) -> BTreeSet<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}
