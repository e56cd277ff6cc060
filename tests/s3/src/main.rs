//! An S3-compatible server as a process of its own: `cairn-tests-s3 FOLDER`. Prints its address and serves until it is killed. The keys are
//! `cairn` and `sesame`.

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use std::io::Write;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

#[tokio::main]
async fn main() {
    let folder = std::env::args().nth(1).expect("usage: s3-server FOLDER");
    let mut service = S3ServiceBuilder::new(FileSystem::new(folder).expect("the folder is there"));
    service.set_auth(SimpleAuth::from_single("cairn", "sesame"));
    let service = service.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound listener has an address");
    writeln!(std::io::stdout(), "http://{address}").expect("the parent listens");
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let service = service.clone();
        connections.spawn(async move {
            let http = Builder::new(TokioExecutor::new());
            // A client that goes away in the middle is its own business.
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}
