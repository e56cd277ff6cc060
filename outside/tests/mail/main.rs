//! Mail handed over to a real mail server: a process that takes it, refuses it, puts it off, hangs, or dies in the middle.

mod safety;
mod taken;

use cairn_outside::smtp::{Login, Mail, MailFault, Mailer, MailerSettings};
use cairn_outside::testing::{NotInstalled, SmtpSafety, SmtpServer};

/// A mail server. Where it cannot be installed the test is skipped with the reason; with `CI=true` it fails.
fn server(safety: SmtpSafety, login: Option<Login>) -> Option<SmtpServer> {
    match SmtpServer::start_with(safety, login) {
        Ok(server) => Some(server),
        Err(NotInstalled(reason)) => {
            assert!(!in_ci(), "there is no mail server, and CI=true: {reason}");
            eprintln!("SKIPPED: there is no mail server: {reason}");
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

fn mail(to: &str) -> Mail {
    Mail {
        to: to.into(),
        subject: "Confirm your address".into(),
        text: "Hello Ann\n\nconfirm it here\n".into(),
        html: "<p>Hello Ann</p>".into(),
        message_id: "<0b6f@plugins.example.org>".into(),
    }
}

fn login(password: &str) -> Login {
    Login { username: "cairn".into(), password: password.into() }
}

/// Sends a mail, in a runtime of its own that has nothing else to do.
fn send(settings: &MailerSettings, mail: &Mail) -> Result<(), MailFault> {
    let mailer = Mailer::new(settings.clone()).expect("the settings can work");
    block_on(mailer.send(mail))
}

/// Runs what a reactor must be able to run, on any thread.
fn block_on<T>(asked: impl Future<Output = T> + Send) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("the system gives a runtime").block_on(asked)
}
