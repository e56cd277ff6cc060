//! The whole of Cairn as a test meets it: a server on a port of its own, and people who do things to it.

pub mod ci_service;
pub mod feed;
pub mod markup;
pub mod pages;
pub mod world;

use axum::ServiceExt;
use axum::extract::Request;
use cairn_api::access_token::Client as TokenClient;
use cairn_cli::args::SettingsArgs;
use cairn_cli::config::Config;
use cairn_cli::house::House;
use cairn_commands::Command;
use cairn_commands::account::{GrantAdmin, GrantStaff, GrantTrust, RegisterAccount};
use cairn_commands::sign_in::Device;
use cairn_commands::site::SetPolicy;
use cairn_domain::Actor;
use cairn_domain::ids::AccountId;
use cairn_domain::package::testing::PackageBuilder;
use cairn_domain::site::StaffFactor;
use cairn_store::testing::TestDb;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::net::TcpListener;

/// One recorder for the whole process; tests look at what they did themselves.
static METRICS: LazyLock<PrometheusHandle> =
    LazyLock::new(|| PrometheusBuilder::new().install_recorder().expect("nobody else records in a test"));

/// A running server with its workers.
#[derive(Debug, Clone)]
pub struct TestApp {
    /// Where it is, without a final slash.
    pub base: String,
    /// Its parts, for looking behind the doors.
    pub house: Arc<House>,
    /// Its application, for tokens made without passwords.
    pub app: cairn_api::App,
    http: Client,
}

/// Somebody who does things over HTTP.
#[derive(Debug, Clone)]
pub struct Person {
    /// The name to sign in with.
    pub name: String,
    /// The account; none for a stranger.
    pub account: Option<AccountId>,
    app: TestApp,
    bearer: Option<String>,
}

/// The password of everybody in tests.
pub const PASSWORD: &str = "correct horse battery";

impl TestApp {
    /// A server on this database, with packages in the test's folder.
    pub async fn start(t: &TestDb) -> Self {
        Self::with(t, |_| {}).await
    }

    /// [`TestApp::start`] with other settings.
    pub async fn with(t: &TestDb, change: impl FnOnce(&mut Config)) -> Self {
        Self::run(t, change, true).await
    }

    /// A server that leaves the read models to another process.
    pub async fn without_workers(t: &TestDb) -> Self {
        Self::run(t, |_| {}, false).await
    }

    async fn run(t: &TestDb, change: impl FnOnce(&mut Config), workers: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let args = SettingsArgs {
            listen: Some(address),
            data_dir: Some(t.folder().to_owned()),
            database_url: Some(t.url().to_owned()),
            ..SettingsArgs::default()
        };
        let mut config = Config::load(&args).expect("these settings are good");
        change(&mut config);
        // Boxed, since a configuration is large and every test would hold it where it waits.
        let house = Box::pin(House::open(config)).await.expect("the parts open");
        if workers {
            house.start_workers();
            house.start_reactors().await.expect("these settings are good");
        } else {
            house.follow();
        }
        let app = Box::pin(house.app(METRICS.clone())).await.expect("the application starts");
        let service = cairn_web::router(app.clone());
        let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
        let stop = house.cancel().clone();
        let serving =
            axum::serve(listener, service).with_graceful_shutdown(async move { stop.cancelled().await });
        house.spawn(async move { serving.await.expect("serving ends well") });
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self { base: format!("http://{address}"), house: Arc::new(house), app, http }
    }

    /// Somebody without an account.
    pub fn stranger(&self) -> Person {
        Person { name: "stranger".into(), account: None, app: self.clone(), bearer: None }
    }

    /// Somebody with an account.
    pub async fn person(&self, name: &str) -> Person {
        self.person_with(name, None).await
    }

    /// Somebody who can sign in with [`PASSWORD`].
    pub async fn person_with_password(&self, name: &str) -> Person {
        let hash = cairn_commands::secret::hash_password(PASSWORD, &[7; 16]).expect("the password is good");
        self.person_with(name, Some(hash)).await
    }

    async fn person_with(&self, name: &str, password_hash: Option<String>) -> Person {
        let account = AccountId(self.house.ids.v4());
        let command = RegisterAccount {
            account,
            name: name.parse().expect("a name"),
            email: format!("{name}@example.org").parse().expect("an address"),
            password_hash,
            salt: self.house.ids.bytes(),
            origin: cairn_domain::account::Origin::Local,
            sign_up: cairn_commands::account::SignUp::default(),
        };
        self.operate(&command).await;
        let bearer = self.sign_in(account).await;
        Person { name: name.into(), account: Some(account), app: self.clone(), bearer: Some(bearer) }
    }

    /// An access token of a new session of this account, got without a password.
    pub async fn sign_in(&self, account: AccountId) -> String {
        let pair = self.app.access_tokens.begin(&self.house.commands, account, TokenClient::default()).await;
        pair.expect("the account may sign in").access
    }

