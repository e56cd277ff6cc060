//! What staff ask, what a version holds, what changed, and what happened to a plugin; and who is not told.

use cairn_cli::args::SettingsArgs;
use cairn_cli::config::Config;
use cairn_commands::account::BlockAccount;
use cairn_commands::intake::Purpose;
use cairn_domain::Actor;
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::ci_service::CiService;
use cairn_tests::{Person, TestApp};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn ask(person: &Person, query: &str) -> Value {
    let answer = person.graphql(query, json!({})).await;
    assert!(answer["errors"].is_null(), "{query}: {answer}");
    answer["data"].clone()
}

/// The code of the only error of an answer.
async fn code(person: &Person, query: &str) -> String {
    let answer = person.graphql(query, json!({})).await;
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
}

fn names(connection: &Value, field: &str) -> Vec<String> {
    let nodes = connection["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node[field].as_str().unwrap_or_default().to_owned()).collect()
}

both!(staff_look_for_accounts_and_nobody_else_does, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.trusted("ann").await, app.person("bob").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    app.operate(&BlockAccount {
        account: bob.id(),
        reason: Some("spam".into()),
        until: None,
        published: vec![],
    })
    .await;
    app.settle().await;

    let all = "{ accounts { totalCount nodes { name email blocked blockedReason trusted lastSignedInAt } } }";
    assert_eq!(code(&app.stranger(), all).await, "unauthenticated");
    assert_eq!(code(&ann, all).await, "not_staff");
    let made = "mutation { issueToken(input: { package: \"lasso\" }) { secret } }";
    let made = ask(&ann, made).await;
    let token = ann.with_bearer(made["issueToken"]["secret"].as_str().unwrap());
    assert_eq!(code(&token, all).await, "token_scope");

    let seen = &ask(&sue, all).await["accounts"];
    assert_eq!(
        (names(seen, "name"), &seen["totalCount"]),
        (vec!["sue".into(), "bob".into(), "ann".into()], &json!(3))
    );
    let told = &seen["nodes"][1];
    assert_eq!((&told["email"], &told["blockedReason"]), (&json!("bob@example.org"), &json!("spam")));
    assert!(seen["nodes"][2]["lastSignedInAt"].is_string(), "{seen}");
    for (filter, found) in [
        ("text: \"AN\"", vec!["ann"]),
        ("text: \"bob@ex\"", vec!["bob"]),
        ("text: \"example\"", vec![]),
        ("role: STAFF", vec!["sue"]),
        ("role: USER", vec!["bob", "ann"]),
        ("blocked: true", vec!["bob"]),
        ("trusted: true", vec!["ann"]),
        ("trusted: false, blocked: false", vec!["sue"]),
    ] {
        let seen = ask(&sue, &format!("{{ accounts({filter}) {{ totalCount nodes {{ name }} }} }}")).await;
        assert_eq!(names(&seen["accounts"], "name"), found, "{filter}");
        assert_eq!(seen["accounts"]["totalCount"], found.len(), "{filter}");
    }
    let page = |arguments: String| {
        format!(
            "{{ accounts({arguments}) {{ nodes {{ name }} pageInfo {{ endCursor startCursor hasNextPage hasPreviousPage }} }} }}"
        )
    };
    let first = ask(&sue, &page("first: 2".into())).await;
    assert_eq!(first["accounts"]["pageInfo"]["hasNextPage"], true);
    let end = first["accounts"]["pageInfo"]["endCursor"].as_str().unwrap();
    let next = ask(&sue, &page(format!("first: 2, after: \"{end}\""))).await;
    assert_eq!(
        (names(&next["accounts"], "name"), &next["accounts"]["pageInfo"]["hasNextPage"]),
        (vec!["ann".into()], &json!(false))
    );
    let start = next["accounts"]["pageInfo"]["startCursor"].as_str().unwrap();
    let back = ask(&sue, &page(format!("last: 1, before: \"{start}\""))).await;
    assert_eq!(names(&back["accounts"], "name"), ["bob"]);
    assert_eq!(back["accounts"]["pageInfo"]["hasPreviousPage"], true);
    assert_eq!(code(&sue, &page("first: 1, after: \"x\"".into())).await, "invalid_input");
    let long = format!("{{ accounts(text: \"{}\") {{ totalCount }} }}", "a".repeat(255));
    assert_eq!(code(&sue, &long).await, "invalid_input");
});

