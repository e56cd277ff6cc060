//! Second factors on both databases: what only the log's lock and the vault can decide.

use cairn_commands::account::{RegisterAccount, SignUp};
use cairn_commands::factor::{
    FactorSummary, Factors, Fresh, OpenWithFactor, Proof, RemoveFactor, Shown, TotpBegun, TotpKey,
};
use cairn_commands::session::OpenSession;
use cairn_commands::sign_in::{AttemptLimits, Passwords};
use cairn_commands::{Commands, Done, Fault, SignIn};
use cairn_domain::account::{FactorSort, Origin};
use cairn_domain::ids::{AccountId, FactorId, SessionId};
use cairn_domain::names::Sha256;
use cairn_domain::session::SessionSort;
use cairn_domain::{Actor, Refusal};
use cairn_store::testing::TestDb;
use cairn_store::{Clock, FixedClock, Ids, Registry, both};
use chrono::TimeDelta;
use futures_util::future::join_all;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// A site where time stands still, and Ann.
struct Site {
    commands: Commands,
    factors: Factors,
    sign_in: SignIn,
    clock: Arc<FixedClock>,
    ann: AccountId,
}

impl Site {
    async fn new(t: &TestDb) -> Self {
        let clock = Arc::new(FixedClock::at("2026-03-01T12:00:00Z".parse().unwrap()));
        let registry = Registry::new(t.db.clone(), clock.clone());
        let commands = Commands::new(registry, Arc::new(Ids::random()));
        let factors =
            Factors::new(commands.clone(), clock.clone(), &"https://plugins.example.org".parse().unwrap());
        let passwords = Passwords::new(Arc::new(Ids::random()), None);
        let sign_in = SignIn::new(commands.clone(), clock.clone(), passwords, factors.clone());
        let site = Self { ann: AccountId(commands.ids().v4()), commands, factors, sign_in, clock };
        site.register("ann", site.ann).await;
        site
    }

    async fn register(&self, name: &str, account: AccountId) {
        let command = RegisterAccount {
            account,
            name: name.parse().unwrap(),
            email: format!("{name}@example.org").parse().unwrap(),
            password_hash: None,
            salt: [7; 32],
            origin: Origin::Local,
            sign_up: SignUp::default(),
        };
        self.commands.send(&command, Actor::Operator, None).await.unwrap();
    }

    fn by_ann(&self) -> Actor {
        Actor::Account { account: self.ann }
    }

    /// The code that the app shows `steps` half minutes from now.
    fn code(&self, begun: &TotpBegun, steps: i32) -> String {
        let key = TotpKey::from_text(&begun.key).unwrap();
        key.code_at(self.clock.now() + TimeDelta::seconds(30) * steps).unwrap()
    }

    /// An app of Ann's, added with the code of now.
    async fn app_of_ann(&self) -> (TotpBegun, FactorId) {
        let begun = self.factors.begin_totp(self.by_ann()).await.unwrap();
        let code = self.code(&begun, 0);
        let label = "phone".parse().unwrap();
        let added = self.factors.confirm_totp(self.by_ann(), begun.ceremony, &code, label).await.unwrap();
        (begun, added.answer)
    }

    async fn prove(&self, shown: Shown) -> Result<Proof, Fault> {
        self.factors.prove(self.ann, &shown).await
    }

