//! A disk without room: appending says so, reading goes on, nothing is half written, and with room again all goes on.

use crate::story::{self, What};
use cairn_commands::version::UploadVersion;
use cairn_commands::{Commands, Done, Fault};
use cairn_domain::Actor;
use cairn_store::testing::run;
use cairn_store::{
    AppenderLimits, Db, DownloadAppender, Downloads, Dropped, EncodedBatch, Engine, Ids, Registry,
    StoreError, SystemClock, on, sqlx, vault,
};
use chrono::DateTime;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Versions of 40,000 bytes each that are tried before the disk must be full.
const VERSIONS_MAX: u32 = 50;

/// From now on the disk has no room: SQLite answers alike when its file may not grow. It takes 1 for the pages there are.
/// Holds for one connection, and a connection that lost its transaction is replaced.
async fn fill_disk(db: &Db) {
    set(db, "pragma max_page_count = 1").await;
}

/// As many pages as SQLite can count.
async fn make_room(db: &Db) {
    set(db, "pragma max_page_count = 4294967294").await;
}

async fn set(db: &Db, pragma: &'static str) {
    let mut tx = db.begin().await.unwrap();
    on!(tx, |c| sqlx::raw_sql(pragma).execute(&mut *c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn a_full_disk_stops_appending_and_nothing_else() {
    run(Engine::Sqlite, |t| async move {
        let registry = Registry::new(t.db.clone(), Arc::new(SystemClock));
        let downloads = Downloads::new(t.db.clone(), Arc::new(SystemClock));
        let commands = Commands::new(registry.clone(), Arc::new(Ids::random()));
        let ann = register_ann(&commands).await;
        commands.send(&version(0), ann, None).await.unwrap();

        fill_disk(&t.db).await;
        let (n, fault) = upload_until_full(&commands, ann).await;
        assert!(fault.is_transient(), "{fault:?}");
        let events = registry.read(0, 1000).await.unwrap();
        let uploads = events.iter().filter(|event| event.kind == "VersionUploaded").count();
        assert_eq!(uploads, n as usize, "the version that found no room is not in the log");
        let digest = version(n).file.sha256.to_string();
        let authors =
            vault::package_authors(&mut t.db.read().await.unwrap(), &[digest.as_str()]).await.unwrap();
        assert!(authors.is_empty(), "and nothing of it is in the vault");

        fill_disk(&t.db).await;
        assert_eq!(record_download(&downloads).await, Err(Dropped));
        assert_eq!(downloads.head().await.unwrap(), 0);

        // Nobody has to start the program anew.
        make_room(&t.db).await;
        let done = upload(&commands, ann, n).await.unwrap();
        assert!(!done.repeated, "the same key does it now, for the first time");
        assert_eq!(done.position, events.len() as u64 + 1, "right behind what there was");
        record_download(&downloads).await.unwrap();
        assert_eq!(downloads.head().await.unwrap(), 1);
    });
}

async fn register_ann(commands: &Commands) -> Actor {
    let What::Register(register) = story::deed(0, 0).what else {
        unreachable!("a story begins with an account")
    };
    commands.send(&register, Actor::Operator, None).await.unwrap();
    Actor::Account { account: register.account }
}

/// The `n`-th version of a plugin, with 40,000 bytes of changes.
fn version(n: u32) -> UploadVersion {
    let What::Upload(mut upload) = story::deed(0, 2).what else {
        unreachable!("its third deed is an upload")
    };
    upload.version = format!("1.{n}").parse().unwrap();
    upload.file.sha256 = cairn_domain::names::Sha256::of(&n.to_be_bytes());
    upload.file.changelog = Some("more ".repeat(8000));
    *upload
}

async fn upload(
    commands: &Commands,
    ann: Actor,
    n: u32,
) -> Result<Done<cairn_commands::version::Uploaded>, Fault> {
    commands.send(&version(n), ann, Some(&format!("version {n}"))).await
}

/// The first version that found no room, and what was said.
async fn upload_until_full(commands: &Commands, ann: Actor) -> (u32, StoreError) {
    for n in 1..VERSIONS_MAX {
        match upload(commands, ann, n).await {
            Ok(_) => {}
            Err(Fault::Store(fault)) => return (n, fault),
            Err(fault) => panic!("{fault:?}"),
        }
    }
    panic!("the disk was never full")
}

/// A batch that needs pages of its own.
async fn record_download(log: &Downloads) -> Result<(), Dropped> {
    let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
    let encode = |_: &[u64]| EncodedBatch {
        first_at: DateTime::UNIX_EPOCH,
        last_at: DateTime::UNIX_EPOCH,
        format: u16::try_from(cairn_domain::download::FORMAT).unwrap(),
        body: vec![0; 50_000],
    };
    let limits = AppenderLimits { attempts_max: 1, ..AppenderLimits::default() };
    let appender =
        DownloadAppender::spawn(log.clone(), Ids::random(), encode, &tracker, cancel.clone(), limits);
    let stored = appender.record(1).unwrap().stored().await;
    cancel.cancel();
    tracker.close();
    tracker.wait().await;
    stored.map(drop)
}
