//! Signing in against a real directory: a slapd of the test's own, alive, dead, and not to be trusted.

mod people;
mod trouble;

use cairn_outside::ldap::{Directory, DirectoryFault, DirectoryPerson, DirectorySettings};
use cairn_outside::testing::{NotInstalled, Slapd};

/// A directory with people in it. Where slapd is not installed the test is skipped with the reason; with `CI=true` it
/// fails.
fn slapd() -> Option<Slapd> {
    match Slapd::start() {
        Ok(slapd) => Some(slapd),
        Err(NotInstalled(reason)) => {
            assert!(!in_ci(), "there is no directory, and CI=true: {reason}");
            eprintln!("SKIPPED: there is no directory: {reason}");
            None
        }
    }
}

fn in_ci() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment tells whether a skipped test is a failure"
    )]
    let ci = std::env::var("CI");
    ci.is_ok_and(|value| value == "true")
}

type Outcome = Result<DirectoryPerson, DirectoryFault>;

/// Signs in with a name and a password, in a runtime of its own that has nothing else to do.
fn sign_in(settings: &DirectorySettings, name: &str, password: &str) -> Outcome {
    let directory = Directory::new(settings.clone()).expect("the settings can work");
    block_on(directory.sign_in(name, password))
}

/// Runs what a web server must be able to run, on any of its threads.
fn block_on<T>(asked: impl Future<Output = T> + Send) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("the system gives a runtime").block_on(asked)
}

/// Signs in with the password that the person of that name has.
fn greet(settings: &DirectorySettings, name: &str) -> DirectoryPerson {
    let person = sign_in(settings, name, &Slapd::password(name));
    person.unwrap_or_else(|fault| panic!("{name}: {fault}"))
}
