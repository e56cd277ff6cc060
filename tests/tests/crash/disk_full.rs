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

/// Opens the database as it is when its disk has no room: SQLite answers alike when its file may not grow. It takes 1 for
/// the pages there are.
async fn open_without_room(url: &str) -> Db {
    let db = Db::open(url).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    on!(tx, |c| sqlx::raw_sql("pragma max_page_count = 1").execute(&mut *c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
    db
}

fn commands_on(db: &Db) -> Commands {
    Commands::new(Registry::new(db.clone(), Arc::new(SystemClock)), Arc::new(Ids::random()))
}

#[test]
fn a_full_disk_stops_appending_and_nothing_else() {
    run(Engine::Sqlite, |t| async move {
        let commands = commands_on(&t.db);
        let ann = register_ann(&commands).await;
        commands.send(&version(0), ann, None).await.unwrap();
        t.db.close().await;

        let full = open_without_room(t.url()).await;
        let (n, fault) = upload_until_full(&commands_on(&full), ann).await;
        assert!(fault.is_transient(), "{fault:?}");
        let events = Registry::new(full.clone(), Arc::new(SystemClock)).read(0, 1000).await.unwrap();
        let uploads = events.iter().filter(|event| event.kind == "VersionUploaded").count();
        assert_eq!(uploads, n as usize, "the version that found no room is not in the log");
        let digest = version(n).file.sha256.to_string();
        let authors =
            vault::package_authors(&mut full.read().await.unwrap(), &[digest.as_str()]).await.unwrap();
        assert!(authors.is_empty(), "and nothing of it is in the vault");
        full.close().await;

        let full = open_without_room(t.url()).await;
        assert_eq!(record_download(&full).await, Err(Dropped));
        assert_eq!(downloads_of(&full).head().await.unwrap(), 0);
        full.close().await;

        let roomy = Db::open(t.url()).await.unwrap();
        let done = upload(&commands_on(&roomy), ann, n).await.unwrap();
        assert!(!done.repeated, "the same key does it now, for the first time");
        assert_eq!(done.position, events.len() as u64 + 1, "right behind what there was");
        record_download(&roomy).await.unwrap();
        assert_eq!(downloads_of(&roomy).head().await.unwrap(), 1);
        roomy.close().await;
    });
}

fn downloads_of(db: &Db) -> Downloads {
    Downloads::new(db.clone(), Arc::new(SystemClock))
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
async fn record_download(db: &Db) -> Result<(), Dropped> {
    let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
    let log = downloads_of(db);
    let encode = |_: &[u64]| EncodedBatch {
        first_at: DateTime::UNIX_EPOCH,
        last_at: DateTime::UNIX_EPOCH,
        format: u16::try_from(cairn_domain::download::FORMAT).unwrap(),
        body: vec![0; 50_000],
    };
    let limits = AppenderLimits { attempts_max: 1, ..AppenderLimits::default() };
    let appender = DownloadAppender::spawn(log, Ids::random(), encode, &tracker, cancel.clone(), limits);
    let stored = appender.record(1).unwrap().stored().await;
    cancel.cancel();
    tracker.close();
    tracker.wait().await;
    stored.map(drop)
}
