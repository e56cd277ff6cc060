//! Letters: which event makes one, to whom it goes, and that it arrives once.

mod arrival;
mod kinds;
mod receivers;

use super::{Letters, MailSettings, sender};
use crate::follow::Turn;
use crate::testing::Node;
use cairn_outside::testing::{NotInstalled, Received, SmtpServer};

/// A mail server. Where it cannot be installed the test is skipped with the reason; with `CI=true` it fails.
fn server() -> Option<SmtpServer> {
    match SmtpServer::start() {
        Ok(server) => Some(server),
        Err(NotInstalled(reason)) => {
            #[expect(clippy::disallowed_methods, reason = "it tells whether a skipped test is a failure")]
            let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!in_ci, "there is no mail server, and CI=true: {reason}");
            eprintln!("SKIPPED: there is no mail server: {reason}");
            None
        }
    }
}

fn settings(server: &SmtpServer) -> MailSettings {
    MailSettings {
        server: server.settings(),
        base_url: "https://plugins.example.org/".parse().unwrap(),
        staff_letters: true,
    }
}

/// Mail on a node, worked by the test's hand.
async fn letters(node: &Node, server: &SmtpServer) -> Letters {
    Letters::open(&node.tools, &node.commands, settings(server)).await.unwrap()
}

impl Letters {
    /// Reads the log to its end.
    async fn read(&mut self) {
        while self.follower.turn().await.unwrap() == Turn::Moved {}
    }

    /// Sends everything that is due.
    async fn send(&mut self) {
        while self.sender.turn().await == sender::Turn::Done {}
    }

    /// Reads and sends.
    async fn work(&mut self) {
        self.read().await;
        self.send().await;
    }
}

/// Recipient and subject of each mail, sorted.
fn told(mails: &[Received]) -> Vec<(String, String)> {
    let mut told: Vec<_> = mails
        .iter()
        .map(|mail| (mail.recipients.join(","), mail.header("Subject").unwrap_or_default().to_owned()))
        .collect();
    told.sort();
    told
}

/// `(recipient, subject)` as [`told`] has it.
fn mail(name: &str, subject: &str) -> (String, String) {
    (format!("{name}@example.org"), format!("[plugins.example.org] {subject}"))
}
