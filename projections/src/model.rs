//! Pages of the logs and the rows they become, for every projection alike.

use crate::fact::Fault;
use crate::table::Table;
use crate::{Name, catalogue, downloads, people};
use cairn_store::{
    Db, Downloads, Engine, Log, Position, Recorded, RecordedBatch, Registry, Result, Tx, on, sqlx,
};
use chrono::{DateTime, Utc};

/// Rows of the downloads log that are read at a time: at most 256,000 downloads, about 2 MB.
const BATCHES_PER_READ: u32 = 256;

/// Downloads after which a page ends. More of them share more rows; four counters each are kept in memory.
const DOWNLOADS_PER_PAGE: u64 = 500_000;

/// A page of a log, read.
#[derive(Debug)]
pub(crate) enum Page {
    Registry(Vec<Recorded>),
    Downloads(Vec<RecordedBatch>),
}

/// What a page changes in a read model, ready to be written.
#[derive(Debug)]
pub(crate) enum Rows {
    Catalogue(catalogue::Rows),
    People(people::Rows),
    Downloads(downloads::Rows),
}

/// The two logs.
#[derive(Debug, Clone)]
pub(crate) struct Logs {
    pub(crate) registry: Registry,
    pub(crate) downloads: Downloads,
}

impl Logs {
    /// A page of at most `rows_max` rows; of downloads also bounded by their number.
    pub(crate) async fn page(&self, log: Log, from: Position, rows_max: u32) -> Result<Page> {
        match log {
            Log::Registry => self.registry.read(from, rows_max).await.map(Page::Registry),
            Log::Downloads => self.batches(from, rows_max).await.map(Page::Downloads),
        }
    }

    async fn batches(&self, from: Position, rows_max: u32) -> Result<Vec<RecordedBatch>> {
        let mut page: Vec<RecordedBatch> = Vec::new();
        let mut items = 0;
        loop {
            let so_far = u32::try_from(page.len()).expect("a page has some thousand rows");
            let limit = BATCHES_PER_READ.min(rows_max - so_far);
            let read = self.downloads.read(from + u64::from(so_far), limit).await?;
            let end = read.len() < limit as usize;
            items += read.iter().map(|batch| u64::from(batch.n)).sum::<u64>();
            page.extend(read);
            if end || page.len() >= rows_max as usize || items >= DOWNLOADS_PER_PAGE {
                return Ok(page);
            }
        }
    }

    /// How many rows a log has.
    pub(crate) async fn head(&self, log: Log) -> Result<Position> {
        match log {
            Log::Registry => self.registry.head().await,
            Log::Downloads => self.downloads.head().await,
        }
    }

    /// Tells when a log grows.
    pub(crate) fn watch(&self, log: Log) -> tokio::sync::watch::Receiver<Position> {
        match log {
            Log::Registry => self.registry.watch(),
            Log::Downloads => self.downloads.watch(),
        }
    }
}

impl Page {
    /// How many rows of the log.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Registry(events) => events.len(),
            Self::Downloads(batches) => batches.len(),
        }
    }

    /// How many events: each download of a batch is one.
    pub(crate) fn events(&self) -> u64 {
        match self {
            Self::Registry(events) => events.len() as u64,
            Self::Downloads(batches) => batches.iter().map(|batch| u64::from(batch.n)).sum(),
        }
    }

    /// When its last row was recorded.
    pub(crate) fn last_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Registry(events) => events.last().map(|event| event.recorded_at),
            Self::Downloads(batches) => batches.last().map(|batch| batch.recorded_at),
        }
    }
}

impl Name {
    /// Tells the planner of a database that has statistics what the read model holds now.
    pub(crate) async fn analyze(self, tx: &mut Tx) -> Result<()> {
        let sql = match (tx.engine(), self) {
            // What leads to rows is written in the statements there.
            (Engine::Sqlite, _) => return Ok(()),
            (Engine::Postgres, Self::Catalogue) => include_str!("catalogue/sql/analyze.postgres.sql"),
            (Engine::Postgres, Self::People) => include_str!("people/sql/analyze.postgres.sql"),
            (Engine::Postgres, Self::Downloads) => include_str!("downloads/sql/analyze.postgres.sql"),
        };
        on!(tx, |c| sqlx::query(sql).execute(&mut *c).await.map(|_| ()))
    }

    /// The rows that a page changes in a generation whose checkpoint is at the page's first position. Writes
    /// nothing.
    pub(crate) async fn fold(self, db: &Db, generation: u32, page: &Page) -> Result<Rows, Fault> {
        let generation = i64::from(generation);
        match (self, page) {
            (Self::Catalogue, Page::Registry(page)) => {
                catalogue::fold(db, generation, page).await.map(Rows::Catalogue)
            }
            (Self::People, Page::Registry(page)) => {
                people::fold(db, generation, page).await.map(Rows::People)
            }
            (Self::Downloads, Page::Downloads(page)) => {
                downloads::fold(db, generation, page).await.map(Rows::Downloads)
            }
            (Self::Catalogue | Self::People, Page::Downloads(_)) | (Self::Downloads, Page::Registry(_)) => {
                unreachable!("a projection reads the log that Name::log says")
            }
        }
    }

    /// Its tables.
    pub(crate) fn tables(self) -> &'static [Table] {
        match self {
            Self::Catalogue => catalogue::TABLES,
            Self::People => people::TABLES,
            Self::Downloads => downloads::TABLES,
        }
    }
}

impl Rows {
    /// Writes them.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<()> {
        match self {
            Self::Catalogue(rows) => rows.write(tx).await,
            Self::People(rows) => rows.write(tx).await,
            Self::Downloads(rows) => rows.write(tx).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_planner_is_told_of_every_table() {
        for (name, sql) in [
            (Name::Catalogue, include_str!("catalogue/sql/analyze.postgres.sql")),
            (Name::People, include_str!("people/sql/analyze.postgres.sql")),
            (Name::Downloads, include_str!("downloads/sql/analyze.postgres.sql")),
        ] {
            let (_, named) = sql.split_once("analyze ").expect("the statement");
            let named: Vec<&str> = named.split(',').map(str::trim).collect();
            let tables: Vec<&str> = name.tables().iter().map(|table| table.name).collect();
            assert_eq!(named, tables, "{name}");
        }
    }
}