both!(what_an_account_did_is_for_itself_and_staff, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.trusted("ann").await, app.person("bob").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    let vote = "mutation { castVote(input: { package: \"lasso\", score: 5 }) { position } }";
    ask(&ann, vote).await;
    app.settle().await;
    let query = "{ account(name: \"ann\") { blockedReason lastSignedInAt
        events(first: 2) { totalCount nodes { kind actorAccountId } pageInfo { endCursor hasNextPage } } } }";
    for somebody in [&ann, &sue] {
        let told = &ask(somebody, query).await["account"];
        let events = &told["events"];
        assert_eq!(names(events, "kind").len(), 2, "{events}");
        assert!(events["totalCount"].as_u64().unwrap() >= 3 && told["lastSignedInAt"].is_string());
        let mut cursor = events["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        let mut kinds = names(events, "kind");
        loop {
            let page = format!(
                "{{ account(name: \"ann\") {{ events(first: 2, after: \"{cursor}\") {{
                    nodes {{ kind }} pageInfo {{ endCursor hasNextPage }} }} }} }}"
            );
            let page = ask(somebody, &page).await;
            let events = &page["account"]["events"];
            kinds.extend(names(events, "kind"));
            if events["pageInfo"]["hasNextPage"] == false {
                break;
            }
            cursor = events["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        }
        assert_eq!(kinds.len() as u64, events["totalCount"].as_u64().unwrap());
        let uploaded = kinds.iter().position(|kind| kind == "VersionUploaded");
        let registered = kinds.iter().position(|kind| kind == "PluginRegistered");
        assert!(uploaded.is_some() && uploaded < registered, "the newest first: {kinds:?}");
        assert!(!kinds.contains(&"VoteCast".to_owned()), "nobody is told who voted");
    }
    for nobody in [&bob, &app.stranger()] {
        let told = &ask(nobody, query).await["account"];
        assert_eq!((&told["events"]["totalCount"], &told["lastSignedInAt"]), (&json!(0), &json!(null)));
    }
});

