//! Numbers over time: of everything, and of one plugin.

use cairn_domain::download::{Channel, Download, OsClass, QgisRelease};
use cairn_projections::testing::append_downloads;
use cairn_store::both;
use cairn_tests::{Person, TestApp};
use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

async fn ask(person: &Person, query: &str) -> Value {
    let answer = person.graphql(query, json!({})).await;
    assert!(answer["errors"].is_null(), "{query}: {answer}");
    answer["data"].clone()
}

async fn refused(person: &Person, query: &str) -> (String, String) {
    let answer = person.graphql(query, json!({})).await;
    let error = &answer["errors"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&error["extensions"]["code"]), text(&error["message"]))
}

/// The number that a version has in the downloads log.
async fn version_id(person: &Person, package: &str, number: &str) -> u64 {
    let query = format!("{{ version(package: \"{package}\", version: \"{number}\") {{ versionId }} }}");
    ask(person, &query).await["version"]["versionId"].as_u64().unwrap()
}

fn at(version_id: u64, day: NaiveDate, minor: u16) -> Download {
    let noon: DateTime<Utc> = day.and_hms_opt(12, 0, 0).unwrap().and_utc();
    Download {
        version_id,
        at_ms: noon.timestamp_millis(),
        qgis: Some(QgisRelease { major: 3, minor }),
        os: OsClass::Linux,
        country: Some(*b"CH"),
        channel: Channel::Qgis,
    }
}

/// The counts of a series that are not 0, by their first days.
fn counted(series: &Value) -> Vec<(String, u64)> {
    let parts = series.as_array().unwrap().iter();
    let told = parts.map(|it| (it["from"].as_str().unwrap().to_owned(), it["count"].as_u64().unwrap()));
    told.filter(|(_, n)| *n > 0).collect()
}

both!(the_numbers_of_everything_are_told_by_day_and_month, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    ann.upload("tools", "1.0").await;
    ann.upload("waits", "1.0").await;
    app.settle().await;
    sue.approve("lasso", "1.0").await;
    sue.approve("tools", "1.0").await;
    let (lasso, tools) = (version_id(&ann, "lasso", "1.0").await, version_id(&ann, "tools", "1.0").await);
    let waits = version_id(&ann, "waits", "1.0").await;
    let today = app.app.clock.now().date_naive();
    let long_ago = today - Months::new(14);
    let items = [
        at(tools, long_ago, 34),
        at(tools, long_ago, 34),
        at(waits, today - Days::new(1), 40),
        at(lasso, today - Days::new(1), 40),
        at(lasso, today, 34),
        at(lasso, today, 40),
        at(tools, today, 40),
    ];
    append_downloads(&app.house.downloads, &items, 3).await.unwrap();
    app.settle_downloads().await;

    let seen = ask(
        &app.stranger(),
        "{ statistics { from to by
            downloads { from to count } downloadsByQgis { qgis count } downloadsByCountry { country count }
            topPlugins(first: 1) { plugin { package } count }
            topVersions { plugin { package } version { number } count }
            uploads { from count } approvals { from count } newPlugins { from count } newAccounts { from count }
            totals { plugins versions downloads authors activePlugins } } }",
    )
    .await;
    let told = &seen["statistics"];
    let day = |day: NaiveDate| day.to_string();
    assert_eq!((told["to"].as_str(), told["by"].as_str()), (Some(day(today).as_str()), Some("DAY")));
    assert_eq!(told["downloads"].as_array().unwrap().len(), 30, "each day, also those without any");
    assert_eq!(counted(&told["downloads"]), [(day(today - Days::new(1)), 2), (day(today), 3)]);
    assert_eq!(
        told["downloadsByQgis"],
        json!([{ "qgis": "3.34", "count": 1 }, { "qgis": "3.40", "count": 4 }])
    );
    assert_eq!(told["downloadsByCountry"], json!([{ "country": "CH", "count": 5 }]));
    assert_eq!(told["topPlugins"], json!([{ "plugin": { "package": "lasso" }, "count": 3 }]));
    let version =
        |package, n| json!({ "plugin": { "package": package }, "version": { "number": "1.0" }, "count": n });
    assert_eq!(told["topVersions"], json!([version("lasso", 3), version("tools", 1)]));
    let totals = json!({ "plugins": 2, "versions": 2, "downloads": 7, "authors": 1, "activePlugins": 2 });
    assert_eq!(told["totals"], totals);
    for (series, n) in [("uploads", 3), ("approvals", 2), ("newPlugins", 3), ("newAccounts", 2)] {
        let all: u64 = counted(&told[series]).iter().map(|(_, n)| n).sum();
        assert_eq!(all, n, "{series}");
    }

    let from = (today - Months::new(15)).to_string();
    let query = format!(
        "{{ statistics(from: \"{from}\", by: MONTH) {{ downloads {{ from count }}
        topPlugins {{ plugin {{ package }} count }} }} }}"
    );
    let seen = &ask(&app.stranger(), &query).await["statistics"];
    let all: u64 = counted(&seen["downloads"]).iter().map(|(_, n)| n).sum();
    assert_eq!((seen["downloads"].as_array().unwrap().len(), all), (16, 7));
    let top = json!([
        { "plugin": { "package": "lasso" }, "count": 3 },
        { "plugin": { "package": "tools" }, "count": 3 }
    ]);
    assert_eq!(seen["topPlugins"], top, "what nobody sees is not among them");
});

