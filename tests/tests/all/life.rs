//! The life of a plugin and its versions, led through GraphQL: what feed, list, page and download answer after each act.

use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{Person, TestApp, feed};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Carries out a deed, waits until everybody sees it, and answers its payload.
async fn done(app: &TestApp, person: &Person, deed: &str, input: Value, answer: &str) -> Value {
    let result = give(person, deed, input, answer).await;
    assert!(result["errors"].is_null(), "{deed}: {result}");
    app.settle().await;
    result["data"][deed].clone()
}

/// The code of a deed's refusal.
async fn refused(person: &Person, deed: &str, input: Value) -> String {
    let result = give(person, deed, input, "position").await;
    let code = result["errors"][0]["extensions"]["code"].as_str();
    code.unwrap_or_else(|| panic!("{deed} was not refused: {result}")).to_owned()
}

async fn give(person: &Person, deed: &str, input: Value, answer: &str) -> Value {
    let sort = match deed {
        "undeprecatePlugin" | "featurePlugin" | "unfeaturePlugin" | "restorePlugin" => "Plugin".to_owned(),
        "markForDeletion" | "tombstonePlugin" => "DeletePlugin".to_owned(),
        _ => format!("{}{}", deed[..1].to_uppercase(), &deed[1..]),
    };
    let query = format!("mutation($input: {sort}Input!) {{ {deed}(input: $input) {{ {answer} }} }}");
    person.graphql(&query, json!({ "input": input })).await
}

/// The data of a question.
async fn ask(person: &Person, query: &str) -> Value {
    let answer = person.graphql(query, json!({})).await;
    assert!(answer["errors"].is_null(), "{query}: {answer}");
    answer["data"].clone()
}

/// What the feed of a QGIS lists: package and version.
async fn in_feed(app: &TestApp, qgis: &str) -> Vec<(String, String)> {
    let xml = app.stranger().text(&format!("/plugins/plugins.xml?qgis={qgis}")).await;
    let entries = feed::entries(&xml).into_iter();
    entries.map(|entry| (entry["name"].clone(), entry["version"].clone())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, version)| ((*name).to_owned(), (*version).to_owned())).collect()
}

async fn status(person: &Person, path: &str) -> StatusCode {
    person.get(path).await.status()
}

/// The status as browsers get it, and the page.
async fn browse(person: &Person, path: &str) -> (StatusCode, String) {
    let request = person.request(Method::GET, path).header("accept", "text/html");
    let response = request.send().await.expect("the server answers");
    (response.status(), response.text().await.expect("a text"))
}

fn lasso() -> Value {
    json!({ "package": "lasso" })
}

fn version(number: &str) -> Value {
    json!({ "package": "lasso", "version": number })
}

fn with(mut input: Value, field: &str, value: impl Into<Value>) -> Value {
    input[field] = value.into();
    input
}

async fn upload(person: &Person, version: &str, keys: &[(&str, &str)]) -> Value {
    let builder = PackageBuilder::new("lasso").version(version).metadata_key("name", "lasso");
    let builder = keys.iter().fold(builder, |builder, (key, value)| builder.metadata_key(key, value));
    person.upload_zip("lasso", builder.build()).await
}

