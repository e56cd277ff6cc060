//! Adds what a page counted to the tables.

use super::fold::Country;
use cairn_store::{Bulk, Result, Tx, Value, on, sqlx};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::LazyLock;

/// Rows that are made before they are written.
const ROWS_MADE_AT_A_TIME: usize = 1_000;

/// How many days are recent: the newest on which anything was downloaded, and those before it.
const RECENT_DAYS: i64 = 30;

/// How much is to be added to each row.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(super) generation: i64,
    /// By version.
    pub(super) total: HashMap<i64, i64>,
    /// By version and day.
    pub(super) day: HashMap<(i64, i64), i64>,
    /// By version and month.
    pub(super) month: HashMap<(i64, i64), i64>,
    /// By plugin and day.
    pub(super) plugin_day: HashMap<(i64, i64), i64>,
    /// By plugin and month.
    pub(super) plugin_month: HashMap<(i64, i64), i64>,
    /// By plugin, month and QGIS version.
    pub(super) plugin_qgis: HashMap<(i64, i64, i64), i64>,
    /// By plugin, month and country.
    pub(super) plugin_country: HashMap<(i64, i64, Country), i64>,
    /// By day.
    pub(super) all_day: HashMap<i64, i64>,
    /// By day and QGIS version.
    pub(super) all_qgis: HashMap<(i64, i64), i64>,
    /// By day and country.
    pub(super) all_country: HashMap<(i64, Country), i64>,
    /// By month and country.
    pub(super) all_country_month: HashMap<(i64, Country), i64>,
}

/// A statement for many rows from the file beside this one.
macro_rules! bulk {
    ($name:ident, $file:literal) => {
        static $name: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!($file)));
    };
}
bulk!(ADD_TOTAL, "sql/add_total.sql");
bulk!(ADD_DAY, "sql/add_day.sql");
bulk!(ADD_MONTH, "sql/add_month.sql");
bulk!(ADD_PLUGIN, "sql/add_plugin.sql");
bulk!(ADD_PLUGIN_DAY, "sql/add_plugin_day.sql");
bulk!(ADD_PLUGIN_MONTH, "sql/add_plugin_month.sql");
bulk!(ADD_PLUGIN_QGIS, "sql/add_plugin_qgis.sql");
bulk!(ADD_PLUGIN_COUNTRY, "sql/add_plugin_country.sql");
bulk!(ADD_ALL_DAY, "sql/add_all_day.sql");
bulk!(ADD_ALL_QGIS, "sql/add_all_qgis.sql");
bulk!(ADD_ALL_COUNTRY, "sql/add_all_country.sql");
bulk!(ADD_ALL_COUNTRY_MONTH, "sql/add_all_country_month.sql");

impl Rows {
    /// Adds them all.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<()> {
        let plugins = self.plugins(tx).await?;
        let generation = Value::from(self.generation);
        let one = |(id, n): (i64, i64)| vec![generation.clone(), id.into(), n.into()];
        let two =
            |((id, key), n): ((i64, i64), i64)| vec![generation.clone(), id.into(), key.into(), n.into()];
        add(&ADD_PLUGIN, tx, plugins.into_iter()).await?;
        add(&ADD_TOTAL, tx, sorted(self.total).map(one)).await?;
        add(&ADD_DAY, tx, sorted(self.day).map(two)).await?;
        add(&ADD_MONTH, tx, sorted(self.month).map(two)).await?;
        add(&ADD_PLUGIN_DAY, tx, sorted(self.plugin_day).map(two)).await?;
        add(&ADD_PLUGIN_MONTH, tx, sorted(self.plugin_month).map(two)).await?;
        let qgis = |((id, month, qgis), n): ((i64, i64, i64), i64)| {
            vec![generation.clone(), id.into(), month.into(), qgis.into(), n.into()]
        };
        add(&ADD_PLUGIN_QGIS, tx, sorted(self.plugin_qgis).map(qgis)).await?;
        let country = |((id, month, country), n): ((i64, i64, Country), i64)| {
            vec![generation.clone(), id.into(), month.into(), text(country), n.into()]
        };
        add(&ADD_PLUGIN_COUNTRY, tx, sorted(self.plugin_country).map(country)).await?;
        add(&ADD_ALL_DAY, tx, sorted(self.all_day).map(one)).await?;
        add(&ADD_ALL_QGIS, tx, sorted(self.all_qgis).map(two)).await?;
        let country = |((at, country), n): ((i64, Country), i64)| {
            vec![generation.clone(), at.into(), text(country), n.into()]
        };
        add(&ADD_ALL_COUNTRY, tx, sorted(self.all_country).map(country)).await?;
        add(&ADD_ALL_COUNTRY_MONTH, tx, sorted(self.all_country_month).map(country)).await
    }

    /// What is added to each plugin altogether and to what is recent of it, after the days that are recent no longer left. The
    /// window ends with the newest day in the log and not with today, so that a fold needs no clock.
    async fn plugins(&self, tx: &mut Tx) -> Result<Vec<Vec<Value>>> {
        let generation = self.generation;
        let (before,): (Option<i64>,) = on!(tx, |c| sqlx::query_as(include_str!("sql/newest_day.sql"))
            .bind(generation)
            .fetch_one(&mut *c)
            .await)?;
        let newest = self.all_day.keys().copied().chain(before).max().unwrap_or(i64::MIN);
        if let Some(before) = before.filter(|before| *before < newest) {
            let (first, last) = (before - RECENT_DAYS + 1, newest - RECENT_DAYS);
            on!(tx, |c| sqlx::query(include_str!("sql/leave_recent.sql"))
                .bind(generation)
                .bind(first)
                .bind(last)
                .execute(&mut *c)
                .await
                .map(drop))?;
        }
        let mut plugins: HashMap<i64, (i64, i64)> = HashMap::new();
        for ((plugin_id, day), n) in &self.plugin_day {
            let (all, recent) = plugins.entry(*plugin_id).or_default();
            *all += n;
            if *day > newest - RECENT_DAYS {
                *recent += n;
            }
        }
        let row = |(id, (all, recent)): (i64, (i64, i64))| {
            vec![generation.into(), id.into(), all.into(), recent.into()]
        };
        Ok(sorted(plugins).map(row).collect())
    }
}

fn text(country: Country) -> Value {
    String::from_utf8_lossy(&country).into_owned().into()
}

/// Makes rows as they are needed: all together they would take ten times the memory of the counts.
async fn add(bulk: &Bulk, tx: &mut Tx, mut rows: impl Iterator<Item = Vec<Value>> + Send) -> Result<()> {
    loop {
        let some: Vec<Vec<Value>> = rows.by_ref().take(ROWS_MADE_AT_A_TIME).collect();
        if some.is_empty() {
            return Ok(());
        }
        bulk.rows(tx, &some).await?;
    }
}

/// In the order of the table, so that neighbours are written together.
fn sorted<K: Ord + Hash, V: Ord>(counts: HashMap<K, V>) -> impl Iterator<Item = (K, V)> {
    let mut counts: Vec<(K, V)> = counts.into_iter().collect();
    counts.sort_unstable();
    counts.into_iter()
}
