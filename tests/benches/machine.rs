//! What the figures were measured on.

use std::fs::read_to_string;
use std::process::Command;

/// Cores, memory, kernel, servers.
pub(crate) fn described() -> String {
    let cpus = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("processor unknown", |(_, model)| model);
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = field("/proc/meminfo", "MemTotal:").unwrap_or(0) / 1024;
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let versions =
        [("psql", "--version"), ("nginx", "-v"), ("wrk", "-v")].map(|(program, flag)| version(program, flag));
    format!("{cores} × {model}, {memory} MiB, Linux {}\n{}", kernel.trim(), versions.join("; "))
}

/// The mean number of processes that wanted a processor in the last 1, 5 and 15 minutes.
pub(crate) fn load() -> String {
    let load = read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// How much memory a process has now, and the most it ever had, in MiB.
pub(crate) fn memory_mib(pid: u32) -> (u64, u64) {
    let status = format!("/proc/{pid}/status");
    let mib = |name| field(&status, name).unwrap_or(0) / 1024;
    (mib("VmRSS:"), mib("VmHWM:"))
}

/// A figure in kilobytes of one of the kernel's tables.
fn field(path: &str, name: &str) -> Option<u64> {
    let table = read_to_string(path).ok()?;
    let line = table.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// What a program says of itself in its first line.
fn version(program: &str, flag: &str) -> String {
    let said = Command::new(program)
        .arg(flag)
        .output()
        .or_else(|_| Command::new(format!("/usr/sbin/{program}")).arg(flag).output());
    let Ok(said) = said else { return format!("no {program}") };
    let text = if said.stdout.is_empty() { said.stderr } else { said.stdout };
    String::from_utf8_lossy(&text).lines().next().unwrap_or(program).to_owned()
}
