//! To whom letters go, and when they have no point any more.

use super::{Letters, MailSettings, letters, mail, server, settings, told};
use crate::mail::outbox;
use crate::testing::{ANN, BOB, Node, SUE, by, lasso, uploaded};
use cairn_domain::Actor;
use cairn_domain::event::{
    AccountErased, EmailChanged, EmailConfirmed, OwnerInvited, PasswordChanged, PluginMarkedForDeletion,
    SignUpInvited, StaffGranted, StaffWithdrawn, Stream, TeamFormed, TeamMemberAdded, TeamOwnerAdded,
    TokenIssued, TokenRevoked, TrustGranted, VersionApproved, VersionRefused,
};
use cairn_domain::ids::{ChallengeId, InvitationId, TokenId};
use cairn_domain::names::Sha256;
use cairn_store::{both, vault};
use chrono::TimeDelta;
use uuid::Uuid;

fn approved(version: &str) -> VersionApproved {
    VersionApproved {
        package: lasso(),
        version: version.parse().unwrap(),
        sha256: Sha256::of(version.as_bytes()),
        base: None,
    }
}

fn refused(version: &str) -> VersionRefused {
    VersionRefused {
        package: lasso(),
        version: version.parse().unwrap(),
        sha256: Sha256::of(version.as_bytes()),
        base: None,
        reason: "calls home".into(),
    }
}

both!(owners_and_members_of_teams_are_told_of_their_versions_and_who_did_it_is_not, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    let mut letters = letters(&node, &server).await;
    for (account, name) in [(ANN, "ann"), (BOB, "bob"), (SUE, "sue")] {
        node.person(account, name).await;
    }
    node.lasso_of_ann().await;
    let team = Stream::team(&"weavers".parse().unwrap());
    node.happened(by(BOB), &team, TeamFormed { team: "weavers".parse().unwrap(), founder: BOB }).await;
    node.to_lasso(by(ANN), TeamOwnerAdded { package: lasso(), team: "weavers".parse().unwrap() }).await;
    node.to_lasso(by(SUE), approved("1.0")).await;
    letters.work().await;
    let news = "lasso 1.0 is public";
    assert_eq!(told(&server.mails()), [mail("ann", news), mail("bob", news)]);

    node.happened(by(BOB), &team, TeamMemberAdded { team: "weavers".parse().unwrap(), account: SUE }).await;
    node.to_lasso(by(ANN), refused("1.0")).await;
    letters.work().await;
    let news = "lasso 1.0 was refused";
    let mails = server.mails().split_off(2);
    assert_eq!(told(&mails), [mail("bob", news), mail("sue", news)]);
    assert!(mails[0].text.as_ref().unwrap().contains("calls home"), "{mails:?}");
});

both!(staff_who_have_proved_their_addresses_are_told_of_what_waits, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    // From before mail: still known.
    for (account, name) in [(ANN, "ann"), (BOB, "bob"), (SUE, "sue")] {
        node.person(account, name).await;
    }
    for account in [BOB, SUE] {
        node.to(account, StaffGranted { account }).await;
    }
    node.to(SUE, EmailConfirmed { account: SUE }).await;
    let mut letters = letters(&node, &server).await;
    node.lasso_of_ann().await;
    letters.work().await;
    assert_eq!(told(&server.mails()), [mail("sue", "lasso 1.0 waits for review")], "bob proved nothing");

    // Public at once: there is nothing to do for anybody.
    node.to_lasso(by(ANN), uploaded("1.1")).await;
    node.to_lasso(by(ANN), approved("1.1")).await;
    letters.work().await;
    assert_eq!(server.mails().len(), 1);

    node.to(SUE, StaffWithdrawn { account: SUE }).await;
    node.to_lasso(by(ANN), uploaded("1.2")).await;
    letters.work().await;
    let mails = server.mails().split_off(1);
    assert_eq!(told(&mails), [mail("sue", "You are staff no longer")]);
});

both!(staff_letters_can_be_switched_off, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    let settings = MailSettings { staff_letters: false, ..settings(&server) };
    let mut letters = Letters::open(&node.tools, &node.commands, settings).await.unwrap();
    node.person(SUE, "sue").await;
    node.to(SUE, EmailConfirmed { account: SUE }).await;
    node.to(SUE, StaffGranted { account: SUE }).await;
    node.lasso_of_ann().await;
    letters.work().await;
    assert_eq!(told(&server.mails()), [mail("sue", "You are staff")]);
});

both!(who_is_erased_gets_no_letter, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    let mut letters = letters(&node, &server).await;
    node.person(ANN, "ann").await;
    node.to(ANN, TrustGranted { account: ANN, reason: None }).await;
    letters.read().await;
    let mut tx = node.tools.db.begin().await.unwrap();
    vault::erase_person(&mut tx, ANN.0).await.unwrap();
    tx.commit().await.unwrap();
    node.to(ANN, AccountErased { account: ANN }).await;
    letters.work().await;
    assert_eq!(server.mails(), []);
    assert_eq!(outbox::waiting(&node.tools.db).await.unwrap(), 0, "and none waits");
});

