use crate::support::*;
use cairn_domain::event::{
    AccountBlocked, AccountRegistered, AccountUnblocked, Event, StaffGranted, StaffWithdrawn, Stream,
    TokenIssued, TokenRevoked, TrustGranted,
};
use cairn_domain::ids::TokenId;
use cairn_domain::names::Sha256;
use cairn_projections::people;
use cairn_store::vault::{self, Person};
use cairn_store::{both, testing::TestDb};
use chrono::TimeDelta;
use uuid::Uuid;

const KEY: TokenId = TokenId(Uuid::from_u128(0x70));
const OLD: TokenId = TokenId(Uuid::from_u128(0x71));

fn ann<E: Into<Event>>(event: E) -> (Stream, Event) {
    (Stream::Account(ANN), event.into())
}

async fn put_person(t: &TestDb) {
    let mut tx = t.db.begin().await.unwrap();
    let person = Person {
        account_id: ANN.0,
        name: "Ann".into(),
        name_folded: "ann".into(),
        email: "ann@example.org".into(),
        password_hash: None,
        salt: vec![1; 32],
        created_at: start(),
    };
    vault::put_person(&mut tx, &person).await.unwrap();
    tx.commit().await.unwrap();
}

both!(an_account_is_told_with_the_name_the_vault_has, |t| {
    let house = House::new(&t).await;
    put_person(&t).await;
    house
        .seen([ann(AccountRegistered {
            account: ANN,
            commitment: Sha256::of(b""),
            origin: cairn_domain::account::Origin::Local,
        })])
        .await;
    house
        .seen([
            ann(TrustGranted { account: ANN, reason: None }),
            ann(StaffGranted { account: ANN }),
            ann(StaffWithdrawn { account: ANN }),
            ann(AccountBlocked { account: ANN, reason: None, until: None }),
        ])
        .await;
    let mut read = house.projections.read().await.unwrap();
    let account = people::account(&mut read, ANN).await.unwrap().unwrap();
    assert_eq!((account.trusted, account.staff, account.blocked), (true, false, true));
    assert_eq!((account.name.as_deref(), account.email.as_deref()), (Some("Ann"), Some("ann@example.org")));
    assert_eq!(account.registered_at, start() + TimeDelta::seconds(1));
    assert_eq!(people::account_by_name(&mut read, "ann").await.unwrap().unwrap(), account);
    assert_eq!(
        people::accounts_by_ids(&mut read, &[BOB, ANN]).await.unwrap(),
        std::slice::from_ref(&account)
    );
    assert!(!format!("{account:?}").contains("example.org"));
    drop(read);

    let mut tx = t.db.begin().await.unwrap();
    vault::erase_person(&mut tx, ANN.0).await.unwrap();
    tx.commit().await.unwrap();
    house.seen([ann(AccountUnblocked { account: ANN, reason: None })]).await;
    let mut read = house.projections.read().await.unwrap();
    let forgotten = people::account(&mut read, ANN).await.unwrap().unwrap();
    assert_eq!((forgotten.name, forgotten.email, forgotten.blocked), (None, None, false));
    assert_eq!(people::account_by_name(&mut read, "ann").await.unwrap(), None);
});

both!(tokens_are_told_newest_first_with_their_ends, |t| {
    let house = House::new(&t).await;
    let token = |token: TokenId, expires_at| {
        let (package, secret_sha256) = (package("lasso"), Sha256::of(b"secret"));
        (
            Stream::Token(token),
            TokenIssued { token, account: ANN, package, secret_sha256, expires_at, may_approve: false }
                .into(),
        )
    };
    let end = start() + TimeDelta::days(30);
    house.seen([token(OLD, Some(end))]).await;
    house.seen([token(KEY, None)]).await;
    house.seen([(Stream::Token(OLD), TokenRevoked { token: OLD, reason: None }.into())]).await;
    let mut read = house.projections.read().await.unwrap();
    let tokens = people::tokens_of(&mut read, ANN).await.unwrap();
    let ids: Vec<_> = tokens.iter().map(|token| token.id).collect();
    assert_eq!(ids, [KEY, OLD]);
    assert_eq!(tokens[1].expires_at, Some(end));
    assert_eq!(tokens[1].revoked_at, Some(start() + TimeDelta::seconds(3)));
    assert_eq!(people::token(&mut read, KEY).await.unwrap().unwrap(), tokens[0]);
    assert_eq!(people::tokens_of(&mut read, BOB).await.unwrap(), []);
});
