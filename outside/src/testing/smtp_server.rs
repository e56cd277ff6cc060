//! A mail server: `tests/smtp/server.py`, on aiosmtpd, which keeps what it is given as files.

use super::authority::{Authority, Certificate};
use super::process::{NotInstalled, Running, free_ports};
use crate::smtp::{Login, MailerSettings};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a mail may take to arrive, on a busy machine.
const HELD_WITHIN: Duration = Duration::from_mins(1);

/// How safe connections to a mail server are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSafety {
    /// Not at all.
    Plain,
    /// After STARTTLS, without which it takes no mail.
    Starttls,
    /// From the start.
    Tls,
}

/// A mail that the server has taken, as Python's mail library reads it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Received {
    /// The address of `MAIL FROM`.
    pub sender: String,
    /// The addresses of `RCPT TO`.
    pub recipients: Vec<String>,
    /// Names and decoded values, in order.
    pub headers: Vec<(String, String)>,
    /// The plain text.
    pub text: Option<String>,
    /// The HTML.
    pub html: Option<String>,
    /// All of it as it came.
    pub raw: String,
    /// Whether it came over TLS.
    pub tls: bool,
}

impl Received {
    /// The value of a header that is there once.
    ///
    /// Panics when it is there more often.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        let (_, value) = found.next()?;
        assert!(found.next().is_none(), "{name} is there more than once");
        Some(value)
    }
}

/// A mail server on a port of 127.0.0.1, with a certificate for `localhost` by an authority of its own where it speaks TLS.
/// Gone when dropped, with all mail.
///
/// What it answers depends on the address: `refused@…` is refused by 550, `later@…` put off by 451, for
/// `members@…` sign-in is wanted by 530, the content of mail for
/// `unwanted@…` refused by 554 and for `full@…` put off by 452, and mail from `stranger@…` refused by 553.
#[derive(Debug)]
pub struct SmtpServer {
    folder: TempDir,
    python: PathBuf,
    safety: SmtpSafety,
    login: Option<Login>,
    authority: Authority,
    certificate: Certificate,
    port: u16,
    running: Option<Running>,
}

impl SmtpServer {
    /// Starts it, without TLS and sign-in, and returns when it answers.
    pub fn start() -> Result<Self, NotInstalled> {
        Self::start_with(SmtpSafety::Plain, None)
    }

    /// Starts it, and returns when it answers. With a login it takes mail only after that.
    ///
    /// Panics when it is installed and does not start.
    pub fn start_with(safety: SmtpSafety, login: Option<Login>) -> Result<Self, NotInstalled> {
        let python = installed()?;
        let folder = tempfile::tempdir().expect("the system gives a folder for temporary files");
        let authority = Authority::new(folder.path(), "authority");
        let certificate = authority.certificate("localhost");
        std::fs::create_dir(folder.path().join("mails")).expect("the folder of a test takes folders");
        let [port] = free_ports();
        let mut server = Self { folder, python, safety, login, authority, certificate, port, running: None };
        server.restart();
        Ok(server)
    }

