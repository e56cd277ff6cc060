//! A server in a process of its own, as people run it: this program again, with other arguments.

use cairn_api::access_token::{AccessTokens, Client};
use cairn_cli::args::SettingsArgs;
use cairn_cli::config::Config;
use cairn_cli::house::House;
use cairn_commands::account::{GrantStaff, RegisterAccount};
use cairn_domain::Actor;
use cairn_domain::ids::AccountId;
use cairn_store::testing::TestDb;
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a server may take to answer, with 30,000 plugins to render on a busy machine.
const START_MAX: Duration = Duration::from_mins(5);

/// Does what `cairn serve` does.
pub(crate) fn serve() -> ExitCode {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("the system gives threads");
    runtime.block_on(cairn_cli::run())
}

/// An address that was free a moment ago.
pub(crate) fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("a bound listener has an address")
}

/// A process that ends with this value.
#[derive(Debug)]
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server on a test's database and folder.
#[derive(Debug)]
pub(crate) struct Server {
    /// Where it is, without a final slash.
    pub(crate) base: String,
    /// A client with its connections.
    pub(crate) http: reqwest::Client,
    process: Running,
}

impl Server {
    /// Starts it and waits until it answers.
    pub(crate) async fn start(t: &TestDb) -> Self {
        let address = free_address();
        let log = File::create(t.folder().join("server.log")).expect("the folder takes a file");
        let child = Command::new(std::env::current_exe().expect("this program has a path"))
            .args(["serve", "--listen", &address.to_string(), "--database-url", t.url(), "--data-dir"])
            .arg(t.folder())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("this program starts once more");
        let http = reqwest::Client::builder().tcp_nodelay(true).build().expect("a client");
        let server = Self { base: format!("http://{address}"), http, process: Running(child) };
        server.wait(t).await;
        server
    }

    async fn wait(&self, t: &TestDb) {
        let until = Instant::now() + START_MAX;
        while Instant::now() < until {
            if let Ok(answer) = self.http.get(format!("{}/healthz", self.base)).send().await
                && answer.status().is_success()
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let log = std::fs::read_to_string(t.folder().join("server.log")).unwrap_or_default();
        panic!("the server does not answer: {log}");
    }

    /// Statements that were sent to the database for GraphQL documents since the start, and how many documents.
    pub(crate) async fn statements(&self) -> (f64, f64) {
        let answer = self.http.get(format!("{}/metrics", self.base)).send().await;
        let text = answer.expect("the server answers").text().await.expect("metrics are text");
        let sum = |name: &str| {
            let lines = text.lines().filter(|line| line.starts_with(name));
            lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
        };
        (sum("cairn_graphql_statements_sum"), sum("cairn_graphql_statements_count"))
    }

    /// Memory now and at most, in MiB.
    pub(crate) fn memory_mib(&self) -> (u64, u64) {
        crate::machine::memory_mib(self.process.0.id())
    }
}

/// The parts of the program on a test's database, without any task: for making ready what a server will find.
pub(crate) async fn house(t: &TestDb) -> House {
    let settings = SettingsArgs {
        data_dir: Some(t.folder().to_owned()),
        database_url: Some(t.url().to_owned()),
        ..SettingsArgs::default()
    };
    let config = Config::load(&settings).expect("these settings are good");
    House::open(config).await.expect("the parts open")
}

/// Registers somebody of the staff; answers the account and a token for the next quarter of an hour.
pub(crate) async fn staff(house: &House) -> (AccountId, String) {
    let account = AccountId(house.ids.v4());
    let register = RegisterAccount {
        account,
        name: "sue".parse().expect("a name"),
        email: "sue@example.org".parse().expect("an address"),
        password_hash: None,
        salt: house.ids.bytes(),
        origin: cairn_domain::account::Origin::Local,
        sign_up: cairn_commands::account::SignUp::default(),
    };
    house.commands.send(&register, Actor::Operator, None).await.expect("the operator may");
    house.commands.send(&GrantStaff { account }, Actor::Operator, None).await.expect("the operator may");
    let tokens = AccessTokens::open(&house.db, Arc::clone(&house.clock), Arc::clone(&house.ids)).await;
    let pair = tokens.expect("the keys open").begin(&house.commands, account, Client::default()).await;
    (account, pair.expect("staff may sign in").access)
}
