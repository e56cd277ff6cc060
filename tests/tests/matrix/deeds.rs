//! Every deed, the state its plugin must be in, and how it is done at each door.
//!
//! Words with `@` stand for what the cell has: `@package`, `@subject`, `@asker`, `@team`, `@invitation`, `@token`,
//! `@publisher`, `@sha256` (of version 1.0).

use crate::doors::{Attempt, Door};
use crate::stage::Stage;

/// One deed, as the table's row of that name.
pub(crate) struct Deed {
    /// The command's name; what follows a colon tells two rows of one command apart.
    pub(crate) name: &'static str,
    /// What the plugin must be for it.
    pub(crate) stage: Stage,
    /// How it is tried.
    pub(crate) doors: Vec<(Door, Attempt)>,
}

impl Deed {
    /// The mutations it is tried by.
    pub(crate) fn mutations(&self) -> Vec<String> {
        let name = |text: &str| text.split('(').next().unwrap().trim().to_owned();
        self.doors
            .iter()
            .filter_map(|(_, attempt)| match attempt {
                Attempt::Mutation(text) | Attempt::Upload { mutation: text, .. } => Some(name(text)),
                _ => None,
            })
            .collect()
    }
}

fn deed(name: &'static str, stage: Stage, doors: Vec<(Door, Attempt)>) -> Deed {
    Deed { name, stage, doors }
}

fn graphql(text: &'static str) -> (Door, Attempt) {
    (Door::GraphQl, Attempt::Mutation(text))
}

fn graphql_upload(mutation: &'static str, version: &'static str) -> (Door, Attempt) {
    (Door::GraphQl, Attempt::Upload { mutation, version })
}

fn token_api(path: &'static str, version: &'static str) -> (Door, Attempt) {
    (Door::TokenApi, Attempt::Form { path, version })
}

fn cli(line: &'static str) -> (Door, Attempt) {
    (Door::Cli, Attempt::Line(line))
}

fn page(path: &'static str, fields: &'static [(&'static str, &'static str)]) -> (Door, Attempt) {
    (Door::Page, Attempt::Post { path, fields })
}

/// All of them.
pub(crate) fn deeds() -> Vec<Deed> {
    [versions(), plugins(), owners(), teams(), accounts(), own_account(), credentials(), site()]
        .into_iter()
        .flatten()
        .collect()
}

