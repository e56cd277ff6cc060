//! Any bytes as an upload: the inspection ends, and a package is there exactly when nothing is an error.
#![no_main]

use cairn_domain::package::{PackageLimits, Profile, Severity, inspect};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = PackageLimits { unpacked_bytes_max: 4_000_000, ..PackageLimits::default() };
    let inspection = inspect(bytes, &Profile::minimal(), &limits);
    let refused = inspection.findings.iter().any(|finding| finding.severity == Severity::Error);
    assert_eq!(inspection.package.is_none(), refused);
    assert!(inspection.findings.len() <= limits.findings_max + 2);
});
