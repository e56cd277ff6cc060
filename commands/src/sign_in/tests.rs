//! Signing in, on a vault and a log of its own.

use super::*;
use crate::account::{BlockAccount, ChangePassword, RegisterAccount, SignUp};
use crate::secret::{LeakedPasswords, hash_password};
use crate::session::{EndSession, EndSessions, SessionSecret};
use cairn_domain::account::Origin;
use cairn_domain::session::SessionEnd;
use cairn_store::{Db, FixedClock, Ids, Registry};
use chrono::TimeDelta;
use uuid::Uuid;

const ANN: AccountId = AccountId(Uuid::from_u128(0xa));
const PASSWORD: &str = "correct horse";
const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

/// A vault and a log in a folder that goes with it.
pub(super) struct House {
    pub(super) clock: Arc<FixedClock>,
    commands: Commands,
    sign_in: SignIn,
    folder: tempfile::TempDir,
}

impl House {
    pub(super) fn limiter(&self) -> Limiter {
        let db = self.commands.registry().db().clone();
        let clock: Arc<dyn Clock> = self.clock.clone();
        Limiter::new(db, clock, Arc::new(Ids::random()), AttemptLimits::default())
    }

    async fn hash_of(&self, account: AccountId) -> String {
        let mut conn = self.commands.registry().db().read().await.unwrap();
        let person = vault::person_by_id(&mut conn, account.0).await.unwrap().unwrap();
        person.password_hash.unwrap()
    }

    async fn operate<C: crate::Command>(&self, command: &C) {
        self.commands.send(command, Actor::Operator, None).await.unwrap();
    }

    async fn session(&self) -> NewSession {
        self.sign_in.open_session(ANN, None, Device::default()).await.unwrap()
    }
}

pub(super) async fn house() -> House {
    house_with(None).await
}

