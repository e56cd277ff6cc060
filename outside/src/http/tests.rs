use super::*;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

const BODY_MAX: usize = 1000;

/// A web server that ends with the test.
struct Server {
    at: SocketAddr,
    _task: JoinSet<()>,
}

impl Server {
    async fn on(ip: &str, app: Router) -> Self {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let at = listener.local_addr().unwrap();
        let mut task = JoinSet::new();
        task.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { at, _task: task }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.at)
    }
}

fn settings(allowed: &[&str]) -> OutgoingSettings {
    let allowed = allowed.iter().map(|text| text.parse().unwrap()).collect();
    let limits = OutgoingLimits {
        body_bytes_max: BODY_MAX,
        total: Duration::from_secs(5),
        ..OutgoingLimits::default()
    };
    OutgoingSettings { allowed, limits, ..OutgoingSettings::default() }
}

fn client(allowed: &[&str]) -> Outgoing {
    Outgoing::new(settings(allowed)).unwrap()
}

async fn ask(client: &Outgoing, url: &str) -> Result<Response<Vec<u8>>, OutgoingError> {
    client.send(Request::get(url).body(Vec::new()).unwrap()).await
}

async fn hello() -> Server {
    Server::on("127.0.0.1", Router::new().route("/", get(async || "hello"))).await
}

#[tokio::test]
async fn loopback_is_refused_unless_a_setting_allows_it() {
    let server = hello().await;
    let port = server.at.port();
    for url in [
        format!("https://127.0.0.1:{port}/"),
        format!("https://localhost:{port}/"),
        format!("https://2130706433:{port}/"),
        format!("https://0x7f.1:{port}/"),
        format!("https://0:{port}/"),
        format!("https://[::1]:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://[::ffff:7f00:1]:{port}/"),
        format!("https://[::127.0.0.1]:{port}/"),
        format!("https://[64:ff9b::127.0.0.1]:{port}/"),
        format!("https://[fd00::1]:{port}/"),
        format!("https://[fe80::1]:{port}/"),
        format!("https://169.254.169.254:{port}/"),
    ] {
        let refused = ask(&client(&[]), &url).await.unwrap_err();
        assert!(matches!(refused, OutgoingError::AddressRefused { .. }), "{url}: {refused:?}");
    }
    for allowed in ["127.0.0.1", "127.0.0.0/8"] {
        let answer = ask(&client(&[allowed]), &server.url("/")).await.unwrap();
        assert_eq!(answer.body(), b"hello");
    }
    let by_name = format!("http://localhost:{port}/");
    assert_eq!(ask(&client(&["localhost"]), &by_name).await.unwrap().body(), b"hello");
}

#[tokio::test]
async fn without_tls_only_excepted_hosts_are_asked() {
    let server = hello().await;
    for url in ["http://example.org/", "http://1.1.1.1/", "http://localhost/", &server.url("/")] {
        let refused = ask(&client(&["10.0.0.0/8"]), url).await.unwrap_err();
        assert!(matches!(refused, OutgoingError::Insecure { .. }), "{url}: {refused:?}");
    }
    // A name is not excepted by where it leads: over plain HTTP anybody on the way could say where that is.
    let by_name = format!("http://localhost:{}/", server.at.port());
    let refused = ask(&client(&["127.0.0.0/8"]), &by_name).await.unwrap_err();
    assert!(matches!(refused, OutgoingError::Insecure { .. }), "{refused:?}");
}

#[tokio::test]
async fn only_plain_web_addresses_are_asked() {
    let client = client(&["localhost", "127.0.0.1"]);
    for url in ["ftp://localhost/", "http://ann:secret@localhost/", "/there", "localhost"] {
        let refused = ask(&client, url).await.unwrap_err();
        assert!(matches!(refused, OutgoingError::UrlMalformed), "{url}: {refused:?}");
    }
}

#[tokio::test]
async fn a_body_may_be_as_large_as_the_limit_and_no_larger() {
    let told = get(async |Path(size): Path<usize>| vec![b'x'; size]);
    // In two pieces, so that the length is not told beforehand.
    let untold = get(async |Path(size): Path<usize>| {
        let halves = [size / 2, size - size / 2];
        let pieces = halves.map(|half| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; half])));
        Body::from_stream(futures_util::stream::iter(pieces))
    });
    let app = Router::new().route("/told/{size}", told).route("/untold/{size}", untold);
    let server = Server::on("127.0.0.1", app).await;
    let client = client(&["127.0.0.1"]);
    for way in ["told", "untold"] {
        let answer = ask(&client, &server.url(&format!("/{way}/{BODY_MAX}"))).await.unwrap();
        assert_eq!(answer.body().len(), BODY_MAX);
        let past = ask(&client, &server.url(&format!("/{way}/{}", BODY_MAX + 1))).await.unwrap_err();
        assert!(matches!(past, OutgoingError::TooLarge { max: BODY_MAX, .. }), "{way}: {past:?}");
    }
}

