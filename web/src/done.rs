//! What was just done, told on the page that one is sent to: a word in the address, and the sentence for it. Only these
//! sentences can be shown, so a link from elsewhere cannot put words into this site's mouth.

use url::form_urlencoded;

/// Declares deeds: the word in addresses and the sentence that a reader gets.
macro_rules! done {
    ($($name:ident: $word:literal, $sentence:literal;)+) => {
        /// A deed that a page tells of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Done {
            $(#[doc = $sentence] $name,)+
        }

        impl Done {
            const ALL: &[Self] = &[$(Self::$name,)+];

            /// As addresses say it.
            pub(crate) fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// As people read it.
            pub(crate) fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)+ }
            }
        }
    };
}

done! {
    Published: "published", "Published. Feeds list the version now.";
    Uploaded: "uploaded", "Uploaded. The version waits until somebody of the staff has looked at it.";
    Edited: "edited", "Kept. Everybody sees it like this now.";
    Invited: "invited", "Invited. The plugin has another owner when they say yes.";
    InvitationWithdrawn: "invitation-withdrawn", "The invitation is taken back.";
    OwnerRemoved: "owner-removed", "Removed. They may no longer change the plugin.";
    Left: "left", "You own that plugin no longer.";
    TeamOwns: "team-owns", "The team owns the plugin too. Each of its members may change it now.";
    TeamRemoved: "team-removed", "The team owns the plugin no longer.";
    VersionDeleted: "version-deleted", "Deleted. The number stays used.";
    Yanked: "yanked", "Yanked. QGIS is not offered that version any more.";
    Unyanked: "unyanked", "The version is offered again.";
    Pinned: "pinned", "Pinned. Feeds offer that version now.";
    Unpinned: "unpinned", "Feeds offer the newest version again.";
    Deprecated: "deprecated", "Deprecated. Its page and QGIS advise against beginning to use it.";
    Undeprecated: "undeprecated", "The plugin is no longer deprecated.";
    MarkedForDeletion: "marked-for-deletion", "Deleted. Until the day that stands beside it, you can restore it.";
    Restored: "restored", "Restored. Everything is there again as it was.";
    Accepted: "accepted", "You own this plugin now.";
    Declined: "declined", "Declined. Nothing has changed.";
    TeamFormed: "team-formed", "The team is formed, and you are in it.";
    TeamLeft: "team-left", "You are in that team no longer.";
    MemberAdded: "member-added", "Added. They may change now what the team owns.";
    MemberRemoved: "member-removed", "Removed. They may no longer change what the team owns.";
    Rated: "rated", "Your vote counts. Thank you.";
    Approved: "approved", "Approved. Feeds list the version now.";
    Unapproved: "unapproved", "The version is in no feed any more.";
    Trusted: "trusted", "Trusted. New uploads to their own plugins are public at once.";
    Untrusted: "untrusted", "Trust is withdrawn. New uploads wait for review.";
    VersionRefused: "refused", "Refused. Its author is told why, and may replace the file or send a new number.";
    Featured: "featured", "Featured. The plugin stands on the first page now.";
    Unfeatured: "unfeatured", "The plugin is featured no longer.";
    StaffRestored: "brought-back", "Restored. The plugin is where it was.";
    Buried: "buried", "The plugin is gone for good.";
    Revived: "revived", "The name has a new owner, who may publish under it now.";
    PolicySet: "policy-set", "The rules are set. They hold from now on.";
    QgisSet: "qgis-set", "The QGIS versions are set. Feeds mean them from now on.";
    Blocked: "blocked", "Blocked. Every session and token of the account has ended.";
    Unblocked: "unblocked", "Unblocked. The account may sign in and act again; it needs new tokens.";
    RoleSet: "role-set", "The role is changed. It holds from now on.";
    SignedOut: "signed-out", "Every session of the account has ended.";
    Undone: "undone", "Undone. What had to be left stands in the list that you saw.";
    SignUpInvited: "sign-up-invited", "The invitation is on its way.";
}

impl Done {
    /// The deed that the query part of an address names.
    pub(crate) fn in_query(query: &str) -> Option<Self> {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let (_, word) = pairs.find(|(key, _)| key == "done")?;
        Self::ALL.iter().copied().find(|done| done.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_tells_its_deed_and_other_words_nothing() {
        for done in Done::ALL {
            assert_eq!(Done::in_query(&format!("a=b&done={}", done.word())), Some(*done));
        }
        assert_eq!(Done::in_query("done=Your+account+was+hacked"), None);
        assert_eq!(Done::in_query(""), None);
    }

    #[test]
    fn words_differ() {
        for (n, done) in Done::ALL.iter().enumerate() {
            assert!(Done::ALL[n + 1..].iter().all(|other| other.word() != done.word()), "{done:?}");
        }
    }
}