both!(a_yanked_version_leaves_feed_and_json_but_not_its_page_and_file, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, visitor) = (app.trusted("ann").await, app.person("bob").await, app.stranger());
    upload(&ann, "1.0", &[]).await;
    upload(&ann, "1.1", &[]).await;
    app.settle().await;
    assert_eq!(in_feed(&app, "3.34").await, pairs(&[("lasso", "1.1")]));
    let yank = with(version("1.1"), "reason", "eats <b>layers</b>");
    assert_eq!(refused(&bob, "yankVersion", yank.clone()).await, "not_owner");
    assert_eq!(refused(&visitor, "yankVersion", yank.clone()).await, "unauthenticated");
    let silent = with(version("1.1"), "reason", " ");
    assert_eq!(refused(&ann, "yankVersion", silent).await, "invalid_input");
    let told = done(&app, &ann, "yankVersion", yank, "number version { yanked yankedReason approved }").await;
    assert_eq!(
        told["version"],
        json!({ "yanked": true, "yankedReason": "eats <b>layers</b>", "approved": true })
    );

    assert_eq!(in_feed(&app, "3.34").await, pairs(&[("lasso", "1.0")]));
    let described = visitor.json("/plugins/lasso/json").await;
    assert_eq!(described["latest_version"], "1.0");
    assert_eq!(described["versions"].as_array().map(Vec::len), Some(1));
    assert_eq!(status(&visitor, "/plugins/lasso/version/1.1/json").await, StatusCode::OK);
    assert_eq!(status(&visitor, "/plugins/lasso/version/1.1/download/").await, StatusCode::OK);
    let (code, page) = browse(&visitor, "/plugins/lasso/version/1.1/").await;
    assert_eq!(code, StatusCode::OK);
    assert!(page.contains("Yanked") && page.contains("eats &#60;b&#62;layers"), "{page}");
    let (_, page) = browse(&visitor, "/plugins/lasso/").await;
    assert!(page.contains(">yanked<"), "{page}");

    let other = with(version("1.0"), "reason", "old");
    done(&app, &ann, "yankVersion", other, "position").await;
    assert_eq!(in_feed(&app, "3.34").await, []);
    assert_eq!(browse(&visitor, "/plugins/lasso/").await.0, StatusCode::OK);
    assert_eq!(status(&visitor, "/plugins/lasso/json").await, StatusCode::NOT_FOUND);
    let seen =
        ask(&visitor, "{ plugins { totalCount } plugin(package: \"lasso\") { listed stable { number } } }");
    let seen = seen.await;
    assert_eq!(seen["plugins"]["totalCount"], 0);
    assert_eq!(seen["plugin"], json!({ "listed": false, "stable": null }));
    done(&app, &ann, "unyankVersion", version("1.1"), "position").await;
    assert_eq!(in_feed(&app, "3.34").await, pairs(&[("lasso", "1.1")]));
});

