//! What children were promised before they were killed.

use crate::ack::Ack;
use crate::story::TELLERS;
use cairn_store::Position;
use std::collections::BTreeMap;
use std::fmt;

/// All promises so far.
#[derive(Debug, Default)]
pub(crate) struct Promised {
    /// By teller and number.
    pub(crate) deeds: BTreeMap<(u32, u32), Answer>,
    /// By serial: batch and place in it.
    pub(crate) downloads: BTreeMap<u64, (Position, u32)>,
    /// Deeds that a process sent first and found done by the one before it, which did not live to hear the answer.
    pub(crate) met_again: u64,
    /// Answers that were asked for again.
    repeated: u64,
}

/// The answer to a deed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// How long the log is with it; 0 for a refusal.
    pub(crate) head: Position,
    /// As JSON.
    pub(crate) text: String,
}

impl Promised {
    /// Takes in what a child said. A deed that was answered before must be answered the same.
    pub(crate) fn take(&mut self, acks: Vec<Ack>) {
        for ack in acks {
            match ack {
                Ack::Deed { teller, n, repeated, head, answer } => {
                    self.deed((teller, n), repeated, Answer { head, text: answer });
                }
                Ack::Download { serial, position, index } => {
                    let before = self.downloads.insert(serial, (position, index));
                    assert_eq!(before, None, "download {serial} was promised twice");
                }
                Ack::Fault(text) => panic!("{text}"),
                Ack::Projected | Ack::End => {}
            }
        }
    }

    fn deed(&mut self, which: (u32, u32), repeated: bool, answer: Answer) {
        let refused = answer.head == 0;
        if let Some(before) = self.deeds.get(&which) {
            assert!(repeated || refused, "deed {which:?} was done twice");
            assert_eq!(*before, answer, "deed {which:?} was answered otherwise the second time");
            self.repeated += 1;
        } else {
            self.met_again += u64::from(repeated);
            self.deeds.insert(which, answer);
        }
    }

    /// The deed of each teller that comes next.
    pub(crate) fn next_deeds(&self) -> impl Iterator<Item = u32> {
        (0..TELLERS).map(|teller| {
            let last = self.deeds.range((teller, 0)..=(teller, u32::MAX)).next_back();
            last.map_or(0, |((_, n), _)| n + 1)
        })
    }
}

impl fmt::Display for Promised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (deeds, downloads, Self { repeated, met_again, .. }) =
            (self.deeds.len(), self.downloads.len(), self);
        write!(
            f,
            "{deeds} deeds and {downloads} downloads were promised; {repeated} answers were given again and {met_again} \
             deeds were found done"
        )
    }
}
