//! Arguments of `cairn owner` and `cairn team`.

use clap::{Args as ClapArgs, Subcommand};

/// Arguments of `owner`.
#[derive(Debug, ClapArgs)]
pub struct OwnerArgs {
    /// The account that does it; the operator if left out
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub account: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub deed: OwnerDeed,
}

/// What can be done about who owns a plugin.
#[derive(Debug, Subcommand)]
pub enum OwnerDeed {
    /// List the accounts and teams that own it, and open invitations
    #[command(after_help = "EXAMPLE\n  cairn owner list myplugin")]
    List {
        /// The package name
        plugin: String,
    },
    /// Ask an account whether it wants to own the plugin; it has 14 days to answer
    #[command(
        after_help = "EXAMPLES\n  cairn owner invite myplugin bob --as ann\n  cairn owner invite myplugin bob --transfer --as ann     in ann's place"
    )]
    Invite {
        /// The package name
        plugin: String,
        /// Who is asked
        name: String,
        /// Offer the own place: who accepts takes it over
        #[arg(long)]
        transfer: bool,
    },
    /// Accept an invitation
    #[command(
        after_help = "EXAMPLE\n  cairn owner accept myplugin 0198c0de-0000-7000-8000-000000000000 --as bob"
    )]
    Accept(InvitationArgs),
    /// Decline an invitation
    #[command(
        after_help = "EXAMPLE\n  cairn owner decline myplugin 0198c0de-0000-7000-8000-000000000000 --as bob"
    )]
    Decline(InvitationArgs),
    /// Take an invitation back
    #[command(
        after_help = "EXAMPLE\n  cairn owner withdraw myplugin 0198c0de-0000-7000-8000-000000000000 --as ann"
    )]
    Withdraw(InvitationArgs),
    /// Make an account own the plugin without asking it; for staff
    #[command(after_help = "EXAMPLE\n  cairn owner add myplugin bob --reason 'its author asked by mail'")]
    Add(OwnerReasonArgs),
    /// End an account's ownership; the last owner cannot go
    #[command(after_help = "EXAMPLE\n  cairn owner remove myplugin bob --as ann")]
    Remove {
        /// The package name
        plugin: String,
        /// The owner
        name: String,
        /// Why
        #[arg(long)]
        reason: Option<String>,
    },
    /// Give the own place up; the last owner cannot go
    #[command(after_help = "EXAMPLE\n  cairn owner leave myplugin --as ann")]
    Leave {
        /// The package name
        plugin: String,
    },
    /// Give one owner's place to another account without asking either; for staff
    #[command(after_help = "EXAMPLE\n  cairn owner transfer myplugin ann bob --reason 'left the company'")]
    Transfer {
        /// The package name
        plugin: String,
        /// Whose place it is
        from: String,
        /// Who gets it
        to: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Make an account own the plugin in the place of owners who are gone: erased, or blocked for ever; for staff
    #[command(
        after_help = "EXAMPLE\n  cairn owner reassign myplugin bob --reason 'its author cannot be reached'"
    )]
    Reassign(OwnerReasonArgs),
    /// Let a team own the plugin: each of its members, whoever they are at the time
    #[command(after_help = "EXAMPLE\n  cairn owner add-team myplugin core --as ann")]
    AddTeam(TeamOwnerArgs),
    /// End a team's ownership; the last owner cannot go
    #[command(after_help = "EXAMPLE\n  cairn owner remove-team myplugin core --as ann")]
    RemoveTeam(TeamOwnerArgs),
}

/// An invitation.
#[derive(Debug, ClapArgs)]
pub struct InvitationArgs {
    /// The package name
    pub plugin: String,
    /// The invitation's id, as `cairn owner list` tells it
    pub invitation: String,
}

/// An account that is to own a plugin, and why.
#[derive(Debug, ClapArgs)]
pub struct OwnerReasonArgs {
    /// The package name
    pub plugin: String,
    /// The new owner
    pub name: String,
    /// Why
    #[arg(long)]
    pub reason: String,
}

/// A plugin and a team.
#[derive(Debug, ClapArgs)]
pub struct TeamOwnerArgs {
    /// The package name
    pub plugin: String,
    /// The team
    pub team: String,
}

/// Arguments of `team`.
#[derive(Debug, ClapArgs)]
pub struct TeamArgs {
    /// The account that does it; the operator if left out
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub account: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub deed: TeamDeed,
}

/// What can be done with teams.
#[derive(Debug, Subcommand)]
pub enum TeamDeed {
    /// Show who is in a team and what it owns
    #[command(after_help = "EXAMPLE\n  cairn team show core")]
    Show {
        /// The team
        team: String,
    },
    /// Form a team; the account that does is its first member
    #[command(after_help = "EXAMPLE\n  cairn team form core --as ann")]
    Form {
        /// The name: 2 to 64 letters, digits, - or _
        team: String,
    },
    /// Let an account own all that the team owns
    #[command(after_help = "EXAMPLE\n  cairn team add core bob --as ann")]
    Add(TeamMemberArgs),
    /// End an account's membership; the last member cannot go
    #[command(after_help = "EXAMPLE\n  cairn team remove core bob --as ann")]
    Remove(TeamMemberArgs),
}

/// A team and an account.
#[derive(Debug, ClapArgs)]
pub struct TeamMemberArgs {
    /// The team
    pub team: String,
    /// The account
    pub name: String,
}