both!(a_pinned_version_is_listed_where_its_qgis_runs_it, |t| {
    let app = TestApp::start(&t).await;
    let (ann, visitor) = (app.trusted("ann").await, app.stranger());
    let until = [("qgisMinimumVersion", "3.10"), ("qgisMaximumVersion", "3.28")];
    upload(&ann, "1.0", &until).await;
    upload(&ann, "1.1", &[("qgisMinimumVersion", "3.16")]).await;
    upload(&ann, "2.0", &[("qgisMinimumVersion", "3.16")]).await;
    upload(&ann, "3.0", &[("experimental", "True")]).await;
    app.settle().await;
    let pin = |number: &str, channel: &str| with(version(number), "channel", channel);
    assert_eq!(refused(&ann, "pinVersion", pin("1.0", "EXPERIMENTAL")).await, "wrong_channel");
    done(&app, &ann, "pinVersion", pin("1.0", "STABLE"), "version { pinned }").await;
    for (qgis, stable) in [("3.12", "1.0"), ("3.22", "1.0"), ("3.34", "2.0")] {
        let listed = in_feed(&app, qgis).await;
        assert_eq!(listed.first(), pairs(&[("lasso", stable)]).first(), "QGIS {qgis}");
    }
    let seen = "{ plugin(package: \"lasso\") { stable { number } pins { channel version { number } } }
        feed(qgis: \"3.22\") { entries { entries { stable { number } experimental { number } } } } }";
    let told = ask(&visitor, seen).await;
    assert_eq!(told["plugin"]["stable"]["number"], "1.0");
    assert_eq!(told["plugin"]["pins"], json!([{ "channel": "STABLE", "version": { "number": "1.0" } }]));
    let entry = &told["feed"]["entries"]["entries"][0];
    assert_eq!(entry["stable"]["number"], "1.0", "GraphQL tells the feed as it is");

    let yank = with(version("1.0"), "reason", "old");
    done(&app, &ann, "yankVersion", yank, "position").await;
    assert_eq!(in_feed(&app, "3.22").await[0].1, "2.0");
    assert_eq!(refused(&ann, "pinVersion", pin("1.0", "STABLE")).await, "version_yanked");
    done(&app, &ann, "unyankVersion", version("1.0"), "position").await;
    assert_eq!(in_feed(&app, "3.22").await[0].1, "1.0");
    done(&app, &ann, "deleteVersion", version("1.0"), "plugin { pins { channel } }").await;
    assert_eq!(in_feed(&app, "3.22").await[0].1, "2.0");
    done(&app, &ann, "pinVersion", pin("1.1", "STABLE"), "position").await;
    let unpin = json!({ "package": "lasso", "channel": "STABLE" });
    done(&app, &ann, "unpinVersion", unpin, "plugin { stable { number } }").await;
    assert_eq!(in_feed(&app, "3.34").await[0].1, "2.0");
});

both!(a_marked_plugin_is_hidden_at_once_and_comes_back, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.trusted("ann").await, app.person("bob").await, app.staff("sue").await);
    let visitor = app.stranger();
    upload(&ann, "1.0", &[("tags", "mesh")]).await;
    app.settle().await;
    let mark = with(lasso(), "reason", "not mine");
    assert_eq!(refused(&bob, "markForDeletion", mark.clone()).await, "not_owner");
    assert_eq!(refused(&ann, "restorePlugin", lasso()).await, "plugin_not_deleted");
    let answer = "plugin { listed deletion { restorableUntil reason } }";
    let told = done(&app, &ann, "markForDeletion", mark, answer).await;
    assert_eq!(
        (&told["plugin"]["listed"], &told["plugin"]["deletion"]["reason"]),
        (&json!(false), &json!("not mine"))
    );
    assert!(told["plugin"]["deletion"]["restorableUntil"].is_string(), "{told}");

    assert_eq!(in_feed(&app, "3.34").await, []);
    let paths = [
        "/plugins/lasso/json",
        "/plugins/lasso/latest/",
        "/plugins/lasso/version/1.0/json",
        "/plugins/lasso/version/1.0/download/",
    ];
    for path in paths {
        for nobody in [&visitor, &bob] {
            assert_eq!(status(nobody, path).await, StatusCode::NOT_FOUND, "{path}");
        }
    }
    for (who, code) in [
        (&visitor, StatusCode::NOT_FOUND),
        (&bob, StatusCode::NOT_FOUND),
        (&ann, StatusCode::OK),
        (&sue, StatusCode::OK),
    ] {
        assert_eq!(status(who, "/plugins/lasso/version/1.0/download/").await, code, "{}", who.name);
        for path in ["/plugins/lasso/", "/plugins/lasso/version/1.0/"] {
            let (seen, page) = browse(who, path).await;
            assert_eq!(seen, code, "{path} for {}", who.name);
            assert_eq!(page.contains("Marked for deletion"), code == StatusCode::OK, "{page}");
        }
    }
    let query =
        "{ plugin(package: \"lasso\") { package } version(package: \"lasso\", version: \"1.0\") { number }
        plugins { totalCount } }";
    assert_eq!(
        ask(&visitor, query).await,
        json!({ "plugin": null, "version": null, "plugins": { "totalCount": 0 } })
    );
    let deleted = "{ plugins(filter: { state: DELETED }) { nodes { package } } }";
    for who in [&ann, &sue] {
        let found = ask(who, deleted).await;
        assert_eq!(found["plugins"]["nodes"], json!([{ "package": "lasso" }]), "{}", who.name);
    }
    assert_eq!(ask(&bob, deleted).await["plugins"]["nodes"], json!([]));
    let zip = PackageBuilder::new("lasso").version("1.1").metadata_key("name", "lasso").build();
    let response = ann.upload_to("lasso", zip).await;
    assert_eq!(response.json::<Value>().await.unwrap()["code"], "plugin_deleted");
    for (deed, input) in [
        ("yankVersion", with(version("1.0"), "reason", "x")),
        ("approveVersion", version("1.0")),
        ("deprecatePlugin", lasso()),
        ("castVote", with(lasso(), "score", 5)),
        ("allowRenaming", with(lasso(), "allowed", true)),
    ] {
        assert_eq!(refused(&sue, deed, input).await, "plugin_deleted", "{deed}");
    }

    done(&app, &ann, "restorePlugin", lasso(), "plugin { listed deletion { reason } }").await;
    assert_eq!(in_feed(&app, "3.34").await, pairs(&[("lasso", "1.0")]));
    assert_eq!(status(&visitor, "/plugins/lasso/version/1.0/download/").await, StatusCode::OK);
    assert_eq!(browse(&visitor, "/plugins/lasso/").await.0, StatusCode::OK);
});