    async fn open(&self, proof: Proof) -> Result<Done<SessionId>, Fault> {
        let session = OpenSession {
            session: SessionId(self.commands.ids().v4()),
            account: self.ann,
            sort: SessionSort::Web,
            secret_sha256: Sha256::from(self.commands.ids().bytes::<32>()),
            second_factor: false,
            agent: None,
            country: None,
        };
        self.commands.send(&OpenWithFactor::new(session, proof), self.by_ann(), None).await
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(outcome: Result<T, Fault>, expected: &Refusal) {
    match outcome {
        Err(Fault::Refused(refusal)) => assert_eq!(refusal, *expected),
        other => panic!("{expected:?}, but {other:?}"),
    }
}

const WRONG: Refusal = Refusal::SecondFactorWrong;

both!(an_app_is_demanded_when_it_was_shown_to_work, |t| {
    let site = Site::new(&t).await;
    let begun = site.factors.begin_totp(site.by_ann()).await.unwrap();
    assert!(site.factors.summary(site.ann).await.unwrap().factors.is_empty());
    let wrong = site.code(&begun, 10);
    let label = || "phone".parse().unwrap();
    refused(site.factors.confirm_totp(site.by_ann(), begun.ceremony, &wrong, label()).await, &WRONG);
    let code = site.code(&begun, 0);
    site.factors.confirm_totp(site.by_ann(), begun.ceremony, &code, label()).await.unwrap();
    let summary = site.factors.summary(site.ann).await.unwrap();
    assert_eq!(summary.factors.len(), 1);
    assert!(summary.has(FactorSort::Totp) && !summary.has(FactorSort::Passkey));
    refused(site.factors.confirm_totp(site.by_ann(), begun.ceremony, &code, label()).await, &WRONG);
});

both!(what_was_begun_is_its_owners_and_ends_after_ten_minutes, |t| {
    let site = Site::new(&t).await;
    let bob = AccountId(site.commands.ids().v4());
    site.register("bob", bob).await;
    let begun = site.factors.begin_totp(site.by_ann()).await.unwrap();
    let label = || "phone".parse().unwrap();
    let by_bob = Actor::Account { account: bob };
    let code = site.code(&begun, 0);
    refused(site.factors.confirm_totp(by_bob, begun.ceremony, &code, label()).await, &WRONG);
    site.clock.advance(TimeDelta::minutes(10));
    let code = site.code(&begun, 0);
    refused(site.factors.confirm_totp(site.by_ann(), begun.ceremony, &code, label()).await, &WRONG);
});

both!(a_code_opens_one_session_also_when_two_show_it_at_once, |t| {
    let site = Site::new(&t).await;
    let (begun, _) = site.app_of_ann().await;
    refused(site.prove(Shown::Code(site.code(&begun, 0))).await, &WRONG);
    site.clock.advance(TimeDelta::seconds(30));
    let shown = || Shown::Code(site.code(&begun, 0));
    let (one, other) = (site.prove(shown()).await.unwrap(), site.prove(shown()).await.unwrap());
    let (one, other) = tokio::join!(site.open(one), site.open(other));
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1, "{one:?} {other:?}");
    refused(one.and(other), &WRONG);
    refused(site.prove(shown()).await, &WRONG);
    site.clock.advance(TimeDelta::seconds(30));
    let proof = site.prove(shown()).await.unwrap();
    site.open(proof).await.unwrap();
});

both!(a_code_from_before_the_last_one_is_as_used_as_that, |t| {
    let site = Site::new(&t).await;
    let (begun, _) = site.app_of_ann().await;
    site.clock.advance(TimeDelta::minutes(5));
    let early = site.prove(Shown::Code(site.code(&begun, -1))).await.unwrap();
    let late = site.prove(Shown::Code(site.code(&begun, 1))).await.unwrap();
    site.open(late).await.unwrap();
    refused(site.open(early).await, &WRONG);
});

both!(a_recovery_code_opens_one_session, |t| {
    let site = Site::new(&t).await;
    site.app_of_ann().await;
    let (made, codes) = site.factors.make_recovery_codes(site.by_ann()).await.unwrap();
    assert_eq!((made.answer, codes.len()), (10, 10));
    let shown = || Shown::RecoveryCode(codes[3].reveal().to_uppercase());
    let (one, other) = (site.prove(shown()).await.unwrap(), site.prove(shown()).await.unwrap());
    site.open(one).await.unwrap();
    refused(site.open(other).await, &WRONG);
    refused(site.prove(shown()).await, &WRONG);
    assert_eq!(site.factors.summary(site.ann).await.unwrap().recovery_codes_left, 9);
    site.factors.make_recovery_codes(site.by_ann()).await.unwrap();
    refused(site.prove(Shown::RecoveryCode(codes[4].reveal())).await, &WRONG);
});

both!(the_last_factor_takes_recovery_codes_with_it, |t| {
    let site = Site::new(&t).await;
    let (begun, factor) = site.app_of_ann().await;
    let (_, codes) = site.factors.make_recovery_codes(site.by_ann()).await.unwrap();
    site.clock.advance(TimeDelta::seconds(30));
    let proof = site.prove(Shown::Code(site.code(&begun, 0))).await.unwrap();
    let remove = RemoveFactor { account: site.ann, factor, fresh: Some(Fresh::Factor(proof)) };
    site.commands.send(&remove, site.by_ann(), None).await.unwrap();
    assert_eq!(site.factors.summary(site.ann).await.unwrap(), FactorSummary::default());
    refused(site.prove(Shown::RecoveryCode(codes[0].reveal())).await, &WRONG);
});

both!(a_site_without_a_passkey_of_somebody_asks_for_none, |t| {
    let site = Site::new(&t).await;
    refused(site.factors.ask_passkey(site.ann).await, &Refusal::FactorUnknown);
    let begun = site.factors.begin_passkey(site.by_ann()).await.unwrap();
    assert_eq!(begun.options["publicKey"]["user"]["name"], "ann");
    let label = "key".parse().unwrap();
    let answer = serde_json::json!({});
    refused(site.factors.finish_passkey(site.by_ann(), begun.ceremony, &answer, label).await, &WRONG);
});

both!(who_guesses_codes_waits_also_when_many_guesses_come_at_once, |t| {
    let site = Site::new(&t).await;
    let (begun, _) = site.app_of_ann().await;
    site.clock.advance(TimeDelta::minutes(1));
    let here = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    let wrong = Shown::Code(site.code(&begun, 100));
    let outcomes = join_all((0..40).map(|_| site.sign_in.prove(site.ann, &wrong, here))).await;
    let looked_at = outcomes.iter().filter(|outcome| matches!(outcome, Err(Fault::Refused(WRONG)))).count();
    let limits = AttemptLimits::default();
    assert_eq!(looked_at as u64, limits.account_free + 1);
    let right = Shown::Code(site.code(&begun, 0));
    let waits = site.sign_in.prove(site.ann, &right, here).await;
    assert!(matches!(waits, Err(Fault::Refused(Refusal::TooMany { .. }))), "{waits:?}");
    site.clock.advance(limits.wait_max);
    let right = Shown::Code(site.code(&begun, 0));
    site.sign_in.prove(site.ann, &right, here).await.unwrap();
});
