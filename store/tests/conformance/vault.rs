//! What can be forgotten.

use super::{id, noon};
use cairn_store::testing::every_value;
use cairn_store::vault::{self, AuthorWords, PackageAuthor, Person, SigningKey};
use cairn_store::{StoreError, both};
use chrono::{DateTime, TimeDelta};

fn person(name: &str) -> Person {
    Person {
        account_id: id(),
        name: name.into(),
        name_folded: name.to_lowercase(),
        email: format!("{name}@example.org"),
        password_hash: Some("$argon2id$v=19$…".into()),
        salt: vec![0, 1, 2],
        created_at: noon(),
    }
}

both!(people_are_kept_found_and_forgotten, |t| {
    let (ann, bob) = (person("Ann"), Person { password_hash: None, ..person("bob") });
    let mut tx = t.db.begin().await.unwrap();
    vault::put_person(&mut tx, &ann).await.unwrap();
    vault::put_person(&mut tx, &bob).await.unwrap();
    assert!(vault::update_password_hash(&mut tx, bob.account_id, Some("new")).await.unwrap());
    assert!(!vault::update_password_hash(&mut tx, id(), Some("new")).await.unwrap());
    vault::put_person(&mut tx, &Person { email: "ann@example.com".into(), ..ann.clone() }).await.unwrap();
    tx.commit().await.unwrap();

    let mut conn = t.db.read().await.unwrap();
    let found = vault::person_by_name(&mut conn, "ann").await.unwrap().unwrap();
    assert!(found == Person { email: "ann@example.com".into(), ..ann.clone() });
    let found = vault::person_by_id(&mut conn, bob.account_id).await.unwrap().unwrap();
    assert_eq!(found.password_hash.as_deref(), Some("new"));
    assert!(vault::person_by_name(&mut conn, "Ann").await.unwrap().is_none());
    assert_eq!(vault::people(&mut conn, "", 10).await.unwrap().len(), 2);
    let same = vault::people_by_email(&mut conn, "BOB@Example.org", 10).await.unwrap();
    assert_eq!(same.iter().map(|person| person.account_id).collect::<Vec<_>>(), [bob.account_id]);
    assert!(vault::people_by_email(&mut conn, "ann@example.org", 10).await.unwrap().is_empty());
    assert!(vault::people_by_email(&mut conn, "bob@example.org", 0).await.unwrap().is_empty());
    assert!(vault::people(&mut conn, "ann", 10).await.unwrap() == [found]);

    let mut tx = t.db.begin().await.unwrap();
    assert!(vault::update_email(&mut tx, bob.account_id, "bob@example.com").await.unwrap());
    assert!(!vault::update_email(&mut tx, id(), "bob@example.com").await.unwrap());
    assert_eq!(vault::person_by_id(&mut tx, bob.account_id).await.unwrap().unwrap().email, "bob@example.com");
    assert!(vault::erase_person(&mut tx, ann.account_id).await.unwrap());
    assert!(!vault::erase_person(&mut tx, ann.account_id).await.unwrap());
    assert!(vault::person_by_id(&mut tx, ann.account_id).await.unwrap().is_none());
    tx.commit().await.unwrap();
});

both!(where_mail_went_before_is_kept_for_a_while, |t| {
    let bob = person("bob");
    let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
    let mut tx = t.db.begin().await.unwrap();
    vault::put_person(&mut tx, &bob).await.unwrap();
    assert_eq!(vault::former_email(&mut tx, bob.account_id).await.unwrap(), None);
    for (seconds, email) in [(10, "eve@example.org"), (20, "mallory@example.org")] {
        vault::keep_former_email(&mut tx, bob.account_id, at(seconds)).await.unwrap();
        vault::update_email(&mut tx, bob.account_id, email).await.unwrap();
    }
    let former = vault::former_email(&mut tx, bob.account_id).await.unwrap();
    assert_eq!(former.as_deref(), Some(bob.email.as_str()), "the first change counts");
    assert_eq!(vault::forget_former_emails(&mut tx, at(9)).await.unwrap(), 0);
    assert_eq!(vault::forget_former_emails(&mut tx, at(10)).await.unwrap(), 1);
    assert_eq!(vault::former_email(&mut tx, bob.account_id).await.unwrap(), None);
    vault::keep_former_email(&mut tx, bob.account_id, at(30)).await.unwrap();
    vault::erase_former_email(&mut tx, bob.account_id).await.unwrap();
    assert_eq!(vault::former_email(&mut tx, bob.account_id).await.unwrap(), None);
    tx.commit().await.unwrap();
});