both!(the_queue_has_what_waits_with_what_it_changes, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.person("ann").await, app.person("bob").await, app.staff("sue").await);
    let package = |version: &str| PackageBuilder::new("lasso").version(version).metadata_key("name", "Lasso");
    ann.upload_zip("lasso", package("1.0").file("old.py", "old").file("both.py", "one").build()).await;
    bob.upload("tools", "1.0").await;
    app.settle().await;
    let queue = "{ reviewQueue { totalCount nodes { number plugin { package creator { name trusted } }
        uploadedBy { name } changes { base { number } } } } }";
    let seen = &ask(&sue, queue).await["reviewQueue"];
    assert_eq!(seen["totalCount"], 2);
    assert_eq!(seen["nodes"][0]["plugin"]["package"], "lasso", "the oldest first");
    assert_eq!(seen["nodes"][0]["changes"], json!(null), "there is nothing to compare it with");
    let mine = &ask(&bob, queue).await["reviewQueue"];
    assert_eq!((&mine["totalCount"], &mine["nodes"][0]["plugin"]["package"]), (&json!(1), &json!("tools")));
    assert_eq!(code(&app.stranger(), queue).await, "unauthenticated");

    sue.approve("lasso", "1.0").await;
    let next = package("1.1").metadata_key("tags", "vector").metadata_key("email", "new@example.org");
    ann.upload_zip("lasso", next.file("new.py", "new").file("both.py", "two").build()).await;
    let digest = ask(&sue, "{ version(package: \"tools\", version: \"1.0\") { sha256 } }").await;
    let refuse = format!(
        "mutation {{ refuseVersion(input: {{ package: \"tools\", version: \"1.0\", sha256: {}, reason: \"no licence\" }}) {{ position }} }}",
        digest["version"]["sha256"]
    );
    ask(&sue, &refuse).await;
    app.settle().await;
    let changes = "{ reviewQueue(first: 5) { totalCount nodes { number uploadedBy { name } findings { code }
        changes { base { number } qgisMin { before after } experimentalChanged sizeBytesBefore sizeBytes
            metadata { key before after }
            files { addedCount removedCount changedCount added { path } removed { path } changed { path sizeBytesBefore sizeBytes } } } } } }";
    let seen = &ask(&sue, changes).await["reviewQueue"];
    assert_eq!((&seen["totalCount"], &seen["nodes"][0]["number"]), (&json!(1), &json!("1.1")), "{seen}");
    let told = &seen["nodes"][0]["changes"];
    assert_eq!((&told["base"]["number"], &told["qgisMin"]), (&json!("1.0"), &json!(null)));
    let metadata = json!([
        { "key": "version", "before": "1.0", "after": "1.1" },
        { "key": "email", "before": "ann@example.org", "after": "new@example.org" },
        { "key": "tags", "before": null, "after": "vector" }
    ]);
    assert_eq!(told["metadata"], metadata);
    let files = &told["files"];
    assert_eq!(files["added"], json!([{ "path": "lasso/new.py" }]));
    assert_eq!(files["removed"], json!([{ "path": "lasso/old.py" }]));
    let changed = files["changed"].as_array().unwrap();
    assert!(
        changed.contains(&json!({ "path": "lasso/both.py", "sizeBytesBefore": 3, "sizeBytes": 3 })),
        "{files}"
    );
    assert_eq!(files["changedCount"], changed.len(), "metadata.txt is another as well");
});

both!(a_version_shows_its_files_and_metadata_to_who_may_see_it, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.person("ann").await, app.person("bob").await, app.staff("sue").await);
    let zip = PackageBuilder::new("lasso")
        .version("1.0")
        .metadata_key("unheard", "of")
        .metadata_key("icon", "missing.png")
        .file("big.py", vec![b'#'; 5000]);
    ann.upload_zip("lasso", zip.build()).await;
    app.settle().await;
    let query = "{ version(package: \"lasso\", version: \"1.0\") {
        files { count unpackedBytes files { path sizeBytes packedBytes } } metadata { key value }
        findings { code severity entry line message mend } publishedBy { summary byToken account { name } } } }";
    assert_eq!(ask(&app.stranger(), query).await["version"], json!(null), "it waits");
    sue.approve("lasso", "1.0").await;
    let value = |version: &Value, key: &str| {
        let entries = version["metadata"].as_array().unwrap().iter();
        entries.filter(|entry| entry["key"] == key).map(|entry| entry["value"].clone()).next()
    };
    for (who, knows) in [(&ann, true), (&sue, true), (&bob, false), (&app.stranger(), false)] {
        let version = &ask(who, query).await["version"];
        let files = version["files"]["files"].as_array().unwrap();
        assert_eq!(version["files"]["count"], files.len());
        let big = files.iter().find(|file| file["path"] == "lasso/big.py").unwrap();
        assert_eq!(big["sizeBytes"], 5000);
        assert!(
            big["packedBytes"].as_u64().unwrap() < 100
                && version["files"]["unpackedBytes"].as_u64() > Some(5000)
        );
        assert_eq!(value(version, "unheard"), Some(json!("of")), "also what nobody asks for");
        assert_eq!(value(version, "author"), Some(json!("Ann Author")));
        assert_eq!(value(version, "email").is_some(), knows, "{}", who.name);
        let by = json!({ "summary": "ann", "byToken": false, "account": { "name": "ann" } });
        assert_eq!(version["publishedBy"], by);
        let findings = version["findings"].as_array().unwrap();
        assert!(!findings.is_empty(), "there is no icon: {version}");
        let placed =
            findings.iter().any(|finding| finding["entry"].is_string() || finding["key"].is_string());
        assert_eq!(placed, knows, "{findings:?}");
        assert!(
            findings.iter().all(|finding| finding["severity"] == "WARNING" && finding["mend"].is_string())
        );
    }
});

