//! A list, a search and the page of a plugin, and what they ask the GraphQL schema, at three sizes of the catalogue and on both
//! engines: requests a second, and what 64 connections wait.
//!
//! Each is asked in two ways: always the same address, which strangers get from memory until something happens, and another
//! one each time, which is all made anew. The reference of the larger catalogues is the smallest.

use crate::Size;
use crate::catalogue::Catalogue;
use crate::downloads::zipf;
use crate::figures::say;
use crate::server::{Server, house};
use crate::wrk::{Seen, wrk};
use cairn_projections::testing::{append, append_downloads, version_ids};
use cairn_store::Engine;
use cairn_store::testing::TestDb;
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Versions of each plugin.
const VERSIONS: usize = 2;

const DOWNLOADS_PER_BATCH: usize = 1000;

/// The aim at 3,000 plugins on SQLite, in milliseconds at the 99th percentile.
const P99_MAX: f64 = 15.0;

/// Words of names, tags and descriptions.
const WORDS: [&str; 16] = [
    "raster", "layer", "map", "point", "line", "import", "tools", "data", "open", "street", "land", "water",
    "style", "grid", "network", "road",
];

/// Something that is asked again and again.
struct Load {
    name: &'static str,
    path: String,
    /// One of the documents that are sent there; a page is got.
    document: Option<String>,
    /// wrk's script, for what differs from request to request.
    script: Option<String>,
}

pub(crate) fn measure(engine: Engine, size: Size) {
    let mut first: Vec<Seen> = Vec::new();
    for plugins in size.of([300, 3_000, 30_000].as_slice(), [20, 40].as_slice()) {
        let (sender, receiver) = std::sync::mpsc::channel();
        cairn_store::testing::run(engine, move |t| async move {
            let _ = sender.send(run(&t, *plugins, size).await);
        });
        let Some(seen) = receiver.recv().expect("a run that ends has figures") else {
            return say("  not measured: there is no wrk");
        };
        if first.is_empty() {
            first.clone_from(&seen);
            continue;
        }
        let growth = |of: fn(&Seen) -> f64| {
            let ratios = seen.iter().zip(&first).map(|(now, first)| of(now) / of(first));
            ratios.map(|ratio| format!("{ratio:.2}")).collect::<Vec<_>>().join(", ")
        };
        say(&format!("  against the smallest catalogue, in this order: p50 × {}", growth(|seen| seen.p50)));
        say(&format!("    p99 × {} (target < 3 at 30,000)", growth(|seen| seen.p99)));
    }
}

async fn run(t: &TestDb, plugins: usize, size: Size) -> Option<Vec<Seen>> {
    let packages = fill(t, plugins, size).await;
    let server = Server::start(t).await;
    let seconds = size.of(8, 1);
    say(&format!("{}, {plugins} plugins × {VERSIONS} versions", t.db.engine_name()));
    let mut all = Vec::new();
    for load in loads(&packages) {
        once(&server, &load).await;
        let script = load.script.map(|text| written(t, load.name, &text));
        let headers = ["Accept-Encoding: gzip".to_owned(), "Accept: text/html".to_owned()];
        let before = server.statements().await;
        let seen = wrk(&format!("{}{}", server.base, load.path), &headers, script.as_deref(), seconds)?;
        let after = server.statements().await;
        let (statements, documents) = (after.0 - before.0, after.1 - before.1);
        let asked = if documents >= 1.0 {
            format!("{:.1} statements a document", statements / documents)
        } else {
            "nothing asked".to_owned()
        };
        say(&format!(
            "  {:32} {:>7.0} requests/s, p50 {:.2} ms, p99 {:.2} ms, {asked}{}",
            load.name,
            seen.rate,
            seen.p50,
            seen.p99,
            if seen.p99 < P99_MAX { "" } else { " (more than 15 ms)" }
        ));
        all.push(seen);
    }
    let (now, most) = server.memory_mib();
    say(&format!("  the server holds {now} MiB, at most {most} MiB"));
    Some(all)
}

/// Asks once before, so that nobody waits for what is made only the first time; and sees that it is answered.
async fn once(server: &Server, load: &Load) {
    let address = format!("{}{}", server.base, load.path);
    let request = match &load.document {
        None => server.http.get(address),
        Some(body) => server.http.post(address).header("Content-Type", "application/json").body(body.clone()),
    };
    let answer = request.send().await.expect("the server answers");
    assert!(answer.status().is_success(), "{}: {}", load.name, answer.status());
    let text = answer.text().await.expect("an answer is text");
    assert!(load.document.is_none() || !text.contains("\"errors\":"), "{}: {text}", load.name);
}