both!(the_numbers_of_a_plugin_are_told_by_week_qgis_country_and_version, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    ann.upload("lasso", "1.0").await;
    ann.upload("lasso", "1.1").await;
    app.settle().await;
    let (old, new) = (version_id(&ann, "lasso", "1.0").await, version_id(&ann, "lasso", "1.1").await);
    let today = app.app.clock.now().date_naive();
    let items = [
        at(old, today - TimeDelta::weeks(5), 34),
        at(old, today, 34),
        at(new, today, 40),
        at(new, today, 40),
    ];
    append_downloads(&app.house.downloads, &items, 10).await.unwrap();
    app.settle_downloads().await;
    let query = "{ plugin(package: \"lasso\") { downloads downloadsLast30Days
        statistics(by: WEEK) { downloads { from to count } downloadsByVersion { number count }
            downloadsByQgis { qgis count } downloadsByCountry { country count } } } }";
    let plugin = &ask(&app.stranger(), query).await["plugin"];
    assert_eq!((&plugin["downloads"], &plugin["downloadsLast30Days"]), (&json!(4), &json!(3)));
    let told = &plugin["statistics"];
    assert_eq!(told["downloads"].as_array().unwrap().len(), 26);
    let weeks: Vec<u64> = counted(&told["downloads"]).into_iter().map(|(_, n)| n).collect();
    assert_eq!(weeks, [1, 3]);
    assert_eq!(
        told["downloadsByVersion"],
        json!([{ "number": "1.0", "count": 2 }, { "number": "1.1", "count": 2 }])
    );
    assert_eq!(
        told["downloadsByQgis"],
        json!([{ "qgis": "3.34", "count": 2 }, { "qgis": "3.40", "count": 2 }])
    );
    assert_eq!(told["downloadsByCountry"], json!([{ "country": "CH", "count": 4 }]));
});

both!(a_time_that_is_too_long_is_refused_with_what_to_do, |t| {
    let app = TestApp::start(&t).await;
    let nobody = app.stranger();
    for (arguments, word) in [
        ("from: \"2020-01-01\", to: \"2021-06-01\"", "ask by a longer step"),
        ("from: \"2020-01-01\", to: \"2024-06-01\", by: WEEK", "ask by a longer step"),
        ("from: \"2010-01-01\", to: \"2024-06-01\", by: MONTH", "ask by a longer step"),
        ("from: \"2024-06-02\", to: \"2024-06-01\"", "not after"),
        ("from: \"1000-01-01\", to: \"1000-02-01\"", "between 1970 and 2200"),
    ] {
        let (code, message) = refused(&nobody, &format!("{{ statistics({arguments}) {{ from }} }}")).await;
        assert_eq!(code, "invalid_input", "{arguments}");
        assert!(message.contains(word), "{arguments}: {message}");
    }
});