async fn house_with(hash: Option<String>) -> House {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite://{}/cairn.db", folder.path().display())).await.unwrap();
    let clock = Arc::new(FixedClock::at("2026-03-01T12:00:00Z".parse().unwrap()));
    let ids = Arc::new(Ids::random());
    let commands = Commands::new(Registry::new(db, clock.clone()), Arc::clone(&ids));
    let register = RegisterAccount {
        account: ANN,
        name: "ann".parse().unwrap(),
        email: "ann@example.org".parse().unwrap(),
        password_hash: hash.or_else(|| Some(hash_password(PASSWORD, &[1; 16]).unwrap())),
        salt: [7; 32],
        origin: Origin::Local,
        sign_up: SignUp::default(),
    };
    commands.send(&register, Actor::Operator, None).await.unwrap();
    let factors = Factors::new(commands.clone(), clock.clone(), &"http://localhost".parse().unwrap());
    let sign_in = SignIn::new(commands.clone(), clock.clone(), Passwords::new(ids, None), factors);
    House { clock, commands, sign_in, folder }
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, Fault>) -> Refusal {
    match outcome {
        Err(Fault::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_right_password_signs_in_and_no_other() {
    let house = house().await;
    let sign_in = &house.sign_in;
    assert_eq!(sign_in.with_password("Ann", PASSWORD, HERE).await.unwrap(), SignedIn::Done(ANN));
    assert_eq!(sign_in.by_password("ann", PASSWORD, HERE).await.unwrap(), ANN);
    for (name, password) in [("ann", "wrong horse"), ("nobody", PASSWORD), ("", "")] {
        assert_eq!(refusal(sign_in.by_password(name, password, HERE).await), Refusal::WrongCredentials);
    }
    sign_in.is_password_of(ANN, PASSWORD, HERE).await.unwrap();
    assert_eq!(refusal(sign_in.is_password_of(ANN, "wrong horse", HERE).await), Refusal::WrongCredentials);
    house.operate(&BlockAccount { account: ANN, reason: None, until: None, published: vec![] }).await;
    assert_eq!(refusal(sign_in.by_password("ann", PASSWORD, HERE).await), Refusal::AccountBlocked);
}

#[tokio::test]
async fn who_guesses_waits_even_with_the_right_password() {
    let house = house().await;
    let limits = AttemptLimits::default();
    for _ in 0..=limits.account_free {
        assert_eq!(
            refusal(house.sign_in.by_password("ann", "wrong horse", HERE).await),
            Refusal::WrongCredentials
        );
    }
    let wait = Refusal::TooMany { retry_after_secs: 1 };
    assert_eq!(refusal(house.sign_in.by_password("ANN", PASSWORD, HERE).await), wait);
    house.clock.advance(TimeDelta::seconds(1));
    house.sign_in.by_password("ann", PASSWORD, HERE).await.unwrap();
    house.sign_in.by_password("ann", PASSWORD, HERE).await.unwrap();
}

#[tokio::test]
async fn a_hash_from_elsewhere_is_written_anew_at_the_first_sign_in() {
    let django = "pbkdf2_sha256$1000$NaClNaClNaCl$DYm3VQMHhs8l5G/OKXy1f8ic/0QXUq1N5v2KJGyZ+OQ=";
    let house = house_with(Some(django.to_owned())).await;
    let password = "correct horsé battery";
    assert_eq!(refusal(house.sign_in.by_password("ann", "x", HERE).await), Refusal::WrongCredentials);
    assert_eq!(house.hash_of(ANN).await, django);
    house.sign_in.by_password("ann", password, HERE).await.unwrap();
    let hash = house.hash_of(ANN).await;
    assert!(hash.starts_with("$argon2id$"), "{hash}");
    house.sign_in.by_password("ann", password, HERE).await.unwrap();
    assert_eq!(house.hash_of(ANN).await, hash);
}

#[tokio::test]
async fn a_new_password_has_not_leaked() {
    let house = house().await;
    let path = house.folder.path().join("leaked.txt");
    std::fs::write(
        &path,
        "ABCDEF0123456789ABCDEF0123456789ABCDEF01:3\nCBFDAC6008F9CAB4083784CBD1874F76618D2A97:9\n",
    )
    .unwrap();
    let list = LeakedPasswords::open(&path).unwrap();
    let passwords = Passwords::new(Arc::new(Ids::random()), Some(list));
    assert_eq!(refusal(passwords.hash_new("password123").await), Refusal::PasswordLeaked);
    assert!(passwords.hash_new("password1234").await.unwrap().starts_with("$argon2id$"));
    assert_eq!(refusal(passwords.hash_new("short").await).code(), "invalid_input");
}

#[tokio::test]
async fn a_session_is_continued_by_its_secret_until_it_ends() {
    let house = house().await;
    let sign_in = &house.sign_in;
    let (one, two) = (house.session().await, house.session().await);
    let signed = sign_in.by_session(&one.secret).await.unwrap();
    assert_eq!(signed, Signed { session: one.session, account: ANN, second_factor: false });
    assert_eq!(refusal(sign_in.by_session(&SessionSecret::new([1; 32])).await), Refusal::SessionUnknown);
    assert_eq!(sign_in.sessions_of(ANN).await.unwrap().len(), 2);

    house.operate(&EndSession { session: one.session, end: SessionEnd::Revoked }).await;
    assert_eq!(refusal(sign_in.by_session(&one.secret).await), Refusal::SessionUnknown);
    sign_in.by_session(&two.secret).await.unwrap();
    house.operate(&EndSessions { account: ANN }).await;
    assert_eq!(refusal(sign_in.by_session(&two.secret).await), Refusal::SessionUnknown);
    assert!(sign_in.sessions_of(ANN).await.unwrap().is_empty());

    let three = house.session().await;
    house.operate(&ChangePassword { account: ANN, password_hash: "$argon2id$".into() }).await;
    assert_eq!(refusal(sign_in.by_session(&three.secret).await), Refusal::SessionUnknown);
}

#[tokio::test]
async fn a_session_lasts_thirty_days_after_its_last_use_and_ninety_in_all() {
    let house = house().await;
    let sign_in = &house.sign_in;
    let day = TimeDelta::days(1);
    let unused = house.session().await;
    house.clock.advance(day * 30 - TimeDelta::microseconds(1));
    sign_in.by_session(&unused.secret).await.unwrap();
    for _ in 0..2 {
        house.clock.advance(day * 29);
        sign_in.by_session(&unused.secret).await.unwrap();
    }
    house.clock.advance(day * 2 + TimeDelta::microseconds(1));
    assert_eq!(refusal(sign_in.by_session(&unused.secret).await), Refusal::SessionUnknown);

    let idle = house.session().await;
    house.clock.advance(day * 30);
    assert_eq!(refusal(sign_in.by_session(&idle.secret).await), Refusal::SessionUnknown);
}

#[tokio::test]
async fn a_pending_sign_in_is_good_for_five_minutes_and_for_its_holder_only() {
    let house = house().await;
    let sign_in = &house.sign_in;
    let pending = sign_in.pending(ANN).await.unwrap();
    let text = sign_in.hand_out(&pending).await.unwrap();
    assert_eq!(sign_in.take_back(&text).await.unwrap(), pending);
    let bob = text.replacen('a', "b", 1);
    let longer = format!("{text}.0");
    for bad in ["", "...", bob.as_str(), longer.as_str(), &"a".repeat(1000)] {
        assert_eq!(refusal(sign_in.take_back(bad).await), Refusal::Unauthenticated, "{bad}");
    }
    house.clock.advance(PENDING_LIFE - TimeDelta::microseconds(1));
    sign_in.take_back(&text).await.unwrap();
    house.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(refusal(sign_in.take_back(&text).await), Refusal::Unauthenticated);

    let text = sign_in.hand_out(&sign_in.pending(ANN).await.unwrap()).await.unwrap();
    house.operate(&ChangePassword { account: ANN, password_hash: "$argon2id$".into() }).await;
    assert_eq!(refusal(sign_in.take_back(&text).await), Refusal::Unauthenticated);
}