both!(a_tombstone_keeps_its_name_until_staff_give_it_away, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.trusted("ann").await, app.trusted("bob").await, app.staff("sue").await);
    upload(&ann, "1.0", &[]).await;
    app.settle().await;
    let id = ask(&ann, "{ plugin(package: \"lasso\") { pluginId } }").await["plugin"]["pluginId"].clone();
    assert_eq!(refused(&sue, "tombstonePlugin", lasso()).await, "plugin_not_deleted");
    done(&app, &ann, "markForDeletion", lasso(), "position").await;
    assert_eq!(refused(&ann, "tombstonePlugin", lasso()).await, "not_staff");
    let revive = with(lasso(), "owner", "bob");
    assert_eq!(refused(&sue, "revivePlugin", revive.clone()).await, "plugin_deleted");
    done(&app, &sue, "tombstonePlugin", with(lasso(), "reason", "malware"), "position").await;
    for who in [&app.stranger(), &ann, &sue] {
        assert_eq!(status(who, "/plugins/lasso/version/1.0/download/").await, StatusCode::NOT_FOUND);
    }
    for who in [&app.stranger(), &ann] {
        assert_eq!(browse(who, "/plugins/lasso/").await.0, StatusCode::NOT_FOUND);
    }
    let (seen_by_staff, page) = browse(&sue, "/plugins/lasso/").await;
    assert!(seen_by_staff == StatusCode::OK && page.contains("Gone for good"), "{page}");
    let gone = "{ plugin(package: \"lasso\") { deletion { restorableUntil } versions { number } } }";
    assert_eq!(ask(&ann, gone).await["plugin"], Value::Null);
    let told = ask(&sue, gone).await;
    assert_eq!(told["plugin"], json!({ "deletion": { "restorableUntil": null }, "versions": [] }));
    for (who, package) in [(&ann, "lasso"), (&bob, "lasso"), (&bob, "LASSO")] {
        let zip = PackageBuilder::new(package).version("2.0").metadata_key("name", "lasso").build();
        let body: Value = who.upload_to(package, zip).await.json().await.unwrap();
        let expected = if package == "lasso" { "plugin_gone" } else { "package_name_taken" };
        assert_eq!(body["code"], expected, "{body}");
    }
    let other = PackageBuilder::new("rope").version("1.0").metadata_key("name", "lasso").build();
    let body: Value = bob.upload_to("rope", other).await.json().await.unwrap();
    assert_eq!(body["code"], "plugin_name_taken", "its name stays reserved");
    assert_eq!(refused(&ann, "restorePlugin", lasso()).await, "plugin_gone");

    done(&app, &sue, "revivePlugin", revive, "plugin { owners { name } }").await;
    let zip =
        |number: &str| PackageBuilder::new("lasso").version(number).metadata_key("name", "lasso").build();
    let body: Value = bob.upload_to("lasso", zip("1.0")).await.json().await.unwrap();
    assert_eq!(body["code"], "version_number_used");
    bob.upload_zip("lasso", zip("2.0")).await;
    app.settle().await;
    assert_eq!(in_feed(&app, "3.34").await, pairs(&[("lasso", "2.0")]));
    assert_eq!(ask(&bob, "{ plugin(package: \"lasso\") { pluginId } }").await["plugin"]["pluginId"], id);
    assert_eq!(refused(&ann, "deprecatePlugin", lasso()).await, "not_owner");
});

