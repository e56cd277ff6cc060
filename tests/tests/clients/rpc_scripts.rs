//! Python's xmlrpc.client as old upload scripts use it, and QGIS's vote.

use crate::look::{self, Repository, kinds, read, stored};
use crate::tools::Tools;
use cairn_store::both;
use cairn_tests::{PASSWORD, Person, TestApp, feed};
use serde_json::{Value, json};
use std::time::Duration;

fn rpc(tools: &Tools, words: &[&str]) -> Value {
    let mut command = tools.script("rpc.py");
    let (deed, rest) = words.split_first().expect("a deed");
    tools.succeed(command.arg(deed).arg(&tools.base).args(rest)).json()
}

both!(the_upload_script_of_many_plugins_works_with_credentials_in_the_address, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let (_ann, sue) = (app.person_with_password("ann").await, app.staff("sue").await);
    let repository = Repository::begin(&tools, "urban_lens", "Urban Lens", &[]);
    repository.tag("0.1", "First release");
    let file = repository.zip("0.1");
    let file_name = file.to_str().unwrap();

    let told = rpc(&tools, &["upload", "ann", "not her password", file_name]);
    assert_eq!(told["status"], 401, "{told}");
    let told = rpc(&tools, &["upload", "ann", PASSWORD, file_name, "--approve"]);
    assert_eq!(stored(&app, &t, "urban_lens").await, read(&file));
    assert!(look::feed(&app).await.is_empty(), "nobody approves their own by asking for it");
    sue.approve("urban_lens", "0.1").await;
    let [entry] = &look::feed(&app).await[..] else { panic!("one entry") };
    assert_eq!(told["plugin_id"].to_string(), entry["plugin_id"]);

    let again = rpc(&tools, &["upload", "ann", PASSWORD, file_name]);
    assert_eq!(again["fault"], 1, "{again}");
    assert!(again["text"].as_str().unwrap().contains("0.1"), "{again}");
    std::fs::write(&file, "no zip at all").unwrap();
    let broken = rpc(&tools, &["upload", "ann", PASSWORD, file_name]);
    let text = broken["text"].as_str().unwrap_or_else(|| panic!("{broken}"));
    // Scripts have looked for these words for years.
    assert!(text.contains("File upload must be a valid QGIS Python plugin compressed archive"), "{text}");
    assert_eq!(kinds(&app, "urban_lens").await.iter().filter(|kind| *kind == "VersionUploaded").count(), 1);
});

both!(python_reads_the_list_of_methods_and_tags, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let ann = app.trusted("ann").await;
    let repository = Repository::begin(&tools, "urban_lens", "Urban Lens", &[]);
    ann.upload_zip("urban_lens", repository.release("0.1")).await;
    app.settle().await;
    let told = rpc(&tools, &["ask", "system.listMethods"]);
    let methods: Vec<_> = told["answer"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for method in ["plugin.upload", "plugin.vote", "plugin.tags", "plugin.maintainers", "system.listMethods"]
    {
        assert!(methods.contains(&method), "{method} in {methods:?}");
    }
    let told = rpc(&tools, &["ask", "plugin.tags"]);
    assert_eq!(told["answer"], json!(["density", "urban planning", "vector"]));
    let told = rpc(&tools, &["ask", "plugin.maintainers"]);
    assert_eq!(told["status"], 401, "addresses are not for everybody");
    let told = rpc(&tools, &["ask", "plugin.download"]);
    assert!(told["fault"].is_i64(), "{told}");
});

/// Waits until the feed tells one vote of this score; votes enter the feed on a beat of their own. The average is
/// the sum divided by the number and a thousandth, as it always was there.
async fn rated(stranger: &Person, score: f64) {
    let mut entry = feed::Entry::new();
    for _ in 0..100 {
        let xml = stranger.text("/plugins/plugins.xml?qgis=3.40").await;
        entry = feed::entries(&xml).remove(0);
        if entry["rating_votes"] == "1" && entry["average_vote"] == (score / 1.001).to_string() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("one vote of {score} was expected: {entry:?}");
}

both!(a_click_on_a_star_in_qgis_is_one_vote, |t| {
    let app = TestApp::with(&t, |config| config.feed_counts_every = Duration::from_millis(100)).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let ann = app.trusted("ann").await;
    let plugin_id = ann.upload("lasso", "1.0").await["plugin_id"].to_string();
    app.settle().await;

    let told = rpc(&tools, &["vote", &plugin_id, "4"]);
    assert_eq!(told["status"], 200, "{told}");
    assert_eq!(told["body"]["id"], "djangorpc");
    assert!(told["body"]["result"].is_array() && told["body"].get("error").is_none(), "{told}");
    let stranger = app.stranger();
    rated(&stranger, 4.0).await;
    // The same click again changes the vote of the day, it does not add one.
    assert_eq!(rpc(&tools, &["vote", &plugin_id, "5"])["status"], 200);
    rated(&stranger, 5.0).await;

    for (id, score) in [("999999", "4"), (plugin_id.as_str(), "6"), (plugin_id.as_str(), "many")] {
        let told = rpc(&tools, &["vote", id, score]);
        assert!(told["body"]["error"].is_object(), "{id} {score}: {told}");
    }
    rated(&stranger, 5.0).await;
});
