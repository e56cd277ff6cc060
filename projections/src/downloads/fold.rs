//! Counts the downloads of a page of batches.
//!
//! A download knows the version, not the plugin. Which plugin a version belongs to is asked of the registry log itself, not of
//! another read model, which may be elsewhere in it: the event that a version's number points at never changes, and it is there
//! before the first download of it. So the same log gives the same rows, whenever it is read.

use super::calendar::month_of_day;
use super::rows::Rows;
use crate::columns::{list_of_ids, signed, unsigned};
use crate::fact::Fault;
use cairn_domain::download::{Download, QgisRelease, decode};
use cairn_store::{Db, RecordedBatch, Result, engine_sql, on, sqlx};
use std::collections::{BTreeSet, HashMap};

/// Milliseconds of a day; leap seconds have no place in Unix time.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Batches that are counted without a pause, some milliseconds: requests are answered by the same threads.
const BATCHES_AT_A_TIME: usize = 16;

/// Versions whose plugins are asked for at a time.
const VERSIONS_AT_A_TIME: usize = 5_000;

/// Keys of a page that are added up without a pause.
const KEYS_AT_A_TIME: usize = 20_000;

/// The QGIS version of a client that did not say it.
const QGIS_UNKNOWN: i64 = -1;

/// A country as two letters.
pub(super) type Country = [u8; 2];

/// The country of a client whose country is not known.
const COUNTRY_UNKNOWN: Country = *b"--";

/// A page's downloads by all that any table asks, from which all tables are made.
#[derive(Debug, Default)]
struct Counted {
    /// By version, day and QGIS version.
    qgis: HashMap<(i64, i64, i64), i64>,
    /// By version, day and country.
    country: HashMap<(i64, i64, Country), i64>,
}

/// Counts a page of the downloads log.
pub(crate) async fn fold(db: &Db, generation: i64, page: &[RecordedBatch]) -> Result<Rows, Fault> {
    let counted = count(page).await?;
    let versions: BTreeSet<i64> = counted.qgis.keys().map(|(version_id, ..)| *version_id).collect();
    let plugins = plugins_of(db, versions).await?;
    Ok(sum(generation, counted, &plugins).await)
}

async fn count(page: &[RecordedBatch]) -> Result<Counted, Fault> {
    let mut counted = Counted::default();
    for (at, batch) in page.iter().enumerate() {
        if at % BATCHES_AT_A_TIME == 0 {
            tokio::task::yield_now().await;
        }
        let read = decode(batch.format.into(), batch.first_at.timestamp_millis(), &batch.body);
        let items = read.map_err(|bad| Fault::contradiction(batch.position, bad.to_string()))?;
        if items.len() != batch.n as usize {
            let reason = format!("the row counts {} downloads and holds {}", batch.n, items.len());
            return Err(Fault::contradiction(batch.position, reason));
        }
        for item in &items {
            counted.take(item);
        }
    }
    Ok(counted)
}

/// QGIS 3.40 as it stands in the column: 3040.
fn qgis_column(qgis: Option<QgisRelease>) -> i64 {
    qgis.map_or(QGIS_UNKNOWN, |qgis| i64::from(qgis.major) * 1000 + i64::from(qgis.minor))
}

impl Counted {
    fn take(&mut self, item: &Download) {
        let version_id = signed(item.version_id);
        let day = item.at_ms.div_euclid(DAY_MS);
        *self.qgis.entry((version_id, day, qgis_column(item.qgis))).or_default() += 1;
        let country = item.country.unwrap_or(COUNTRY_UNKNOWN);
        *self.country.entry((version_id, day, country)).or_default() += 1;
    }
}

/// The plugin of each of these versions. A number that no version has, which a log of made-up downloads may hold, is left out:
/// it counts for the version and for all together.
async fn plugins_of(db: &Db, versions: BTreeSet<i64>) -> Result<HashMap<i64, i64>> {
    let positions: Vec<u64> =
        versions.into_iter().filter(|id| *id > 0).map(|id| unsigned(id - 1)).collect::<Result<_>>()?;
    let mut plugins = HashMap::with_capacity(positions.len());
    let mut conn = db.read().await?;
    for some in positions.chunks(VERSIONS_AT_A_TIME) {
        let (positions, sql) = (list_of_ids(some), engine_sql!(conn, "sql/plugins_of_versions"));
        let rows: Vec<(i64, i64)> =
            on!(conn, |c| sqlx::query_as(sql).bind(&positions).fetch_all(&mut *c).await)?;
        plugins.extend(rows);
    }
    Ok(plugins)
}

