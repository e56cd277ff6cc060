//! The `cairn` binary; everything is in the library.

use std::process::ExitCode;
use tokio::runtime::Builder;

/// Room for the deepest answers of GraphQL in a build without optimisation, whose frames are many times as large.
const STACK_BYTES: usize = 8 * 1024 * 1024;

fn main() -> ExitCode {
    let runtime = Builder::new_multi_thread().enable_all().thread_stack_size(STACK_BYTES).build();
    runtime.expect("the system gives threads").block_on(cairn_cli::run())
}
