//! Arguments of `cairn factor`.

use clap::Subcommand;

/// What can be done about second factors.
#[derive(Debug, Subcommand)]
pub enum FactorDeed {
    /// List the second factors of an account
    #[command(after_help = "EXAMPLE\n  cairn factor list ann")]
    List {
        /// The account
        name: String,
    },
    /// Remove second factors of somebody who lost theirs
    #[command(
        after_help = "Make sure that it is them who ask. With the last factor all recovery codes go, and the password alone signs them in.\n\nEXAMPLES\n  cairn factor remove ann                                        all of them\n  cairn factor remove ann 0198c0de-0000-7000-8000-000000000000"
    )]
    Remove {
        /// The account
        name: String,
        /// The factor, as `list` shows it; all of them, if left out
        factor: Option<String>,
    },
}
