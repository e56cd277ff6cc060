//! Arguments of `cairn token`, `cairn keys` and `cairn publisher`.

use clap::{Args as ClapArgs, Subcommand};

/// What can be done with plugin tokens.
#[derive(Debug, Subcommand)]
pub enum TokenDeed {
    /// Make a token that may upload versions of one plugin, and print it alone
    #[command(
        after_help = "EXAMPLES\n  TOKEN=$(cairn token create --user ann --plugin myplugin)\n  cairn token create --user ann --plugin myplugin --days 30"
    )]
    Create(TokenCreateArgs),
    /// List the tokens of an account or for a plugin, the newest first
    #[command(after_help = "EXAMPLES\n  cairn token list --user ann\n  cairn token list --plugin myplugin")]
    List(TokenListArgs),
    /// Change what a token is called
    #[command(
        after_help = "EXAMPLE\n  cairn token describe 0198c0de-0000-7000-8000-000000000000 'release workflow'"
    )]
    Describe {
        /// The token's id
        token: String,
        /// What it is called; nothing, if left out
        description: Option<String>,
    },
    /// End a token at once
    #[command(
        after_help = "EXAMPLE\n  cairn token revoke 0198c0de-0000-7000-8000-000000000000 --reason 'in a public log'"
    )]
    Revoke {
        /// The token's id, or the token itself
        token: String,
        /// Why
        #[arg(long)]
        reason: Option<String>,
    },
}

/// Arguments of `token create`.
#[derive(Debug, ClapArgs)]
pub struct TokenCreateArgs {
    /// The account it acts for
    #[arg(long)]
    pub user: String,
    /// The package name; the plugin need not exist yet
    #[arg(long)]
    pub plugin: String,
    /// How long it lives [default: 365, or as long as the policy lets tokens live]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=36500))]
    pub days: Option<u32>,
    /// It may also approve versions of the plugin, as far as its account may
    #[arg(long)]
    pub may_approve: bool,
    /// What its account calls it
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
}

/// Arguments of `token list`.
#[derive(Debug, ClapArgs)]
pub struct TokenListArgs {
    /// Those that act for this account
    #[arg(long, required_unless_present = "plugin", conflicts_with = "plugin")]
    pub user: Option<String>,
    /// Those for this plugin, of all accounts
    #[arg(long)]
    pub plugin: Option<String>,
    /// As JSON lines
    #[arg(long)]
    pub json: bool,
}

/// What can be done with signing keys.
#[derive(Debug, Subcommand)]
pub enum KeysDeed {
    /// List the keys, the newest first
    #[command(after_help = "EXAMPLE\n  cairn keys list")]
    List,
    /// Make a new key, which running servers sign with within a minute
    #[command(
        after_help = "Older keys verify until the tokens that they signed have ended, 30 days later, and are removed by the next rotation.\n\nEXAMPLE\n  cairn keys rotate"
    )]
    Rotate,
}

/// Workflows that publish without a kept secret.
#[derive(Debug, Subcommand)]
pub enum PublisherDeed {
    /// Let a workflow publish versions of a plugin for an account
    #[command(
        after_help = "EXAMPLE\n  cairn publisher name --user ann --plugin myplugin --repository ann/myplugin --workflow .github/workflows/release.yml --ref 'refs/tags/v*'"
    )]
    Name(PublisherNameArgs),
    /// List the trusted publishers of a plugin
    #[command(after_help = "EXAMPLE\n  cairn publisher list myplugin")]
    List {
        /// The package name
        plugin: String,
    },
    /// Let a workflow publish no longer
    #[command(after_help = "EXAMPLE\n  cairn publisher remove myplugin 0198c0de-0000-7000-8000-000000000000")]
    Remove {
        /// The package name
        plugin: String,
        /// The publisher's id
        publisher: String,
    },
}

/// Arguments of `publisher name`.
#[derive(Debug, ClapArgs)]
pub struct PublisherNameArgs {
    /// The account it publishes for
    #[arg(long)]
    pub user: String,
    /// The package name; the plugin need not exist yet
    #[arg(long)]
    pub plugin: String,
    /// The service's address as it stands in its tokens
    #[arg(long, default_value = "https://token.actions.githubusercontent.com")]
    pub issuer: String,
    /// owner/name, or the project's path
    #[arg(long)]
    pub repository: String,
    /// The workflow's file within the repository
    #[arg(long)]
    pub workflow: String,
    /// The deployment environment; any or none, if left out
    #[arg(long)]
    pub environment: Option<String>,
    /// The git ref, in which * stands for any characters; any, if left out
    #[arg(long = "ref", value_name = "PATTERN")]
    pub ref_pattern: Option<String>,
    /// Its uploads may become public without review when the account's would
    #[arg(long)]
    pub may_approve: bool,
}