#[tokio::test]
async fn a_server_that_never_ends_is_left() {
    let silent = get(async || std::future::pending::<()>().await);
    let endless = get(async || {
        let first = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"x"))]);
        Body::from_stream(futures_util::StreamExt::chain(first, futures_util::stream::pending()))
    });
    let app = Router::new().route("/silent", silent).route("/endless", endless);
    let server = Server::on("127.0.0.1", app).await;
    let mut settings = settings(&["127.0.0.1"]);
    settings.limits.total = Duration::from_millis(200);
    let client = Outgoing::new(settings).unwrap();
    for path in ["/silent", "/endless"] {
        let left = ask(&client, &server.url(path)).await.unwrap_err();
        assert!(matches!(left, OutgoingError::TimedOut { .. }), "{path}: {left:?}");
    }
}

#[tokio::test]
async fn redirects_are_followed_as_far_as_the_limit() {
    let app = Router::new()
        .route("/0", get(async || "arrived"))
        .route("/loop", get(async || Redirect::to("/loop")))
        .route("/nowhere", get(async || Redirect::to("http://[")))
        .route("/{left}", get(async |Path(left): Path<u32>| Redirect::temporary(&format!("{}", left - 1))));
    let server = Server::on("127.0.0.1", app).await;
    let client = client(&["127.0.0.1"]);
    assert_eq!(ask(&client, &server.url("/3")).await.unwrap().body(), b"arrived");
    for path in ["/4", "/loop"] {
        let refused = ask(&client, &server.url(path)).await.unwrap_err();
        assert!(matches!(refused, OutgoingError::TooManyRedirects { max: 3 }), "{path}: {refused:?}");
    }
    let refused = ask(&client, &server.url("/nowhere")).await.unwrap_err();
    assert!(matches!(refused, OutgoingError::RedirectMalformed { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_redirect_leads_to_no_address_that_could_not_be_asked() {
    let inner = Server::on("127.0.0.2", Router::new().route("/", get(async || "inner"))).await;
    let port = inner.at.port();
    let targets = [
        inner.url("/").replace("http:", "https:"),
        format!("https://localhost:{port}/"),
        format!("https://[::ffff:127.0.0.2]:{port}/"),
        "https://169.254.169.254/latest/meta-data".to_owned(),
    ];
    for target in targets {
        let app = Router::new().route("/", get(async move || Redirect::to(&target)));
        let outer = Server::on("127.0.0.3", app).await;
        let refused = ask(&client(&["127.0.0.3"]), &outer.url("/")).await.unwrap_err();
        assert!(matches!(refused, OutgoingError::AddressRefused { .. }), "{refused:?}");
    }
    let plain = inner.url("/");
    let outer =
        Server::on("127.0.0.1", Router::new().route("/", get(async move || Redirect::to(&plain)))).await;
    let refused = ask(&client(&["127.0.0.1"]), &outer.url("/")).await.unwrap_err();
    assert!(matches!(refused, OutgoingError::Insecure { .. }), "{refused:?}");
    let both = client(&["127.0.0.1", "127.0.0.2"]);
    assert_eq!(ask(&both, &outer.url("/")).await.unwrap().body(), b"inner");
}

#[tokio::test]
async fn credentials_stay_with_the_origin_they_were_meant_for() {
    let told = async |headers: HeaderMap| {
        let told = headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
        told.unwrap_or("none".to_owned())
    };
    let other = Server::on("127.0.0.1", Router::new().route("/told", get(told))).await;
    let away = other.url("/told");
    let app = Router::new()
        .route("/told", get(told))
        .route("/here", get(async || Redirect::to("/told")))
        .route("/away", get(async move || Redirect::to(&away)));
    let server = Server::on("127.0.0.1", app).await;
    let client = client(&["127.0.0.1"]);
    for (path, expected) in [("/here", "Bearer secret"), ("/away", "none")] {
        let request = Request::get(server.url(path)).header("authorization", "Bearer secret");
        let answer = client.send(request.body(Vec::new()).unwrap()).await.unwrap();
        assert_eq!(answer.body(), expected.as_bytes(), "{path}");
    }
}

#[tokio::test]
async fn what_is_posted_goes_to_nobody_else() {
    let app = Router::new()
        .route("/", post(async || Redirect::temporary("/again")))
        .route("/echo", post(async |body: Bytes| body))
        .route("/again", post(async |body: Bytes| body));
    let server = Server::on("127.0.0.1", app).await;
    let client = client(&["127.0.0.1"]);
    let post = |path| Request::post(server.url(path)).body(b"code".to_vec()).unwrap();
    assert_eq!(client.send(post("/echo")).await.unwrap().body(), b"code");
    let answer = client.send(post("/")).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.body().len()), (307, 0));
}

/// Asks a name that leads to 127.0.0.1 first and to 127.0.0.2 afterwards.
#[tokio::test]
async fn a_name_that_changes_its_address_is_checked_each_time() {
    let close = async || ([("connection", "close")], "hello").into_response();
    let server = Server::on("127.0.0.1", Router::new().route("/", get(close))).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let lookup: Lookup = Arc::new(move |_| {
        let last = if counted.fetch_add(1, Ordering::SeqCst) == 0 { 1 } else { 2 };
        Box::pin(async move { Ok(vec![SocketAddr::new(IpAddr::from([127, 0, 0, last]), 0)]) })
    });
    // The port is there on both addresses, so only the check can be what refuses.
    let _inner = TcpListener::bind(("127.0.0.2", server.at.port())).await.unwrap();
    let allowed = Arc::new(AllowList(vec!["127.0.0.1".parse().unwrap()]));
    let guard = Guard { lookup, allowed };
    let client = Client::builder().no_proxy().dns_resolver(guard).build().unwrap();
    let url = format!("http://changing.example:{}/", server.at.port());
    assert_eq!(client.get(&url).send().await.unwrap().text().await.unwrap(), "hello");
    assert_eq!(asked.load(Ordering::SeqCst), 1, "the address that was checked is the one connected to");
    let refused = OutgoingError::of("changing.example", client.get(&url).send().await.unwrap_err());
    assert!(matches!(refused, OutgoingError::AddressRefused { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_name_with_public_and_private_addresses_leads_to_the_public_ones() {
    let lookup: Lookup = Arc::new(|_| {
        let addresses = ["10.0.0.1", "1.1.1.1", "::1"];
        let addresses = addresses.map(|address| SocketAddr::new(address.parse().unwrap(), 0));
        Box::pin(async move { Ok(addresses.to_vec()) })
    });
    let guard = Guard { lookup, allowed: Arc::default() };
    let found = reqwest::dns::Resolve::resolve(&guard, "mixed.example".parse().unwrap()).await;
    let found: Vec<_> =
        found.unwrap_or_else(|_| panic!("one is public")).map(|address| address.ip().to_string()).collect();
    assert_eq!(found, ["1.1.1.1"]);
}

#[tokio::test]
async fn a_document_is_the_json_that_is_expected_or_an_error_without_its_text() {
    let app = Router::new()
        .route("/good", get(async || axum::Json(json!({"a": 1}))))
        .route("/text", get(async || "hush"))
        .route("/gone", get(async || (http::StatusCode::GONE, "hush")));
    let server = Server::on("127.0.0.1", app).await;
    let client = client(&["127.0.0.1"]);
    assert_eq!(client.get_json::<Value>(&server.url("/good")).await.unwrap(), json!({"a": 1}));
    let text = client.get_json::<Value>(&server.url("/text")).await.unwrap_err();
    assert!(matches!(text, OutgoingError::NotJson { .. }), "{text:?}");
    let gone = client.get_json::<Value>(&server.url("/gone")).await.unwrap_err();
    assert!(matches!(gone, OutgoingError::Status { status: 410, .. }), "{gone:?}");
    assert!(!format!("{text:?} {text} {gone:?} {gone}").contains("hush"));
}

#[tokio::test]
async fn a_dead_server_is_named_and_the_url_is_not() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let dead =
        ask(&client(&["127.0.0.1"]), &format!("http://127.0.0.1:{port}/?code=hush")).await.unwrap_err();
    assert!(matches!(&dead, OutgoingError::Unreachable { host, .. } if host == "127.0.0.1"), "{dead:?}");
    assert!(!format!("{dead:?} {dead}").contains("hush"));
}
