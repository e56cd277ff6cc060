//! The roles, in the order of the table's columns.

/// What somebody is towards the plugin of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Nobody is known to be asking.
    Anonymous,
    /// An account without any more to it.
    Account,
    /// An account that staff trust, and not an owner.
    Trusted,
    /// An account that is named as the plugin's maintainer.
    Maintainer,
    /// An owner of the plugin.
    Owner,
    /// An owner that staff trust.
    TrustedOwner,
    /// A member of a team that owns the plugin.
    TeamMember,
    /// Staff, and not an owner.
    Staff,
    /// An admin, and not an owner.
    Admin,
    /// A plugin token of the trusted owner, for uploading only.
    Token,
    /// A plugin token of the trusted owner that may also approve.
    ApprovingToken,
    /// A token of a trusted publisher that the trusted owner named.
    Ci,
    /// A plugin token of the trusted owner for another plugin.
    OtherToken,
    /// An owner who is blocked.
    Blocked,
}

/// All of them.
pub(crate) const ALL: [Role; 14] = [
    Role::Anonymous,
    Role::Account,
    Role::Trusted,
    Role::Maintainer,
    Role::Owner,
    Role::TrustedOwner,
    Role::TeamMember,
    Role::Staff,
    Role::Admin,
    Role::Token,
    Role::ApprovingToken,
    Role::Ci,
    Role::OtherToken,
    Role::Blocked,
];

impl Role {
    /// How the table's first line calls it.
    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::Anonymous => "anon",
            Self::Account => "acct",
            Self::Trusted => "trst",
            Self::Maintainer => "mntr",
            Self::Owner => "ownr",
            Self::TrustedOwner => "town",
            Self::TeamMember => "team",
            Self::Staff => "stff",
            Self::Admin => "admn",
            Self::Token => "tokn",
            Self::ApprovingToken => "toka",
            Self::Ci => "ci",
            Self::OtherToken => "toko",
            Self::Blocked => "blkd",
        }
    }

    /// Whether it acts by a token that is bound to a plugin.
    pub(crate) fn is_token(self) -> bool {
        matches!(self, Self::Token | Self::ApprovingToken | Self::Ci | Self::OtherToken)
    }
}
