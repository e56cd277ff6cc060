//! Reading the read models: one state of all tables, and which generation of each is live in it.

use crate::Name;
use cairn_store::{Db, Engine, Position, Result, StoreError, Tx, on, sqlx};

/// A moment of the read models: every question asked through it sees the same state, also while projections
/// go on and generations are switched. Keep it as short as an answer: it holds a connection and stops SQLite
/// from tidying up.
#[derive(Debug)]
pub struct Read {
    pub(crate) tx: Tx,
    live: [Live; Name::ALL.len()],
}

/// The live generation of a projection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Live {
    /// The generation; 0 before any is live, and no row has that.
    pub generation: u32,
    /// How much of its log it has read.
    pub next_position: Position,
}

impl Read {
    /// Begins to read.
    pub async fn begin(db: &Db) -> Result<Self> {
        let mut tx = db.snapshot().await?;
        let rows: Vec<(String, i32, i64)> =
            on!(tx, |c| sqlx::query_as(include_str!("../sql/live_generations.sql"))
                .fetch_all(&mut *c)
                .await)?;
        let mut live = [Live { generation: 0, next_position: 0 }; Name::ALL.len()];
        for (name, generation, next) in rows {
            // A name that this program does not know is another version's projection.
            let Ok(name) = name.parse::<Name>() else { continue };
            let damaged = |_| StoreError::Damaged(format!("the checkpoint of {name} is negative"));
            live[name as usize] = Live {
                generation: generation.try_into().map_err(damaged)?,
                next_position: next.try_into().map_err(damaged)?,
            };
        }
        Ok(Self { tx, live })
    }

    /// The live generation of a projection and how far it is.
    pub fn live(&self, name: Name) -> Live {
        self.live[name as usize]
    }

    /// The transaction behind it, for questions to the vault.
    pub fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    pub(crate) fn engine(&self) -> Engine {
        self.tx.engine()
    }

    /// The number that stands in the rows of the live generation.
    pub(crate) fn generation(&self, name: Name) -> i64 {
        self.live(name).generation.into()
    }
}
