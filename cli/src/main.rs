//! The `cairn` binary; everything is in the library.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    cairn_cli::run().await
}
