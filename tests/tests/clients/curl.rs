//! curl, as the documentation of the present site and people's scripts call it.

use crate::look::{Repository, downloaded, feed, kinds, last_upload, read, stored, token};
use crate::tools::Tools;
use cairn_store::both;
use cairn_tests::TestApp;
use serde_json::{Value, json};

/// `curl -F package=@FILE` with a token; the status and the JSON of the answer.
fn post(tools: &Tools, token: &str, path: &str, fields: &[&str]) -> (u16, Value) {
    let mut command = tools.command("curl");
    command.args(["--silent", "--show-error", "--max-time", "60", "--output", "answer.json"]);
    command.args(["--write-out", "%{http_code}", "-H", &format!("Authorization: Bearer {token}")]);
    for field in fields {
        command.args(["-F", field]);
    }
    let ran = tools.succeed(command.arg(format!("{}{path}", tools.base)));
    let answer = read(&tools.path("answer.json"));
    (ran.out.parse().expect("a status"), serde_json::from_slice(&answer).unwrap_or(Value::Null))
}

both!(curl_adds_a_version_and_replaces_it_while_it_waits, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    let token = token(&app, &ann, "urban_lens").await;
    let repository = Repository::begin(&tools, "urban_lens", "Urban Lens", &[]);
    repository.tag("1.0.0", "First release");
    let first = format!("package=@{}", repository.zip("1.0.0").display());
    repository.tag("1.0.1", "Second thoughts");
    let second_file = repository.zip("1.0.1");
    let second = format!("package=@{}", second_file.display());

    let fields = [first.as_str(), "changelog=First release", "auto_approve_after_scan=true"];
    let (status, answer) = post(&tools, &token, "/plugins/api/urban_lens/version/add/", &fields);
    assert_eq!(
        (status, &answer["success"], &answer["version"]),
        (201, &json!(true), &json!("1.0.0")),
        "{answer}"
    );
    assert_eq!(answer["approved"], false);

    // Without the final slash, as scripts write it; a redirect would make a GET of it.
    let (status, answer) = post(&tools, &token, "/plugins/api/urban_lens/version/1.0.0/update", &[&second]);
    assert_eq!(status, 201, "{answer}");
    assert_eq!(answer["version"], "1.0.1");
    assert_eq!(kinds(&app, "urban_lens").await.iter().filter(|kind| *kind == "VersionReplaced").count(), 1);
    app.settle().await;

    sue.approve("urban_lens", "1.0.1").await;
    let [entry] = &feed(&app).await[..] else { panic!("one entry") };
    assert_eq!(entry["version"], "1.0.1");
    assert_eq!(downloaded(&app, entry).await, read(&second_file));

    let (status, answer) = post(&tools, &token, "/plugins/api/urban_lens/version/1.0.1/update", &[&second]);
    assert!((400..500).contains(&status), "an approved version stays as it is: {status} {answer}");
});

both!(curl_is_told_what_is_wrong, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let ann = app.person("ann").await;
    let token = token(&app, &ann, "urban_lens").await;
    let add = "/plugins/api/urban_lens/version/add";
    std::fs::write(tools.path("text.zip"), "no zip at all").unwrap();
    let repository = Repository::begin(&tools, "other_folder", "Other", &[]);
    repository.tag("1.0.0", "First release");
    let other = format!("package=@{}", repository.zip("1.0.0").display());

    let (status, answer) = post(&tools, &token, add, &["package=@text.zip"]);
    assert_eq!((status, &answer["code"]), (400, &json!("package_refused")), "{answer}");
    let (status, answer) = post(&tools, &token, add, &["changelog=but no package"]);
    assert_eq!((status, &answer["success"]), (400, &json!(false)), "{answer}");
    assert!(answer["errors"]["package"].is_array(), "{answer}");
    let (status, answer) = post(&tools, &token, add, &[&other]);
    assert!((400..500).contains(&status), "the token is for another plugin: {status} {answer}");
    let (status, _) = post(&tools, "cairn_nothing", add, &[&other]);
    assert_eq!(status, 403);
    assert!(kinds(&app, "urban_lens").await.is_empty() && kinds(&app, "other_folder").await.is_empty());
});

both!(curl_names_the_file_it_saves_as_the_site_always_did, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let ann = app.trusted("ann").await;
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    let address = format!("{}/plugins/lasso/version/1.0/download/", tools.base);
    // -OJ saves under the name that the answer gives.
    tools.succeed(tools.command("curl").args(["--silent", "--fail", "--max-time", "60", "-OJ", &address]));
    assert_eq!(read(&tools.path("lasso-1.0.zip")), stored(&app, &t, "lasso").await);
    assert_eq!(last_upload(&app, "lasso").await.0.version.as_str(), "1.0");
});
