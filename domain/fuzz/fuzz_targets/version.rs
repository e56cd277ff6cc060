//! Any text as a version number or QGIS version: it parses or does not, and what parses keeps its text and order.
#![no_main]

use cairn_domain::qgis_version::QgisVersion;
use cairn_domain::version_number::VersionNumber;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|texts: (&str, &str)| {
    let (one, two) = texts;
    if let Ok(version) = one.parse::<VersionNumber>() {
        assert_eq!(
            version.as_str().parse::<VersionNumber>().map(|again| again.as_str().to_owned()).ok(),
            Some(version.as_str().to_owned())
        );
        if let Ok(other) = two.parse::<VersionNumber>() {
            assert_eq!(version.cmp(&other), other.cmp(&version).reverse());
            assert_eq!(version.cmp(&other), version.sort_key().cmp(&other.sort_key()));
        }
    }
    if let Ok(version) = one.parse::<QgisVersion>() {
        assert_eq!(String::from(version).parse::<QgisVersion>(), Ok(version));
        assert!(version.lowest() <= version.highest());
    }
});
