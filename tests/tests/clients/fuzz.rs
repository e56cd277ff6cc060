//! schemathesis makes up requests of the GraphQL schema and of the OpenAPI document, good ones, ones at the edges and wrong ones:
//! nothing makes the server fail or hang.

use super::tools::in_ci;
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{Person, TestApp};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio::task::block_in_place;

/// What is installed from pip, with whatever it needs.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// Seconds that each round of requests takes.
const ROUND_SECS: &str = "15";

/// How long a round may take with its beginning and its report.
const ROUND_MAX: Duration = Duration::from_secs(90);

/// The program, installed once into a virtual environment. Where that fails the test is skipped with the reason; with `CI=true` it
/// fails.
fn schemathesis() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let installed = block_in_place(|| install(folder));
    match installed {
        Ok(program) => Some(program),
        Err(reason) => {
            assert!(!in_ci(), "schemathesis cannot be installed, and CI=true: {reason}");
            eprintln!("SKIPPED: schemathesis cannot be installed: {reason}");
            None
        }
    }
}

/// One process installs, the others wait and find it done.
fn install(folder: &Path) -> Result<PathBuf, String> {
    let told = |fault: std::io::Error| fault.to_string();
    let lock = File::create(folder.join("fuzz-venv.lock")).map_err(told)?;
    lock.lock().map_err(told)?;
    let venv = folder.join("fuzz-venv");
    let (program, done) = (venv.join("bin/schemathesis"), venv.join("installed.txt"));
    if std::fs::read_to_string(&done).is_ok_and(|was| was == SCHEMATHESIS) && program.exists() {
        return Ok(program);
    }
    let python = venv.join("bin/python");
    run(Command::new("python3").arg("-m").arg("venv").arg("--clear").arg(&venv))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", SCHEMATHESIS];
    run(Command::new(python).args(pip))?;
    std::fs::write(done, SCHEMATHESIS).map_err(told)?;
    Ok(program)
}

fn run(command: &mut Command) -> Result<(), String> {
    let ran = command.output().map_err(|fault| fault.to_string())?;
    if ran.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&ran.stderr).into_owned()) }
}

/// One round: this schema against this address, as this person.
fn round(program: &Path, schema: &Path, url: &str, credential: Option<&str>, phases: &str) {
    let folder = tempfile::tempdir().expect("the system gives a folder for temporary files");
    let hooks = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    let mut command = Command::new(program);
    command.current_dir(folder.path());
    command.env("PYTHONPATH", hooks).env("SCHEMATHESIS_HOOKS", "fuzz_hooks");
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("NO_PROXY", "127.0.0.1").env("LC_ALL", "C.UTF-8");
    command.arg("run").arg(schema).args(["--url", url, "--phases", phases]);
    command.args(["--max-time", ROUND_SECS, "-n", "3", "--no-shrink", "--generation-database", "none"]);
    command.args(["-c", "no_fault_of_ours", "--max-response-time", "10", "--request-timeout", "20"]);
    command.args(["--suppress-health-check", "all", "--warnings", "off"]);
    if let Some(token) = credential {
        command.args(["-H", &format!("Authorization: Bearer {token}")]);
        // Whoever ended their own sessions would be a stranger from then on.
        command.args(["--exclude-name-regex", "signOut|[eE]rase|endSession|changePassword"]);
    }
    let report = folder.path().join("report.txt");
    let file = || Stdio::from(File::options().create(true).append(true).open(&report).expect("a file"));
    let mut child = command.stdin(Stdio::null()).stdout(file()).stderr(file()).spawn().expect("it runs");
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        if begun.elapsed() > ROUND_MAX {
            child.kill().expect("a child can be killed");
            panic!(
                "it did not end within {ROUND_MAX:?}: {}",
                std::fs::read_to_string(&report).unwrap_or_default()
            );
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let said = std::fs::read_to_string(&report).expect("it was written");
    assert!(status.success(), "{said}");
    assert!(said.contains("passed"), "it asked nothing: {said}");
}

async fn small_catalogue(app: &TestApp) -> Person {
    let ann = app.trusted("ann").await;
    for package in ["lasso", "map"] {
        for version in ["1.0", "1.1"] {
            let zip = PackageBuilder::new(package).version(version).metadata_key("name", package);
            ann.upload_zip(package, zip.build()).await;
        }
    }
    app.settle().await;
    ann
}

both!(made_up_requests_find_no_fault, |t| {
    let app = TestApp::start(&t).await;
    let Some(program) = schemathesis() else { return };
    let ann = small_catalogue(&app).await;
    let token = app.sign_in(ann.account.expect("she has one")).await;
    let schema = t.folder().join("schema.graphql");
    std::fs::write(&schema, app.stranger().text("/graphql/schema.graphql").await).expect("a file");
    let rest = t.folder().join("openapi.json");
    std::fs::write(&rest, app.stranger().text("/openapi.json").await).expect("a file");
    let graphql = format!("{}/graphql", app.base);
    block_in_place(|| {
        round(&program, &schema, &graphql, None, "fuzzing");
        round(&program, &schema, &graphql, Some(&token), "fuzzing");
        round(&program, &rest, &app.base, Some(&token), "examples,fuzzing");
    });
    // It is there still, and answers.
    assert_eq!(app.stranger().text("/healthz").await, "ok\n");
    let answer = app.stranger().graphql("{ plugins { totalCount } }", serde_json::json!({})).await;
    assert!(answer["data"]["plugins"]["totalCount"].is_u64(), "{answer}");
});
