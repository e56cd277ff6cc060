use crate::support::*;
use cairn_domain::event::{
    AccountBlocked, AccountErased, AccountUnblocked, AdminGranted, SessionOpened, StaffGranted, Stream,
    TrustGranted, VoteCast,
};
use cairn_domain::ids::{AccountId, SessionId};
use cairn_domain::session::SessionSort;
use cairn_domain::votes::Voter;
use cairn_projections::Name;
use cairn_projections::people::{self, AccountFilter, AccountPlace, Deed, Role};
use cairn_store::vault::{self, Person};
use cairn_store::{both, testing::TestDb};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

const EVE: AccountId = AccountId(Uuid::from_u128(0xe));

async fn known_as(t: &TestDb, account: AccountId, name: &str, email: &str) {
    let mut tx = t.db.begin().await.unwrap();
    let person = Person {
        account_id: account.0,
        name: name.into(),
        name_folded: name.to_lowercase(),
        email: email.into(),
        password_hash: None,
        salt: vec![1; 32],
        created_at: start(),
    };
    vault::put_person(&mut tx, &person).await.unwrap();
    tx.commit().await.unwrap();
}

fn today(house: &House) -> NaiveDate {
    use cairn_store::Clock as _;
    house.clock.now().date_naive()
}

both!(deeds_are_counted_on_the_day_they_were_done, |t| {
    let house = House::new(&t).await;
    let first = today(&house);
    house.seen([joined(ANN)].into_iter().chain(new_plugin("lasso", ANN))).await;
    house.clock.advance(TimeDelta::days(1));
    house.seen([approved("lasso", "1.0"), uploaded("lasso", "1.1"), uploaded("lasso", "1.2")]).await;
    let mut read = house.projections.read().await.unwrap();
    let told = people::deeds(&mut read, first, first + TimeDelta::days(1)).await.unwrap();
    let mut told: Vec<_> = told.iter().map(|it| ((it.day - first).num_days(), it.deed, it.n)).collect();
    told.sort_by_key(|(day, deed, _)| (*day, format!("{deed:?}")));
    assert_eq!(
        told,
        [
            (0, Deed::Account, 1),
            (0, Deed::Plugin, 1),
            (0, Deed::Upload, 1),
            (1, Deed::Approval, 1),
            (1, Deed::Upload, 2)
        ]
    );
    assert_eq!(people::deeds(&mut read, first, first).await.unwrap().len(), 3);
});

both!(acts_are_found_in_both_directions_and_votes_are_none, |t| {
    let house = House::new(&t).await;
    for name in ["one", "two", "three"] {
        house.seen([registered(name, ANN)]).await;
    }
    let vote = VoteCast { package: package("one"), score: 5, voter: Voter::Account(ANN) };
    house.seen([(Stream::votes(&package("one")), vote.into())]).await;
    house.seen([registered("four", BOB)]).await;
    let mut read = house.projections.read().await.unwrap();
    assert_eq!(people::acts_before(&mut read, ANN, None, 2).await.unwrap(), [2, 1]);
    assert_eq!(people::acts_before(&mut read, ANN, Some(1), 9).await.unwrap(), [0]);
    assert_eq!(people::acts_after(&mut read, ANN, None, 2).await.unwrap(), [0, 1]);
    assert_eq!(people::acts_after(&mut read, ANN, Some(1), 9).await.unwrap(), [2]);
    assert_eq!(people::acts_total(&mut read, ANN).await.unwrap(), 3);
    assert_eq!(people::acts_before(&mut read, BOB, None, 9).await.unwrap(), [4]);
});