both!(a_large_package_is_read_of_its_directory, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    let mut zip = PackageBuilder::new("lasso").version("1.0").stored();
    for n in 0..3000 {
        zip = zip.file(&format!("data/a_rather_long_name_of_a_file_{n:04}.txt"), "x");
    }
    ann.upload_zip("lasso", zip.build()).await;
    app.settle().await;
    let query = "{ version(package: \"lasso\", version: \"1.0\") { files { count files { path } } metadata { key } } }";
    let version = &ask(&app.stranger(), query).await["version"];
    assert_eq!(version["files"]["count"], 3003);
    assert_eq!(version["files"]["files"].as_array().unwrap().len(), 2000, "no more than 2,000 are told");
    assert!(version["metadata"].as_array().unwrap().len() >= 8);
});

both!(a_history_is_told_in_sentences_and_what_is_between_owners_to_them, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.person("ann").await, app.person("bob").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    sue.approve("lasso", "1.0").await;
    ann.upload("lasso", "1.1").await;
    let yank = "mutation { yankVersion(input: { package: \"lasso\", version: \"1.0\", reason: \"it breaks\" }) { position } }";
    ask(&ann, yank).await;
    let invite = "mutation { inviteOwner(input: { package: \"lasso\", account: \"bob\" }) { position } }";
    ask(&ann, invite).await;
    app.settle().await;
    let query = "{ plugin(package: \"lasso\") { history { totalCount nodes { kind who by { name } version reason summary at } } } }";
    let told = |seen: &Value| names(&seen["plugin"]["history"], "summary");
    let staff = ask(&sue, query).await;
    let own = ask(&ann, query).await;
    assert_eq!(told(&staff), told(&own));
    assert_eq!(
        told(&own),
        [
            "Somebody was invited to own it.",
            "Version 1.0 is offered no longer.",
            "Version 1.1 was uploaded.",
            "Version 1.0 was approved and is public.",
            "Version 1.0 was uploaded.",
            "The plugin was registered."
        ]
    );
    for nobody in [&bob, &app.stranger()] {
        let public = ask(nobody, query).await;
        assert_eq!(
            told(&public),
            [
                "Version 1.0 is offered no longer.",
                "Version 1.0 was approved and is public.",
                "Version 1.0 was uploaded.",
                "The plugin was registered."
            ]
        );
        let yanked = &public["plugin"]["history"]["nodes"][0];
        assert_eq!(
            (&yanked["who"], &yanked["reason"], &yanked["version"]),
            (&json!("ann"), &json!("it breaks"), &json!("1.0"))
        );
    }
});

