//! How often versions were downloaded: altogether, by day, by QGIS version, by country.

mod fold;
mod queries;
mod tables;

pub use queries::{
    ByCountry, ByDay, ByQgis, countries_of_plugin, days_of_plugin, downloads_of_plugins,
    downloads_of_versions, qgis_of_plugin,
};

pub(crate) use fold::{Rows, fold};
pub(crate) use tables::TABLES;
