//! `cairn serve`: the repository over HTTP.

use crate::args::ServeArgs;
use crate::commands::user;
use crate::config::Config;
use crate::demo;
use crate::house::House;
use crate::out;
use anyhow::Context;
use axum::ServiceExt;
use axum::extract::Request;
use axum::serve::ListenerExt;
use cairn_commands::Fault;
use cairn_commands::account::{GrantAdmin, GrantStaff};
use cairn_domain::{Actor, Refusal};
use cairn_store::vault;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Buckets of every duration in `/metrics`, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Serves until it is told to stop, then finishes what it has begun.
pub async fn run(config: Config, args: &ServeArgs) -> anyhow::Result<ExitCode> {
    if args.demo {
        // An address that is taken is told before the work, not after it.
        drop(listen(&config).await?);
        demo::fill(&config).await?;
    }
    log_as(&config)?;
    let metrics = record_metrics()?;
    let house = House::open(config).await?;
    if args.no_workers {
        house.follow();
    } else {
        house.start_workers();
        house.start_reactors().await?;
    }
    let listener = listen(&house.config).await?;
    let app = house.app(metrics).await?;
    let first = first_account(&house).await?;
    welcome(&house, first.as_deref());
    if args.demo {
        demo::tell(&house.config);
    }
    let service = cairn_web::router(app);
    let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
    let stop = stop_signal(house.cancel().clone());
    // The end of a body goes out at once, and does not wait until the client has confirmed its beginning.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(error = %error, "a connection keeps its delay");
        }
    });
    axum::serve(listener, service).with_graceful_shutdown(stop).await.context("serving")?;
    house.close().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn listen(config: &Config) -> anyhow::Result<TcpListener> {
    TcpListener::bind(config.listen).await.with_context(|| format!("listening on {}", config.listen))
}

/// Sends log lines to standard error, as the configuration says.
pub(crate) fn log_as(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log).context("in `log`")?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let set = if config.log_json { lines.json().try_init() } else { lines.compact().try_init() };
    set.map_err(|fault| anyhow::anyhow!("setting up the log: {fault}"))
}

/// Collects what `/metrics` tells.
pub(crate) fn record_metrics() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)?
        .install_recorder()
        .context("setting up metrics")
}

/// Waits for Ctrl-C or a termination signal. After that a second one, or ten seconds, end the program at once.
async fn stop_signal(cancel: tokio_util::sync::CancellationToken) {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .expect("a process may listen for SIGTERM");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
        () = cancel.cancelled() => {}
    }
    tracing::info!("stopping; requests that have begun are finished");
    std::thread::spawn(|| {
        std::thread::sleep(Duration::from_secs(10));
        std::process::exit(3);
    });
}

/// On the very first start there is nobody: makes the account `admin`, which is staff and admin, and answers its password.
async fn first_account(house: &House) -> anyhow::Result<Option<String>> {
    let mut conn = house.db.read().await?;
    if !vault::people(&mut conn, "", 1).await?.is_empty() {
        return Ok(None);
    }
    drop(conn);
    let password = house.ids.v4().simple().to_string()[..20].to_owned();
    match user::add(house, "admin", "admin@localhost", Some(&password)).await {
        Ok(account) => {
            house.commands.send(&GrantStaff { account }, Actor::Operator, None).await?;
            house.commands.send(&GrantAdmin { account }, Actor::Operator, None).await?;
            Ok(Some(password))
        }
        // Another node was faster.
        Err(fault)
            if matches!(fault.downcast_ref(), Some(Fault::Refused(Refusal::AccountNameTaken { .. }))) =>
        {
            Ok(None)
        }
        Err(fault) => Err(fault),
    }
}

fn welcome(house: &House, password: Option<&str>) {
    let base = house.config.base_url.as_str().trim_end_matches('/');
    out::line(&format!("\n  Cairn is at  {base}/"));
    out::line(&format!("  For QGIS     {base}/plugins/plugins.xml"));
    out::line(&format!("  GraphQL      {base}/graphql/console"));
    out::line(&format!("  Kept in      {} and {}", house.db.engine_name(), house.config.packages));
    if let Some(password) = password {
        out::line("\n  This is the first start, so there is one account now, staff and admin:");
        out::line(&format!("      name admin, password {password}"));
        out::line("  Sign in, which gives a token for 15 minutes:");
        let body = format!("{{\"username\":\"admin\",\"password\":\"{password}\"}}");
        out::line(&format!("      curl {base}/api/token/ -H 'Content-Type: application/json' -d '{body}'"));
        out::line("  Add people:  echo PASSWORD | cairn user add NAME --email ADDRESS --password-stdin");
    }
    out::line("");
}