#[expect(clippy::too_many_lines, reason = "a list")]
fn versions() -> Vec<Deed> {
    let xml = |version| (Door::XmlRpc, Attempt::XmlUpload { version });
    let json = |version| (Door::JsonRpc, Attempt::JsonUpload { version });
    let add = "/plugins/api/@package/version/add/";
    vec![
        deed(
            "upload_version:first",
            Stage::Nothing,
            vec![
                graphql_upload("uploadPlugin(input: { file: $file })", "1.0"),
                token_api(add, "1.0"),
                xml("1.0"),
                json("1.0"),
                cli("upload @zip --as @asker"),
            ],
        ),
        deed(
            "upload_version",
            Stage::Waiting,
            vec![
                graphql_upload("uploadPlugin(input: { file: $file, package: \"@package\" })", "1.1"),
                token_api(add, "1.1"),
                xml("1.1"),
                json("1.1"),
                cli("upload @zip --as @asker --plugin @package"),
            ],
        ),
        deed(
            "upload_version:marked",
            Stage::Marked,
            vec![graphql_upload("uploadPlugin(input: { file: $file })", "1.1"), token_api(add, "1.1")],
        ),
        deed(
            "upload_version:buried",
            Stage::Buried,
            vec![graphql_upload("uploadPlugin(input: { file: $file })", "1.1"), token_api(add, "1.1")],
        ),
        deed(
            "replace_version",
            Stage::Waiting,
            vec![
                graphql_upload(
                    "replaceVersion(input: { file: $file, package: \"@package\", version: \"1.0\" })",
                    "1.1",
                ),
                token_api("/plugins/api/@package/version/1.0/update/", "1.1"),
            ],
        ),
        deed(
            "approve_version",
            Stage::Waiting,
            vec![
                graphql(r#"approveVersion(input: { package: "@package", version: "1.0" })"#),
                cli("approve @package 1.0 --as @asker"),
            ],
        ),
        deed(
            "unapprove_version",
            Stage::Public,
            vec![
                graphql(r#"unapproveVersion(input: { package: "@package", version: "1.0" })"#),
                cli("version unapprove @package 1.0 --as @asker"),
            ],
        ),
        deed(
            "refuse_version",
            Stage::Waiting,
            vec![
                graphql(
                    r#"refuseVersion(input: { package: "@package", version: "1.0", sha256: "@sha256", reason: "no licence" })"#,
                ),
                cli("version refuse @package 1.0 --sha256 @sha256 --reason nolicence --as @asker"),
            ],
        ),
        deed(
            "delete_version",
            Stage::Public,
            vec![
                graphql(r#"deleteVersion(input: { package: "@package", version: "1.0" })"#),
                cli("version delete @package 1.0 --as @asker"),
            ],
        ),
        deed(
            "yank_version",
            Stage::Public,
            vec![
                graphql(
                    r#"yankVersion(input: { package: "@package", version: "1.0", reason: "eats layers" })"#,
                ),
                cli("version yank @package 1.0 --reason hungry --as @asker"),
            ],
        ),
        deed(
            "unyank_version",
            Stage::Yanked,
            vec![
                graphql(r#"unyankVersion(input: { package: "@package", version: "1.0" })"#),
                cli("version unyank @package 1.0 --as @asker"),
            ],
        ),
        deed(
            "pin_version",
            Stage::Public,
            vec![
                graphql(r#"pinVersion(input: { package: "@package", version: "1.0", channel: STABLE })"#),
                cli("version pin @package 1.0 --channel stable --as @asker"),
            ],
        ),
        deed(
            "unpin_version",
            Stage::Pinned,
            vec![
                graphql(r#"unpinVersion(input: { package: "@package", channel: STABLE })"#),
                cli("version unpin @package --channel stable --as @asker"),
            ],
        ),
        deed(
            "cast_vote",
            Stage::Public,
            vec![graphql(r#"castVote(input: { package: "@package", score: 4 })"#)],
        ),
    ]
}

fn plugins() -> Vec<Deed> {
    vec![
        deed(
            "edit_details",
            Stage::Waiting,
            vec![
                graphql(r#"editDetails(input: { package: "@package", tags: ["new"] })"#),
                cli("plugin edit @package --tags new --as @asker"),
            ],
        ),
        deed(
            "name_maintainer",
            Stage::Waiting,
            vec![
                graphql(r#"nameMaintainer(input: { package: "@package", account: "@subject" })"#),
                cli("plugin maintainer @package @subject --as @asker"),
            ],
        ),
        deed(
            "allow_renaming",
            Stage::Waiting,
            vec![graphql(r#"allowRenaming(input: { package: "@package", allowed: true })"#)],
        ),
        deed(
            "deprecate_plugin",
            Stage::Waiting,
            vec![
                graphql(r#"deprecatePlugin(input: { package: "@package" })"#),
                cli("plugin deprecate @package --as @asker"),
            ],
        ),
        deed(
            "undeprecate_plugin",
            Stage::Deprecated,
            vec![
                graphql(r#"undeprecatePlugin(input: { package: "@package" })"#),
                cli("plugin undeprecate @package --as @asker"),
            ],
        ),
        deed(
            "feature_plugin",
            Stage::Waiting,
            vec![
                graphql(r#"featurePlugin(input: { package: "@package" })"#),
                cli("plugin feature @package --as @asker"),
            ],
        ),
        deed(
            "unfeature_plugin",
            Stage::Featured,
            vec![
                graphql(r#"unfeaturePlugin(input: { package: "@package" })"#),
                cli("plugin unfeature @package --as @asker"),
            ],
        ),
        deed(
            "mark_for_deletion",
            Stage::Waiting,
            vec![
                graphql(r#"markForDeletion(input: { package: "@package" })"#),
                cli("plugin delete @package --as @asker"),
            ],
        ),
        deed(
            "restore_plugin",
            Stage::Marked,
            vec![
                graphql(r#"restorePlugin(input: { package: "@package" })"#),
                cli("plugin restore @package --as @asker"),
            ],
        ),
        deed(
            "tombstone_plugin",
            Stage::Marked,
            vec![
                graphql(r#"tombstonePlugin(input: { package: "@package" })"#),
                cli("plugin bury @package --as @asker"),
            ],
        ),
        deed(
            "revive_plugin",
            Stage::Buried,
            vec![
                graphql(r#"revivePlugin(input: { package: "@package", owner: "@subject" })"#),
                cli("plugin revive @package --owner @subject --as @asker"),
            ],
        ),
    ]
}

fn owners() -> Vec<Deed> {
    vec![
        deed(
            "invite_owner",
            Stage::Waiting,
            vec![
                graphql(r#"inviteOwner(input: { package: "@package", account: "@subject" })"#),
                cli("owner invite @package @subject --as @asker"),
            ],
        ),
        deed(
            "accept_invitation",
            Stage::AskerInvited,
            vec![
                graphql(r#"acceptInvitation(input: { package: "@package", invitation: "@invitation" })"#),
                cli("owner accept @package @invitation --as @asker"),
            ],
        ),
        deed(
            "accept_invitation:of-another",
            Stage::SubjectInvited,
            vec![graphql(r#"acceptInvitation(input: { package: "@package", invitation: "@invitation" })"#)],
        ),
        deed(
            "decline_invitation",
            Stage::AskerInvited,
            vec![
                graphql(r#"declineInvitation(input: { package: "@package", invitation: "@invitation" })"#),
                cli("owner decline @package @invitation --as @asker"),
            ],
        ),
        deed(
            "withdraw_invitation",
            Stage::SubjectInvited,
            vec![
                graphql(r#"withdrawInvitation(input: { package: "@package", invitation: "@invitation" })"#),
                cli("owner withdraw @package @invitation --as @asker"),
            ],
        ),
        deed(
            "add_owner",
            Stage::Waiting,
            vec![
                graphql(r#"addOwner(input: { package: "@package", account: "@subject", reason: "gone" })"#),
                cli("owner add @package @subject --reason gone --as @asker"),
            ],
        ),
        deed(
            "remove_owner",
            Stage::SubjectOwns,
            vec![
                graphql(r#"removeOwner(input: { package: "@package", account: "@subject" })"#),
                cli("owner remove @package @subject --as @asker"),
            ],
        ),
        deed(
            "leave_plugin",
            Stage::SubjectOwns,
            vec![
                graphql(r#"leavePlugin(input: { package: "@package" })"#),
                cli("owner leave @package --as @asker"),
            ],
        ),
        deed(
            "transfer_ownership",
            Stage::SubjectOwns,
            vec![graphql(
                r#"transferOwnership(input: { package: "@package", from: "@subject", to: "account", reason: "gone" })"#,
            )],
        ),
        deed(
            "reassign_plugin",
            Stage::Waiting,
            vec![
                graphql(
                    r#"reassignPlugin(input: { package: "@package", account: "@subject", reason: "gone" })"#,
                ),
                cli("owner reassign @package @subject --reason gone --as @asker"),
            ],
        ),
        deed(
            "add_team_owner",
            Stage::Teamless,
            vec![graphql(r#"addTeamOwner(input: { package: "@package", team: "@team" })"#)],
        ),
        deed(
            "remove_team_owner",
            Stage::Waiting,
            vec![graphql(r#"removeTeamOwner(input: { package: "@package", team: "@team" })"#)],
        ),
    ]
}

fn teams() -> Vec<Deed> {
    vec![
        deed(
            "form_team",
            Stage::Nothing,
            vec![
                graphql(r#"formTeam(input: { team: "new-@team" })"#),
                cli("team form new-@team --as @asker"),
            ],
        ),
        deed(
            "add_team_member",
            Stage::Nothing,
            vec![
                graphql(r#"addTeamMember(input: { team: "@team", account: "@subject" })"#),
                cli("team add @team @subject --as @asker"),
            ],
        ),
        deed(
            "remove_team_member",
            Stage::SubjectInTeam,
            vec![
                graphql(r#"removeTeamMember(input: { team: "@team", account: "@subject" })"#),
                cli("team remove @team @subject --as @asker"),
            ],
        ),
    ]
}

fn accounts() -> Vec<Deed> {
    vec![
        deed(
            "grant_trust",
            Stage::Nothing,
            vec![
                graphql(r#"grantTrust(input: { account: "@subject" })"#),
                page("/plugins/user/@subject/trust/", &[("package", "lasso"), ("reason", "good+work")]),
            ],
        ),
        deed(
            "withdraw_trust",
            Stage::SubjectTrusted,
            vec![
                graphql(r#"withdrawTrust(input: { account: "@subject" })"#),
                page("/plugins/user/@subject/untrust/", &[("package", "lasso")]),
            ],
        ),
        deed("grant_staff", Stage::Nothing, vec![graphql(r#"grantStaff(input: { account: "@subject" })"#)]),
        deed(
            "withdraw_staff",
            Stage::SubjectStaff,
            vec![graphql(r#"withdrawStaff(input: { account: "@subject" })"#)],
        ),
        deed(
            "grant_admin",
            Stage::SubjectStaff,
            vec![graphql(r#"grantAdmin(input: { account: "@subject" })"#)],
        ),
        deed(
            "withdraw_admin",
            Stage::SubjectAdmin,
            vec![graphql(r#"withdrawAdmin(input: { account: "@subject" })"#)],
        ),
        deed(
            "block_account",
            Stage::Nothing,
            vec![graphql(r#"blockAccount(input: { account: "@subject", reason: "spam" })"#)],
        ),
        deed(
            "unblock_account",
            Stage::SubjectBlocked,
            vec![graphql(r#"unblockAccount(input: { account: "@subject" })"#)],
        ),
        deed("end_sessions", Stage::Nothing, vec![graphql(r#"signOutEverywhere(account: "@subject")"#)]),
        deed(
            "erase_account",
            Stage::Nothing,
            vec![graphql(r#"eraseAccount(input: { account: "@subject" })"#)],
        ),
        deed(
            "invite_to_sign_up",
            Stage::Nothing,
            vec![graphql(r#"inviteToSignUp(input: { email: "guest@example.org" })"#)],
        ),
        deed(
            "undo_actor",
            Stage::Nothing,
            vec![
                graphql(r#"undoActor(input: { actor: "@subject", since: "2026-01-01T00:00:00Z" })"#),
                cli("undo-actor @subject --since 2026-01-01 --as @asker"),
            ],
        ),
    ]
}

fn own_account() -> Vec<Deed> {
    vec![
        deed(
            "register_account",
            Stage::Nothing,
            vec![graphql(
                r#"register(input: { name: "new-@team", email: "new@example.org", password: "correct horse" })"#,
            )],
        ),
        deed("ask_email_confirmation", Stage::Nothing, vec![graphql("askEmailConfirmation")]),
        deed(
            "change_email:wrong-password",
            Stage::Nothing,
            vec![graphql(r#"changeEmail(input: { email: "other@example.org", password: "wrong horse" })"#)],
        ),
        deed(
            "change_password:wrong-password",
            Stage::Nothing,
            vec![graphql(r#"changePassword(input: { old: "wrong horse", new: "better horse" })"#)],
        ),
        deed("add_factor:begin-totp", Stage::Nothing, vec![graphql("beginTotp")]),
        deed("add_factor:begin-passkey", Stage::Nothing, vec![graphql("beginPasskey")]),
    ]
}

fn credentials() -> Vec<Deed> {
    vec![
        deed(
            "issue_token",
            Stage::Waiting,
            vec![
                graphql(r#"issueToken(input: { package: "@package", description: "CI" })"#),
                page("/plugins/@package/tokens/create/", &[("description", "CI")]),
            ],
        ),
        deed(
            "edit_token_description",
            Stage::Waiting,
            vec![graphql(r#"editTokenDescription(input: { token: "@token", description: "CI" })"#)],
        ),
        deed(
            "revoke_token",
            Stage::Waiting,
            vec![
                graphql(r#"revokeToken(input: { token: "@token" })"#),
                page("/plugins/@package/tokens/@token/delete/", &[("delete_confirm", "1")]),
            ],
        ),
        deed(
            "name_publisher",
            Stage::Waiting,
            vec![graphql(
                r#"namePublisher(input: { package: "@package", issuer: "https://token.actions.githubusercontent.com", repository: "ann/lasso", workflow: ".github/workflows/release.yml" })"#,
            )],
        ),
        deed(
            "name_publisher:pending",
            Stage::Nothing,
            vec![graphql(
                r#"namePublisher(input: { package: "@package", issuer: "https://token.actions.githubusercontent.com", repository: "ann/lasso", workflow: ".github/workflows/release.yml" })"#,
            )],
        ),
        deed(
            "remove_publisher",
            Stage::Waiting,
            vec![graphql(r#"removePublisher(input: { package: "@package", publisher: "@publisher" })"#)],
        ),
    ]
}

fn site() -> Vec<Deed> {
    vec![
        deed("set_policy", Stage::Nothing, vec![graphql("setPolicy(input: { tokenDaysMax: 365 })")]),
        deed(
            "set_qgis_releases",
            Stage::Nothing,
            vec![graphql(r#"setQgisReleases(input: { latest: "3.44", ltr: "3.40" })"#)],
        ),
    ]
}
