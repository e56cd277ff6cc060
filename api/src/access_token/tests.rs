//! Account tokens on a real log: what holds for the sessions they came of, and for keys that are replaced.

use super::*;
use cairn_commands::account::{BlockAccount, RegisterAccount};
use cairn_commands::session::{EndSession, EndSessions};
use cairn_commands::{Commands, Fault};
use cairn_domain::Actor;
use cairn_domain::session::SessionEnd;
use cairn_store::testing::TestDb;
use cairn_store::{FixedClock, Registry, both};
use uuid::Uuid;

const ANN: AccountId = AccountId(Uuid::from_u128(0xa));

struct House {
    clock: Arc<FixedClock>,
    commands: Commands,
    tokens: AccessTokens,
}

impl House {
    async fn of_ann(t: &TestDb) -> Self {
        let clock = Arc::new(FixedClock::at("2026-03-01T12:00:00Z".parse().unwrap()));
        let commands = Commands::new(Registry::new(t.db.clone(), clock.clone()), Arc::new(Ids::random()));
        let register = RegisterAccount {
            account: ANN,
            name: "ann".parse().unwrap(),
            email: "ann@example.org".parse().unwrap(),
            password_hash: None,
            salt: [1; 32],
            origin: cairn_domain::account::Origin::Local,
            sign_up: cairn_commands::account::SignUp::default(),
        };
        commands.send(&register, Actor::Operator, None).await.unwrap();
        let tokens = Self::node(t, &clock).await;
        Self { clock, commands, tokens }
    }

    async fn node(t: &TestDb, clock: &Arc<FixedClock>) -> AccessTokens {
        AccessTokens::open(&t.db, clock.clone(), Arc::new(Ids::random())).await.unwrap()
    }

    async fn begin(&self) -> Pair {
        self.tokens.begin(&self.commands, ANN, Client::default()).await.unwrap()
    }

    async fn acts(&self, token: &str) -> Result<AccountId, &'static str> {
        code(self.tokens.account(&self.commands, token).await).map(|(account, _)| account)
    }

    async fn refresh(&self, token: &str) -> Result<Pair, &'static str> {
        code(self.tokens.refresh(&self.commands, token).await)
    }

    fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
    }
}

fn code<T>(outcome: Result<T, Fault>) -> Result<T, &'static str> {
    outcome.map_err(|fault| match fault {
        Fault::Refused(refusal) => refusal.code(),
        other => panic!("{other}"),
    })
}

both!(an_access_token_acts_for_its_account_until_it_expires, |t| {
    let house = House::of_ann(&t).await;
    let pair = house.begin().await;
    house.pass(ACCESS_LIFE - TimeDelta::seconds(1));
    assert_eq!(house.acts(&pair.access).await, Ok(ANN));
    house.pass(TimeDelta::seconds(1));
    assert_eq!(house.acts(&pair.access).await, Err("token_invalid"));
});

both!(one_sort_does_not_pass_for_the_other, |t| {
    let house = House::of_ann(&t).await;
    let pair = house.begin().await;
    assert_eq!(house.acts(&pair.refresh).await, Err("token_invalid"));
    assert_eq!(house.refresh(&pair.access).await, Err("token_invalid"));
});

both!(a_changed_token_is_refused, |t| {
    let house = House::of_ann(&t).await;
    let token = house.begin().await.access;
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let turned: String = signature.chars().rev().collect();
    for bad in [format!("{rest}.{turned}"), rest.to_owned(), String::new(), token.replacen('e', "f", 1)] {
        assert_eq!(house.acts(&bad).await, Err("token_invalid"), "{bad}");
    }
});

both!(another_repositorys_token_is_refused, |t| {
    let house = House::of_ann(&t).await;
    let stranger = Db::open(&format!("sqlite://{}/other.db", t.folder().display())).await.unwrap();
    let keys = AccessTokens::open(&stranger, house.clock.clone(), Arc::new(Ids::random())).await.unwrap();
    let theirs = House { tokens: keys, commands: house.commands.clone(), clock: house.clock.clone() };
    let token = theirs.begin().await.access;
    assert_eq!(theirs.acts(&token).await, Ok(ANN));
    assert_eq!(house.acts(&token).await, Err("token_invalid"));
});

both!(each_refresh_token_gives_the_next_pair_for_thirty_days_more, |t| {
    let house = House::of_ann(&t).await;
    let mut pair = house.begin().await;
    for _ in 0..3 {
        house.pass(REFRESH_LIFE - TimeDelta::seconds(1));
        let next = house.refresh(&pair.refresh).await.unwrap();
        assert_ne!(next.refresh, pair.refresh);
        assert_eq!(house.acts(&next.access).await, Ok(ANN));
        pair = next;
    }
    house.pass(REFRESH_LIFE);
    assert_eq!(house.refresh(&pair.refresh).await, Err("token_invalid"));
});

