//! What holds for the whole house: who knows whom, that every SQL text is good on the engines it is for, that generated
//! files are current, and the plain habits of its files.
//!
//! `UPDATE=1 cargo test -p cairn-tests --test house` writes the generated files anew. Two more are kept current where
//! they are made: `docs/findings.md` and the golden events by the tests of `domain`.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the answer")]

mod crates;
mod generated;
mod habits;
mod help;
mod leaves;
mod map;
mod pages;
mod refusals;
mod sql;
mod tree;
