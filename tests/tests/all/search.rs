//! Lists, search, tags and authors over GraphQL: filters and orders together, pages in both directions, and refusals.

use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{Person, TestApp};
use serde_json::{Value, json};

async fn ask(person: &Person, query: &str) -> Value {
    let answer = person.graphql(query, json!({})).await;
    assert!(answer["errors"].is_null(), "{query}: {answer}");
    answer["data"].clone()
}

async fn refused(person: &Person, query: &str) -> String {
    let answer = person.graphql(query, json!({})).await;
    answer["errors"][0]["extensions"]["code"].as_str().expect("every error has a code").to_owned()
}

fn packages(list: &Value) -> Vec<&str> {
    let nodes = list["nodes"].as_array().expect("a list");
    nodes.iter().map(|node| node["package"].as_str().expect("a package name")).collect()
}

/// Three public plugins of ann's.
async fn three(app: &TestApp) {
    let ann = app.trusted("ann").await;
    for (package, name, tags, author, last) in [
        ("quick_map", "QuickMapServices", "basemap,wms", "Émile Dupont", "4.99"),
        ("lasso", "Lasso", "raster,dem", "Émile Dupont", "3.99"),
        ("mesher", "Raster mesher", "mesh,raster", "Bob", "3.99"),
    ] {
        let zip = PackageBuilder::new(package)
            .metadata_key("name", name)
            .metadata_key("tags", tags)
            .metadata_key("author", author)
            .metadata_key("qgisMaximumVersion", last);
        let zip = if package == "lasso" { zip } else { zip.metadata_key("license", "GPLv3+") };
        ann.upload_zip(package, zip.build()).await;
    }
    app.settle().await;
}

both!(lists_are_filtered_ordered_and_paged_in_both_directions, |t| {
    let app = TestApp::start(&t).await;
    three(&app).await;
    let visitor = app.stranger();
    for (filter, expected) in [
        (r#"text: "quick map""#, vec!["quick_map"]),
        (r#"text: "raster""#, vec!["mesher", "lasso"]),
        (r#"text: "emile raster""#, vec!["lasso"]),
        (r#"text: "quikcmap""#, vec!["quick_map"]),
        (r#"author: "émile DUPONT", stable: true"#, vec!["lasso", "quick_map"]),
        (r#"tags: ["raster", "mesh"]"#, vec!["mesher"]),
        (r#"tag: "raster", owner: "ann", trusted: true, qgis: "3.40""#, vec!["lasso", "mesher"]),
        ("newQgisReady: true", vec!["quick_map"]),
        (r#"license: "GPL-3.0-or-later""#, vec!["quick_map", "mesher"]),
        (r#"license: "gplv3 or later", tag: "mesh""#, vec!["mesher"]),
        (r#"license: "GPL-2.0""#, vec!["lasso"]),
        (r#"license: "Ask me""#, vec![]),
        (r#"createdSince: "2099-01-01T00:00:00Z""#, vec![]),
        ("experimental: true", vec![]),
        ("server: true", vec![]),
    ] {
        let query = format!("{{ plugins(filter: {{ {filter} }}) {{ totalCount nodes {{ package }} }} }}");
        let list = &ask(&visitor, &query).await["plugins"];
        assert_eq!(
            (packages(list), &list["totalCount"]),
            (expected.clone(), &json!(expected.len())),
            "{filter}"
        );
    }
    for (order, expected) in [
        ("NAME", ["lasso", "quick_map", "mesher"]),
        ("CREATED, direction: ASC", ["quick_map", "lasso", "mesher"]),
        ("DOWNLOADS_30_DAYS", ["quick_map", "lasso", "mesher"]),
        ("ID, direction: DESC", ["mesher", "lasso", "quick_map"]),
    ] {
        let page = |bounds: &str| {
            format!(
                "{{ plugins(order: {order}, {bounds}) {{ nodes {{ package }} pageInfo {{
                    hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
            )
        };
        let first = &ask(&visitor, &page("first: 2")).await["plugins"];
        assert_eq!(
            (packages(first), &first["pageInfo"]["hasNextPage"]),
            (expected[..2].to_vec(), &json!(true))
        );
        let rest = format!("after: {}", first["pageInfo"]["endCursor"]);
        let rest = &ask(&visitor, &page(&rest)).await["plugins"];
        assert_eq!(
            (packages(rest), &rest["pageInfo"]["hasNextPage"]),
            (expected[2..].to_vec(), &json!(false))
        );
        let back = format!("last: 5, before: {}", rest["pageInfo"]["startCursor"]);
        let back = &ask(&visitor, &page(&back)).await["plugins"];
        assert_eq!(
            (packages(back), &back["pageInfo"]["hasPreviousPage"]),
            (expected[..2].to_vec(), &json!(false))
        );
        let end = &ask(&visitor, &page("last: 1")).await["plugins"];
        assert_eq!(packages(end), expected[2..], "{order}");
    }
    for bad in [
        r#"plugins(filter: { qgis: "new" }) { totalCount }"#,
        r#"plugins(filter: { tags: ["1","2","3","4","5","6","7","8","9","10","11"] }) { totalCount }"#,
        r#"plugins(after: "7") { totalCount }"#,
        r#"plugins(filter: { license: " " }) { totalCount }"#,
        r#"tags(before: "x", last: 1) { totalCount }"#,
        r#"suggest(text: "a", first: 21) { package }"#,
    ] {
        assert_eq!(refused(&visitor, &format!("{{ {bad} }}")).await, "invalid_input", "{bad}");
    }
});

both!(tags_authors_and_suggestions_are_asked_for, |t| {
    let app = TestApp::start(&t).await;
    three(&app).await;
    let asked = ask(
        &app.stranger(),
        r#"{ tags(order: COUNT, first: 2) { totalCount nodes { name pluginCount } }
             ras: tags(prefix: "ras") { nodes { name } }
             licenses(order: COUNT, first: 1) { totalCount nodes { name fullName pluginCount } }
             plugin(package: "mesher") { license version(number: "1.0.0") { license } }
             authors { totalCount nodes { name pluginCount } }
             suggest(text: "ra") { package } }"#,
    )
    .await;
    let tags = json!([{ "name": "raster", "pluginCount": 2 }, { "name": "basemap", "pluginCount": 1 }]);
    assert_eq!(asked["tags"], json!({ "totalCount": 5, "nodes": tags }));
    assert_eq!(asked["ras"]["nodes"], json!([{ "name": "raster" }]));
    let authors = json!([{ "name": "Bob", "pluginCount": 1 }, { "name": "Émile Dupont", "pluginCount": 2 }]);
    assert_eq!(asked["authors"], json!({ "totalCount": 2, "nodes": authors }));
    let name = "GNU General Public License v3.0 or later";
    let licenses = json!([{ "name": "GPL-3.0-or-later", "fullName": name, "pluginCount": 2 }]);
    assert_eq!(asked["licenses"], json!({ "totalCount": 2, "nodes": licenses }));
    let license = json!("GPL-3.0-or-later");
    assert_eq!(asked["plugin"], json!({ "license": license, "version": { "license": license } }));
    assert_eq!(asked["suggest"], json!([{ "package": "mesher" }]));
});
