//! Arguments of `cairn site` and `cairn undo-actor`, and times on the command line.

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args as ClapArgs, Subcommand};

/// What can be done with the repository as a whole.
#[derive(Debug, Subcommand)]
pub enum SiteDeed {
    /// Show the rules in force
    #[command(after_help = "EXAMPLE\n  cairn site show")]
    Show {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Change rules; what is not named stays as it is
    #[command(after_help = "RULES\n  \
            registration=open|invite|closed      who may make an account: everybody; who has an invitation; nobody, so\n                                       \
            that staff and the directory make accounts\n  \
            staff_factor=auto|always|never       whether staff must have a second factor: as soon as more than one\n                                       \
            account is staff; always; never\n  \
            publisher_factor=true|false          whether everybody who publishes must have a second factor\n  \
            on_block=keep|unapprove|review       what becomes of a blocked account's published versions: they stay; they\n                                       \
            are public no longer; they stay and somebody looks at them again\n  \
            token_days_max=1..3650               the longest life of a plugin token, in days\n\n\
            EXAMPLES\n  cairn site set registration=invite\n  cairn site set staff_factor=always publisher_factor=true token_days_max=90")]
    Set {
        /// Rules as KEY=VALUE
        #[arg(required = true, value_name = "KEY=VALUE")]
        rules: Vec<String>,
    },
}

/// Arguments of `undo-actor`.
#[derive(Debug, ClapArgs)]
pub struct UndoArgs {
    /// An account's name, or the id of an account or of a plugin token
    #[arg(value_name = "NAME|ID")]
    pub actor: String,
    /// Undo what was done from then on: 2026-03-01, or 2026-03-01T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub since: DateTime<Utc>,
    /// Only say what would be done
    #[arg(long)]
    pub dry_run: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// The account that does it; the operator if left out
    #[arg(long = "as", value_name = "NAME")]
    pub account: Option<String>,
}

/// A time as people type it: a whole time with its zone, or a day, which begins at midnight UTC.
pub(crate) fn time(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(time) = text.parse::<DateTime<Utc>>() {
        return Ok(time);
    }
    let day: NaiveDate =
        text.parse().map_err(|_| "write it as 2026-03-01 or 2026-03-01T12:00:00Z".to_owned())?;
    Ok(day.and_time(chrono::NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_day_or_a_moment() {
        assert_eq!(time("2026-03-01").unwrap().to_rfc3339(), "2026-03-01T00:00:00+00:00");
        assert_eq!(time("2026-03-01T12:30:00+02:00").unwrap().to_rfc3339(), "2026-03-01T10:30:00+00:00");
        for bad in ["", "yesterday", "2026-02-30", "2026-03-01 12:00"] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }
}
