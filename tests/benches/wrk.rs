//! wrk as the load: 64 connections that stay open, on the same processors as the server.

use std::path::Path;
use std::process::Command;

/// What wrk saw.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    /// Requests a second.
    pub(crate) rate: f64,
    /// In milliseconds.
    pub(crate) p50: f64,
    /// In milliseconds.
    pub(crate) p99: f64,
}

/// Asks for `seconds`; none without wrk. `headers` are lines such as `Accept-Encoding: gzip`, `script` is one of wrk's, in Lua.
///
/// # Panics
///
/// If any answer is an error: their rate would mean nothing.
pub(crate) fn wrk(address: &str, headers: &[String], script: Option<&Path>, seconds: u32) -> Option<Seen> {
    let mut command = Command::new("wrk");
    command.args(["-t2", "-c64", "--latency"]).arg(format!("-d{seconds}s"));
    for line in headers {
        command.args(["-H", line]);
    }
    if let Some(script) = script {
        command.arg("-s").arg(script);
    }
    let said = command.arg(address).output().ok()?;
    let said = String::from_utf8_lossy(&said.stdout);
    assert!(!said.contains("Non-2xx") && !said.contains("Socket errors"), "{said}");
    let value = |name: &str| said.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
    let rate = value("Requests/sec:")?.parse().ok()?;
    Some(Seen { rate, p50: milliseconds(value("50%")?)?, p99: milliseconds(value("99%")?)? })
}

/// `823.00us`, `10.50ms` or `1.02s`.
fn milliseconds(text: &str) -> Option<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0), ("m", 60_000.0)];
    units.into_iter().find_map(|(unit, factor)| Some(text.strip_suffix(unit)?.parse::<f64>().ok()? * factor))
}
