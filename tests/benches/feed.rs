//! `plugins.xml?qgis=3.34` of 3,000 plugins with 8 versions each, compressed and as 304, in requests a second.
//!
//! Reference: nginx, which sends the same compressed bytes from a file. Both are asked by wrk with 64 connections that stay
//! open, on the same processors, in turn.

use crate::Size;
use crate::catalogue::Catalogue;
use crate::figures::{Figures, say};
use crate::server::{Server, free_address, house};
use crate::wrk::{Seen, wrk};
use bytes::Bytes;
use cairn_projections::testing::append;
use cairn_store::Engine;
use cairn_store::testing::TestDb;
use reqwest::StatusCode;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const PATH: &str = "/plugins/plugins.xml?qgis=3.34";

pub(crate) fn measure(size: Size) {
    cairn_store::testing::run(Engine::Sqlite, move |t| async move { run(&t, size).await });
}

async fn run(t: &TestDb, size: Size) {
    let (plugins, versions) = size.of((3_000, 8), (100, 2));
    fill(t, plugins, versions).await;
    let server = Server::start(t).await;
    let (body, etag) = whole_when_up(&server.http, &server.base).await;
    check_304(&server.http, &server.base, &etag).await;
    let (now, most) = server.memory_mib();
    say(&format!(
        "{plugins} plugins × {versions} versions: {} bytes of gzip; the server holds {now} MiB, at most {most} MiB",
        body.len()
    ));
    let Some(reference) = Nginx::start(t.folder(), &body) else {
        return say("  not compared: there is no nginx");
    };
    let (same, nginx_etag) = whole_when_up(&server.http, &reference.base).await;
    assert!(same == body, "nginx sends the same bytes");
    check_304(&server.http, &reference.base, &nginx_etag).await;
    let seconds = size.of(10, 1);
    for (what, ours, theirs) in [("gzip", None, None), ("304", Some(&etag), Some(&nginx_etag))] {
        let [mut cairn, mut nginx] = [const { Vec::new() }; 2];
        for _ in 0..size.rounds {
            let Some(ours) = rate(&server.base, ours, seconds) else {
                return say("  not compared: there is no wrk");
            };
            cairn.push(ours);
            nginx.extend(rate(&reference.base, theirs, seconds));
        }
        let ratio = Figures::ratios(&cairn, &nginx);
        let [cairn, nginx] = [cairn, nginx].map(Figures::of);
        say(&format!(
            "  {what:4} Cairn {cairn} requests/s, nginx {nginx} requests/s, ratio {ratio:.2} (target ≥ 1.0)"
        ));
    }
    let (now, most) = server.memory_mib();
    say(&format!("  afterwards the server holds {now} MiB, at most {most} MiB"));
}

async fn fill(t: &TestDb, plugins: usize, versions: usize) {
    let house = house(t).await;
    let history = Catalogue::of(plugins).history(versions);
    append(house.commands.registry(), &history).await.expect("the history is good");
    house.projections.catch_up().await.expect("the history is good");
    house.close().await;
}

/// The compressed feed and its ETag.
async fn whole(http: &reqwest::Client, base: &str) -> reqwest::Result<(Bytes, String)> {
    let asked = http.get(format!("{base}{PATH}")).header("accept-encoding", "gzip");
    let answer = asked.send().await?.error_for_status()?;
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let etag = answer.headers()["etag"].to_str().expect("an ETag is ASCII").to_owned();
    Ok((answer.bytes().await?, etag))
}

/// The same of a server that is just starting.
async fn whole_when_up(http: &reqwest::Client, base: &str) -> (Bytes, String) {
    for _ in 0..100 {
        if let Ok(answer) = whole(http, base).await {
            return answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{base} does not answer");
}

async fn check_304(http: &reqwest::Client, base: &str, etag: &str) {
    let asked =
        http.get(format!("{base}{PATH}")).header("accept-encoding", "gzip").header("if-none-match", etag);
    assert_eq!(asked.send().await.expect("the server answers").status(), StatusCode::NOT_MODIFIED);
}

/// nginx, which ends with this value.
struct Nginx {
    base: String,
    root: PathBuf,
    program: &'static str,
    master: Child,
}

impl Nginx {
    /// With this body as a file; none if it is not installed.
    fn start(folder: &Path, body: &Bytes) -> Option<Self> {
        let (address, root) = (free_address(), folder.join("nginx"));
        let written = std::fs::create_dir_all(root.join("plugins"))
            .and_then(|()| std::fs::write(root.join("plugins/plugins.xml"), body))
            .and_then(|()| std::fs::write(root.join("nginx.conf"), settings(&address.to_string(), &root)));
        written.expect("the folder takes files");
        let start = |program| Some((program, command(program, &root).spawn().ok()?));
        let (program, master) = start("nginx").or_else(|| start("/usr/sbin/nginx"))?;
        Some(Self { base: format!("http://{address}"), root, program, master })
    }
}

impl Drop for Nginx {
    /// By its own means: its workers would outlive a master that is killed.
    fn drop(&mut self) {
        let told = command(self.program, &self.root).args(["-s", "stop"]).status();
        if !told.is_ok_and(|status| status.success()) {
            let _ = self.master.kill();
        }
        let _ = self.master.wait();
    }
}

fn command(program: &str, root: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("-p").arg(root).arg("-c").arg(root.join("nginx.conf"));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// As fast as nginx goes: no log, connections that stay open, a worker for each processor.
fn settings(address: &str, root: &Path) -> String {
    let root = root.display();
    format!(
        "daemon off; master_process on; user root; worker_processes auto; pid {root}/pid; error_log {root}/error.log;
        events {{ worker_connections 1024; }}
        http {{
          access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=16;
          client_body_temp_path {root}/t1; proxy_temp_path {root}/t2; fastcgi_temp_path {root}/t3;
          uwsgi_temp_path {root}/t4; scgi_temp_path {root}/t5;
          server {{
            listen {address}; root {root};
            location / {{
              types {{}} default_type 'text/xml; charset=utf-8';
              add_header Content-Encoding gzip; add_header Cache-Control no-cache; add_header Vary Accept-Encoding;
            }}
          }}
        }}"
    )
}

/// Requests a second; none without wrk.
fn rate(base: &str, etag: Option<&String>, seconds: u32) -> Option<f64> {
    let mut headers = vec!["Accept-Encoding: gzip".to_owned()];
    headers.extend(etag.map(|etag| format!("If-None-Match: {etag}")));
    let Seen { rate, p50, p99 } = wrk(&format!("{base}{PATH}"), &headers, None, seconds)?;
    say(&format!("    {base} {rate:.0} requests/s, p50 {p50:.2} ms, p99 {p99:.2} ms"));
    Some(rate)
}