    /// Somebody of the staff. From the second on, staff need no second factor, which nobody has in these stories.
    pub async fn staff(&self, name: &str) -> Person {
        let person = self.person(name).await;
        let known = self.house.commands.look(vec![], Actor::Operator).await.expect("the log answers");
        if known.site().staff > 0 {
            let staff_factor = Some(StaffFactor::Never);
            self.operate(&SetPolicy { staff_factor, ..SetPolicy::default() }).await;
        }
        self.operate(&GrantStaff { account: person.id() }).await;
        person
    }

    /// Somebody of the staff who may also say who is staff.
    pub async fn admin(&self, name: &str) -> Person {
        let person = self.staff(name).await;
        self.operate(&GrantAdmin { account: person.id() }).await;
        person
    }

    /// Somebody whose uploads need no review.
    pub async fn trusted(&self, name: &str) -> Person {
        let person = self.person(name).await;
        self.operate(&GrantTrust { account: person.id(), reason: None }).await;
        person
    }

    /// Carries a command out as the operator.
    pub async fn operate<C: Command>(&self, command: &C) -> C::Answer {
        self.house.commands.send(command, Actor::Operator, None).await.expect("the operator may").answer
    }

    /// Waits until everything that is in both logs can be read everywhere.
    pub async fn settle(&self) {
        let head = self.house.commands.registry().head().await.expect("the log answers");
        let patience = Duration::from_secs(10);
        self.house.projections.wait_for(head, patience).await.expect("the read models come along");
        self.app.feeds.wait_for(head, patience).await.expect("the feeds come along");
    }

    /// Waits until all downloads that are in the log are counted in the read models.
    pub async fn settle_downloads(&self) {
        let head = self.house.downloads.head().await.expect("the log answers");
        for _ in 0..400 {
            let status = self.house.projections.status().await.expect("the read models answer");
            let counted = status.iter().find(|one| one.name == cairn_projections::Name::Downloads);
            if counted.is_some_and(|one| one.next_position >= head) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("downloads were not counted up to {head}");
    }
}

impl Person {
    /// The account's id; a stranger has none.
    pub fn id(&self) -> AccountId {
        self.account.expect("a person with an account")
    }

    /// The same person with another credential.
    #[must_use]
    pub fn with_bearer(&self, token: &str) -> Self {
        Self { bearer: Some(token.to_owned()), ..self.clone() }
    }

    /// The same person under the name they gave.
    #[must_use]
    pub fn called(&self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self.clone() }
    }

    /// A session of this person in a browser, as the cookie that continues it.
    pub async fn browser_cookie(&self) -> String {
        let opened = self.app.app.sign_in.open_session(self.id(), None, Device::default()).await;
        format!("cairn_session={}", opened.expect("the account may sign in").secret.reveal())
    }

    /// Waits until everybody sees what is in the logs.
    pub async fn settle(&self) {
        self.app.settle().await;
    }

    /// A request with this person's credential.
    pub fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        let request = self.app.http.request(method, format!("{}{path}", self.app.base));
        match &self.bearer {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// A GET.
    pub async fn get(&self, path: &str) -> Response {
        self.request(reqwest::Method::GET, path).send().await.expect("the server answers")
    }

    /// The body of a GET that must succeed.
    pub async fn text(&self, path: &str) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "GET {path}");
        response.text().await.expect("a text")
    }

    /// The JSON of a GET that must succeed.
    pub async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path).await).expect("JSON")
    }

    /// Posts a zip to the token API.
    pub async fn upload_to(&self, package: &str, zip: Vec<u8>) -> Response {
        let part = Part::bytes(zip).file_name(format!("{package}.zip"));
        let path = format!("/plugins/api/{package}/version/add/");
        let request = self.request(reqwest::Method::POST, &path);
        request.multipart(Form::new().part("package", part)).send().await.expect("the server answers")
    }

    /// Uploads a plain good package and answers what the token API said.
    pub async fn upload(&self, package: &str, version: &str) -> Value {
        self.upload_zip(
            package,
            PackageBuilder::new(package).version(version).metadata_key("name", package).build(),
        )
        .await
    }

    /// Uploads a good package and answers what the token API said.
    pub async fn upload_zip(&self, package: &str, zip: Vec<u8>) -> Value {
        let response = self.upload_to(package, zip).await;
        let status = response.status();
        let body: Value = response.json().await.expect("JSON");
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body
    }

    /// Approves a version over GraphQL and waits until everybody sees it.
    pub async fn approve(&self, package: &str, version: &str) {
        let query = "mutation($input: ApproveVersionInput!) { approveVersion(input: $input) { position } }";
        let answer =
            self.graphql(query, json!({ "input": { "package": package, "version": version } })).await;
        assert!(answer["errors"].is_null(), "{answer}");
        self.app.settle().await;
    }

    /// Asks GraphQL; errors are in the answer.
    pub async fn graphql(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let request = self.request(reqwest::Method::POST, "/graphql").json(&body);
        request.send().await.expect("the server answers").json().await.expect("JSON")
    }
}
