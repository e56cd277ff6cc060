//! Second factors, recovery codes and what waits for its second half.

use super::{id, noon};
use cairn_store::both;
use cairn_store::vault::{self, FactorCeremony, SecondFactor};
use chrono::TimeDelta;
use uuid::Uuid;

fn factor(account_id: Uuid, minutes: i64) -> SecondFactor {
    SecondFactor {
        factor_id: id(),
        account_id,
        sort: "totp".into(),
        label: "Telefon é".into(),
        secret: vec![0, 1, 255],
        last_step: 59_000_000,
        created_at: noon() + TimeDelta::minutes(minutes),
        last_used_at: None,
    }
}

fn ceremony(account_id: Uuid, minutes: i64) -> FactorCeremony {
    FactorCeremony {
        ceremony_id: id(),
        account_id,
        sort: "passkey_added".into(),
        state: b"{}".to_vec(),
        expires_at: noon() + TimeDelta::minutes(minutes),
    }
}

both!(factors_are_kept_used_and_forgotten, |t| {
    let (ann, bob) = (id(), id());
    let (late, early, other) = (factor(ann, 2), factor(ann, 1), factor(bob, 0));
    let mut tx = t.db.begin().await.unwrap();
    for factor in [&late, &early, &other] {
        vault::put_second_factor(&mut tx, factor).await.unwrap();
    }
    let at = noon() + TimeDelta::hours(1);
    assert!(vault::use_second_factor(&mut tx, early.factor_id, b"new", 59_000_001, at).await.unwrap());
    assert!(!vault::use_second_factor(&mut tx, id(), b"new", 1, at).await.unwrap());
    tx.commit().await.unwrap();

    let mut conn = t.db.read().await.unwrap();
    let used = SecondFactor {
        secret: b"new".to_vec(),
        last_step: 59_000_001,
        last_used_at: Some(at),
        ..early.clone()
    };
    assert!(vault::second_factors(&mut conn, ann).await.unwrap() == [used, late.clone()]);
    assert!(vault::second_factor(&mut conn, other.factor_id).await.unwrap() == Some(other.clone()));

    let mut tx = t.db.begin().await.unwrap();
    assert!(vault::delete_second_factor(&mut tx, early.factor_id).await.unwrap());
    assert!(!vault::delete_second_factor(&mut tx, early.factor_id).await.unwrap());
    assert!(vault::second_factors(&mut tx, ann).await.unwrap() == [late]);
    tx.commit().await.unwrap();
});

both!(a_recovery_code_is_good_once_and_only_for_its_account, |t| {
    let (ann, bob) = (id(), id());
    let (one, two) = ("1".repeat(64), "2".repeat(64));
    let mut tx = t.db.begin().await.unwrap();
    vault::put_recovery_codes(&mut tx, ann, &["0".repeat(64)]).await.unwrap();
    vault::put_recovery_codes(&mut tx, ann, &[one.clone(), two.clone()]).await.unwrap();
    assert!(!vault::recovery_code_is_good(&mut tx, ann, &"0".repeat(64)).await.unwrap(), "it was replaced");
    assert!(!vault::use_recovery_code(&mut tx, bob, &one).await.unwrap());
    assert!(vault::recovery_code_is_good(&mut tx, ann, &one).await.unwrap());
    assert!(vault::use_recovery_code(&mut tx, ann, &one).await.unwrap());
    assert!(!vault::recovery_code_is_good(&mut tx, ann, &one).await.unwrap());
    assert!(!vault::use_recovery_code(&mut tx, ann, &one).await.unwrap());
    vault::erase_recovery_codes(&mut tx, ann).await.unwrap();
    assert!(!vault::recovery_code_is_good(&mut tx, ann, &two).await.unwrap());
    tx.commit().await.unwrap();
});

both!(what_was_begun_ends_by_itself_and_is_finished_once, |t| {
    let ann = id();
    let begun = ceremony(ann, 10);
    let mut tx = t.db.begin().await.unwrap();
    vault::put_factor_ceremony(&mut tx, &begun, noon(), 20).await.unwrap();
    let before = noon() + TimeDelta::minutes(10) - TimeDelta::microseconds(1);
    let found = vault::factor_ceremony(&mut tx, begun.ceremony_id, before).await.unwrap();
    assert!(found == Some(begun.clone()));
    let found = vault::factor_ceremony(&mut tx, begun.ceremony_id, begun.expires_at).await.unwrap();
    assert!(found.is_none(), "its time is over");
    assert!(vault::delete_factor_ceremony(&mut tx, begun.ceremony_id).await.unwrap());
    assert!(!vault::delete_factor_ceremony(&mut tx, begun.ceremony_id).await.unwrap());
    tx.commit().await.unwrap();
});

both!(an_account_has_few_ceremonies_open_and_old_ones_are_forgotten, |t| {
    let (ann, bob) = (id(), id());
    let mut tx = t.db.begin().await.unwrap();
    let (ended, of_bob) = (ceremony(bob, 1), ceremony(bob, 60));
    let of_ann = [ceremony(ann, 11), ceremony(ann, 12), ceremony(ann, 13)];
    vault::put_factor_ceremony(&mut tx, &ended, noon(), 2).await.unwrap();
    vault::put_factor_ceremony(&mut tx, &of_bob, noon(), 2).await.unwrap();
    for begun in &of_ann {
        vault::put_factor_ceremony(&mut tx, begun, noon() + TimeDelta::minutes(2), 2).await.unwrap();
    }
    let mut open = Vec::new();
    for begun in [&ended, &of_bob].into_iter().chain(&of_ann) {
        open.push(vault::factor_ceremony(&mut tx, begun.ceremony_id, noon()).await.unwrap().is_some());
    }
    assert_eq!(open, [false, true, false, true, true]);
    tx.commit().await.unwrap();
});

both!(an_account_is_forgotten_with_all_of_it, |t| {
    let (ann, bob) = (id(), id());
    let code = "1".repeat(64);
    let mut tx = t.db.begin().await.unwrap();
    for account in [ann, bob] {
        vault::put_second_factor(&mut tx, &factor(account, 0)).await.unwrap();
        vault::put_recovery_codes(&mut tx, account, std::slice::from_ref(&code)).await.unwrap();
    }
    let (of_ann, of_bob) = (ceremony(ann, 10), ceremony(bob, 10));
    vault::put_factor_ceremony(&mut tx, &of_ann, noon(), 20).await.unwrap();
    vault::put_factor_ceremony(&mut tx, &of_bob, noon(), 20).await.unwrap();
    vault::erase_second_factors(&mut tx, ann).await.unwrap();
    assert!(vault::second_factors(&mut tx, ann).await.unwrap().is_empty());
    assert!(!vault::recovery_code_is_good(&mut tx, ann, &code).await.unwrap());
    assert!(vault::factor_ceremony(&mut tx, of_ann.ceremony_id, noon()).await.unwrap().is_none());
    assert_eq!(vault::second_factors(&mut tx, bob).await.unwrap().len(), 1);
    assert!(vault::recovery_code_is_good(&mut tx, bob, &code).await.unwrap());
    assert!(vault::factor_ceremony(&mut tx, of_bob.ceremony_id, noon()).await.unwrap().is_some());
    tx.commit().await.unwrap();
});

#[test]
fn no_secret_is_shown_for_debugging() {
    let shown = format!("{:?} {:?}", factor(id(), 0), ceremony(id(), 0));
    assert!(!shown.contains("255") && !shown.contains("Telefon"), "{shown}");
}
