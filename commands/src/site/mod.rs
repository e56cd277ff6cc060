//! The repository as a whole.

mod qgis_releases;

pub use qgis_releases::SetQgisReleases;