both!(that_an_address_was_changed_is_told_at_the_one_before, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    let mut letters = letters(&node, &server).await;
    node.person(ANN, "ann").await;
    let mut tx = node.tools.db.begin().await.unwrap();
    vault::keep_former_email(&mut tx, ANN.0, crate::testing::noon()).await.unwrap();
    vault::update_email(&mut tx, ANN.0, "eve@example.org").await.unwrap();
    tx.commit().await.unwrap();
    node.to(ANN, EmailChanged { account: ANN, commitment: Sha256::of(b"") }).await;
    node.to(ANN, PasswordChanged { account: ANN }).await;
    letters.work().await;
    let changed = mail("ann", "The address of your account was changed");
    assert_eq!(told(&server.mails()), [changed, mail("eve", "Your password was changed")]);
});

both!(a_revoked_token_is_told_to_its_holder, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    let mut letters = letters(&node, &server).await;
    node.person(ANN, "ann").await;
    let token = TokenId(Uuid::from_u128(0x70));
    let issued = TokenIssued {
        token,
        account: ANN,
        package: lasso(),
        secret_sha256: Sha256::of(b"secret"),
        expires_at: None,
        may_approve: false,
    };
    node.happened(by(ANN), &Stream::Token(token), issued).await;
    let revoked = TokenRevoked { token, reason: Some("found on the web".into()) };
    node.happened(Actor::Anonymous, &Stream::Token(token), revoked).await;
    letters.work().await;
    let mails = server.mails();
    let expected = [mail("ann", "A token for lasso was made"), mail("ann", "A token of yours was revoked")];
    assert_eq!(told(&mails), expected);
    assert!(mails.iter().any(|mail| mail.text.as_ref().unwrap().contains("found on the web")));
});

both!(an_invitation_names_who_asks_and_ends_with_its_time, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    let mut letters = letters(&node, &server).await;
    node.person(ANN, "ann").await;
    node.person(BOB, "bob").await;
    node.lasso_of_ann().await;
    let invited = |number: u128, replaces| OwnerInvited {
        package: lasso(),
        invitation: InvitationId(Uuid::from_u128(number)),
        account: BOB,
        inviter: Some(ANN),
        replaces,
        expires_at: crate::testing::noon() + TimeDelta::days(1),
    };
    node.to_lasso(by(ANN), invited(1, None)).await;
    letters.work().await;
    let mails = server.mails();
    assert_eq!(told(&mails), [mail("bob", "You are asked to own the plugin lasso")]);
    let text = mails[0].text.clone().unwrap();
    assert!(text.contains("ann asks you to own the plugin lasso too"), "{text}");
    assert!(text.lines().any(|line| line == "https://plugins.example.org/plugins/lasso/"), "{text}");
    let answer = "https://plugins.example.org/account/invitations/";
    assert!(text.lines().any(|line| line == answer), "{text}");

    node.to_lasso(by(ANN), invited(2, Some(ANN))).await;
    letters.read().await;
    node.later(TimeDelta::days(1));
    letters.work().await;
    assert_eq!(server.mails().len(), 1, "the second one had ended when it was to be sent");
});

both!(whoever_is_invited_to_sign_up_is_written_to_at_the_address_in_the_vault, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    let mut letters = letters(&node, &server).await;
    let challenge = ChallengeId(Uuid::from_u128(9));
    let mut tx = node.tools.db.begin().await.unwrap();
    vault::put_sign_up_address(&mut tx, challenge.0, "new@example.org").await.unwrap();
    tx.commit().await.unwrap();
    let expires_at = crate::testing::noon() + TimeDelta::days(1);
    let invited = SignUpInvited { challenge, expires_at };
    node.happened(by(SUE), &Stream::SignUp(challenge), invited).await;
    letters.work().await;
    let mails = server.mails();
    assert_eq!(told(&mails), [mail("new", "You are invited to make an account")]);
    let text = mails[0].text.as_ref().unwrap();
    assert!(text.contains("https://plugins.example.org/account/sign-up/"), "{text}");
    assert!(!text.contains("Hello"), "nobody knows a name yet");
});

both!(owners_are_told_that_their_plugin_is_hidden_and_until_when, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    let mut letters = letters(&node, &server).await;
    node.person(ANN, "ann").await;
    node.lasso_of_ann().await;
    let marked = PluginMarkedForDeletion {
        package: lasso(),
        until: "2026-03-31T12:00:00Z".parse().unwrap(),
        reason: Some("a copy of another".into()),
    };
    node.to_lasso(by(SUE), marked).await;
    letters.work().await;
    let mails = server.mails();
    assert_eq!(told(&mails), [mail("ann", "The plugin lasso was deleted")]);
    let text = mails[0].text.as_ref().unwrap();
    assert!(text.contains("31 March 2026, 12:00 UTC") && text.contains("a copy of another"), "{text}");
});