/// A catalogue with downloads; answers its package names.
async fn fill(t: &TestDb, plugins: usize, size: Size) -> Vec<String> {
    let house = house(t).await;
    let catalogue = Catalogue::of(plugins);
    let history = catalogue.history(VERSIONS);
    append(house.commands.registry(), &history).await.expect("the history is good");
    let items = zipf(2, size.of(300_000, 1_000), &version_ids(0, &history));
    append_downloads(&house.downloads, &items, DOWNLOADS_PER_BATCH).await.expect("the batches are good");
    house.projections.catch_up().await.expect("the history is good");
    house.close().await;
    catalogue.packages()
}

fn loads(packages: &[String]) -> Vec<Load> {
    let plugin = format!("/plugins/{}/", packages[packages.len() / 2]);
    let load = |name, path: &str, script| Load { name, path: path.to_owned(), document: None, script };
    let by_graphql = |name, bodies: Vec<String>| Load {
        name,
        path: "/graphql".to_owned(),
        document: bodies.first().cloned(),
        script: Some(posted(&bodies)),
    };
    let list = "/plugins/?qgis=3.34&order=downloads";
    let search = "/plugins/?q=raster+tools";
    vec![
        load("list page", list, None),
        load("search page", search, None),
        load("plugin page", &plugin, None),
        load("list page, others each time", list, Some(in_turn(&lists()))),
        load("search page, others each time", search, Some(in_turn(&searches()))),
        load("plugin page, others each time", &plugin, Some(in_turn(&plugins(packages)))),
        by_graphql("list by GraphQL", lists_asked()),
        by_graphql("search by GraphQL", searches_asked()),
        by_graphql("plugin by GraphQL", plugins_asked(packages)),
    ]
}

fn lists() -> Vec<String> {
    let orders = ["downloads", "name", "updated", "created"];
    let one = |n: usize| format!("/plugins/?tag={}&order={}&n={n}", WORDS[n % WORDS.len()], orders[n % 4]);
    (0..2_000).map(one).collect()
}

fn searches() -> Vec<String> {
    let one = |n: usize| {
        format!("/plugins/?q={}+{}&n={n}", WORDS[n % WORDS.len()], &WORDS[n / 16 % WORDS.len()][..2])
    };
    (0..2_000).map(one).collect()
}

fn plugins(packages: &[String]) -> Vec<String> {
    let step = packages.len().div_ceil(2_000);
    packages
        .iter()
        .step_by(step)
        .enumerate()
        .map(|(n, package)| format!("/plugins/{package}/?n={n}"))
        .collect()
}

/// What a page asks, as a client sends it.
fn document(name: &str, variables: &serde_json::Value) -> String {
    let found = cairn_web::DOCUMENTS.iter().find(|document| document.name == name);
    let text = found.expect("the page has this document").text;
    json!({ "query": text, "operationName": name, "variables": variables }).to_string()
}

fn lists_asked() -> Vec<String> {
    let orders = ["DOWNLOADS", "NAME", "UPDATED", "CREATED"];
    let one = |n: usize| {
        let variables = json!({ "tags": [WORDS[n % WORDS.len()]], "order": orders[n % 4], "first": 20 });
        document("ListPage", &variables)
    };
    (0..64).map(one).collect()
}

fn searches_asked() -> Vec<String> {
    let one = |n: usize| {
        let text = format!("{} {}", WORDS[n % WORDS.len()], &WORDS[n / 16 % WORDS.len()][..2]);
        document("ListPage", &json!({ "text": text, "order": "RELEVANCE", "first": 20 }))
    };
    (0..256).map(one).collect()
}

fn plugins_asked(packages: &[String]) -> Vec<String> {
    let step = packages.len().div_ceil(1_000);
    let one = |package: &String| document("PluginPage", &json!({ "package": package, "by": "DAY" }));
    packages.iter().step_by(step).map(one).collect()
}

/// A script that asks for these addresses, one after the other.
fn in_turn(paths: &[String]) -> String {
    table(paths) + "request = function() at = at % #all + 1; return wrk.format('GET', all[at]) end\n"
}

/// A script that sends these documents, one after the other.
fn posted(bodies: &[String]) -> String {
    table(bodies)
        + "wrk.headers['Content-Type'] = 'application/json'\n\
           request = function() at = at % #all + 1; return wrk.format('POST', nil, nil, all[at]) end\n"
}

fn table(items: &[String]) -> String {
    // Each of wrk's threads begins elsewhere.
    let mut script =
        String::from("local at = 0\nfunction init() math.randomseed(os.time()) end\nlocal all = {\n");
    for item in items {
        writeln!(script, "[==[{item}]==],").expect("a string takes everything");
    }
    script + "}\n"
}

fn written(t: &TestDb, name: &str, script: &str) -> PathBuf {
    let path = t.folder().join(format!("{}.lua", name.replace([' ', ','], "-")));
    std::fs::write(&path, script).expect("the folder takes files");
    path
}
