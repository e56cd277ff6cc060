//! An operator asks the directory, and links who somebody is elsewhere.

use super::{account, greet, refused, slapd, start, table};
use cairn_commands::identity::{Identity, LinkIdentity, UnlinkIdentity};
use cairn_commands::{Command, Fault};
use cairn_domain::{Actor, Refusal};
use cairn_outside::testing::Slapd;
use cairn_store::{both, vault};
use cairn_tests::TestApp;

async fn told<C: Command>(app: &TestApp, command: &C, actor: Actor) -> Result<C::Answer, Refusal> {
    match app.house.commands.send(command, actor, None).await {
        Ok(done) => Ok(done.answer),
        Err(Fault::Refused(refusal)) => Err(refusal),
        Err(fault) => panic!("{fault}"),
    }
}

fn link(app: &TestApp, account: cairn_domain::ids::AccountId, subject: &str) -> LinkIdentity {
    let identity = Identity::new("ldap:osgeo", subject, subject).unwrap();
    LinkIdentity { account, identity, salt: app.house.ids.bytes() }
}

both!(an_identity_belongs_to_one_account, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let by = |account| Actor::Account { account };
    told(&app, &link(&app, ann.id(), "ann"), by(ann.id())).await.unwrap();
    for (account, actor) in [(bob.id(), by(bob.id())), (bob.id(), Actor::Operator)] {
        let refusal = told(&app, &link(&app, account, "ann"), actor).await.unwrap_err();
        assert_eq!(refusal, Refusal::IdentityLinkedElsewhere);
    }
    assert!(account(&app, "bob").await.identities.is_empty());
});

both!(the_last_way_in_is_not_unlinked, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person("ann").await;
    let actor = Actor::Account { account: ann.id() };
    let first = told(&app, &link(&app, ann.id(), "ann"), actor).await.unwrap();
    let unlink = |identity| UnlinkIdentity { account: ann.id(), identity };
    assert_eq!(told(&app, &unlink(first), actor).await, Err(Refusal::LastCredential));
    let second = told(&app, &link(&app, ann.id(), "ann.b"), actor).await.unwrap();
    told(&app, &unlink(first), actor).await.unwrap();
    assert_eq!(told(&app, &unlink(second), actor).await, Err(Refusal::LastCredential));
    let mut conn = app.house.db.read().await.unwrap();
    let left = vault::identities_of(&mut conn, ann.id().0).await.unwrap();
    assert_eq!(left.len(), 1);
    drop(conn);

    let bob = app.person_with_password("bob").await;
    let actor = Actor::Account { account: bob.id() };
    let only = told(&app, &link(&app, bob.id(), "bob"), actor).await.unwrap();
    told(&app, &UnlinkIdentity { account: bob.id(), identity: only }, actor).await.unwrap();
});

both!(who_was_unlinked_comes_as_a_stranger, |t| {
    let Some(slapd) = slapd() else { return };
    let app = start(&t, &slapd).await;
    let ann = app.person_with_password("ann").await;
    let identity = told(&app, &link(&app, ann.id(), "ann"), Actor::Operator).await.unwrap();
    greet(&app, "ann").await;
    let unlink = UnlinkIdentity { account: ann.id(), identity };
    told(&app, &unlink, Actor::Account { account: ann.id() }).await.unwrap();
    refused(&app, "ann", &Slapd::password("ann"), 401, "wrong_credentials").await;
});

#[test]
fn the_table_of_a_test_can_be_shown_and_has_no_secret_in_it() {
    let Some(slapd) = slapd() else { return };
    let shown = format!("{:?}", table(&slapd));
    assert!(!shown.contains(Slapd::READER_PASSWORD), "{shown}");
}
