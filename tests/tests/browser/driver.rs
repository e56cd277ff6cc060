//! The program that drives a browser, as a process that ends with its test.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long the program may take to open its port; it needs half a second, on a busy machine some.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// What it says when its port is open, before the port.
const READY: &str = "was started successfully on port ";

/// chromedriver, running. It is killed when this is dropped; close the browser before.
#[derive(Debug)]
pub(crate) struct Driver {
    child: Child,
    pub(crate) port: u16,
}

impl Driver {
    /// Starts it on a port of its own choice; what it says goes to a file in `folder`. The reason, when it is not
    /// installed.
    pub(crate) fn start(folder: &Path) -> Result<Self, String> {
        for program in ["chromedriver", "chromium"] {
            let found = Command::new(program).arg("--version").stdin(Stdio::null()).output();
            found.map_err(|fault| format!("{program}: {fault}; install chromium and chromium-driver"))?;
        }
        let said = folder.join("chromedriver.txt");
        let out = File::create(&said).expect("the folder of a test takes files");
        let err = out.try_clone().expect("a file can be opened twice");
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdin(Stdio::null()).stdout(out).stderr(err);
        // Chromium keeps caches and fonts' lists at home, which must not be that of whoever runs the tests.
        command.env("HOME", folder).env("XDG_CONFIG_HOME", folder).env("XDG_CACHE_HOME", folder);
        let mut child = command.spawn().map_err(|fault| format!("chromedriver: {fault}"))?;
        let begun = Instant::now();
        loop {
            let text = std::fs::read_to_string(&said).unwrap_or_default();
            let after = text.split(READY).nth(1).unwrap_or_default();
            let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
            if after.len() > digits.len()
                && let Ok(port) = digits.parse()
            {
                return Ok(Self { child, port });
            }
            let ended = child.try_wait().expect("a child can be waited for");
            assert!(ended.is_none() && begun.elapsed() < READY_WITHIN, "chromedriver is not ready: {text}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // An error says that it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
