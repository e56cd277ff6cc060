//! Relay's conventions: ids that are enough to find a thing again, and lists page by page in both directions.

use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{Person, TestApp};
use serde_json::{Value, json};

async fn ask(person: &Person, query: &str, variables: Value) -> Value {
    let answer = person.graphql(query, variables).await;
    assert!(answer["errors"].is_null(), "{query}: {answer}");
    answer["data"].clone()
}

/// The types behind these ids as this person sees them; null for what they do not.
async fn types(person: &Person, ids: &[&Value]) -> Vec<Value> {
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
    let seen = ask(person, query, json!({ "ids": ids })).await;
    let nodes = seen["nodes"].as_array().expect("a list").clone();
    for (node, id) in nodes.iter().zip(ids) {
        assert!(node.is_null() || node["id"] == **id, "{node} is not what {id} names");
    }
    nodes.iter().map(|node| node["__typename"].clone()).collect()
}

both!(an_id_is_enough_to_find_a_thing_and_no_more_than_that, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.person("ann").await, app.person("bob").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    ann.upload("secret", "1.0").await;
    sue.approve("lasso", "1.0").await;
    let issue = "mutation { issueToken(input: { package: \"lasso\" }) { position } }";
    ask(&ann, issue, json!({})).await;
    let invite = "mutation { inviteOwner(input: { package: \"lasso\", account: \"bob\" }) { position } }";
    ask(&ann, invite, json!({})).await;
    let form = "mutation { formTeam(input: { team: \"makers\" }) { position } }";
    ask(&ann, form, json!({})).await;
    app.settle().await;
    let mine = "{ me { id sessions { id } tokens { id } plugins { package id versions { id } invitations { id } } teams { id } }
        events(first: 1) { nodes { id } } }";
    let mine = ask(&ann, mine, json!({})).await;
    let (me, event) = (&mine["me"], &mine["events"]["nodes"][0]["id"]);
    let [lasso, secret] = [0, 1].map(|n| &me["plugins"][n]);
    let invitation = &lasso["invitations"][0]["id"];
    let ids = [
        &lasso["id"],
        &lasso["versions"][0]["id"],
        &me["id"],
        &me["teams"][0]["id"],
        event,
        &me["tokens"][0]["id"],
        &me["sessions"][0]["id"],
        invitation,
        &secret["id"],
        &secret["versions"][0]["id"],
    ];
    assert!(ids.iter().all(|id| id.is_string()), "{mine}");
    let public = ["Plugin", "Version", "Account", "Team", "Event"].map(Value::from);
    let personal = ["Token", "Session", "Invitation", "Plugin", "Version"].map(Value::from);
    for insider in [&ann, &sue] {
        assert_eq!(
            types(insider, &ids).await,
            [public.clone(), personal.clone()].concat(),
            "{}",
            insider.name
        );
    }
    let nothing = [const { Value::Null }; 5];
    assert_eq!(types(&app.stranger(), &ids).await, [public.clone(), nothing].concat());
    // Who was invited sees the invitation, and nothing else of what is not public.
    let to_bob = [Value::Null, Value::Null, "Invitation".into(), Value::Null, Value::Null];
    assert_eq!(types(&bob, &ids).await, [public, to_bob].concat());

    // An account that has nothing public is nobody's business.
    let bobs = ask(&bob, "{ me { id } }", json!({})).await["me"]["id"].clone();
    assert_eq!(types(&app.stranger(), &[&bobs]).await, [Value::Null]);
    assert_eq!(types(&ann, &[&bobs]).await, [Value::Null]);
    assert_eq!(types(&bob, &[&bobs]).await, ["Account"]);

    // What is no id of anything is found by nobody; deeds take global ids as well.
    let others = ["", "x", "cGx1Z2luOjk5OTk5OQ", "cGx1Z2luOng"].map(Value::from);
    assert_eq!(types(&sue, &others.each_ref()).await, vec![Value::Null; 4]);
    let end = "mutation($token: String!) { revokeToken(input: { token: $token }) { tokenId } }";
    ask(&ann, end, json!({ "token": me["tokens"][0]["id"] })).await;
});

