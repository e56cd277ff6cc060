//! The read side: one folder per read model (what each event means for it, its tables, its questions), and
//! the workers that run them.
//!
//! Every read model can be thrown away and built anew from its log: the rows of a generation depend on
//! nothing but the events.

pub mod catalogue;
mod columns;
pub mod downloads;
mod fact;
pub mod feed;
mod generation;
mod metric;
mod model;
mod name;
pub mod people;
mod projections;
mod read;
mod runner;
mod table;
#[cfg(feature = "testing")]
pub mod testing;
mod worker;

pub use name::{Name, UnknownName};
pub use projections::{Behind, Projections, Status, Stopped, WAIT_MAX};
pub use read::{Live, Read};
pub use runner::ROWS_PER_PAGE_MAX;
