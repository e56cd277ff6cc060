//! Servers of the world outside as real processes, for tests of this and of other crates. Each is started by the test that
//! needs it, on ports of its own and in a folder of its own, and ends with it.

mod authority;
mod process;
mod slapd;

pub use authority::{Authority, Certificate};
pub use process::NotInstalled;
pub use slapd::Slapd;
