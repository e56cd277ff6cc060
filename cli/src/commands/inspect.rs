//! `cairn inspect`: everything an upload would be told, without a server.

use crate::args::InspectArgs;
use crate::config::Config;
use crate::out;
use anyhow::Context;
use cairn_domain::package::{Finding, Inspection, Severity, inspect};
use serde_json::json;
use std::io::Read;
use std::process::ExitCode;

/// Inspects by the configured rules; the exit code says whether an upload would be accepted.
pub fn run(config: &Config, args: &InspectArgs) -> anyhow::Result<ExitCode> {
    let limits = &config.package_limits;
    let file = std::fs::File::open(&args.file).with_context(|| format!("opening {}", args.file.display()))?;
    let mut zip = Vec::new();
    file.take(limits.size_bytes_max as u64 + 1).read_to_end(&mut zip).context("reading the zip")?;
    let Inspection { findings, package } = inspect(&zip, &config.profile, limits);
    let accepted = package.is_some();
    if args.json {
        let told = package.map(|package| {
            json!({
                "package_name": package.package_name, "version": package.version, "sha256": package.sha256,
                "size_bytes": package.size_bytes, "name": package.details.name, "experimental": package.experimental,
                "qgis": package.compat,
            })
        });
        let answer = json!({ "accepted": accepted, "package": told, "findings": findings });
        out::line(&serde_json::to_string_pretty(&answer)?);
    } else {
        tell(&findings);
        match package {
            Some(package) => out::line(&format!("accepted: {} {}", package.package_name, package.version)),
            None => out::line("refused"),
        }
    }
    Ok(if accepted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Findings for people: what, where, how to mend it.
pub(crate) fn tell(findings: &[Finding]) {
    for finding in findings {
        let word = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        out::line(&format!("{word}[{}] {}: {}", finding.code.as_str(), finding.place, finding.message));
        out::line(&format!("    {}", finding.mend));
    }
}
