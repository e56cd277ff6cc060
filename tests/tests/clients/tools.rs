//! The clients as programs: where they are, in what surroundings they run, and what they said.

use cairn_tests::TestApp;
use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio::task::block_in_place;

/// How long one run of a client may take. They need a second or two each.
const RUN_MAX: Duration = Duration::from_secs(90);

/// The installed clients, with a folder to work in.
#[derive(Debug)]
pub(crate) struct Tools {
    /// Where the server is, without a final slash.
    pub(crate) base: String,
    venv: PathBuf,
    work: tempfile::TempDir,
}

/// What a client did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Tools {
    /// The clients, installed when they are not yet. Where that fails the test is skipped with the reason; with
    /// `CI=true` it fails.
    pub(crate) fn ready(app: &TestApp) -> Option<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let venv = folder.join("clients-venv");
        let installed = block_in_place(|| install(folder, &venv));
        if let Err(reason) = installed {
            assert!(!in_ci(), "the real clients cannot be installed, and CI=true: {reason}");
            eprintln!("SKIPPED: the real clients cannot be installed: {reason}");
            return None;
        }
        let work = tempfile::tempdir().expect("the system gives a folder for temporary files");
        Some(Self { base: app.base.clone(), venv, work })
    }

    /// A program of the virtual environment, else of the system, in the folder to work in and without the settings
    /// and proxies of whoever runs the tests.
    pub(crate) fn command(&self, program: &str) -> Command {
        let ours = self.venv.join("bin").join(program);
        let mut command = if ours.exists() { Command::new(ours) } else { Command::new(program) };
        command.current_dir(self.work.path()).env("HOME", self.work.path()).env("LC_ALL", "C.UTF-8");
        for name in
            ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
        {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        for name in
            ["PYTHONPATH", "PYTHONHOME", "TRAVIS_REPO_SLUG", "QGIS_PLUGINPATH", "GIT_DIR", "GIT_WORK_TREE"]
        {
            command.env_remove(name);
        }
        let nobody = [("NAME", "Ann"), ("EMAIL", "ann@example.org")];
        for (key, value) in nobody {
            command.env(format!("GIT_AUTHOR_{key}"), value).env(format!("GIT_COMMITTER_{key}"), value);
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUNBUFFERED", "1");
        command
    }

    /// One of the scripts beside the virtual environment's list, by the virtual environment's Python.
    pub(crate) fn script(&self, name: &str) -> Command {
        let mut command = self.command("python");
        command.arg(scripts().join(name));
        command
    }

    /// A program that believes itself at plugins.qgis.org and talks to our server.
    pub(crate) fn at_the_official_address(&self, program: &str) -> Command {
        let mut command = self.script("official_address.py");
        command.arg(&self.base).arg(self.venv.join("bin").join(program));
        command
    }

    /// A path in the folder to work in.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.work.path().join(name)
    }

    /// Runs it to its end, however it ends.
    pub(crate) fn run(&self, command: &mut Command) -> Ran {
        block_in_place(|| run(command, self.work.path()))
    }

    /// Runs what must succeed.
    pub(crate) fn succeed(&self, command: &mut Command) -> Ran {
        let ran = self.run(command);
        assert_eq!(ran.code, Some(0), "{command:?}\n{}\n{}", ran.out, ran.err);
        ran
    }
}

impl Ran {
    /// What it wrote to standard output, as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|fault| panic!("{fault}: {}\n{}", self.out, self.err))
    }

    /// Both outputs contain these words somewhere.
    #[track_caller]
    pub(crate) fn said(&self, words: &str) {
        assert!(
            self.out.contains(words) || self.err.contains(words),
            "{words:?} in\n{}\n{}",
            self.out,
            self.err
        );
    }
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients")
}

pub(crate) fn in_ci() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment tells whether a skipped test is a failure"
    )]
    let ci = std::env::var("CI");
    ci.is_ok_and(|value| value == "true")
}

/// One process installs, the others wait and find it done.
fn install(folder: &Path, venv: &Path) -> Result<(), String> {
    let lock = File::create(folder.join("clients-venv.lock")).map_err(|fault| fault.to_string())?;
    lock.lock().map_err(|fault| fault.to_string())?;
    let setup =
        Command::new(scripts().join("setup.sh")).arg(venv).output().map_err(|fault| fault.to_string())?;
    if setup.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&setup.stderr).into_owned()) }
}

/// Outputs go to files, so that a client that says much does not wait for a reader.
fn run(command: &mut Command, folder: &Path) -> Ran {
    let (out, err) = (folder.join("out.txt"), folder.join("err.txt"));
    let file = |path: &Path| Stdio::from(File::create(path).expect("a file in the folder to work in"));
    command.stdin(Stdio::null()).stdout(file(&out)).stderr(file(&err));
    let mut child = command.spawn().unwrap_or_else(|fault| panic!("{command:?}: {fault}"));
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        if begun.elapsed() > RUN_MAX {
            child.kill().expect("a child can be killed");
            let said = std::fs::read_to_string(&err).unwrap_or_default();
            panic!("{command:?} did not end within {RUN_MAX:?}\n{said}");
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let text =
        |path: &Path| String::from_utf8_lossy(&std::fs::read(path).expect("it was written")).into_owned();
    Ran { code: status.code(), out: text(&out), err: text(&err) }
}
