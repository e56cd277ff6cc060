//! What the child tells its parent, line by line, each after the commit that makes it true.

use cairn_store::Position;
use std::fmt;
use std::str::FromStr;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ack {
    /// The `n`-th deed of a teller was answered.
    Deed {
        /// Who.
        teller: u32,
        /// Which.
        n: u32,
        /// Whether it was done before.
        repeated: bool,
        /// How long the log is with it; 0 for a refusal.
        head: Position,
        /// The answer, or the refusal, as JSON.
        answer: String,
    },
    /// A download is in the log.
    Download {
        /// Its number, different for every download ever asked for.
        serial: u64,
        /// The batch.
        position: Position,
        /// Its place there.
        index: u32,
    },
    /// A page of a log was taken into a read model.
    Projected,
    /// Something went wrong that must not.
    Fault(String),
    /// Asked to end, it ended well.
    End,
}

impl fmt::Display for Ack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deed { teller, n, repeated, head, answer } => {
                write!(f, "deed {teller} {n} {repeated} {head} {answer}")
            }
            Self::Download { serial, position, index } => write!(f, "download {serial} {position} {index}"),
            Self::Projected => f.write_str("projected"),
            Self::Fault(text) => write!(f, "fault {}", text.replace('\n', " ")),
            Self::End => f.write_str("end"),
        }
    }
}

impl FromStr for Ack {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        fn word<T: FromStr>(rest: &mut &str) -> Option<T> {
            let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
            *rest = after;
            word.parse().ok()
        }
        let (kind, mut rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = &mut rest;
        let mut read = || {
            Some(match kind {
                "deed" => Self::Deed {
                    teller: word(rest)?,
                    n: word(rest)?,
                    repeated: word(rest)?,
                    head: word(rest)?,
                    answer: (*rest).to_owned(),
                },
                "download" => {
                    Self::Download { serial: word(rest)?, position: word(rest)?, index: word(rest)? }
                }
                "projected" => Self::Projected,
                "fault" => Self::Fault((*rest).to_owned()),
                "end" => Self::End,
                _ => return None,
            })
        };
        read().ok_or_else(|| format!("the child said {line:?}"))
    }
}
