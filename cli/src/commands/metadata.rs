//! `cairn metadata`: a metadata.txt as QGIS reads it.

use crate::args::MetadataArgs;
use crate::out;
use anyhow::Context;
use cairn_domain::package::{PackageLimits, read};
use serde_json::{Map, Value, json};
use std::process::ExitCode;

/// Prints `{"general": {key as written: value}}`, or `{"error": …}` with exit code 1.
pub fn run(args: &MetadataArgs) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(&args.file).with_context(|| format!("reading {}", args.file.display()))?;
    match read(&bytes, &PackageLimits::default()) {
        Ok(document) => {
            let general: Map<String, Value> =
                document.general.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
            out::line(&json!({ "general": general }).to_string());
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => {
            out::line(&json!({ "error": fault.to_string() }).to_string());
            Ok(ExitCode::FAILURE)
        }
    }
}
