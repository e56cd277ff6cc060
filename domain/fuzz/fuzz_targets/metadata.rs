//! Any bytes as a metadata.txt: they are read or refused, and what is read, written plainly, reads the same.
#![no_main]

use cairn_domain::package::{PackageLimits, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = PackageLimits::default();
    let Ok(document) = read(bytes, &limits) else { return };
    // A comment sign or blank line inside a value, or an odd key, cannot be written again; all else can.
    let plain = document.general.iter().all(|(key, value)| {
        !key.starts_with('[') && !value.contains('\n') && !value.contains('\r') && !key.contains('\r')
    });
    if !plain {
        return;
    }
    let text: String =
        document.general.iter().flat_map(|(key, value)| [key.as_str(), "=", value.as_str(), "\n"]).collect();
    let again = read(
        format!("[general]\n{text}").as_bytes(),
        &PackageLimits { metadata_bytes_max: usize::MAX, ..limits },
    );
    assert_eq!(again.map(|document| document.general).ok(), Some(document.general));
});
