//! How long it takes from the moment a reviewer sends an approval until twelve feeds show the version, and how that grows
//! with the catalogue. The reference of the larger catalogues is the smallest.

use crate::Size;
use crate::catalogue::{Catalogue, WAITING};
use crate::figures::{Figures, say};
use crate::server::{Server, house, staff};
use cairn_projections::testing::append;
use cairn_store::Engine;
use cairn_store::testing::TestDb;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use std::io::Read as _;
use std::time::{Duration, Instant};

/// The QGIS versions whose feeds are watched; the approved version is for all of them.
const QGIS: [&str; 12] =
    ["3.4", "3.10", "3.16", "3.22", "3.26", "3.28", "3.30", "3.32", "3.34", "3.36", "3.40", "3.44"];

/// Versions each plugin has before.
const VERSIONS: usize = 2;

/// How long to look again after a feed was not yet new.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// A reviewer at a server.
struct Reviewer<'a> {
    server: &'a Server,
    token: String,
}

pub(crate) fn measure(size: Size) {
    let mut first = None;
    for plugins in size.of([300, 3_000, 30_000].as_slice(), [20, 60].as_slice()) {
        let (sender, receiver) = std::sync::mpsc::channel();
        cairn_store::testing::run(Engine::Sqlite, move |t| async move {
            let _ = sender.send(run(&t, *plugins, size).await);
        });
        let [p50, p99] = receiver.recv().expect("a run that ends has figures");
        let [p50_first, p99_first] = *first.get_or_insert([p50, p99]);
        let (growth, growth_99) = (p50 / p50_first, p99 / p99_first);
        say(&format!(
            "  against the smallest catalogue: p50 × {growth:.2}, p99 × {growth_99:.2} (target < 5 at 30,000)"
        ));
    }
}

async fn run(t: &TestDb, plugins: usize, size: Size) -> [f64; 2] {
    let approvals = size.of(200, 5);
    let (token, packages) = fill(t, plugins, approvals).await;
    let server = Server::start(t).await;
    let reviewer = Reviewer { server: &server, token };
    let mut etags = reviewer.etags().await;
    let (mut seen, mut answered) = (Vec::new(), Vec::new());
    for package in &packages {
        let sent = Instant::now();
        reviewer.approve(package).await;
        answered.push(sent.elapsed());
        reviewer.wait_for_all(&mut etags).await;
        seen.push(sent.elapsed());
    }
    for qgis in QGIS {
        reviewer.check_shows_all(qgis, &packages).await;
    }
    let (now, most) = server.memory_mib();
    let (seen, answered) = (Figures::of_times(&seen), Figures::of_times(&answered));
    let [p50, p99] = [0.5, 0.99].map(|share| seen.quantile(share));
    say(&format!(
        "{plugins} plugins, {approvals} approvals: visible in {} feeds p50 {p50:.1} ms, p99 {p99:.1} ms, at most {:.1} ms (target p99 < 1 s); answered p50 {:.1} ms, p99 {:.1} ms; the server holds {now} MiB, at most {most} MiB",
        QGIS.len(),
        seen.quantile(1.0),
        answered.quantile(0.5),
        answered.quantile(0.99)
    ));
    [p50, p99]
}

/// A catalogue with versions that wait; answers a reviewer's token and the plugins of those versions.
async fn fill(t: &TestDb, plugins: usize, approvals: usize) -> (String, Vec<String>) {
    let house = house(t).await;
    let catalogue = Catalogue::of(plugins);
    let mut history = catalogue.history(VERSIONS);
    let (waiting, packages) = catalogue.waiting(approvals);
    history.extend(waiting);
    append(house.commands.registry(), &history).await.expect("the history is good");
    let (_, token) = staff(&house).await;
    house.projections.catch_up().await.expect("the history is good");
    house.close().await;
    (token, packages)
}

impl Reviewer<'_> {
    async fn feed(&self, method: Method, qgis: &str, etag: Option<&str>) -> Response {
        let address = format!("{}/plugins/plugins.xml?qgis={qgis}", self.server.base);
        let mut asked = self.server.http.request(method, address).header("accept-encoding", "gzip");
        if let Some(etag) = etag {
            asked = asked.header("if-none-match", etag);
        }
        asked.send().await.expect("the server answers")
    }

    /// The ETags of all watched feeds, which the server composes and keeps from then on.
    async fn etags(&self) -> Vec<String> {
        let mut etags = Vec::new();
        for qgis in QGIS {
            etags.push(etag(&self.feed(Method::HEAD, qgis, None).await));
        }
        etags
    }

    async fn approve(&self, package: &str) {
        let query = "mutation($input: ApproveVersionInput!) { approveVersion(input: $input) { position } }";
        let body =
            json!({ "query": query, "variables": { "input": { "package": package, "version": WAITING } } });
        let asked = self
            .server
            .http
            .post(format!("{}/graphql", self.server.base))
            .bearer_auth(&self.token)
            .json(&body);
        let answer: Value = asked.send().await.expect("the server answers").json().await.expect("JSON");
        assert!(answer["data"]["approveVersion"]["position"].is_number(), "{answer}");
    }

    /// Looks at one feed after the other until it is not what it was.
    async fn wait_for_all(&self, etags: &mut [String]) {
        for (qgis, known) in QGIS.into_iter().zip(etags) {
            loop {
                let answer = self.feed(Method::HEAD, qgis, Some(known)).await;
                if answer.status() == StatusCode::OK {
                    *known = etag(&answer);
                    break;
                }
                assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
    }

    async fn check_shows_all(&self, qgis: &str, packages: &[String]) {
        let body = self.feed(Method::GET, qgis, None).await.bytes().await.expect("a body");
        let mut xml = String::new();
        flate2::read::GzDecoder::new(&*body).read_to_string(&mut xml).expect("a feed is UTF-8 text");
        for package in packages {
            let address = format!("/plugins/{package}/version/{WAITING}/download/");
            assert!(xml.contains(&address), "the feed for {qgis} shows {address}");
        }
    }
}

fn etag(answer: &Response) -> String {
    answer.headers()["etag"].to_str().expect("an ETag is ASCII").to_owned()
}
