//! An identity provider: oidc-provider of npm with a few people.

use super::process::{NotInstalled, Running, free_ports};
use crate::oidc::ProviderSettings;
use serde_json::json;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The program and what it needs, in the one version that the tests were written for.
const FILES: [(&str, &str); 2] =
    [("package.json", include_str!("package.json")), ("provider.mjs", include_str!("provider.mjs"))];

/// How the provider behaves where real ones differ.
#[derive(Debug, Clone, Copy)]
pub struct OidcOptions {
    /// How id tokens are signed: `RS256`, `ES256` or `EdDSA`.
    pub alg: &'static str,
    /// How clients prove themselves: `client_secret_basic` or `client_secret_post`.
    pub auth_method: &'static str,
    /// Whether the id token has all claims, or the user info endpoint alone.
    pub claims_in_id_token: bool,
}

impl Default for OidcOptions {
    fn default() -> Self {
        Self { alg: "RS256", auth_method: "client_secret_basic", claims_in_id_token: false }
    }
}

/// An OpenID provider on a port of 127.0.0.1, without TLS. Gone when dropped.
///
/// Its people sign in by their name alone, in a form at the address it sends browsers to, field `name`: `ann` (verified
/// address, groups `qgis staff` and `everybody`), `ben` (unverified address), `dan` (nothing but a subject). The subject
/// is the name. Others are refused with `access_denied`.
#[derive(Debug)]
pub struct OidcProvider {
    folder: TempDir,
    program: PathBuf,
    port: u16,
    redirect_url: String,
    options: OidcOptions,
    running: Option<Running>,
}

impl OidcProvider {
    /// The client that proves itself by [`OidcProvider::SECRET`].
    pub const CLIENT: &str = "cairn";
    /// What proves it.
    pub const SECRET: &str = "a client's secret, with: odd & letters %";
    /// The client that proves nothing.
    pub const PUBLIC_CLIENT: &str = "cairn-public";

    /// Starts it, and returns when it answers. It is installed by npm into a folder below `installed`, when it is not
    /// yet there; processes wait for each other. It sends people back to `redirect_url` and nowhere else.
    ///
    /// Panics when it is installed and does not start.
    pub fn start(installed: &Path, redirect_url: &str, options: OidcOptions) -> Result<Self, NotInstalled> {
        let program = install(installed).map_err(NotInstalled)?;
        let folder = tempfile::tempdir().expect("the system gives a folder for temporary files");
        let [port] = free_ports();
        let redirect_url = redirect_url.to_owned();
        let mut provider = Self { folder, program, port, redirect_url, options, running: None };
        provider.restart();
        Ok(provider)
    }

    /// Its address.
    pub fn issuer(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Ends it at once, as when its machine fails.
    pub fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill();
        }
    }

    /// Starts it again at the same address, with another key and without memory.
    pub fn restart(&mut self) {
        self.kill();
        let settings = json!({
            "issuer": self.issuer(),
            "port": self.port,
            "redirect_urls": [self.redirect_url],
            "secret": Self::SECRET,
            "alg": self.options.alg,
            "auth_method": self.options.auth_method,
            "claims_in_id_token": self.options.claims_in_id_token,
        });
        let mut command = Command::new("node");
        command.arg(&self.program).arg(settings.to_string());
        let said = self.folder.path().join("provider.txt");
        self.running = Some(Running::start(&mut command, &[self.port], &said));
    }

    /// Settings for it. Its host must be allowed to the HTTP client: it is `localhost`, and without TLS.
    pub fn settings(&self) -> ProviderSettings {
        ProviderSettings {
            issuer: self.issuer(),
            client_id: Self::CLIENT.to_owned(),
            client_secret: Some(Self::SECRET.to_owned()),
            redirect_url: self.redirect_url.clone(),
            scopes: ["profile", "email", "groups"].map(str::to_owned).to_vec(),
            groups_claim: "groups".to_owned(),
        }
    }
}

/// One process installs, the others wait and find it done. The answer is the program; the error says what is missing.
fn install(below: &Path) -> Result<PathBuf, String> {
    let folder = below.join("oidc-provider");
    let fault = |fault: std::io::Error| format!("{}: {fault}", folder.display());
    std::fs::create_dir_all(&folder).map_err(fault)?;
    let lock = File::create(folder.join("lock")).map_err(fault)?;
    lock.lock().map_err(fault)?;
    let done = folder.join("done");
    let wanted: String = FILES.iter().map(|(_, text)| *text).collect();
    if std::fs::read_to_string(&done).is_ok_and(|there| there == wanted) {
        return Ok(folder.join("provider.mjs"));
    }
    for (name, text) in FILES {
        std::fs::write(folder.join(name), text).map_err(fault)?;
    }
    run(Command::new("node").arg("--version"))?;
    run(Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"])
        .current_dir(&folder))?;
    std::fs::write(&done, wanted).map_err(fault)?;
    Ok(folder.join("provider.mjs"))
}

fn run(command: &mut Command) -> Result<(), String> {
    let ran = command.output().map_err(|fault| format!("{command:?}: {fault}"))?;
    let said = String::from_utf8_lossy(&ran.stderr);
    if ran.status.success() { Ok(()) } else { Err(format!("{command:?}: {said}")) }
}
