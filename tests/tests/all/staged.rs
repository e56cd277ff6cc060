//! Packages that wait for their author's word, with a clock that is moved: an hour, and nothing of them is left.

use bytes::Bytes;
use cairn_commands::account::{RegisterAccount, SignUp};
use cairn_commands::intake::{Intake, Purpose};
use cairn_commands::{Commands, Fault};
use cairn_domain::account::Origin;
use cairn_domain::ids::AccountId;
use cairn_domain::package::testing::PackageBuilder;
use cairn_domain::package::{PackageLimits, Profile};
use cairn_domain::{Actor, Refusal};
use cairn_store::testing::TestDb;
use cairn_store::{Blobs, Clock, FixedClock, Ids, Registry, both, sha256_hex, upkeep, vault};
use chrono::TimeDelta;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

/// A site where time stands still, and Ann, who looks at packages before she publishes them.
struct Site {
    commands: Commands,
    intake: Intake,
    blobs: Blobs,
    clock: Arc<FixedClock>,
    ann: Actor,
    folder: PathBuf,
}

impl Site {
    async fn new(t: &TestDb) -> Self {
        let clock = Arc::new(FixedClock::at("2026-03-01T12:00:00Z".parse().unwrap()));
        let registry = Registry::new(t.db.clone(), clock.clone());
        let commands = Commands::new(registry, Arc::new(Ids::random()));
        let folder = t.folder().join("packages");
        let blobs = Blobs::open(&folder.to_string_lossy(), &[]).unwrap();
        let (profile, limits) = (Profile::default(), PackageLimits::default());
        let intake = Intake::new(commands.clone(), blobs.clone(), clock.clone(), profile, limits);
        let account = AccountId(commands.ids().v4());
        let register = RegisterAccount {
            account,
            name: "ann".parse().unwrap(),
            email: "ann@example.org".parse().unwrap(),
            password_hash: None,
            salt: [7; 32],
            origin: Origin::Local,
            sign_up: SignUp::default(),
        };
        commands.send(&register, Actor::Operator, None).await.unwrap();
        Self { commands, intake, blobs, clock, ann: Actor::Account { account }, folder }
    }

    /// Shows a package to Ann; answers what it waits under.
    async fn staged(&self, zip: &Bytes) -> Uuid {
        let staged = self.intake.stage(Purpose::default(), zip.clone(), self.ann).await.unwrap();
        staged.kept.expect("it can be taken").id
    }

    /// The files of packages that wait.
    fn files(&self) -> usize {
        std::fs::read_dir(self.folder.join("staged")).map_or(0, Iterator::count)
    }

    /// How many wait, and their bytes, as staff are told.
    async fn waiting(&self, t: &TestDb) -> (u64, u64) {
        let mut reading = t.db.read().await.unwrap();
        let waiting = upkeep::staged_waiting(&mut reading, self.clock.now()).await.unwrap();
        (waiting.count, waiting.bytes)
    }

    async fn is_unknown(&self, id: Uuid) -> bool {
        matches!(self.intake.staged(id, self.ann).await, Err(Fault::Refused(Refusal::StagedUnknown)))
    }
}

fn zip(package: &str) -> Bytes {
    PackageBuilder::new(package).metadata_key("name", package).build().into()
}

both!(after_an_hour_a_package_is_forgotten_with_its_bytes_and_what_was_published_stays, |t| {
    let site = Site::new(&t).await;
    let (lasso, other) = (zip("lasso"), zip("other"));
    let (one, again, dropped) =
        (site.staged(&lasso).await, site.staged(&lasso).await, site.staged(&other).await);
    assert_eq!(site.files(), 3, "the same bytes twice are kept twice");
    assert_eq!(site.waiting(&t).await, (3, 2 * lasso.len() as u64 + other.len() as u64));
    site.intake.add_staged(None, one, site.ann, None).await.unwrap();
    let head = site.commands.registry().head().await.unwrap();

    site.clock.advance(TimeDelta::minutes(30));
    let later = site.staged(&zip("later")).await;
    site.clock.advance(TimeDelta::minutes(30) - TimeDelta::microseconds(1));
    assert_eq!(site.intake.forget_staged().await.unwrap(), 0, "each has its whole hour");
    assert!(!site.is_unknown(dropped).await);
    site.clock.advance(TimeDelta::microseconds(1));
    for id in [one, again, dropped] {
        assert!(site.is_unknown(id).await, "it is over at once, also before anybody tidied up");
    }
    assert_eq!(site.waiting(&t).await.0, 1);
    assert_eq!((site.intake.forget_staged().await.unwrap(), site.files()), (3, 1));
    assert_eq!(site.intake.forget_staged().await.unwrap(), 0);
    let mut reading = t.db.read().await.unwrap();
    for (id, kept) in [(one, false), (again, false), (dropped, false), (later, true)] {
        assert_eq!(vault::staged_by_id(&mut reading, id).await.unwrap().is_some(), kept);
    }
    drop(reading);

    assert_eq!(site.blobs.get(&sha256_hex(&lasso)).await.unwrap(), lasso, "what was published stays");
    assert!(!site.blobs.exists(&sha256_hex(&other)).await.unwrap(), "what was not is nowhere");
    assert!(!site.is_unknown(later).await, "who came later has time left");
    assert_eq!(site.commands.registry().head().await.unwrap(), head, "nothing of this is in the log");
});

both!(bytes_that_are_gone_already_do_not_keep_the_rest_from_being_forgotten, |t| {
    let site = Site::new(&t).await;
    let lost = site.staged(&zip("lasso")).await;
    site.staged(&zip("other")).await;
    site.blobs.delete_staged(lost).await.unwrap();
    assert!(site.is_unknown(lost).await);
    site.clock.advance(TimeDelta::hours(1));
    assert_eq!((site.intake.forget_staged().await.unwrap(), site.files()), (2, 0));
    assert_eq!(site.waiting(&t).await, (0, 0));
});
