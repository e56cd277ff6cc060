//! Three letters in a row, by which a name is found that was mistyped, and how alike two words are.

use super::words::{key, of_text};
use std::collections::BTreeSet;

/// The most letters of a name whose grams are kept.
const LETTERS_MAX: usize = 64;

/// The grams of names: of each as a whole, without its blanks, and of its words.
pub(crate) fn grams_of_names(names: &[&str]) -> BTreeSet<i64> {
    names
        .iter()
        .flat_map(|name| of_text(name).into_iter().chain([key(name)]))
        .flat_map(|word| grams(&word))
        .collect()
}

/// Each three letters in a row as one number, with two blanks before and one behind.
pub(crate) fn grams(word: &str) -> BTreeSet<i64> {
    let letters = word.chars().take(LETTERS_MAX);
    let padded: Vec<i64> = [' ', ' ']
        .into_iter()
        .chain(letters)
        .chain([' '])
        .map(|letter| i64::from(u32::from(letter)))
        .collect();
    // A character has 21 bits.
    padded.windows(3).map(|three| (three[0] << 42) | (three[1] << 21) | three[2]).collect()
}

/// How alike two words are, in thousandths: what part of the longer one need not be changed, where a letter that is wrong, missing,
/// too much or changed places with its neighbour is one change.
pub(crate) fn likeness(one: &str, other: &str) -> i64 {
    let (one, other): (Vec<char>, Vec<char>) =
        (one.chars().take(LETTERS_MAX).collect(), other.chars().take(LETTERS_MAX).collect());
    let longer = one.len().max(other.len());
    if longer == 0 {
        return 0;
    }
    let kept = longer - changes(&one, &other);
    i64::try_from(kept * 1_000 / longer).expect("a thousandth part is at most a thousand")
}

/// Damerau and Levenshtein's distance, where no letter is changed twice.
fn changes(one: &[char], other: &[char]) -> usize {
    let (mut before, mut last, mut here) =
        (vec![0; other.len() + 1], (0..=other.len()).collect::<Vec<usize>>(), vec![0; other.len() + 1]);
    for i in 1..=one.len() {
        here[0] = i;
        for j in 1..=other.len() {
            let wrong = usize::from(one[i - 1] != other[j - 1]);
            let mut least = (last[j] + 1).min(here[j - 1] + 1).min(last[j - 1] + wrong);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            here[j] = least;
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut here);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_as_many_grams_as_letters_and_one_more() {
        assert_eq!(grams("lasso").len(), 6);
        assert_eq!(grams("").len(), 1);
        assert_eq!(grams(&"x".repeat(10_000)).len(), 4);
        assert!(grams("lasso").is_subset(&grams_of_names(&["QuickMap", "Lasso tool"])));
        assert!(grams("地图🦀").iter().all(|gram| *gram > 0));
    }

    #[test]
    fn a_slip_of_the_fingers_leaves_words_alike() {
        assert_eq!(likeness("lasso", "lasso"), 1_000);
        for slip in ["laso", "lassoo", "lasro", "lsaso"] {
            assert!(likeness("lasso", slip) >= 800, "{slip}");
        }
        assert!(likeness("lasso", "raster") < 400);
        assert_eq!((likeness("", ""), likeness("a", "")), (0, 0));
    }
}
