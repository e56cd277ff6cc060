//! The repository as a whole.

mod policy;
mod qgis_releases;

pub use policy::{SetPolicy, TOKEN_DAYS_LIMIT};
pub use qgis_releases::SetQgisReleases;
