//! Build script of the crates whose tests run on both databases: sets `no_postgres` when there is no PostgreSQL to test on, so
//! that those tests are listed as ignored. In CI it is never set: there a missing PostgreSQL is a failure.

#![expect(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where Debian and its kin put server binaries, which are not on the path.
const DEBIAN: &str = "/usr/lib/postgresql";

fn main() {
    println!("cargo::rustc-check-cfg=cfg(no_postgres)");
    for name in ["CAIRN_TEST_DATABASE_URL", "PG_BIN", "PATH", "CI"] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    println!("cargo::rerun-if-changed={}", if Path::new(DEBIAN).exists() { DEBIAN } else { "/usr/lib" });
    let ci = env("CI").as_deref() == Some("true");
    if !ci && env("CAIRN_TEST_DATABASE_URL").is_none() && !server_answers() && !server_is_installed() {
        println!("cargo::rustc-cfg=no_postgres");
    }
}

fn server_answers() -> bool {
    TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], 5432)), Duration::from_secs(1)).is_ok()
}

fn server_is_installed() -> bool {
    let of_debian =
        std::fs::read_dir(DEBIAN).into_iter().flatten().flatten().map(|version| version.path().join("bin"));
    let path = env("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path);
    env("PG_BIN")
        .map(PathBuf::from)
        .into_iter()
        .chain(on_path)
        .chain(of_debian)
        .any(|bin| bin.join("initdb").is_file())
}

fn env(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "a build script is told by the environment what is there")]
    let value = std::env::var(name);
    value.ok().filter(|value| !value.is_empty())
}
