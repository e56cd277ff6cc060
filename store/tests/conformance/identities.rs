//! Who somebody is elsewhere, in the vault.

use super::{id, noon};
use cairn_store::both;
use cairn_store::vault::{self, IdentityRow};
use chrono::TimeDelta;
use uuid::Uuid;

fn identity(account_id: Uuid, issuer: &str, subject: &str) -> IdentityRow {
    IdentityRow {
        identity: format!("{:064x}", id().as_u128()),
        account_id,
        issuer: issuer.into(),
        subject: subject.into(),
        label: subject.to_uppercase(),
        salt: vec![7; 32],
        linked_at: noon(),
    }
}

both!(an_identity_is_found_by_who_vouches_for_it_until_it_is_forgotten, |t| {
    let (ann, bob) = (id(), id());
    let first = identity(ann, "ldap:osgeo", "ann");
    let second = IdentityRow {
        linked_at: noon() + TimeDelta::seconds(1),
        ..identity(ann, "https://idp.example.org", "ann")
    };
    let other = identity(bob, "ldap:osgeo", "bob");
    let mut tx = t.db.begin().await.unwrap();
    for row in [&second, &first, &other] {
        vault::put_identity(&mut tx, row).await.unwrap();
    }
    assert!(vault::identity_of(&mut tx, "ldap:osgeo", "ann").await.unwrap() == Some(first.clone()));
    assert!(vault::identity_of(&mut tx, "ldap:osgeo", "Ann").await.unwrap().is_none());
    assert!(vault::identity_of(&mut tx, "ldap:other", "ann").await.unwrap().is_none());
    assert!(vault::identities_of(&mut tx, ann).await.unwrap() == [first.clone(), second.clone()]);
    assert!(!vault::delete_identity(&mut tx, bob, &first.identity).await.unwrap(), "it is another's");
    assert!(vault::delete_identity(&mut tx, ann, &first.identity).await.unwrap());
    assert!(vault::identities_of(&mut tx, ann).await.unwrap() == [second]);
    vault::erase_identities(&mut tx, ann).await.unwrap();
    assert!(vault::identities_of(&mut tx, ann).await.unwrap().is_empty());
    assert!(vault::identities_of(&mut tx, bob).await.unwrap() == [other]);
});

both!(an_identity_belongs_to_one_account, |t| {
    let mut tx = t.db.begin().await.unwrap();
    vault::put_identity(&mut tx, &identity(id(), "ldap:osgeo", "ann")).await.unwrap();
    let refused = vault::put_identity(&mut tx, &identity(id(), "ldap:osgeo", "ann")).await;
    assert!(refused.unwrap_err().is_unique_violation());
    drop(tx);
    let shown = format!("{:?}", identity(id(), "ldap:osgeo", "secret-subject"));
    assert!(!shown.contains("secret") && !shown.contains("SECRET"), "{shown}");
});
