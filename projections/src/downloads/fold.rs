//! Counts the downloads of a page of batches. Pure but for the writing.

use crate::columns::signed;
use crate::fact::Fault;
use cairn_domain::download::{Download, QgisRelease, decode};
use cairn_store::{Bulk, RecordedBatch, Result, Tx, Value};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::LazyLock;

/// Milliseconds of a day; leap seconds have no place in Unix time.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Batches that are counted without a pause, some milliseconds: requests are answered by the same threads.
const BATCHES_AT_A_TIME: usize = 16;

/// Rows that are made before they are written.
const ROWS_MADE_AT_A_TIME: usize = 1_000;

/// The QGIS version of a client that did not say it.
const QGIS_UNKNOWN: i64 = -1;

/// The country of a client whose country is not known.
const COUNTRY_UNKNOWN: &[u8; 2] = b"--";

/// How much is to be added to each row.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    generation: i64,
    total: HashMap<i64, i64>,
    day: HashMap<(i64, i64), i64>,
    qgis: HashMap<(i64, i64), i64>,
    country: HashMap<(i64, [u8; 2]), i64>,
}

static ADD_TOTAL: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("sql/add_total.sql")));
static ADD_DAY: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("sql/add_day.sql")));
static ADD_QGIS: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("sql/add_qgis.sql")));
static ADD_COUNTRY: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("sql/add_country.sql")));

/// Counts a page of the downloads log.
pub(crate) async fn fold(generation: i64, page: &[RecordedBatch]) -> Result<Rows, Fault> {
    let mut rows = Rows { generation, ..Rows::default() };
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
            rows.count(item);
        }
    }
    Ok(rows)
}

/// QGIS 3.40 as it stands in the column: 3040.
fn qgis_column(qgis: Option<QgisRelease>) -> i64 {
    qgis.map_or(QGIS_UNKNOWN, |qgis| i64::from(qgis.major) * 1000 + i64::from(qgis.minor))
}

impl Rows {
    fn count(&mut self, item: &Download) {
        let version_id = signed(item.version_id);
        let day = item.at_ms.div_euclid(DAY_MS);
        *self.total.entry(version_id).or_default() += 1;
        *self.day.entry((version_id, day)).or_default() += 1;
        *self.qgis.entry((version_id, qgis_column(item.qgis))).or_default() += 1;
        *self.country.entry((version_id, item.country.unwrap_or(*COUNTRY_UNKNOWN))).or_default() += 1;
    }

    /// Adds them all.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<()> {
        let generation = self.generation;
        let total = sorted(self.total).map(|(id, n)| vec![generation.into(), id.into(), n.into()]);
        add(&ADD_TOTAL, tx, total).await?;
        let pair =
            |((id, key), n): ((i64, i64), i64)| vec![generation.into(), id.into(), key.into(), n.into()];
        add(&ADD_DAY, tx, sorted(self.day).map(pair)).await?;
        add(&ADD_QGIS, tx, sorted(self.qgis).map(pair)).await?;
        let country = sorted(self.country).map(|((id, country), n)| {
            let country = String::from_utf8_lossy(&country).into_owned();
            vec![generation.into(), id.into(), Value::from(country), n.into()]
        });
        add(&ADD_COUNTRY, tx, country).await?;
        Ok(())
    }
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
fn sorted<K: Ord + Hash>(counts: HashMap<K, i64>) -> impl Iterator<Item = (K, i64)> {
    let mut counts: Vec<(K, i64)> = counts.into_iter().collect();
    counts.sort_unstable();
    counts.into_iter()
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
    async fn downloads_are_counted_by_version_day_qgis_and_country() {
        let unknown = Download { qgis: None, country: None, ..download(7, DAY_MS) };
        let rows = fold(1, &[batch(0, &[download(7, DAY_MS - 1), unknown]), batch(1, &[download(8, 0)])])
            .await
            .unwrap();
        assert_eq!(rows.total, HashMap::from([(7, 2), (8, 1)]));
        assert_eq!(rows.day, HashMap::from([((7, 0), 1), ((7, 1), 1), ((8, 0), 1)]));
        assert_eq!(rows.qgis, HashMap::from([((7, 3040), 1), ((7, -1), 1), ((8, 3040), 1)]));
        assert_eq!(rows.country, HashMap::from([((7, *b"CH"), 1), ((7, *b"--"), 1), ((8, *b"CH"), 1)]));
    }

    #[tokio::test]
    async fn a_row_that_miscounts_is_refused_by_its_position() {
        let lying = RecordedBatch { n: 2, ..batch(5, &[download(7, 0)]) };
        assert!(matches!(fold(1, &[lying]).await, Err(Fault::Event { position: 5, .. })));
        let cut = RecordedBatch { body: vec![1], ..batch(6, &[download(7, 0)]) };
        assert!(matches!(fold(1, &[cut]).await, Err(Fault::Event { position: 6, .. })));
    }
}