both!(who_published_is_told_as_the_run_of_a_workflow, |t| {
    let ci = CiService::start().await;
    let app = TestApp::with(&t, |config| ci.believed(config)).await;
    let ann = app.trusted("ann").await;
    ann.upload("lasso", "1.0").await;
    let name = format!(
        "mutation {{ namePublisher(input: {{ package: \"lasso\", issuer: \"{}\", repository: \"Ann/Lasso\",
            workflow: \"release.yml\", mayApprove: true }}) {{ publisherId }} }}",
        ci.issuer
    );
    ask(&ann, &name).await;
    let body = json!({ "token": ci.token(&[]), "package": "lasso" });
    let exchange = app.stranger().request(Method::POST, "/plugins/api/publish/exchange/").json(&body);
    let got: Value = exchange.send().await.unwrap().json().await.unwrap();
    let run = app.stranger().with_bearer(got["token"].as_str().unwrap());
    run.upload("lasso", "1.1").await;
    app.settle().await;
    let query = "{ plugin(package: \"lasso\") { publishedBy { summary } }
        new: version(package: \"lasso\", version: \"1.1\") { publishedBy { summary repository workflow gitRef byToken account { name } } }
        old: version(package: \"lasso\", version: \"1.0\") { publishedBy { summary repository byToken } } }";
    let seen = ask(&app.stranger(), query).await;
    let told = &seen["new"]["publishedBy"];
    assert_eq!((&told["byToken"], &told["account"]["name"]), (&json!(true), &json!("ann")), "{seen}");
    assert_eq!(told["workflow"], ".github/workflows/release.yml");
    let summary = told["summary"].as_str().unwrap();
    assert!(
        summary.to_lowercase().starts_with("ann/lasso@refs/")
            && summary.ends_with(" by .github/workflows/release.yml"),
        "{summary}"
    );
    assert_eq!(seen["plugin"]["publishedBy"]["summary"], summary);
    assert_eq!(seen["old"]["publishedBy"], json!({ "summary": "ann", "repository": null, "byToken": false }));
});

both!(the_site_tells_its_limits_and_features_and_staff_its_version, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    let query = "{ site { limits { packageBytesMax pageSizeMax } programVersion
        features { sendsMail providers { name title } directory knowsCountries baseUrl } } }";
    let told = &ask(&ann, query).await["site"];
    assert_eq!(told["limits"], json!({ "packageBytesMax": 25_000_000, "pageSizeMax": 100 }));
    let features = &told["features"];
    assert_eq!((&features["providers"], &features["directory"]), (&json!([]), &json!(null)));
    assert_eq!((&features["sendsMail"], &features["knowsCountries"]), (&json!(false), &json!(false)));
    assert_eq!(told["programVersion"], json!(null));
    assert!(ask(&sue, query).await["site"]["programVersion"].is_string());
});

both!(staff_are_told_what_is_kept_and_what_waits, |t| {
    // A mail server that never answers: letters wait.
    let nowhere = SettingsArgs {
        smtp_url: Some("smtp://127.0.0.1:1".parse().unwrap()),
        mail_from_address: Some("noreply@plugins.example.org".into()),
        ..SettingsArgs::default()
    };
    let mail = Config::load(&nowhere).unwrap().mail;
    let app = TestApp::with(&t, |config| config.mail = mail).await;
    let (ann, sue) = (app.trusted("ann").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    assert!(app.stranger().get("/plugins/plugins.xml?qgis=3.40").await.status().is_success());
    let zip = PackageBuilder::new("other").metadata_key("name", "other").build();
    let staged = app
        .house
        .intake()
        .stage(Purpose::default(), zip.clone().into(), Actor::Account { account: ann.id() })
        .await
        .unwrap();
    assert!(staged.kept.is_some());

    let all = "{ upkeep { feedsKept feedsKeptBytes lettersWaiting oldestLetterAt stagedPackages stagedBytes databaseBytes } }";
    assert_eq!(code(&app.stranger(), all).await, "unauthenticated");
    assert_eq!(code(&ann, all).await, "not_staff");
    let begun = Instant::now();
    let told = loop {
        let told = ask(&sue, all).await["upkeep"].clone();
        if told["lettersWaiting"].as_u64() > Some(0) {
            break told;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "no letter waits: {told}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    };
    let oldest: DateTime<Utc> = told["oldestLetterAt"].as_str().unwrap().parse().unwrap();
    let age = app.app.clock.now() - oldest;
    assert!(age >= TimeDelta::zero() && age < TimeDelta::minutes(5), "{told}");
    assert_eq!((&told["stagedPackages"], &told["stagedBytes"]), (&json!(1), &json!(zip.len())));
    assert!(told["feedsKept"].as_u64() >= Some(1) && told["feedsKeptBytes"].as_u64() > Some(100), "{told}");
    assert!(told["databaseBytes"].as_u64() > Some(100_000), "{told}");
});
