//! Every GraphQL document that a page asks: its name, its text, and the types that it is read with, checked against the
//! committed schema when this is compiled.
//!
//! A page names one of these and gets its answer by [`Ask`](crate::ask::Ask); the console opens the same text.

use graphql_client::GraphQLQuery;

/// A document that pages ask.
#[derive(Debug, Clone, Copy)]
pub struct Document {
    /// The operation in it.
    pub name: &'static str,
    /// The whole text.
    pub text: &'static str,
}

/// Declares documents: the operation's name, and the file that it alone is in. For `HomePage` there are then
/// `home_page::Variables` and `home_page::ResponseData` with the types of its fields.
macro_rules! documents {
    ($($name:ident in $path:tt;)+) => {
        $(
            #[derive(Debug, Clone, Copy, GraphQLQuery)]
            #[graphql(
                schema_path = "../api/schema.graphql",
                query_path = $path,
                response_derives = "Debug, Clone, PartialEq",
                variables_derives = "Debug, Clone",
                custom_scalars_module = "crate::scalars"
            )]
            pub(crate) struct $name;
        )+

        /// All of them.
        pub const DOCUMENTS: &[Document] = &[
            $(Document { name: stringify!($name), text: include_str!(concat!("../", $path)) },)+
        ];
    };
}

