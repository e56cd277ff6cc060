//! How often versions and plugins were downloaded: altogether, by day, by QGIS version, by country.

mod calendar;
mod fold;
mod queries;
mod rows;
mod tables;
mod whole;

pub use queries::{
    ByCountry, ByDay, ByQgis, ByVersion, countries_of_plugin, days_of_plugin, downloads_of_plugins,
    downloads_of_versions, qgis_of_plugin, recent_days_of_plugins, recent_downloads_of_plugins,
    versions_of_plugin,
};
pub use whole::{all_downloads, countries_of_all, days_of_all, qgis_of_all, top_plugins, top_versions};

pub(crate) use calendar::{day, day_column};
pub(crate) use fold::fold;
pub(crate) use rows::Rows;
pub(crate) use tables::TABLES;
