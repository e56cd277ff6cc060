//! Arguments of `cairn user` and `cairn identity`.

use chrono::{DateTime, Utc};
use clap::{Args as ClapArgs, Subcommand};
use std::path::PathBuf;

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub enum UserDeed {
    /// Add an account
    #[command(
        after_help = "EXAMPLES\n  echo secret123 | cairn user add ann --email ann@example.org --password-stdin\n  cairn user add robot --email ci@example.org        no password: only tokens work for it"
    )]
    Add(UserAddArgs),
    /// List accounts
    #[command(after_help = "EXAMPLE\n  cairn user list --json")]
    List {
        /// As JSON lines
        #[arg(long)]
        json: bool,
    },
    /// Grant trust, the staff role or the admin role
    #[command(
        after_help = "EXAMPLES\n  cairn user grant ann --trusted --reason 'three good plugins'\n  cairn user grant sue --staff\n  cairn user grant sue --admin"
    )]
    Grant(UserRoleArgs),
    /// Withdraw trust, the staff role or the admin role
    #[command(after_help = "EXAMPLE\n  cairn user withdraw ann --trusted")]
    Withdraw(UserRoleArgs),
    /// End every credential of an account at once, until a time or for ever
    #[command(
        after_help = "The rule on_block of `cairn site` says what becomes of what it published.\n\nEXAMPLES\n  cairn user block mallory --reason spam\n  cairn user block mallory --until 2026-12-31"
    )]
    Block(UserBlockArgs),
    /// Let an account act again
    #[command(after_help = "EXAMPLE\n  cairn user unblock mallory")]
    Unblock(UserReasonArgs),
    /// Set the password that stands on standard input; everything that is signed in is signed out
    #[command(after_help = "EXAMPLE\n  read -rs PASSWORD; echo \"$PASSWORD\" | cairn user set-password ann")]
    SetPassword(UserNameArgs),
    /// Take the address of an account for proved
    #[command(after_help = "EXAMPLE\n  cairn user confirm ann")]
    Confirm(UserNameArgs),
    /// Sign an account out everywhere
    #[command(after_help = "EXAMPLE\n  cairn user end-sessions ann")]
    EndSessions(UserNameArgs),
    /// Send somebody a link to make an account
    #[command(after_help = "EXAMPLE\n  cairn user invite new@example.org")]
    Invite {
        /// E-mail address
        email: String,
    },
    /// Print everything that is kept about an account, as JSON without secrets
    #[command(after_help = "EXAMPLE\n  cairn user export ann > ann.json")]
    Export(UserNameArgs),
    /// Forget everything about the holder of an account; nothing brings it back
    #[command(
        after_help = "Plugins that nobody else owns must be handed over or deleted before.\n\nEXAMPLE\n  cairn user erase ann"
    )]
    Erase(UserNameArgs),
    /// Make accounts of a Django site's users, who go on with their passwords
    #[command(
        after_help = "Each line is name,email,hash or a JSON object with name, email and password, where the hash is as Django writes it.\nNames that are taken are passed over, so an import may be run again.\n\nEXAMPLE\n  cairn user import users.csv"
    )]
    Import {
        /// File to read
        file: PathBuf,
    },
}

/// An account, for deeds that need nothing else.
#[derive(Debug, ClapArgs)]
pub struct UserNameArgs {
    /// The account
    pub name: String,
}

/// Arguments of `user add`.
#[derive(Debug, ClapArgs)]
pub struct UserAddArgs {
    /// Name to sign in with
    pub name: String,
    /// E-mail address
    #[arg(long)]
    pub email: String,
    /// Read the password from standard input, up to the first line end
    #[arg(long)]
    pub password_stdin: bool,
    /// Give the staff role
    #[arg(long)]
    pub staff: bool,
    /// Give trust
    #[arg(long)]
    pub trusted: bool,
}

/// Arguments of `user grant` and `user withdraw`.
#[derive(Debug, ClapArgs)]
pub struct UserRoleArgs {
    /// The account
    pub name: String,
    /// Trust: uploads to own plugins need no review
    #[arg(long, required_unless_present_any = ["staff", "admin"])]
    pub trusted: bool,
    /// Staff: decides about everybody's plugins and accounts
    #[arg(long)]
    pub staff: bool,
    /// Admin: staff who may also say who is staff and change the rules of the site
    #[arg(long)]
    pub admin: bool,
    /// Why
    #[arg(long)]
    pub reason: Option<String>,
}

/// Arguments of `user block`.
#[derive(Debug, ClapArgs)]
pub struct UserBlockArgs {
    /// The account
    pub name: String,
    /// Why
    #[arg(long)]
    pub reason: Option<String>,
    /// When the block ends by itself: 2026-12-31, or 2026-12-31T12:00:00Z; never, if left out
    #[arg(long, value_name = "TIME", value_parser = super::site::time)]
    pub until: Option<DateTime<Utc>>,
}

/// Arguments of `user unblock`.
#[derive(Debug, ClapArgs)]
pub struct UserReasonArgs {
    /// The account
    pub name: String,
    /// Why
    #[arg(long)]
    pub reason: Option<String>,
}

/// What can be done with identities elsewhere.
#[derive(Debug, Subcommand)]
pub enum IdentityDeed {
    /// Ask the directory about a name and a password (from standard input), as signing in does; changes nothing
    #[command(
        after_help = "Tells the name, the address and the roles that the directory's groups mean here, and the account. Says why, when the directory cannot be asked. Exit code 2 then, and for a wrong password.\n\nEXAMPLE\n  read -rs PASSWORD; echo \"$PASSWORD\" | cairn --config /etc/cairn.toml identity ask ann"
    )]
    Ask {
        /// The name in the directory
        name: String,
    },
    /// List the identities that sign in to an account
    #[command(after_help = "EXAMPLE\n  cairn identity list ann")]
    List {
        /// The account
        account: String,
    },
    /// Let somebody of the directory, or of an identity provider, sign in to an account
    #[command(
        after_help = "EXAMPLES\n  cairn identity link ann ann                                       ann of the directory\n  cairn identity link ann 5f1c2a8e-ann --provider keycloak"
    )]
    Link(IdentityLinkArgs),
    /// Let an identity sign in no longer
    #[command(
        after_help = "EXAMPLE\n  cairn identity unlink ann $(cairn identity list ann | head -1 | cut -d' ' -f1)"
    )]
    Unlink {
        /// The account
        account: String,
        /// The identity, as `list` shows it
        identity: String,
    },
}

/// Arguments of `identity link`.
#[derive(Debug, ClapArgs)]
pub struct IdentityLinkArgs {
    /// The account
    pub account: String,
    /// The name in the directory, or the subject (`sub`) at the provider
    pub subject: String,
    /// The name of an identity provider in the configuration; the directory, if left out
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
}
