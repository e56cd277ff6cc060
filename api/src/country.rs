//! Which country an address is in: the only thing about an address that is ever kept.

use std::net::IpAddr;
use std::path::Path;

/// A GeoIP file, or none.
#[derive(Debug, Default)]
pub struct Countries(Option<maxminddb::Reader<Vec<u8>>>);

impl Countries {
    /// No file: every country is unknown.
    pub fn unknown() -> Self {
        Self(None)
    }

    /// Reads a MaxMind file with countries or cities.
    pub fn open(path: &Path) -> Result<Self, maxminddb::MaxMindDbError> {
        maxminddb::Reader::open_readfile(path).map(|reader| Self(Some(reader)))
    }

    /// Whether there is a file.
    pub fn are_known(&self) -> bool {
        self.0.is_some()
    }

    /// The two letters of the country, if the file knows.
    pub fn of(&self, address: IpAddr) -> Option<[u8; 2]> {
        let found = self.0.as_ref()?.lookup(address).ok()?;
        let country: maxminddb::geoip2::Country<'_> = found.decode().ok()??;
        let code: [u8; 2] = country.country.iso_code?.as_bytes().try_into().ok()?;
        code.iter().all(u8::is_ascii_uppercase).then_some(code)
    }
}
