//! Every deed, the state its plugin must be in, and how it is done at each door.
//!
//! Words with `@` stand for what the cell has: `@package`, `@subject`, `@asker`, `@team`, `@invitation`, `@token`,
//! `@publisher`, `@sha256` (of version 1.0).

use crate::doors::{Attempt, Door};
use crate::people::{accounts, own_account};
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

pub(crate) fn deed(name: &'static str, stage: Stage, doors: Vec<(Door, Attempt)>) -> Deed {
    Deed { name, stage, doors }
}

pub(crate) fn graphql(text: &'static str) -> (Door, Attempt) {
    (Door::GraphQl, Attempt::Mutation(text))
}

fn graphql_upload(mutation: &'static str, version: &'static str) -> (Door, Attempt) {
    (Door::GraphQl, Attempt::Upload { mutation, version })
}

fn token_api(path: &'static str, version: &'static str) -> (Door, Attempt) {
    (Door::TokenApi, Attempt::Form { path, version })
}

pub(crate) fn cli(line: &'static str) -> (Door, Attempt) {
    (Door::Cli, Attempt::Line(line))
}

pub(crate) fn page(path: &'static str, fields: &'static [(&'static str, &'static str)]) -> (Door, Attempt) {
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
                page("/plugins/@package/version/1.0/approve/", &[]),
            ],
        ),
        deed(
            "unapprove_version",
            Stage::Public,
            vec![
                graphql(r#"unapproveVersion(input: { package: "@package", version: "1.0" })"#),
                cli("version unapprove @package 1.0 --as @asker"),
                page("/plugins/@package/version/1.0/unapprove/", &[("reason", "crashes")]),
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
                page("/staff/queue/@package/1.0/refuse/", &[("sha256", "@sha256"), ("reason", "no+licence")]),
            ],
        ),
        deed(
            "delete_version",
            Stage::Public,
            vec![
                graphql(r#"deleteVersion(input: { package: "@package", version: "1.0" })"#),
                cli("version delete @package 1.0 --as @asker"),
                page("/plugins/@package/version/1.0/delete/", &[("delete_confirm", "1.0")]),
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
                page("/plugins/@package/version/1.0/yank/", &[("reason", "eats+layers")]),
            ],
        ),
        deed(
            "unyank_version",
            Stage::Yanked,
            vec![
                graphql(r#"unyankVersion(input: { package: "@package", version: "1.0" })"#),
                cli("version unyank @package 1.0 --as @asker"),
                page("/plugins/@package/version/1.0/unyank/", &[]),
            ],
        ),
        deed(
            "pin_version",
            Stage::Public,
            vec![
                graphql(r#"pinVersion(input: { package: "@package", version: "1.0", channel: STABLE })"#),
                cli("version pin @package 1.0 --channel stable --as @asker"),
                page("/plugins/@package/version/1.0/pin/", &[]),
            ],
        ),
        deed(
            "unpin_version",
            Stage::Pinned,
            vec![
                graphql(r#"unpinVersion(input: { package: "@package", channel: STABLE })"#),
                cli("version unpin @package --channel stable --as @asker"),
                page("/plugins/@package/version/1.0/unpin/", &[]),
            ],
        ),
        deed(
            "cast_vote",
            Stage::Public,
            vec![graphql(r#"castVote(input: { package: "@package", score: 4 })"#)],
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a list, one deed after the other")]
fn plugins() -> Vec<Deed> {
    vec![
        deed(
            "edit_details",
            Stage::Waiting,
            vec![
                graphql(r#"editDetails(input: { package: "@package", tags: ["new"] })"#),
                cli("plugin edit @package --tags new --as @asker"),
                page("/plugins/@package/update/", &[("tags", "new")]),
            ],
        ),
        deed(
            "name_maintainer",
            Stage::Waiting,
            vec![
                graphql(r#"nameMaintainer(input: { package: "@package", account: "@subject" })"#),
                cli("plugin maintainer @package @subject --as @asker"),
                page("/plugins/@package/maintainer/", &[("account", "@subject")]),
            ],
        ),
        deed(
            "allow_renaming",
            Stage::Waiting,
            vec![
                graphql(r#"allowRenaming(input: { package: "@package", allowed: true })"#),
                page("/plugins/@package/renaming/", &[("allowed", "on")]),
            ],
        ),
        deed(
            "deprecate_plugin",
            Stage::Waiting,
            vec![
                graphql(r#"deprecatePlugin(input: { package: "@package" })"#),
                cli("plugin deprecate @package --as @asker"),
                page("/plugins/@package/deprecate/", &[("reason", ""), ("successor", "")]),
            ],
        ),
        deed(
            "undeprecate_plugin",
            Stage::Deprecated,
            vec![
                graphql(r#"undeprecatePlugin(input: { package: "@package" })"#),
                cli("plugin undeprecate @package --as @asker"),
                page("/plugins/@package/undeprecate/", &[]),
            ],
        ),
        deed(
            "feature_plugin",
            Stage::Waiting,
            vec![
                graphql(r#"featurePlugin(input: { package: "@package" })"#),
                cli("plugin feature @package --as @asker"),
                page("/staff/featured/", &[("package", "@package")]),
            ],
        ),
        deed(
            "unfeature_plugin",
            Stage::Featured,
            vec![
                graphql(r#"unfeaturePlugin(input: { package: "@package" })"#),
                cli("plugin unfeature @package --as @asker"),
                page("/staff/featured/remove/", &[("package", "@package")]),
            ],
        ),
        deed(
            "mark_for_deletion",
            Stage::Waiting,
            vec![
                graphql(r#"markForDeletion(input: { package: "@package" })"#),
                cli("plugin delete @package --as @asker"),
                page("/plugins/@package/delete/", &[("delete_confirm", "@package")]),
            ],
        ),
        deed(
            "restore_plugin",
            Stage::Marked,
            vec![
                graphql(r#"restorePlugin(input: { package: "@package" })"#),
                cli("plugin restore @package --as @asker"),
                page("/staff/deletions/restore/", &[("package", "@package")]),
                page("/plugins/@package/restore/", &[]),
            ],
        ),
        deed(
            "tombstone_plugin",
            Stage::Marked,
            vec![
                graphql(r#"tombstonePlugin(input: { package: "@package" })"#),
                cli("plugin bury @package --as @asker"),
                page("/staff/deletions/@package/", &[("confirm", "@package")]),
            ],
        ),
        deed(
            "revive_plugin",
            Stage::Buried,
            vec![
                graphql(r#"revivePlugin(input: { package: "@package", owner: "@subject" })"#),
                cli("plugin revive @package --owner @subject --as @asker"),
                page("/staff/deletions/revive/", &[("package", "@package"), ("owner", "@subject")]),
            ],
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a list, one deed after the other")]
fn owners() -> Vec<Deed> {
    vec![
        deed(
            "invite_owner",
            Stage::Waiting,
            vec![
                graphql(r#"inviteOwner(input: { package: "@package", account: "@subject" })"#),
                cli("owner invite @package @subject --as @asker"),
                page("/plugins/@package/owners/invite/", &[("account", "@subject")]),
            ],
        ),
        deed(
            "accept_invitation",
            Stage::AskerInvited,
            vec![
                graphql(r#"acceptInvitation(input: { package: "@package", invitation: "@invitation" })"#),
                cli("owner accept @package @invitation --as @asker"),
                page("/account/invitations/@invitation/accept/", &[("package", "@package")]),
            ],
        ),
        deed(
            "accept_invitation:of-another",
            Stage::SubjectInvited,
            vec![
                graphql(r#"acceptInvitation(input: { package: "@package", invitation: "@invitation" })"#),
                page("/account/invitations/@invitation/accept/", &[("package", "@package")]),
            ],
        ),
        deed(
            "decline_invitation",
            Stage::AskerInvited,
            vec![
                graphql(r#"declineInvitation(input: { package: "@package", invitation: "@invitation" })"#),
                cli("owner decline @package @invitation --as @asker"),
                page("/account/invitations/@invitation/decline/", &[("package", "@package")]),
            ],
        ),
        deed(
            "withdraw_invitation",
            Stage::SubjectInvited,
            vec![
                graphql(r#"withdrawInvitation(input: { package: "@package", invitation: "@invitation" })"#),
                cli("owner withdraw @package @invitation --as @asker"),
                page("/plugins/@package/owners/withdraw/", &[("invitation", "@invitation")]),
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
                page("/plugins/@package/owners/remove/", &[("account", "@subject")]),
            ],
        ),
        deed(
            "leave_plugin",
            Stage::SubjectOwns,
            vec![
                graphql(r#"leavePlugin(input: { package: "@package" })"#),
                cli("owner leave @package --as @asker"),
                page("/plugins/@package/owners/leave/", &[]),
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
            vec![
                graphql(r#"addTeamOwner(input: { package: "@package", team: "@team" })"#),
                page("/plugins/@package/owners/teams/add/", &[("team", "@team")]),
            ],
        ),
        deed(
            "remove_team_owner",
            Stage::Waiting,
            vec![
                graphql(r#"removeTeamOwner(input: { package: "@package", team: "@team" })"#),
                page("/plugins/@package/owners/teams/remove/", &[("team", "@team")]),
            ],
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
                page("/account/teams/", &[("team", "new-@team")]),
            ],
        ),
        deed(
            "add_team_member",
            Stage::Nothing,
            vec![
                graphql(r#"addTeamMember(input: { team: "@team", account: "@subject" })"#),
                cli("team add @team @subject --as @asker"),
                page("/account/teams/@team/add/", &[("account", "@subject")]),
            ],
        ),
        deed(
            "remove_team_member",
            Stage::SubjectInTeam,
            vec![
                graphql(r#"removeTeamMember(input: { team: "@team", account: "@subject" })"#),
                cli("team remove @team @subject --as @asker"),
                page("/account/teams/@team/remove/", &[("account", "@subject")]),
            ],
        ),
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
        deed(
            "set_policy",
            Stage::Nothing,
            vec![
                graphql("setPolicy(input: { tokenDaysMax: 365 })"),
                page("/staff/settings/", &[("token_days", "365")]),
            ],
        ),
        deed(
            "set_qgis_releases",
            Stage::Nothing,
            vec![
                graphql(r#"setQgisReleases(input: { latest: "3.44", ltr: "3.40" })"#),
                page("/staff/qgis/", &[("latest", "3.44"), ("ltr", "3.40")]),
            ],
        ),
    ]
}