both!(a_refresh_token_that_was_used_ends_its_family, |t| {
    let house = House::of_ann(&t).await;
    let stolen = house.begin().await;
    let thief = house.refresh(&stolen.refresh).await.unwrap();
    house.pass(RETRY_WINDOW + TimeDelta::seconds(1));
    assert_eq!(house.acts(&thief.access).await, Ok(ANN));
    assert_eq!(house.refresh(&stolen.refresh).await, Err("token_invalid"));
    assert_eq!(house.acts(&thief.access).await, Err("token_invalid"), "the whole family");
    assert_eq!(house.refresh(&thief.refresh).await, Err("token_invalid"));
    let ended = house.commands.registry().read(0, 100).await.unwrap();
    assert!(ended.iter().any(|event| String::from_utf8_lossy(&event.payload).contains("reused")));
});

both!(an_older_refresh_token_ends_its_family_at_once, |t| {
    let house = House::of_ann(&t).await;
    let first = house.begin().await;
    let second = house.refresh(&first.refresh).await.unwrap();
    let third = house.refresh(&second.refresh).await.unwrap();
    assert_eq!(house.refresh(&first.refresh).await, Err("token_invalid"));
    assert_eq!(house.refresh(&third.refresh).await, Err("token_invalid"));
});

both!(who_lost_the_answer_gets_it_again_from_any_node, |t| {
    let house = House::of_ann(&t).await;
    let first = house.begin().await;
    let lost = house.refresh(&first.refresh).await.unwrap();
    house.pass(RETRY_WINDOW);
    let there = House {
        tokens: House::node(&t, &house.clock).await,
        commands: house.commands.clone(),
        clock: house.clock.clone(),
    };
    let again = there.refresh(&first.refresh).await.unwrap();
    assert_eq!(again.refresh, lost.refresh);
    house.pass(RETRY_WINDOW * 2);
    assert!(house.refresh(&again.refresh).await.is_ok());
});

both!(clients_that_ask_at_once_get_one_successor, |t| {
    let house = House::of_ann(&t).await;
    let first = house.begin().await;
    let asks = (0..8).map(|_| house.refresh(&first.refresh));
    let pairs = futures_util::future::join_all(asks).await;
    let one = &pairs[0].as_ref().unwrap().refresh;
    assert!(pairs.iter().all(|pair| pair.as_ref().is_ok_and(|pair| pair.refresh == *one)));
});

both!(sign_out_and_block_end_access_tokens_at_once, |t| {
    let house = House::of_ann(&t).await;
    let (one, other) = (house.begin().await, house.begin().await);
    let (_, session) = house.tokens.account(&house.commands, &one.access).await.unwrap();
    let end = EndSession { session, end: SessionEnd::SignedOut };
    house.commands.send(&end, Actor::Account { account: ANN }, None).await.unwrap();
    assert_eq!(house.acts(&one.access).await, Err("token_invalid"));
    assert_eq!(house.refresh(&one.refresh).await, Err("token_invalid"));
    assert_eq!(house.acts(&other.access).await, Ok(ANN), "only that one");

    let all = EndSessions { account: ANN };
    house.commands.send(&all, Actor::Account { account: ANN }, None).await.unwrap();
    assert_eq!(house.acts(&other.access).await, Err("token_invalid"));

    let last = house.begin().await;
    let block = BlockAccount { account: ANN, reason: None, until: None, published: vec![] };
    house.commands.send(&block, Actor::Operator, None).await.unwrap();
    assert_eq!(house.acts(&last.access).await, Err("account_blocked"));
});

both!(a_new_key_signs_soon_and_old_ones_verify_until_their_tokens_end, |t| {
    let house = House::of_ann(&t).await;
    let old = house.begin().await;
    let kid = |token: &str| jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    house.pass(TimeDelta::seconds(1));
    rotate(&t.db, &*house.clock, &Ids::random()).await.unwrap();
    house.pass(TimeDelta::seconds(29));
    let new = house.begin().await;
    assert_ne!(kid(&new.access), kid(&old.access), "without a restart");
    assert_eq!(house.acts(&old.access).await, Ok(ANN));
    let published = house.tokens.published().await.unwrap();
    assert_eq!(published["keys"].as_array().unwrap().len(), 2);
    assert!(!published.to_string().contains("\"d\""), "nothing secret");

    house.pass(REFRESH_LIFE + TimeDelta::minutes(2));
    assert_eq!(house.tokens.published().await.unwrap()["keys"].as_array().unwrap().len(), 1);
    let left = rotate(&t.db, &*house.clock, &Ids::random()).await.unwrap();
    assert_eq!(left.len(), 2, "the first one is over and removed");
    assert_eq!(list(&t.db).await.unwrap(), left);
});

both!(a_node_learns_of_a_key_when_it_meets_it, |t| {
    let house = House::of_ann(&t).await;
    house.pass(TimeDelta::seconds(1));
    rotate(&t.db, &*house.clock, &Ids::random()).await.unwrap();
    let there = House {
        tokens: House::node(&t, &house.clock).await,
        commands: house.commands.clone(),
        clock: house.clock.clone(),
    };
    let token = there.begin().await.access;
    assert_eq!(house.acts(&token).await, Err("token_invalid"), "it looked a second ago");
    house.pass(TimeDelta::seconds(2));
    assert_eq!(house.acts(&token).await, Ok(ANN));
});
