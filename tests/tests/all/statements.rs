//! A list sends as many statements for fifty plugins as for five, and every document of the pages fits into the limits with room.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{BaseType, OperationType, Type};
use async_graphql::{Request, Variables};
use cairn_api::RequestId;
use cairn_api::graphql::{Asked, GraphqlLimits, Noted, execute_noted};
use cairn_commands::sign_in::Device;
use cairn_domain::Actor;
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{Person, TestApp};
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::net::Ipv4Addr;

/// A level of a long list may be asked for in a few parts, as the runtime lets others have their turn in between; never row by row.
const PARTS: u64 = 4;

/// Documents that ask for much of each thing in a list.
const LISTS: &[(&str, &str)] = &[
    (
        "plugins with all that belongs to them",
        "query($first: Int) { plugins(first: $first) { totalCount edges { cursor } nodes {
            name tags downloads waitingVersions icon: iconUrl maintainer { name } creator { name } owners { name }
            teams { name members { name } } pins { channel }
            stable { number downloads author uploadedBy { name } } experimental { number }
            versions(first: 3) { number downloads changelog warnings { code } author uploadedBy { name } } } } }",
    ),
    (
        "plugins with pages of versions",
        "query($first: Int) { plugins(first: $first, order: DOWNLOADS) { nodes {
            versionsConnection(first: 3) { totalCount nodes { number plugin { name } } } } } }",
    ),
    (
        "an account with its plugins",
        "query($first: Int) { me { pluginsConnection(first: $first) { nodes { name downloads tags owners { name } versions(first: 2) { number } } }
            plugins { name downloads tags } tokens { package description account { name } }
            teams { name plugins { name downloads tags stable { number } } } } }",
    ),
    ("tokens page by page", "query($first: Int) { me { tokensConnection(first: $first) { nodes { package description account { name } } } } }"),
    ("invitations with their plugins", "{ me { invitations { package plugin { name } account { name } inviter { name } } } }"),
    ("what happened", "query($first: Int) { events(last: $first) { nodes { kind payload actorAccountId } } }"),
    (
        "a team with pages of plugins",
        "query($first: Int) { team(name: \"makers\") { pluginsConnection(first: $first) { nodes { name downloads tags stable { number } } } } }",
    ),
    ("a feed page by page", "query($first: Int) { feed(qgis: \"3.40\") { entriesConnection(first: $first) { nodes { plugin { name tags } stable { number author } } } } }"),
    ("versions downloaded most", "query($first: Int) { statistics { topVersions(first: $first) { count plugin { name } version { number } } } }"),
    ("a feed", "query($first: Int) { feed(qgis: \"3.40\") { entries(first: $first) { entries { plugin { name tags } stable { number author } } } } }"),
];

/// Asks within the process and answers what was noted.
async fn ask(app: &TestApp, actor: Actor, name: &str, text: &str, variables: &Value) -> Noted {
    let request = RequestId::from_text("statements");
    let asked =
        Asked { actor, key: None, request, address: Ipv4Addr::LOCALHOST.into(), device: Device::default() };
    let document = Request::new(text).variables(Variables::from_json(variables.clone()));
    let (response, _, noted) = Box::pin(execute_noted(&app.app, asked, document)).await;
    // What there is not may be refused; what cannot be asked is a fault of this test.
    let unasked = response.errors.iter().find(|error| error.path.is_empty());
    assert!(unasked.is_none(), "{name}: {unasked:?} with {variables}");
    noted
}

/// The variables that a document needs, with something plausible in each; none for a deed, or where something particular is
/// needed.
fn variables_of(text: &str) -> Option<Value> {
    let document = parse_query(text).expect("a page's document is GraphQL");
    let (_, operation) = document.operations.iter().next().expect("it has an operation");
    if operation.node.ty != OperationType::Query {
        return None;
    }
    let mut variables = Map::new();
    for definition in &operation.node.variable_definitions {
        let (name, kind) = (definition.node.name.node.as_str(), &definition.node.var_type.node);
        if name == "first" {
            variables.insert(name.to_owned(), json!(50));
        } else if !kind.nullable && definition.node.default_value.is_none() {
            variables.insert(name.to_owned(), plausible(name, kind)?);
        }
    }
    Some(Value::Object(variables))
}

fn plausible(name: &str, kind: &Type) -> Option<Value> {
    let BaseType::Named(sort) = &kind.base else { return Some(json!([])) };
    Some(match (name, sort.as_str()) {
        ("package", _) => json!("map_000"),
        ("version" | "number", _) => json!("1.1"),
        ("name" | "account" | "called", _) => json!("ann"),
        ("team", _) => json!("makers"),
        ("qgis", _) => json!("3.40"),
        ("tag", _) => json!("raster"),
        (_, "String") => json!("map"),
        (_, "Int") => json!(50),
        (_, "Boolean") => json!(true),
        (_, "Position") => json!(0),
        (_, "Date") => json!("2026-01-01"),
        _ => return None,
    })
}

