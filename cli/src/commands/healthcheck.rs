//! `cairn healthcheck`: for containers, which have no curl.

use crate::args::HealthcheckArgs;
use crate::config::Config;
use crate::out;
use anyhow::Context;
use std::process::ExitCode;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks `/readyz` over plain HTTP and tells what it said; exit code 1 when it is not ready.
pub async fn run(config: &Config, args: &HealthcheckArgs) -> anyhow::Result<ExitCode> {
    let (host, port) = match &args.url {
        Some(url) => (
            url.host_str().context("the address has no host")?.to_owned(),
            url.port_or_known_default().context("the address has no port")?,
        ),
        None => ("127.0.0.1".to_owned(), config.listen.port()),
    };
    let answer = match tokio::time::timeout(PATIENCE, ask(&host, port)).await {
        Ok(Ok(answer)) => answer,
        // Not our own fault, so not exit code 2, which Docker keeps for itself.
        Ok(Err(fault)) => return Ok(not_ready(&format!("{fault:#}"))),
        Err(_late) => return Ok(not_ready("the server did not answer in time")),
    };
    let status = answer.split_whitespace().nth(1).unwrap_or_default();
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    out::line(body.trim_end());
    Ok(if status == "200" { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn not_ready(why: &str) -> ExitCode {
    out::err(why);
    ExitCode::FAILURE
}

async fn ask(host: &str, port: u16) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect((host, port)).await.context("connecting")?;
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