both!(too_many_ids_at_once_are_refused, |t| {
    let app = TestApp::start(&t).await;
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    for (ids, good) in [(100, true), (101, false)] {
        let answer = app.stranger().graphql(query, json!({ "ids": vec!["x"; ids] })).await;
        assert_eq!(answer["errors"].is_null(), good, "{ids}: {answer}");
    }
});

/// Walks a connection from one end to the other, and answers what stands in `field` of each node, in the list's own order.
async fn walk(person: &Person, query: &str, at: &[&str], field: &str, backward: bool) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), Value::Null);
    for round in 0.. {
        assert!(round < 50, "the pages do not end");
        let (count, place) = if backward { ("last", "before") } else { ("first", "after") };
        let seen = ask(person, query, json!({ count: 2, place: cursor })).await;
        let connection = at.iter().fold(&seen, |seen, field| &seen[field]);
        let page: Vec<Value> =
            connection["nodes"].as_array().expect("nodes").iter().map(|node| node[field].clone()).collect();
        let edges = connection["edges"].as_array().expect("edges").iter();
        assert_eq!(edges.map(|edge| edge["node"][field].clone()).collect::<Vec<_>>(), page);
        if backward {
            all.splice(0..0, page);
        } else {
            all.extend(page);
        }
        let info = &connection["pageInfo"];
        let (more, end) =
            if backward { ("hasPreviousPage", "startCursor") } else { ("hasNextPage", "endCursor") };
        if info[more] != true {
            return all;
        }
        cursor = info[end].clone();
    }
    all
}

both!(long_lists_are_read_from_either_end, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.trusted("ann").await, app.staff("sue").await);
    for version in ["1.0", "1.1", "1.2", "1.3", "1.4"] {
        ann.upload("lasso", version).await;
    }
    for package in ["map_one", "map_two", "map_three"] {
        let zip = PackageBuilder::new(package).metadata_key("name", package).build();
        ann.upload_zip(package, zip).await;
    }
    app.settle().await;
    let arguments = "query($first: Int, $after: String, $last: Int, $before: String)";
    let list = "(first: $first, after: $after, last: $last, before: $before)";
    let versions = format!(
        "{arguments} {{ plugin(package: \"lasso\") {{ versionsConnection{list} {{ totalCount nodes {{ number }} edges {{ cursor node {{ number }} }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"
    );
    let at = ["plugin", "versionsConnection"];
    for backward in [false, true] {
        let walked = walk(&app.stranger(), &versions, &at, "number", backward).await;
        assert_eq!(walked, ["1.4", "1.3", "1.2", "1.1", "1.0"], "{backward}");
    }
    let plugins = format!(
        "{arguments} {{ me {{ pluginsConnection{list} {{ totalCount nodes {{ package }} edges {{ cursor node {{ package }} }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"
    );
    for backward in [false, true] {
        let walked = walk(&ann, &plugins, &["me", "pluginsConnection"], "package", backward).await;
        assert_eq!(walked, ["lasso", "map_one", "map_three", "map_two"], "{backward}");
    }
    let none = ask(
        &sue,
        "{ me { pluginsConnection { totalCount nodes { id } } tokensConnection { totalCount } } }",
        json!({}),
    )
    .await;
    assert_eq!(none["me"]["pluginsConnection"], json!({ "totalCount": 0, "nodes": [] }));
    assert_eq!(none["me"]["tokensConnection"], json!({ "totalCount": 0 }));

    for bad in ["first: 1, last: 1", "first: 101", "last: 0", "first: 1, before: \"x\"", "after: \"!\""] {
        let query =
            format!("{{ plugin(package: \"lasso\") {{ versionsConnection({bad}) {{ totalCount }} }} }}");
        let answer = app.stranger().graphql(&query, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "invalid_input", "{bad}: {answer}");
    }
});