/// Plugins `from..to`: each with two versions, owners, a team, tags, a token and an invitation, and as many that wait for review.
async fn grow(app: &TestApp, ann: &Person, bob: &Person, from: usize, to: usize) {
    let mut deeds = String::new();
    for n in from..to {
        let package = format!("map_{n:03}");
        for version in ["1.0", "1.1"] {
            let zip = PackageBuilder::new(&package)
                .version(version)
                .metadata_key("name", &package)
                .metadata_key("tags", &format!("raster,vector,tag{n}"))
                .metadata_key("changelog", "New: everything");
            ann.upload_zip(&package, zip.build()).await;
        }
        let waits = format!("wait_{n:03}");
        bob.upload_zip(&waits, PackageBuilder::new(&waits).metadata_key("name", &waits).build()).await;
        app.person(&format!("person{n:03}")).await;
        deeds.clear();
        write!(
            deeds,
            "mutation {{ a: issueToken(input: {{ package: \"{package}\", description: \"for {n}\" }}) {{ position }}
                b: inviteOwner(input: {{ package: \"{package}\", account: \"bob\" }}) {{ position }}
                c: addTeamOwner(input: {{ package: \"{package}\", team: \"makers\" }}) {{ position }} }}"
        )
        .unwrap();
        let answer = ann.graphql(&deeds, json!({})).await;
        assert!(answer["errors"].is_null(), "{answer}");
    }
    app.settle().await;
    let downloaded = ann.get(&format!("/plugins/map_{from:03}/version/1.1/download/")).await;
    assert!(downloaded.status().is_success());
    app.settle_downloads().await;
}

both!(a_longer_list_sends_no_more_statements, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.trusted("ann").await, app.person("bob").await, app.staff("sue").await);
    let form =
        ann.graphql("mutation { formTeam(input: { team: \"makers\" }) { position } }", json!({})).await;
    assert!(form["errors"].is_null(), "{form}");
    let mut documents: Vec<(String, String, Value)> = Vec::new();
    for (name, text) in LISTS {
        documents.push(((*name).to_owned(), (*text).to_owned(), json!({ "first": 50 })));
    }
    let mut skipped = Vec::new();
    for document in cairn_web::DOCUMENTS {
        match variables_of(document.text) {
            Some(variables) => {
                documents.push((document.name.to_owned(), document.text.to_owned(), variables));
            }
            None => skipped.push(document.name),
        }
    }
    assert!(
        documents.len() > LISTS.len() + cairn_web::DOCUMENTS.len() / 4,
        "nearly all were skipped: {skipped:?}"
    );

    let actors = [
        ("ann", Actor::Account { account: ann.id() }),
        ("bob", Actor::Account { account: bob.id() }),
        ("sue", Actor::Account { account: sue.id() }),
        ("stranger", Actor::Anonymous),
    ];
    let mut measured: Vec<Vec<u64>> = Vec::new();
    for (from, to) in [(0, 5), (5, 50)] {
        grow(&app, &ann, &bob, from, to).await;
        let mut statements = Vec::new();
        for (name, text, variables) in &documents {
            for (_, actor) in actors {
                statements.push(ask(&app, actor, name, text, variables).await.statements);
            }
        }
        measured.push(statements);
    }
    let mut grown = String::new();
    let asked = documents.iter().flat_map(|(name, ..)| actors.map(|(who, _)| (name, who)));
    for ((name, who), (few, many)) in asked.zip(measured[0].iter().zip(&measured[1])) {
        if *many > few + PARTS {
            writeln!(grown, "{name} as {who}: {few} statements at 5, {many} at 50").unwrap();
        }
    }
    assert!(grown.is_empty(), "{grown}");
    assert!(measured[1].iter().any(|statements| *statements > 5), "{measured:?}: somebody counts");
});

both!(the_documents_of_pages_fit_with_room, |t| {
    let app = TestApp::start(&t).await;
    let sue = app.staff("sue").await;
    let limits = GraphqlLimits::default();
    let mut tight = String::new();
    for document in cairn_web::DOCUMENTS {
        let Some(variables) = variables_of(document.text) else { continue };
        let actor = Actor::Account { account: sue.id() };
        let noted = ask(&app, actor, document.name, document.text, &variables).await;
        let (depth, complexity) =
            (noted.depth.expect("it was measured"), noted.complexity.expect("so was this"));
        if depth * 2 > limits.depth_max as u64 || complexity * 2 > limits.complexity_max as u64 {
            writeln!(tight, "{}: depth {depth}, complexity {complexity}", document.name).unwrap();
        }
    }
    assert!(tight.is_empty(), "more than half of {limits:?}:\n{tight}");
});