documents! {
    ListLicenses in "queries/pages/list_licenses.graphql";
    AtomOfAll in "queries/pages/machines/atom.graphql";
    AtomOfPlugin in "queries/pages/machines/atom_of_plugin.graphql";
    StatisticsPage in "queries/pages/statistics.graphql";
    PluginStatisticsPage in "queries/pages/plugin_statistics.graphql";
    AccountPage in "queries/pages/account/hub.graphql";
    ExportMyData in "queries/pages/account/export.graphql";
    AskEmailConfirmation in "queries/pages/account/ask_confirmation.graphql";
    MailedLink in "queries/pages/account/mailed_link.graphql";
    ConfirmEmail in "queries/pages/account/confirm_email.graphql";
    ResetAskPage in "queries/pages/account/reset_ask_page.graphql";
    AskPasswordReset in "queries/pages/account/ask_reset.graphql";
    ResetPassword in "queries/pages/account/reset.graphql";
    PasswordRules in "queries/pages/account/password_rules.graphql";
    ChangePassword in "queries/pages/account/change_password.graphql";
    ChangeEmail in "queries/pages/account/change_email.graphql";
    SessionsPage in "queries/pages/account/sessions.graphql";
    EndSession in "queries/pages/account/end_session.graphql";
    SignOutEverywhere in "queries/pages/account/sign_out_everywhere.graphql";
    SignOut in "queries/pages/account/sign_out.graphql";
    ErasePage in "queries/pages/account/erase_page.graphql";
    EraseAccount in "queries/pages/account/erase.graphql";
    SignInPage in "queries/pages/account/sign_in_page.graphql";
    SignIn in "queries/pages/account/sign_in.graphql";
    PendingSignIn in "queries/pages/account/pending_sign_in.graphql";
    ShowSecondFactor in "queries/pages/account/show_second_factor.graphql";
    AskPasskeyToSignIn in "queries/pages/account/ask_passkey_to_sign_in.graphql";
    SignUpPage in "queries/pages/account/sign_up_page.graphql";
    Register in "queries/pages/account/register.graphql";
    IdentitiesPage in "queries/pages/account/identities.graphql";
    LinkDirectory in "queries/pages/account/link_directory.graphql";
    UnlinkIdentity in "queries/pages/account/unlink_identity.graphql";
    SecondFactorsPage in "queries/pages/account/second_factors.graphql";
    BeginTotp in "queries/pages/account/begin_totp.graphql";
    TotpBegun in "queries/pages/account/totp_begun.graphql";
    ConfirmTotp in "queries/pages/account/confirm_totp.graphql";
    BeginPasskey in "queries/pages/account/begin_passkey.graphql";
    FinishPasskey in "queries/pages/account/finish_passkey.graphql";
    AskPasskey in "queries/pages/account/ask_passkey.graphql";
    RemoveSecondFactor in "queries/pages/account/remove_second_factor.graphql";
    MakeRecoveryCodes in "queries/pages/account/make_recovery_codes.graphql";
    CredentialsPage in "queries/pages/tokens/credentials.graphql";
    IssueToken in "queries/pages/tokens/issue.graphql";
    DescribeToken in "queries/pages/tokens/describe.graphql";
    RevokeToken in "queries/pages/tokens/revoke.graphql";
    NamePublisher in "queries/pages/tokens/name_publisher.graphql";
    RemovePublisher in "queries/pages/tokens/remove_publisher.graphql";
    SidePage in "queries/pages/author/side.graphql";
    AddPage in "queries/pages/author/add.graphql";
    AddVersionPage in "queries/pages/author/add_version.graphql";
    ReplacePage in "queries/pages/author/replace.graphql";
    StagePackage in "queries/pages/author/stage.graphql";
    StagedPage in "queries/pages/author/staged.graphql";
    PublishStaged in "queries/pages/author/publish.graphql";
    ReplaceByStaged in "queries/pages/author/publish_replacement.graphql";
    MyPlugins in "queries/pages/author/mine.graphql";
    EditPage in "queries/pages/author/edit.graphql";
    EditDetails in "queries/pages/author/edit_details.graphql";
    AllowRenaming in "queries/pages/author/allow_renaming.graphql";
    NameMaintainer in "queries/pages/author/name_maintainer.graphql";
    OwnersPage in "queries/pages/author/owners.graphql";
    InviteOwner in "queries/pages/author/invite_owner.graphql";
    WithdrawInvitation in "queries/pages/author/withdraw_invitation.graphql";
    RemoveOwner in "queries/pages/author/remove_owner.graphql";
    LeavePlugin in "queries/pages/author/leave_plugin.graphql";
    AddTeamOwner in "queries/pages/author/add_team_owner.graphql";
    RemoveTeamOwner in "queries/pages/author/remove_team_owner.graphql";
    VersionsPage in "queries/pages/author/versions.graphql";
    VersionDeedPage in "queries/pages/author/version_deed.graphql";
    DeleteVersion in "queries/pages/author/delete_version.graphql";
    YankVersion in "queries/pages/author/yank_version.graphql";
    UnyankVersion in "queries/pages/author/unyank_version.graphql";
    PinVersion in "queries/pages/author/pin_version.graphql";
    UnpinVersion in "queries/pages/author/unpin_version.graphql";
    LifePage in "queries/pages/author/life.graphql";
    DeprecatePlugin in "queries/pages/author/deprecate_plugin.graphql";
    UndeprecatePlugin in "queries/pages/author/undeprecate_plugin.graphql";
    MarkForDeletion in "queries/pages/author/mark_for_deletion.graphql";
    RestorePlugin in "queries/pages/author/restore_plugin.graphql";
    InvitationsPage in "queries/pages/author/invitations.graphql";
    AcceptInvitation in "queries/pages/author/accept_invitation.graphql";
    DeclineInvitation in "queries/pages/author/decline_invitation.graphql";
    TeamsPage in "queries/pages/author/teams.graphql";
    TeamPage in "queries/pages/author/team.graphql";
    FormTeam in "queries/pages/author/form_team.graphql";
    AddTeamMember in "queries/pages/author/add_team_member.graphql";
    RemoveTeamMember in "queries/pages/author/remove_team_member.graphql";
    DocsPage in "queries/pages/docs.graphql";
    HomePage in "queries/pages/home.graphql";
    ListPage in "queries/pages/list.graphql";
    PersonPage in "queries/pages/person.graphql";
    Suggest in "queries/pages/suggest.graphql";
    TagsPage in "queries/pages/tags.graphql";
    AuthorsPage in "queries/pages/authors.graphql";
    PluginPage in "queries/pages/plugin.graphql";
    RatePlugin in "queries/pages/rate.graphql";
    VersionPage in "queries/pages/version.graphql";
    StaffHome in "queries/pages/staff/overview.graphql";
    StaffQueue in "queries/pages/staff/queue.graphql";
    QueueNext in "queries/pages/staff/queue_next.graphql";
    StaffReview in "queries/pages/staff/review.graphql";
    Approve in "queries/pages/staff/approve.graphql";
    Refuse in "queries/pages/staff/refuse.graphql";
    UnapproveAsk in "queries/pages/staff/unapprove_ask.graphql";
    Unapprove in "queries/pages/staff/unapprove.graphql";
    StaffAccounts in "queries/pages/staff/accounts.graphql";
    StaffAccount in "queries/pages/staff/account.graphql";
    InviteToSignUp in "queries/pages/staff/invite.graphql";
    TrustAccount in "queries/pages/staff/trust.graphql";
    DistrustAccount in "queries/pages/staff/distrust.graphql";
    BlockAccount in "queries/pages/staff/block.graphql";
    UnblockAccount in "queries/pages/staff/unblock.graphql";
    MakeStaff in "queries/pages/staff/grant_staff.graphql";
    UnmakeStaff in "queries/pages/staff/withdraw_staff.graphql";
    MakeAdmin in "queries/pages/staff/grant_admin.graphql";
    UnmakeAdmin in "queries/pages/staff/withdraw_admin.graphql";
    SignOutAccount in "queries/pages/staff/sign_out.graphql";
    UndoAccount in "queries/pages/staff/undo.graphql";
    StaffHealth in "queries/pages/staff/health.graphql";
    StaffSettings in "queries/pages/staff/settings.graphql";
    SetPolicy in "queries/pages/staff/set_policy.graphql";
    StaffQgis in "queries/pages/staff/qgis.graphql";
    SetQgis in "queries/pages/staff/set_qgis.graphql";
    StaffFeatured in "queries/pages/staff/featured.graphql";
    FeaturePlugin in "queries/pages/staff/feature.graphql";
    UnfeaturePlugin in "queries/pages/staff/unfeature.graphql";
    StaffDeletions in "queries/pages/staff/deletions.graphql";
    StaffRestore in "queries/pages/staff/restore.graphql";
    BuryPlugin in "queries/pages/staff/bury.graphql";
    RevivePlugin in "queries/pages/staff/revive.graphql";
    LogPage in "queries/pages/log.graphql";
    LogEvent in "queries/pages/log_event.graphql";
}

/// The document with this operation.
pub(crate) fn document(name: &str) -> Option<&'static Document> {
    DOCUMENTS.iter().find(|document| document.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_one_operation_called_as_here() {
        for Document { name, text } in DOCUMENTS {
            let operations =
                text.lines().filter(|line| line.starts_with("query ") || line.starts_with("mutation "));
            let operations: Vec<&str> = operations.collect();
            let called = operations.iter().filter(|line| {
                let rest = line.split_once(' ').map_or("", |(_, rest)| rest);
                rest.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '(', '{']))
            });
            assert!(operations.len() == 1 && called.count() == 1, "{name}: {operations:?}");
        }
    }
}