both!(a_name_belongs_to_one_person, |t| {
    let mut tx = t.db.begin().await.unwrap();
    vault::put_person(&mut tx, &person("ann")).await.unwrap();
    let taken = vault::put_person(&mut tx, &person("Ann")).await;
    assert!(matches!(taken, Err(StoreError::NameTaken)));
    assert!(matches!(tx.commit().await, Err(StoreError::TransactionFailed)));
});

both!(authors_are_found_by_the_digests_of_their_packages, |t| {
    let author = |digit: &str, name: &str| PackageAuthor {
        sha256: digit.repeat(64),
        author: name.into(),
        email: "a@b.org".into(),
    };
    let (one, two) = (author("1", "Ann"), author("2", "Bób"));
    let words = |author: &PackageAuthor| AuthorWords {
        key: author.author.to_lowercase(),
        words: vec![author.author.to_lowercase(), "all".into()],
    };
    let mut tx = t.db.begin().await.unwrap();
    let before = author("1", "before");
    vault::put_package_author(&mut tx, &before, &words(&before)).await.unwrap();
    vault::put_package_author(&mut tx, &two, &words(&two)).await.unwrap();
    vault::put_package_author(&mut tx, &one, &words(&one)).await.unwrap();
    tx.commit().await.unwrap();
    let mut conn = t.db.read().await.unwrap();
    assert!(vault::package_author(&mut conn, &one.sha256).await.unwrap() == Some(one.clone()));
    let nobody = "3".repeat(64);
    let found = vault::package_authors(&mut conn, &[&two.sha256, &nobody, &one.sha256]).await.unwrap();
    assert!(found == [one, two]);
    assert!(vault::package_author(&mut conn, &nobody).await.unwrap().is_none());
    let mut tx = t.db.begin().await.unwrap();
    assert!(vault::erase_package_author(&mut tx, &"1".repeat(64)).await.unwrap());
    assert!(!vault::erase_package_author(&mut tx, &"1".repeat(64)).await.unwrap());
    assert!(vault::package_author(&mut tx, &"1".repeat(64)).await.unwrap().is_none());
    tx.commit().await.unwrap();
    let stored = every_value(&t.db).await.unwrap();
    let kept = |word: &str| {
        stored.iter().any(|(place, bytes)| place.starts_with("author_word") && bytes == word.as_bytes())
    };
    assert!(kept("bób") && kept("all"), "the words of who is there stay");
    assert!(!kept("ann") && !kept("before"), "and those of who is not go");
});

both!(the_newest_key_comes_first, |t| {
    let key = |kid: &str, age| SigningKey {
        kid: kid.into(),
        private_der: vec![1],
        public: vec![2],
        created_at: noon() - TimeDelta::days(age),
    };
    let mut tx = t.db.begin().await.unwrap();
    for (kid, age) in [("old", 90), ("new", 1), ("older", 180)] {
        vault::put_signing_key(&mut tx, &key(kid, age)).await.unwrap();
    }
    let kids: Vec<String> =
        vault::signing_keys(&mut tx).await.unwrap().into_iter().map(|key| key.kid).collect();
    assert_eq!(kids, ["new", "old", "older"]);
});

#[test]
fn nothing_personal_is_shown_for_debugging() {
    let shown = format!("{:?}", person("Ann"));
    assert!(
        shown.starts_with("Person { account_id")
            && !shown.contains("example.org")
            && !shown.contains("argon")
    );
}