    /// Ends it at once, as when its machine fails.
    pub fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill();
        }
    }

    /// Starts it again, on the same port and with the mail that it has.
    pub fn restart(&mut self) {
        self.kill();
        let mut command = Command::new(&self.python);
        command
            .arg("-I")
            .arg(scripts().join("server.py"))
            .arg(self.mails_folder())
            .arg(self.port.to_string());
        if self.safety != SmtpSafety::Plain {
            command.arg("--certificate").arg(&self.certificate.certificate);
            command.arg("--key").arg(&self.certificate.key);
        }
        if self.safety == SmtpSafety::Tls {
            command.arg("--from-the-start");
        }
        if let Some(Login { username, password }) = &self.login {
            command.arg("--login").arg(format!("{username}:{password}"));
        }
        let said = self.folder.path().join("server.txt");
        self.running = Some(Running::start(&mut command, &[self.port], &said));
    }

    /// Where it is, by the name that its certificate has.
    pub fn url(&self) -> String {
        let scheme = if self.safety == SmtpSafety::Tls { "smtps" } else { "smtp" };
        format!("{scheme}://localhost:{}", self.port)
    }

    /// The certificate of its authority.
    pub fn ca_file(&self) -> PathBuf {
        self.authority.file().to_owned()
    }

    /// Settings with which it takes mail.
    pub fn settings(&self) -> MailerSettings {
        let url = self.url().parse().expect("an address");
        let mut settings = MailerSettings::new(url, "QGIS plugins <noreply@plugins.example.org>");
        settings.starttls = self.safety == SmtpSafety::Starttls;
        settings.login.clone_from(&self.login);
        settings.ca_file = Some(self.ca_file());
        settings
    }

    /// All mail that it has taken, in order.
    pub fn mails(&self) -> Vec<Received> {
        let entries = std::fs::read_dir(self.mails_folder()).expect("it has a folder of mail");
        let files = entries.map(|entry| entry.expect("a folder can be read").path());
        let mut files: Vec<PathBuf> =
            files.filter(|file| file.extension().is_some_and(|end| end == "json")).collect();
        files.sort();
        let read = |file: &PathBuf| std::fs::read(file).expect("mail can be read");
        files
            .iter()
            .map(|file| serde_json::from_slice(&read(file)).expect("the script writes JSON"))
            .collect()
    }

    /// From now on it takes mail in and does not answer, until [`SmtpServer::release`].
    pub fn hold(&self) {
        std::fs::write(self.mails_folder().join("hold"), "").expect("the folder of a test takes files");
    }

    /// Waits until a mail is there in full that it does not answer.
    pub fn wait_until_held(&self) {
        let begun = Instant::now();
        while !self.mails_folder().join("held").exists() {
            assert!(begun.elapsed() < HELD_WITHIN, "no mail arrives");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// It answers again.
    pub fn release(&self) {
        for name in ["hold", "held"] {
            // It may never have been held.
            let _ = std::fs::remove_file(self.mails_folder().join(name));
        }
    }

    fn mails_folder(&self) -> PathBuf {
        self.folder.path().join("mails")
    }
}

/// The Python with what the script needs, in a virtual environment in the folder that cargo builds in. One process installs,
/// others wait and find it done.
fn installed() -> Result<PathBuf, NotInstalled> {
    let target = target_folder();
    let venv = target.join("smtp-server-venv");
    let python = venv.join("bin/python");
    let wanted = scripts().join("requirements.txt");
    let fault = |fault: std::io::Error| NotInstalled(fault.to_string());
    std::fs::create_dir_all(&target).map_err(fault)?;
    let lock = std::fs::File::create(target.join("smtp-server-venv.lock")).map_err(fault)?;
    lock.lock().map_err(fault)?;
    // Written last, so a broken installation is made anew.
    let done = venv.join("installed.txt");
    let list = std::fs::read(&wanted).map_err(fault)?;
    if std::fs::read(&done).is_ok_and(|done| done == list)
        && run(Command::new(&python).args(["-c", ""])).is_ok()
    {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
    let pip =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"];
    run(Command::new(&python).args(pip).arg(&wanted))?;
    std::fs::write(&done, list).map_err(fault)?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), NotInstalled> {
    let ran = command.output().map_err(|fault| NotInstalled(format!("{command:?}: {fault}")))?;
    let said = || NotInstalled(format!("{command:?}: {}", String::from_utf8_lossy(&ran.stderr)));
    if ran.status.success() { Ok(()) } else { Err(said()) }
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp")
}

/// Where cargo lets tests keep things: beside the running test, below the folder that cargo marks as a cache.
fn target_folder() -> PathBuf {
    let test = std::env::current_exe().expect("a process knows its program");
    let marked = test.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists());
    marked.map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), Path::to_owned).join("tmp")
}