async fn sum(generation: i64, counted: Counted, plugins: &HashMap<i64, i64>) -> Rows {
    let mut rows = Rows { generation, ..Rows::default() };
    for (at, ((version_id, day, qgis), n)) in counted.qgis.into_iter().enumerate() {
        if at % KEYS_AT_A_TIME == 0 {
            tokio::task::yield_now().await;
        }
        *rows.total.entry(version_id).or_default() += n;
        *rows.day.entry((version_id, day)).or_default() += n;
        let month = month_of_day(day);
        *rows.month.entry((version_id, month)).or_default() += n;
        *rows.all_day.entry(day).or_default() += n;
        *rows.all_qgis.entry((day, qgis)).or_default() += n;
        if let Some(plugin_id) = plugins.get(&version_id) {
            *rows.plugin_day.entry((*plugin_id, day)).or_default() += n;
            *rows.plugin_month.entry((*plugin_id, month)).or_default() += n;
            *rows.plugin_qgis.entry((*plugin_id, month, qgis)).or_default() += n;
        }
    }
    for (at, ((version_id, day, country), n)) in counted.country.into_iter().enumerate() {
        if at % KEYS_AT_A_TIME == 0 {
            tokio::task::yield_now().await;
        }
        *rows.all_country.entry((day, country)).or_default() += n;
        *rows.all_country_month.entry((month_of_day(day), country)).or_default() += n;
        if let Some(plugin_id) = plugins.get(&version_id) {
            *rows.plugin_country.entry((*plugin_id, month_of_day(day), country)).or_default() += n;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_domain::download::{Channel, FORMAT, OsClass, encode};
    use chrono::DateTime;
    use uuid::Uuid;

    fn batch(position: u64, items: &[Download]) -> RecordedBatch {
        let at = DateTime::from_timestamp_millis(items[0].at_ms).unwrap();
        RecordedBatch {
            position,
            recorded_at: at,
            writer_id: Uuid::nil(),
            writer_seq: position + 1,
            first_at: at,
            last_at: at,
            n: u32::try_from(items.len()).unwrap(),
            format: u16::try_from(FORMAT).unwrap(),
            body: encode(items),
        }
    }

    fn download(version_id: u64, at_ms: i64) -> Download {
        let qgis = Some(QgisRelease { major: 3, minor: 40 });
        Download {
            version_id,
            at_ms,
            qgis,
            os: OsClass::Linux,
            country: Some(*b"CH"),
            channel: Channel::Qgis,
        }
    }

    #[tokio::test]
    async fn downloads_are_counted_by_version_plugin_day_month_qgis_and_country() {
        let unknown = Download { qgis: None, country: None, ..download(7, DAY_MS) };
        let page = [batch(0, &[download(7, DAY_MS - 1), unknown]), batch(1, &[download(8, 31 * DAY_MS)])];
        let counted = count(&page).await.unwrap();
        let rows = sum(1, counted, &HashMap::from([(7, 70), (8, 70)])).await;
        assert_eq!(rows.total, HashMap::from([(7, 2), (8, 1)]));
        assert_eq!(rows.day, HashMap::from([((7, 0), 1), ((7, 1), 1), ((8, 31), 1)]));
        assert_eq!(rows.month, HashMap::from([((7, 0), 2), ((8, 1), 1)]));
        assert_eq!(rows.plugin_day, HashMap::from([((70, 0), 1), ((70, 1), 1), ((70, 31), 1)]));
        assert_eq!(rows.plugin_month, HashMap::from([((70, 0), 2), ((70, 1), 1)]));
        assert_eq!(
            rows.plugin_qgis,
            HashMap::from([((70, 0, 3040), 1), ((70, 0, -1), 1), ((70, 1, 3040), 1)])
        );
        assert_eq!(
            rows.plugin_country,
            HashMap::from([((70, 0, *b"CH"), 1), ((70, 0, *b"--"), 1), ((70, 1, *b"CH"), 1)])
        );
        assert_eq!(rows.all_day, HashMap::from([(0, 1), (1, 1), (31, 1)]));
        assert_eq!(rows.all_qgis, HashMap::from([((0, 3040), 1), ((1, -1), 1), ((31, 3040), 1)]));
        assert_eq!(
            rows.all_country_month,
            HashMap::from([((0, *b"CH"), 1), ((0, *b"--"), 1), ((1, *b"CH"), 1)])
        );
        assert_eq!(rows.all_country, HashMap::from([((0, *b"CH"), 1), ((1, *b"--"), 1), ((31, *b"CH"), 1)]));
    }

    #[tokio::test]
    async fn a_number_that_no_version_has_counts_for_no_plugin() {
        let counted = count(&[batch(0, &[download(7, 0)])]).await.unwrap();
        let rows = sum(1, counted, &HashMap::new()).await;
        assert_eq!((rows.total.len(), rows.all_day.len(), rows.all_country.len()), (1, 1, 1));
        assert!(rows.plugin_day.is_empty() && rows.plugin_qgis.is_empty() && rows.plugin_country.is_empty());
    }

    #[tokio::test]
    async fn a_row_that_miscounts_is_refused_by_its_position() {
        let lying = RecordedBatch { n: 2, ..batch(5, &[download(7, 0)]) };
        assert!(matches!(count(&[lying]).await, Err(Fault::Event { position: 5, .. })));
        let cut = RecordedBatch { body: vec![1], ..batch(6, &[download(7, 0)]) };
        assert!(matches!(count(&[cut]).await, Err(Fault::Event { position: 6, .. })));
    }
}
