//! Processes that a test starts, and that end with it.

use std::fmt;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to open its ports; they need a fraction of a second, on a busy machine some.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// A program is not on this machine, with the reason. A test that meets it is skipped, or with `CI=true` fails.
#[derive(Debug)]
pub struct NotInstalled(pub String);

impl fmt::Display for NotInstalled {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A server that runs, and is killed when this is dropped.
#[derive(Debug)]
pub(super) struct Running(Child);

impl Running {
    /// Starts it and waits until each of these ports is open. What it says goes to the file.
    ///
    /// Panics, with what it said, when it ends before or takes too long.
    pub(super) fn start(command: &mut Command, ports: &[u16], said: &Path) -> Self {
        let out = std::fs::File::create(said).expect("the folder of a test takes files");
        let err = out.try_clone().expect("a file can be opened twice");
        command.stdin(Stdio::null()).stdout(out).stderr(err);
        let child = command.spawn().unwrap_or_else(|fault| panic!("{command:?}: {fault}"));
        let mut running = Self(child);
        let begun = Instant::now();
        while !ports.iter().all(|port| TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).is_ok()) {
            let ended = running.0.try_wait().expect("a child can be waited for");
            if ended.is_some() || begun.elapsed() > READY_WITHIN {
                let said = std::fs::read_to_string(said).unwrap_or_default();
                panic!("{command:?} is not ready, {ended:?}\n{said}");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        running
    }

    /// Ends it at once, as when its machine fails. When this returns, its ports are closed.
    pub(super) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // An error says that it has ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Ports that nobody listened on a moment ago, each another.
pub(super) fn free_ports<const N: usize>() -> [u16; N] {
    let open = [(); N].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there are free ports"));
    open.map(|port| port.local_addr().expect("it is bound").port())
}
