//! Arguments of `cairn plugin` and `cairn version`.

use cairn_domain::plugin::Channel;
use clap::{Args as ClapArgs, Subcommand, ValueEnum};

/// Arguments of `plugin`.
#[derive(Debug, ClapArgs)]
pub struct PluginArgs {
    /// The account that does it; the operator if left out
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub account: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub deed: PluginDeed,
}

/// What can be done with a plugin as a whole.
#[derive(Debug, Subcommand)]
pub enum PluginDeed {
    /// Change its tags or its server flag, until the metadata of the next version that leads says something else
    #[command(after_help = "EXAMPLE\n  cairn plugin edit myplugin --tags raster,mesh --server false")]
    Edit(PluginEditArgs),
    /// Name whom visitors should write to; the account gets no rights by it
    #[command(
        after_help = "EXAMPLES\n  cairn plugin maintainer myplugin ann\n  cairn plugin maintainer myplugin     nobody in particular"
    )]
    Maintainer {
        /// The package name
        plugin: String,
        /// The account; nobody in particular if left out
        name: Option<String>,
    },
    /// Let the metadata of its next versions rename it
    #[command(after_help = "EXAMPLE\n  cairn plugin allow-renaming myplugin")]
    AllowRenaming {
        /// The package name
        plugin: String,
    },
    /// Keep its name as it is
    #[command(after_help = "EXAMPLE\n  cairn plugin forbid-renaming myplugin")]
    ForbidRenaming {
        /// The package name
        plugin: String,
    },
    /// Advise everybody against beginning to use it
    #[command(
        after_help = "EXAMPLE\n  cairn plugin deprecate myplugin --successor better --reason 'QGIS has it now'"
    )]
    Deprecate(PluginDeprecateArgs),
    /// Take that advice back
    #[command(after_help = "EXAMPLE\n  cairn plugin undeprecate myplugin")]
    Undeprecate {
        /// The package name
        plugin: String,
    },
    /// Recommend it
    #[command(after_help = "EXAMPLE\n  cairn plugin feature myplugin")]
    Feature {
        /// The package name
        plugin: String,
    },
    /// Recommend it no longer
    #[command(after_help = "EXAMPLE\n  cairn plugin unfeature myplugin")]
    Unfeature {
        /// The package name
        plugin: String,
    },
    /// Hide it at once; it can be restored for 30 days
    #[command(after_help = "EXAMPLE\n  cairn plugin delete myplugin --reason 'its author asks for it'")]
    Delete(PluginReasonArgs),
    /// Bring it back as it was before it was deleted
    #[command(after_help = "EXAMPLE\n  cairn plugin restore myplugin")]
    Restore {
        /// The package name
        plugin: String,
    },
    /// End a deleted plugin for good before its 30 days are over; its name and numbers stay used
    #[command(after_help = "EXAMPLE\n  cairn plugin bury myplugin --reason malware")]
    Bury(PluginReasonArgs),
    /// Give the name of a plugin that is gone to an account
    #[command(after_help = "EXAMPLE\n  cairn plugin revive myplugin --owner bob")]
    Revive(PluginReviveArgs),
}

/// Arguments of `plugin edit`.
#[derive(Debug, ClapArgs)]
pub struct PluginEditArgs {
    /// The package name
    pub plugin: String,
    /// All its tags, with commas between; empty for none
    #[arg(long, required_unless_present = "server")]
    pub tags: Option<String>,
    /// Whether it has a QGIS Server part
    #[arg(long, value_name = "BOOL")]
    pub server: Option<bool>,
}

/// Arguments of `plugin deprecate`.
#[derive(Debug, ClapArgs)]
pub struct PluginDeprecateArgs {
    /// The package name
    pub plugin: String,
    /// The plugin to use instead
    #[arg(long, value_name = "PACKAGE")]
    pub successor: Option<String>,
    /// Why, shown to everybody
    #[arg(long)]
    pub reason: Option<String>,
}

