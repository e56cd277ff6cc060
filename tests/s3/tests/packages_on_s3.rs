//! Packages on S3 instead of in a folder: the same promises, against a real server process.

#![expect(clippy::unwrap_used, reason = "what helps a story fails as the story does")]

use bytes::Bytes;
use cairn_store::testing::{self, TestDb};
use cairn_store::{Blobs, Engine, StoreError};
use cairn_tests::TestApp;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The server process; it ends with the test.
struct Server {
    process: Child,
    endpoint: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        std::fs::create_dir_all(folder.join("bucket")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_cairn-tests-s3"));
        let mut process = command.arg(folder).stdout(Stdio::piped()).spawn().unwrap();
        let mut endpoint = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut endpoint).unwrap();
        Self { process, endpoint: endpoint.trim().to_owned() }
    }

    fn options(&self) -> Vec<(String, String)> {
        let options = [
            ("endpoint", self.endpoint.as_str()),
            ("region", "here"),
            ("access_key_id", "cairn"),
            ("secret_access_key", "sesame"),
            ("allow_http", "true"),
        ];
        options.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_bucket_keeps_packages_as_a_folder_does() {
    testing::run(Engine::Sqlite, |t| async move {
        let server = Server::start(&t.folder().join("s3"));
        let blobs = Blobs::open("s3://bucket/some/prefix", &server.options()).unwrap();
        let bytes = Bytes::from(vec![7_u8; 12_000_000]);
        let digest = blobs.put(bytes.clone()).await.unwrap();
        assert_eq!(blobs.put(bytes.clone()).await.unwrap(), digest, "the same bytes again are left alone");
        assert_eq!(blobs.get(&digest).await.unwrap(), bytes);
        assert_eq!(blobs.get_range(&digest, 10..20).await.unwrap(), bytes[10..20]);
        assert_eq!(blobs.size(&digest).await.unwrap(), 12_000_000);
        let nothing = "0".repeat(64);
        assert!(!blobs.exists(&nothing).await.unwrap());
        assert!(matches!(blobs.get(&nothing).await, Err(StoreError::BlobMissing(_))));
        assert!(t.folder().join("s3/bucket/some/prefix").is_dir(), "below the prefix");
    });
}

#[test]
fn wrong_keys_and_a_dead_server_are_errors_not_hangs() {
    testing::run(Engine::Sqlite, |t| async move {
        let server = Server::start(&t.folder().join("s3"));
        let mut options = server.options();
        options[3].1 = "wrong".into();
        let stranger = Blobs::open("s3://bucket", &options).unwrap();
        assert!(stranger.put(Bytes::from_static(b"x")).await.is_err());
        drop(server);
    });
}

#[test]
fn an_upload_is_stored_on_s3_and_downloaded_from_there() {
    testing::run(Engine::Sqlite, upload_and_download);
}

async fn upload_and_download(t: TestDb) {
    let server = Server::start(&t.folder().join("s3"));
    let options = server.options();
    let app = TestApp::with(&t, |config| {
        config.packages = "s3://bucket".into();
        config.s3 = options;
    })
    .await;
    app.trusted("ann").await.upload("lasso", "1.0").await;
    app.settle().await;
    let response = app.stranger().get("/plugins/lasso/version/1.0/download/").await;
    assert_eq!(response.status().as_u16(), 200);
    assert!(response.bytes().await.unwrap().starts_with(b"PK"));
    assert!(!t.folder().join("packages").exists(), "nothing is kept in a folder");

    drop(server);
    let refused = app.person("bob").await.upload_to("other", b"not a zip".to_vec()).await;
    assert_eq!(refused.status().as_u16(), 400, "what needs no store still works");
}