both!(what_belongs_to_accounts_plugins_and_teams_is_read_from_either_end, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob) = (app.trusted("ann").await, app.person("bob").await);
    ask(&ann, "mutation { formTeam(input: { team: \"makers\" }) { position } }", json!({})).await;
    for package in ["map_one", "map_two", "map_three"] {
        let zip = PackageBuilder::new(package).metadata_key("name", package).build();
        ann.upload_zip(package, zip).await;
        let deeds = format!(
            "mutation {{
                issue: issueToken(input: {{ package: \"{package}\" }}) {{ position }}
                ask: inviteOwner(input: {{ package: \"{package}\", account: \"bob\" }}) {{ position }}
                share: addTeamOwner(input: {{ package: \"{package}\", team: \"makers\" }}) {{ position }} }}"
        );
        ask(&ann, &deeds, json!({})).await;
    }
    for name in ["cleo", "dan", "eve"] {
        app.person(name).await;
        app.sign_in(ann.id()).await;
        let invite = format!(
            "mutation {{ inviteOwner(input: {{ package: \"map_one\", account: \"{name}\" }}) {{ position }} }}"
        );
        ask(&ann, &invite, json!({})).await;
        let issue = "mutation { issueToken(input: { package: \"map_one\" }) { position } }";
        ask(&ann, issue, json!({})).await;
    }
    app.settle().await;
    let arguments = "query($first: Int, $after: String, $last: Int, $before: String)";
    let list = "(first: $first, after: $after, last: $last, before: $before)";
    for (who, at, field, n) in [
        (&ann, vec!["me", "sessionsConnection"], "sessionId", 4),
        (&ann, vec!["me", "tokensConnection"], "tokenId", 6),
        (&bob, vec!["me", "invitationsConnection"], "invitationId", 3),
        (&ann, vec!["plugin(package: \"map_one\")", "tokensConnection"], "tokenId", 4),
        (&ann, vec!["plugin(package: \"map_one\")", "invitationsConnection"], "invitationId", 4),
        (&ann, vec!["plugin(package: \"map_one\")", "ownersConnection"], "name", 1),
        (&bob, vec!["team(name: \"makers\")", "pluginsConnection"], "package", 3),
    ] {
        let query = format!(
            "{arguments} {{ {} {{ {}{list} {{ totalCount nodes {{ {field} }} edges {{ cursor node {{ {field} }} }}
                pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}",
            at[0], at[1]
        );
        let path: Vec<&str> = at.iter().map(|part| part.split('(').next().unwrap_or(part)).collect();
        let forward = walk(who, &query, &path, field, false).await;
        assert_eq!(forward, walk(who, &query, &path, field, true).await, "{path:?}");
        assert_eq!(forward.len(), n, "{path:?}: {forward:?}");
        let whole = ask(who, &query, json!({ "first": 100 })).await;
        assert_eq!(whole[path[0]][path[1]]["totalCount"], n, "{path:?}");
    }
    // Nobody else is told what is between an account or a plugin and its owners.
    let others =
        "{ account(name: \"ann\") { sessionsConnection { totalCount } tokensConnection { totalCount }
        invitationsConnection { totalCount } publishersConnection { totalCount } }
        plugin(package: \"map_one\") { tokensConnection { totalCount } invitationsConnection { totalCount }
            publishersConnection { totalCount } } }";
    let told = ask(&bob, others, json!({})).await;
    for thing in ["account", "plugin"] {
        let lists = told[thing].as_object().expect("bob sees it");
        assert!(lists.values().all(|list| list["totalCount"] == 0), "{told}");
    }
});

both!(a_feed_is_read_from_either_end_and_counts_what_it_lists, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    for (package, experimental, min) in [
        ("map_one", "False", "3.0"),
        ("map_two", "True", "3.0"),
        ("map_three", "False", "3.40"),
        ("map_four", "False", "3.0"),
        ("map_five", "False", "3.0"),
    ] {
        let zip = PackageBuilder::new(package).metadata_key("name", package);
        let zip = zip.metadata_key("experimental", experimental).metadata_key("qgisMinimumVersion", min);
        ann.upload_zip(package, zip.build()).await;
    }
    let two = PackageBuilder::new("map_five").version("2.0").metadata_key("name", "map_five");
    ann.upload_zip("map_five", two.metadata_key("experimental", "True").build()).await;
    app.settle().await;
    for (arguments, expected) in [
        ("", vec!["map_one", "map_two", "map_three", "map_four", "map_five"]),
        ("(qgis: \"3.34\")", vec!["map_one", "map_two", "map_four", "map_five"]),
        ("(qgis: \"3.34\", stableOnly: true)", vec!["map_one", "map_four", "map_five"]),
        ("(stableOnly: true)", vec!["map_one", "map_three", "map_four", "map_five"]),
        ("(qgis: \"2.18\")", vec![]),
    ] {
        let query = format!(
            "query($first: Int, $after: String, $last: Int, $before: String) {{ feed{arguments} {{
                entriesConnection(first: $first, after: $after, last: $last, before: $before) {{
                    totalCount nodes {{ plugin {{ package }} stable {{ number }} experimental {{ number }} }}
                    edges {{ cursor node {{ plugin {{ package }} }} }}
                    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"
        );
        for backward in [false, true] {
            let walked =
                walk(&app.stranger(), &query, &["feed", "entriesConnection"], "plugin", backward).await;
            let packages: Vec<&str> = walked.iter().filter_map(|plugin| plugin["package"].as_str()).collect();
            assert_eq!(packages, expected, "{arguments} {backward}");
        }
        let whole = ask(&app.stranger(), &query, json!({ "first": 100 })).await;
        assert_eq!(whole["feed"]["entriesConnection"]["totalCount"], expected.len(), "{arguments}");
        let nodes = whole["feed"]["entriesConnection"]["nodes"].as_array().expect("nodes").clone();
        let listed = |node: &Value| node["stable"].is_object() || node["experimental"].is_object();
        assert!(nodes.iter().all(listed), "{nodes:?}");
    }
});

both!(the_log_is_read_from_either_end, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    for version in ["1.0", "1.1", "1.2"] {
        ann.upload("lasso", version).await;
    }
    ann.upload("other", "1.0").await;
    let head = app.house.commands.registry().head().await.expect("the log answers");
    for filter in ["", ", kinds: [\"VersionUploaded\", \"VersionApproved\"]", ", plugin: \"lasso\""] {
        let query = format!(
            "query($first: Int, $after: Position, $last: Int, $before: Position) {{
                events(first: $first, after: $after, last: $last, before: $before{filter}) {{
                    totalCount nodes {{ position kind }} edges {{ cursor node {{ position }} }}
                    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        );
        let forward = walk(&app.stranger(), &query, &["events"], "position", false).await;
        let backward = walk(&app.stranger(), &query, &["events"], "position", true).await;
        assert_eq!(forward, backward, "{filter}");
        assert!(forward.windows(2).all(|two| two[0].as_u64() < two[1].as_u64()), "{filter}: {forward:?}");
        let all = ask(&app.stranger(), &query, json!({})).await;
        let total = &all["events"]["totalCount"];
        let known = !filter.contains("kinds");
        assert_eq!(total.as_u64(), known.then_some(forward.len() as u64), "{filter}");
        if filter.is_empty() {
            assert_eq!(forward.len() as u64, head);
        } else if known {
            assert!(forward.len() >= 8, "{forward:?}");
        } else {
            assert_eq!(forward.len(), 8, "four uploads and four approvals");
        }
    }
    // The newest event is the end of the log.
    let newest = ask(&app.stranger(), "{ events(last: 1) { nodes { position } } }", json!({})).await;
    assert_eq!(newest["events"]["nodes"][0]["position"], head - 1);
});

/// What an upload may bring about besides.
const OTHER_DEEDS: [&str; 3] = ["PluginRegistered", "PluginNameClaimed", "PluginDetailsEdited"];

both!(the_log_of_one_account_is_read_from_either_end, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.trusted("ann").await, app.person("bob").await, app.staff("sue").await);
    for (who, package, version) in [(&ann, "lasso", "1.0"), (&bob, "other", "1.0"), (&ann, "lasso", "1.1")] {
        who.upload(package, version).await;
    }
    sue.approve("other", "1.0").await;
    app.sign_in(ann.id()).await;
    let vote = "mutation { castVote(input: { package: \"other\", score: 5 }) { position } }";
    ask(&ann, vote, json!({})).await;
    let form = "mutation { formTeam(input: { team: \"makers\" }) { position } }";
    ask(&ann, form, json!({})).await;
    app.settle().await;
    let query = |filter: &str| {
        format!(
            "query($first: Int, $after: Position, $last: Int, $before: Position) {{
                events(first: $first, after: $after, last: $last, before: $before, {filter}) {{
                    totalCount nodes {{ kind }} edges {{ cursor node {{ kind }} }}
                    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        )
    };
    let id = ann.id().to_string();
    let uploads = ["VersionUploaded", "VersionApproved"];
    let all = [&uploads[..], &uploads[..], &["TeamFormed"]].concat();
    for (who, filter, expected) in [
        (&app.stranger(), "actor: \"ann\"".to_owned(), all.clone()),
        (&app.stranger(), format!("actor: \"{id}\""), all.clone()),
        (
            &app.stranger(),
            "actor: \"ANN\", kinds: [\"VersionApproved\"]".to_owned(),
            vec!["VersionApproved"; 2],
        ),
        (&app.stranger(), "actor: \"ann\", plugin: \"lasso\"".to_owned(), [uploads, uploads].concat()),
        (&app.stranger(), "actor: \"ann\", plugin: \"other\"".to_owned(), vec![]),
        (&app.stranger(), "actor: \"sue\"".to_owned(), vec!["VersionApproved"]),
        (&app.stranger(), "actor: \"nobody\"".to_owned(), vec![]),
    ] {
        for backward in [false, true] {
            let walked = walk(who, &query(&filter), &["events"], "kind", backward).await;
            let told: Vec<&str> = walked.iter().filter_map(Value::as_str).collect();
            let told: Vec<&str> = told.into_iter().filter(|kind| !OTHER_DEEDS.contains(kind)).collect();
            assert_eq!(told, expected, "{filter} {backward}");
        }
    }
    // How ann signed in is for ann and staff, whoever else asks by her name; who has nothing public is known by the id alone.
    let kinds = "kinds: [\"SessionOpened\"]";
    for (who, n) in [(&app.stranger(), 0), (&bob, 0), (&ann, 1), (&sue, 1)] {
        let walked = walk(who, &query(&format!("actor: \"ann\", {kinds}")), &["events"], "kind", true).await;
        assert!(walked.len() >= n && (n > 0 || walked.is_empty()), "{}: {walked:?}", who.name);
    }
    let quiet = app.person("quiet").await;
    let team = "mutation { formTeam(input: { team: \"alone\" }) { position } }";
    ask(&quiet, team, json!({})).await;
    app.settle().await;
    let by_name = query("actor: \"quiet\", kinds: [\"TeamFormed\"]");
    let by_id = query(&format!("actor: \"{}\", kinds: [\"TeamFormed\"]", quiet.id()));
    for (who, query, n) in [
        (&app.stranger(), &by_name, 0),
        (&app.stranger(), &by_id, 1),
        (&quiet, &by_name, 1),
        (&sue, &by_name, 1),
    ] {
        assert_eq!(walk(who, query, &["events"], "kind", false).await.len(), n, "{}", who.name);
    }
    let mine = ask(&ann, &query("actor: \"ann\""), json!({ "first": 100 })).await;
    let nodes = mine["events"]["nodes"].as_array().expect("nodes").len();
    assert_eq!(mine["events"]["totalCount"], nodes, "one's own are counted");
    let others = ask(&bob, &query("actor: \"ann\""), json!({})).await;
    assert_eq!(others["events"]["totalCount"], Value::Null);
});