both!(accounts_are_found_by_name_address_role_block_and_trust, |t| {
    let house = House::new(&t).await;
    known_as(&t, ANN, "Ann", "ann@example.org").await;
    known_as(&t, BOB, "Bob_1", "Robert@Example.org").await;
    known_as(&t, EVE, "Eve", "eve@example.org").await;
    for account in [ANN, BOB, EVE] {
        house.seen([joined(account)]).await;
    }
    let of = |account| Stream::Account(account);
    let until = start() + TimeDelta::days(1);
    house
        .seen([
            (of(ANN), StaffGranted { account: ANN }.into()),
            (of(ANN), AdminGranted { account: ANN }.into()),
            (of(BOB), TrustGranted { account: BOB, reason: None }.into()),
            (
                of(BOB),
                AccountBlocked { account: BOB, reason: Some("spam".into()), until: Some(until) }.into(),
            ),
        ])
        .await;
    let mut read = house.projections.read().await.unwrap();
    let found = async |read: &mut _, filter: AccountFilter, now: DateTime<Utc>| {
        let list = people::accounts(read, &filter, now, None, false, 9).await.unwrap();
        assert_eq!(people::accounts_total(read, &filter, now).await.unwrap(), list.len() as u64);
        list.into_iter().map(|account| account.id).collect::<Vec<_>>()
    };
    let now = until - TimeDelta::seconds(1);
    let text = |text: &str| AccountFilter { text: Some(text.into()), ..AccountFilter::default() };
    assert_eq!(found(&mut read, AccountFilter::default(), now).await, [EVE, BOB, ANN], "the newest first");
    for (asked, accounts) in [
        ("N", vec![ANN]),
        ("ann@", vec![ANN]),
        ("ROBERT@example.org", vec![BOB]),
        ("example", vec![]),
        ("_", vec![BOB]),
        ("%", vec![]),
        ("  ", vec![EVE, BOB, ANN]),
    ] {
        assert_eq!(found(&mut read, text(asked), now).await, accounts, "{asked}");
    }
    let role = |role| AccountFilter { role: Some(role), ..AccountFilter::default() };
    assert_eq!(found(&mut read, role(Role::Admin), now).await, [ANN]);
    assert_eq!(found(&mut read, role(Role::Staff), now).await, [ANN]);
    assert_eq!(found(&mut read, role(Role::User), now).await, [EVE, BOB]);
    let blocked = |blocked| AccountFilter { blocked: Some(blocked), ..AccountFilter::default() };
    assert_eq!(found(&mut read, blocked(true), now).await, [BOB]);
    assert_eq!(found(&mut read, blocked(true), until).await, [], "the block has ended by itself");
    assert_eq!(found(&mut read, blocked(false), now).await, [EVE, ANN]);
    let trusted = AccountFilter { trusted: Some(true), ..AccountFilter::default() };
    assert_eq!(found(&mut read, trusted, now).await, [BOB]);

    let all = AccountFilter::default();
    let first = people::accounts(&mut read, &all, now, None, false, 1).await.unwrap();
    let place = Some(AccountPlace::of(&first[0]));
    let behind = people::accounts(&mut read, &all, now, place, false, 9).await.unwrap();
    assert_eq!(behind.iter().map(|account| account.id).collect::<Vec<_>>(), [BOB, ANN]);
    let ahead =
        people::accounts(&mut read, &all, now, Some(AccountPlace::of(&behind[1])), true, 9).await.unwrap();
    assert_eq!(ahead.iter().map(|account| account.id).collect::<Vec<_>>(), [BOB, EVE], "backwards");
});

both!(an_account_tells_why_it_is_blocked_and_when_its_holder_signed_in, |t| {
    let house = House::new(&t).await;
    house.seen([joined(ANN)]).await;
    let of_ann = Stream::Account(ANN);
    let session = SessionId(Uuid::from_u128(5));
    let opened =
        SessionOpened { session, account: ANN, sort: SessionSort::Web, second_factor: false, country: None };
    house.seen([(Stream::Session(session), opened.into())]).await;
    let blocked = AccountBlocked { account: ANN, reason: Some("spam".into()), until: None };
    house.seen([(of_ann.clone(), blocked.into())]).await;
    let account = async || {
        let mut read = house.projections.read().await.unwrap();
        people::account(&mut read, ANN).await.unwrap().unwrap()
    };
    let told = account().await;
    assert_eq!(told.signed_in_at, Some(start() + TimeDelta::seconds(2)));
    assert_eq!(
        (told.blocked_reason.as_deref(), told.blocked_at),
        (Some("spam"), Some(start() + TimeDelta::seconds(3)))
    );
    house.seen([(of_ann.clone(), AccountUnblocked { account: ANN, reason: None }.into())]).await;
    let told = account().await;
    assert_eq!((told.blocked_reason, told.blocked_at), (None, None));
    let digest = house.digest(Name::People).await;
    house.projections.rebuild(Name::People, |_, _| {}).await.unwrap();
    assert_eq!(house.digest(Name::People).await, digest);
    house.seen([(of_ann, AccountErased { account: ANN }.into())]).await;
    assert_eq!(account().await.signed_in_at, None, "nothing is known of who is forgotten");
});