both!(advice_is_shown_in_feed_list_and_page, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue, visitor) = (app.trusted("ann").await, app.staff("sue").await, app.stranger());
    upload(&ann, "1.0", &[]).await;
    ann.upload("rope", "1.0").await;
    app.settle().await;
    let deprecate = json!({ "package": "lasso", "successor": "rope", "reason": "QGIS has it now" });
    let answer = "plugin { deprecated deprecation { successor reason } }";
    let told = done(&app, &ann, "deprecatePlugin", deprecate, answer).await;
    assert_eq!(
        told["plugin"],
        json!({ "deprecated": true, "deprecation": { "successor": "rope", "reason": "QGIS has it now" } })
    );
    let flags = async || {
        let xml = app.stranger().text("/plugins/plugins.xml?qgis=3.34").await;
        let entries = feed::entries(&xml).into_iter();
        entries.map(|entry| (entry["name"].clone(), entry["deprecated"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(flags().await, pairs(&[("lasso", "True"), ("rope", "False")]));
    let (_, page) = browse(&visitor, "/plugins/lasso/").await;
    assert!(page.contains("QGIS has it now") && page.contains("/plugins/rope/\">Use rope instead"), "{page}");
    let nowhere = json!({ "package": "lasso", "successor": "nothing" });
    assert_eq!(refused(&ann, "deprecatePlugin", nowhere).await, "plugin_unknown");

    assert_eq!(refused(&ann, "featurePlugin", lasso()).await, "not_staff");
    done(&app, &sue, "featurePlugin", json!({ "package": "rope" }), "plugin { featured }").await;
    let names = async |filter: &str| {
        let query = format!("{{ plugins(filter: {{ {filter} }}) {{ nodes {{ package }} }} }}");
        ask(&visitor, &query).await["plugins"]["nodes"].clone()
    };
    assert_eq!(names("featured: true").await, json!([{ "package": "rope" }]));
    assert_eq!(names("featured: false").await, json!([{ "package": "lasso" }]));
    assert_eq!(names("deprecated: true").await, json!([{ "package": "lasso" }]));
    let (_, list) = browse(&visitor, "/plugins/").await;
    assert!(list.contains(">featured<") && list.contains(">deprecated<"), "{list}");

    done(&app, &ann, "undeprecatePlugin", lasso(), "position").await;
    assert_eq!(flags().await, pairs(&[("lasso", "False"), ("rope", "False")]));
    done(&app, &sue, "unfeaturePlugin", json!({ "package": "rope" }), "position").await;
    assert_eq!(names("featured: true").await, json!([]));
});

both!(names_change_by_metadata_when_the_owner_allows_it, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob) = (app.trusted("ann").await, app.person("bob").await);
    upload(&ann, "1.0", &[]).await;
    let renamed = |number: &str| {
        PackageBuilder::new("lasso").version(number).metadata_key("name", "Lasso Tool").build()
    };
    let body: Value = ann.upload_to("lasso", renamed("1.1")).await.json().await.unwrap();
    assert_eq!(body["code"], "rename_not_allowed");
    assert_eq!(refused(&bob, "allowRenaming", with(lasso(), "allowed", true)).await, "not_owner");
    let allowed = with(lasso(), "allowed", true);
    let told = done(&app, &ann, "allowRenaming", allowed, "plugin { renamingAllowed }").await;
    assert_eq!(told["plugin"]["renamingAllowed"], true);
    ann.upload_zip("lasso", renamed("1.1")).await;
    app.settle().await;
    let told =
        ask(&app.stranger(), "{ plugin(package: \"lasso\") { name previousNames { name until } } }").await;
    assert_eq!(told["plugin"]["name"], "Lasso Tool");
    assert_eq!(told["plugin"]["previousNames"][0]["name"], "lasso");
    assert_eq!(in_feed(&app, "3.34").await, pairs(&[("Lasso Tool", "1.1")]));
    let squatter = PackageBuilder::new("rope").version("1.0").metadata_key("name", "lasso").build();
    let body: Value = bob.upload_to("rope", squatter).await.json().await.unwrap();
    assert_eq!(body["code"], "plugin_name_taken");

    done(&app, &ann, "allowRenaming", with(lasso(), "allowed", false), "position").await;
    let edit = json!({ "package": "lasso", "tags": ["Mesh", "3d"], "server": true });
    let told = done(&app, &ann, "editDetails", edit, "plugin { tags server }").await;
    assert_eq!(told["plugin"], json!({ "tags": ["mesh", "3d"], "server": true }));
    let entry = &feed::entries(&app.stranger().text("/plugins/plugins.xml?qgis=3.34").await)[0];
    assert_eq!((entry["tags"].as_str(), entry["server"].as_str()), ("mesh,3d", "True"));
    let named = with(lasso(), "account", "bob");
    let told =
        done(&app, &ann, "nameMaintainer", named, "plugin { maintainer { name } owners { name } }").await;
    assert_eq!(told["plugin"], json!({ "maintainer": { "name": "bob" }, "owners": [{ "name": "ann" }] }));
    let (_, page) = browse(&app.stranger(), "/plugins/lasso/").await;
    assert!(page.contains("<dt>Maintainer</dt><dd><a href=\"/plugins/user/bob/\">bob</a></dd>"), "{page}");
});

