//! Sessions, keys and failures in the vault.

use super::{id, noon};
use cairn_store::both;
use cairn_store::vault::{self, SessionRow};
use chrono::TimeDelta;
use uuid::Uuid;

fn session(account_id: Uuid, secret: u8) -> SessionRow {
    SessionRow {
        session_id: id(),
        account_id,
        sort: "web".into(),
        secret_sha256: [secret; 32],
        previous_sha256: None,
        second_factor: false,
        created_at: noon() + TimeDelta::seconds(secret.into()),
        last_used_at: noon(),
        expires_at: noon() + TimeDelta::days(secret.into()),
        agent: Some("Firefox on Linux".into()),
        country: None,
    }
}

both!(a_session_is_found_by_its_secret_until_it_is_forgotten, |t| {
    let (ann, bob) = (id(), id());
    let (one, two, other) = (session(ann, 1), session(ann, 2), session(bob, 3));
    let mut tx = t.db.begin().await.unwrap();
    for row in [&one, &two, &other] {
        vault::put_session(&mut tx, row).await.unwrap();
    }
    assert!(vault::session_by_secret(&mut tx, &[1; 32]).await.unwrap() == Some(one.clone()));
    assert!(vault::session_by_secret(&mut tx, &[9; 32]).await.unwrap().is_none());
    assert!(vault::session_by_id(&mut tx, other.session_id).await.unwrap() == Some(other.clone()));
    assert!(vault::sessions_of(&mut tx, ann).await.unwrap() == [two.clone(), one.clone()]);
    assert!(vault::delete_session(&mut tx, one.session_id).await.unwrap());
    assert!(!vault::delete_session(&mut tx, one.session_id).await.unwrap());
    assert_eq!(vault::delete_sessions_of(&mut tx, ann).await.unwrap(), 1);
    assert!(vault::sessions_of(&mut tx, ann).await.unwrap().is_empty());
    assert_eq!(vault::sessions_of(&mut tx, bob).await.unwrap().len(), 1);
});

both!(a_session_ends_at_its_time_and_use_moves_it, |t| {
    let (one, two) = (session(id(), 1), session(id(), 2));
    let mut tx = t.db.begin().await.unwrap();
    vault::put_session(&mut tx, &one).await.unwrap();
    vault::put_session(&mut tx, &two).await.unwrap();
    let (used, end) = (noon() + TimeDelta::hours(1), noon() + TimeDelta::days(5));
    assert!(vault::touch_session(&mut tx, one.session_id, used, end).await.unwrap());
    assert!(!vault::touch_session(&mut tx, id(), used, end).await.unwrap());
    let moved = SessionRow { last_used_at: used, expires_at: end, ..one.clone() };
    assert!(vault::session_by_id(&mut tx, one.session_id).await.unwrap() == Some(moved));
    let almost = two.expires_at - TimeDelta::microseconds(1);
    assert_eq!(vault::delete_expired_sessions(&mut tx, almost).await.unwrap(), 0);
    assert_eq!(vault::delete_expired_sessions(&mut tx, two.expires_at).await.unwrap(), 1);
    assert!(vault::session_by_id(&mut tx, one.session_id).await.unwrap().is_some());
});

both!(a_secret_that_is_used_once_gives_way_to_the_next, |t| {
    let row = session(id(), 1);
    let mut tx = t.db.begin().await.unwrap();
    vault::put_session(&mut tx, &row).await.unwrap();
    let (used, end) = (noon() + TimeDelta::hours(1), noon() + TimeDelta::days(5));
    assert!(vault::rotate_session(&mut tx, row.session_id, &[1; 32], &[2; 32], used, end).await.unwrap());
    assert!(!vault::rotate_session(&mut tx, row.session_id, &[1; 32], &[3; 32], used, end).await.unwrap());
    let now = vault::session_by_id(&mut tx, row.session_id).await.unwrap().unwrap();
    assert_eq!((now.secret_sha256, now.previous_sha256), ([2; 32], Some([1; 32])));
    assert_eq!((now.last_used_at, now.expires_at), (used, end));
});

both!(a_key_is_made_once, |t| {
    let mut tx = t.db.begin().await.unwrap();
    assert_eq!(vault::find_secret_key(&mut tx, "links").await.unwrap(), None);
    assert_eq!(vault::secret_key(&mut tx, "links", [1; 32], noon()).await.unwrap(), [1; 32]);
    assert_eq!(vault::secret_key(&mut tx, "links", [2; 32], noon()).await.unwrap(), [1; 32]);
    assert_eq!(vault::secret_key(&mut tx, "other", [3; 32], noon()).await.unwrap(), [3; 32]);
    assert_eq!(vault::find_secret_key(&mut tx, "links").await.unwrap(), Some([1; 32]));
});

both!(an_invited_address_is_kept_and_forgotten, |t| {
    let invitation = id();
    let mut tx = t.db.begin().await.unwrap();
    vault::put_sign_up_address(&mut tx, invitation, "ann@example.org").await.unwrap();
    let found = vault::sign_up_address(&mut tx, invitation).await.unwrap();
    assert_eq!(found.as_deref(), Some("ann@example.org"));
    assert!(vault::erase_sign_up_address(&mut tx, invitation).await.unwrap());
    assert!(!vault::erase_sign_up_address(&mut tx, invitation).await.unwrap());
    assert_eq!(vault::sign_up_address(&mut tx, invitation).await.unwrap(), None);
});

both!(failures_add_up_until_they_are_old, |t| {
    let mut tx = t.db.begin().await.unwrap();
    let hour = TimeDelta::hours(1);
    for minute in 0..3 {
        let now = noon() + TimeDelta::minutes(minute);
        vault::count_attempt(&mut tx, &[1; 32], now, now - hour).await.unwrap();
    }
    let found = vault::attempts(&mut tx, &[1; 32]).await.unwrap().unwrap();
    assert_eq!((found.failures, found.failed_at), (3, noon() + TimeDelta::minutes(2)));
    let later = found.failed_at + hour;
    vault::count_attempt(&mut tx, &[1; 32], later, later - hour).await.unwrap();
    assert_eq!(vault::attempts(&mut tx, &[1; 32]).await.unwrap().unwrap().failures, 1);
    vault::forget_attempts(&mut tx, &[1; 32]).await.unwrap();
    assert_eq!(vault::attempts(&mut tx, &[1; 32]).await.unwrap(), None);
    vault::count_attempt(&mut tx, &[2; 32], noon(), noon() - hour).await.unwrap();
    assert_eq!(vault::forget_attempts_before(&mut tx, noon() - hour).await.unwrap(), 0);
    assert_eq!(vault::forget_attempts_before(&mut tx, noon()).await.unwrap(), 1);
});
