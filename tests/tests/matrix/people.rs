//! The deeds that are about accounts: staff's and one's own.

use crate::deeds::{Deed, cli, deed, graphql, page};
use crate::stage::Stage;

/// What staff and admins do about accounts.
pub(crate) fn accounts() -> Vec<Deed> {
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
        deed(
            "grant_staff",
            Stage::Nothing,
            vec![
                graphql(r#"grantStaff(input: { account: "@subject" })"#),
                page("/staff/accounts/@subject/role/", &[("deed", "make_staff")]),
            ],
        ),
        deed(
            "withdraw_staff",
            Stage::SubjectStaff,
            vec![
                graphql(r#"withdrawStaff(input: { account: "@subject" })"#),
                page("/staff/accounts/@subject/role/", &[("deed", "unmake_staff")]),
            ],
        ),
        deed(
            "grant_admin",
            Stage::SubjectStaff,
            vec![
                graphql(r#"grantAdmin(input: { account: "@subject" })"#),
                page("/staff/accounts/@subject/role/", &[("deed", "make_admin")]),
            ],
        ),
        deed(
            "withdraw_admin",
            Stage::SubjectAdmin,
            vec![
                graphql(r#"withdrawAdmin(input: { account: "@subject" })"#),
                page("/staff/accounts/@subject/role/", &[("deed", "unmake_admin")]),
            ],
        ),
        deed(
            "block_account",
            Stage::Nothing,
            vec![
                graphql(r#"blockAccount(input: { account: "@subject", reason: "spam" })"#),
                page("/plugins/user/@subject/block/", &[("reason", "spam"), ("until", "")]),
            ],
        ),
        deed(
            "unblock_account",
            Stage::SubjectBlocked,
            vec![
                graphql(r#"unblockAccount(input: { account: "@subject" })"#),
                page("/plugins/user/@subject/unblock/", &[]),
            ],
        ),
        deed(
            "end_sessions",
            Stage::Nothing,
            vec![
                graphql(r#"signOutEverywhere(account: "@subject")"#),
                page("/staff/accounts/@subject/sign-out/", &[]),
            ],
        ),
        deed(
            "erase_account",
            Stage::Nothing,
            vec![graphql(r#"eraseAccount(input: { account: "@subject" })"#)],
        ),
        deed(
            "invite_to_sign_up",
            Stage::Nothing,
            vec![
                graphql(r#"inviteToSignUp(input: { email: "guest@example.org" })"#),
                page("/staff/accounts/", &[("email", "guest%40example.org")]),
            ],
        ),
        deed(
            "undo_actor",
            Stage::Nothing,
            vec![
                graphql(r#"undoActor(input: { actor: "@subject", since: "2026-01-01T00:00:00Z" })"#),
                cli("undo-actor @subject --since 2026-01-01 --as @asker"),
                page(
                    "/staff/accounts/@subject/undo/",
                    &[("since", "2026-01-01T00:00"), ("confirm", "@subject")],
                ),
            ],
        ),
    ]
}

/// What people do about their own.
pub(crate) fn own_account() -> Vec<Deed> {
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