/// Arguments of `plugin delete` and `plugin bury`.
#[derive(Debug, ClapArgs)]
pub struct PluginReasonArgs {
    /// The package name
    pub plugin: String,
    /// Why
    #[arg(long)]
    pub reason: Option<String>,
}

/// Arguments of `plugin revive`.
#[derive(Debug, ClapArgs)]
pub struct PluginReviveArgs {
    /// The package name
    pub plugin: String,
    /// Its only owner from now on
    #[arg(long, value_name = "NAME")]
    pub owner: String,
    /// Why
    #[arg(long)]
    pub reason: Option<String>,
}

/// Arguments of `version`.
#[derive(Debug, ClapArgs)]
pub struct VersionArgs {
    /// The account that does it; the operator if left out
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub account: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub deed: VersionDeed,
}

/// What can be done with a version; `cairn approve` makes one public.
#[derive(Debug, Subcommand)]
pub enum VersionDeed {
    /// Take its approval back
    #[command(after_help = "EXAMPLE\n  cairn version unapprove myplugin 1.2.0 --reason crashes")]
    Unapprove(VersionReasonArgs),
    /// Say no to the file that was looked at
    #[command(
        after_help = "EXAMPLE\n  cairn version refuse myplugin 1.2.0 --sha256 $(sha256sum myplugin.zip | cut -d' ' -f1) --reason 'no licence'"
    )]
    Refuse(VersionRefuseArgs),
    /// Take it out of the feeds; its page and its file stay, with the reason
    #[command(after_help = "EXAMPLE\n  cairn version yank myplugin 1.2.0 --reason 'eats layers'")]
    Yank {
        /// The package name
        plugin: String,
        /// The version
        version: String,
        /// Why, shown to everybody
        #[arg(long)]
        reason: String,
    },
    /// Offer it again
    #[command(after_help = "EXAMPLE\n  cairn version unyank myplugin 1.2.0")]
    Unyank {
        /// The package name
        plugin: String,
        /// The version
        version: String,
    },
    /// Make feeds offer it as the newest of its channel
    #[command(after_help = "EXAMPLE\n  cairn version pin myplugin 1.2.0 --channel stable")]
    Pin {
        /// The package name
        plugin: String,
        /// The version
        version: String,
        /// Its channel
        #[arg(long, value_enum)]
        channel: ChannelArg,
    },
    /// Let feeds offer the newest version of a channel again
    #[command(after_help = "EXAMPLE\n  cairn version unpin myplugin --channel stable")]
    Unpin {
        /// The package name
        plugin: String,
        /// The channel
        #[arg(long, value_enum)]
        channel: ChannelArg,
    },
    /// Remove it for good; its number stays used
    #[command(
        after_help = "EXAMPLE\n  cairn version delete myplugin 1.2.0 --reason 'its author asks for it'"
    )]
    Delete(VersionReasonArgs),
}

/// Arguments of `version unapprove` and `version delete`.
#[derive(Debug, ClapArgs)]
pub struct VersionReasonArgs {
    /// The package name
    pub plugin: String,
    /// The version
    pub version: String,
    /// Why
    #[arg(long)]
    pub reason: Option<String>,
}

/// Arguments of `version refuse`.
#[derive(Debug, ClapArgs)]
pub struct VersionRefuseArgs {
    /// The package name
    pub plugin: String,
    /// The version
    pub version: String,
    /// Digest of the zip that was looked at
    #[arg(long, value_name = "DIGEST")]
    pub sha256: String,
    /// The approved version that it was compared with
    #[arg(long, value_name = "VERSION")]
    pub base: Option<String>,
    /// Why, for its author
    #[arg(long)]
    pub reason: String,
}

/// Which of a plugin's two newest versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ChannelArg {
    /// The newest that its author does not call experimental
    Stable,
    /// The newest that its author calls experimental
    Experimental,
}

impl From<ChannelArg> for Channel {
    fn from(channel: ChannelArg) -> Self {
        match channel {
            ChannelArg::Stable => Self::Stable,
            ChannelArg::Experimental => Self::Experimental,
        }
    }
}