both!(approval_and_refusal_name_what_was_looked_at, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.person("ann").await, app.person("bob").await, app.staff("sue").await);
    let digest = upload(&ann, "1.0", &[]).await;
    app.settle().await;
    let sha256 = async |number: &str| {
        let query = format!("{{ version(package: \"lasso\", version: \"{number}\") {{ sha256 }} }}");
        ask(&ann, &query).await["version"]["sha256"].as_str().unwrap().to_owned()
    };
    let first = sha256("1.0").await;
    assert_eq!(digest["success"], true);
    let refuse = |sha256: &str| json!({ "package": "lasso", "version": "1.0", "sha256": sha256, "reason": "no licence" });
    assert_eq!(refused(&ann, "refuseVersion", refuse(&first)).await, "not_approver");
    assert_eq!(refused(&sue, "refuseVersion", refuse(&"0".repeat(64))).await, "package_changed");
    let told = done(&app, &sue, "refuseVersion", refuse(&first), "version { refusedReason approved }").await;
    assert_eq!(told["version"], json!({ "refusedReason": "no licence", "approved": false }));
    let waiting = "{ plugins(filter: { state: WAITING }) { totalCount } }";
    assert_eq!(ask(&sue, waiting).await["plugins"]["totalCount"], 0, "nobody has to look again");

    let better = PackageBuilder::new("lasso").version("1.0").metadata_key("name", "lasso");
    let better = better.metadata_key("about", "With a licence now.").build();
    let part = reqwest::multipart::Part::bytes(better).file_name("lasso.zip");
    let form = reqwest::multipart::Form::new().part("package", part);
    let path = "/plugins/api/lasso/version/1.0/update/";
    let response = ann.request(Method::POST, path).multipart(form).send().await.unwrap();
    assert!(response.status().is_success(), "{:?}", response.text().await);
    app.settle().await;
    assert_eq!(ask(&sue, waiting).await["plugins"]["totalCount"], 1, "another file, another look");
    let second = sha256("1.0").await;
    assert_ne!(first, second);

    let files =
        "{ version(package: \"lasso\", version: \"1.0\") { replacedFiles { number sha256 downloadUrl } } }";
    assert_eq!(ask(&ann, files).await["version"]["replacedFiles"], Value::Null);
    let told = ask(&sue, files).await["version"]["replacedFiles"][0].clone();
    assert_eq!((&told["number"], &told["sha256"]), (&json!("1.0"), &json!(first)));
    let path = told["downloadUrl"].as_str().unwrap().strip_prefix(&app.base).unwrap().to_owned();
    for nobody in [&app.stranger(), &ann, &bob] {
        assert_eq!(status(nobody, &path).await, StatusCode::NOT_FOUND, "{}", nobody.name);
    }
    let old = sue.get(&path).await;
    assert_eq!(old.headers()["content-type"], "application/zip");
    let expected = PackageBuilder::new("lasso").version("1.0").metadata_key("name", "lasso").build();
    assert_eq!(old.bytes().await.unwrap(), expected);
    let never = format!("/plugins/lasso/replaced/{second}/");
    assert_eq!(status(&sue, &never).await, StatusCode::NOT_FOUND, "the present file is not a replaced one");

    let approve = |sha256: &str| with(version("1.0"), "sha256", sha256);
    assert_eq!(refused(&sue, "approveVersion", approve(&first)).await, "package_changed");
    done(&app, &sue, "approveVersion", approve(&second), "version { refusedReason }").await;
    upload(&ann, "1.1", &[]).await;
    upload(&ann, "1.2", &[]).await;
    app.settle().await;
    let beside = |number: &str, base: &str| with(version(number), "base", base);
    done(&app, &sue, "approveVersion", beside("1.1", "1.0"), "position").await;
    assert_eq!(refused(&sue, "approveVersion", beside("1.2", "1.0")).await, "base_changed");
    done(&app, &sue, "approveVersion", beside("1.2", "1.1.0"), "position").await;
    assert_eq!(in_feed(&app, "3.34").await, pairs(&[("lasso", "1.2")]));
    let late = with(refuse(&second), "base", "1.2");
    assert_eq!(refused(&sue, "refuseVersion", late).await, "version_approved");
    assert_eq!(refused(&sue, "yankVersion", with(version("9"), "reason", "x")).await, "version_unknown");
});
