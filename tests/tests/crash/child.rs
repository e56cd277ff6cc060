//! One life of the child.

use crate::ack::Ack;
use crate::promised::Promised;
use std::io::{BufRead, BufReader};
use std::process::{Child as Process, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// How much later each round begins by the child's clock: leases of 15 s have run out by then.
const ROUND_SECS: u64 = 20;

/// Each so many rounds the child's clock is an hour behind.
const STEPS_BACK_EACH: u64 = 9;

/// Each so many rounds the child also rebuilds.
const REBUILDS_EACH: u64 = 4;

/// How long anything of the child's may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running child.
pub(crate) struct Child {
    process: Process,
    lines: Receiver<String>,
    heard: Vec<String>,
}

impl Child {
    /// Starts it where the promises end.
    pub(crate) fn start(url: &str, seed: u64, round: u64, promised: &Promised) -> Self {
        let ahead = i64::try_from(round * ROUND_SECS).unwrap();
        let back = if round % STEPS_BACK_EACH == STEPS_BACK_EACH - 1 { 3600 } else { 0 };
        let rebuild = round % REBUILDS_EACH == REBUILDS_EACH - 1;
        let mut process = Command::new(env!("CARGO_BIN_EXE_crash-child"))
            .args([
                url,
                &seed.to_string(),
                &round.to_string(),
                &(ahead - back).to_string(),
                &rebuild.to_string(),
            ])
            .args(promised.next_deeds().map(|next| next.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the child starts");
        let (sender, lines) = channel();
        let output = BufReader::new(process.stdout.take().expect("it is piped"));
        std::thread::spawn(move || forward(output, &sender));
        Self { process, lines, heard: Vec::new() }
    }

    /// Waits until it was promised something.
    pub(crate) async fn first_line(&mut self) {
        let until = Instant::now() + PATIENCE;
        while self.heard.is_empty() {
            assert!(Instant::now() < until, "the child says nothing");
            self.heard.extend(self.lines.try_recv());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Kills it, and answers what it said.
    pub(crate) fn kill(mut self) -> Vec<Ack> {
        self.process.kill().expect("SIGKILL can be sent");
        self.process.wait().expect("it is our child");
        let acks = self.acks();
        assert!(!acks.contains(&Ack::End), "it ended by itself");
        acks
    }

    /// Lets it come to its end, and answers what it said.
    pub(crate) fn end(mut self) -> Vec<Ack> {
        drop(self.process.stdin.take());
        let acks = self.acks();
        assert_eq!(acks.last(), Some(&Ack::End));
        assert!(self.process.wait().expect("it is our child").success());
        acks
    }

    fn acks(&mut self) -> Vec<Ack> {
        let mut lines = std::mem::take(&mut self.heard);
        // Ends when the pipe does, which is when the process has.
        lines.extend(self.lines.iter());
        lines.iter().map(|line| line.parse().unwrap()).collect()
    }
}

/// Hands on whole lines.
fn forward(mut output: impl BufRead, to: &Sender<String>) {
    let mut line = String::new();
    while output.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
        let Some(whole) = line.strip_suffix('\n') else { return };
        if to.send(whole.to_owned()).is_err() {
            return;
        }
        line.clear();
    }
}
