//! Servers of the world outside as real processes, for tests of this and of other crates. Each is started by the test that
//! needs it, on ports of its own and in a folder of its own, and ends with it.

mod authority;
mod oidc_provider;
mod process;
mod slapd;
mod smtp_server;

pub use authority::{Authority, Certificate};
pub use oidc_provider::{OidcOptions, OidcProvider};
pub use process::NotInstalled;
pub use slapd::Slapd;
pub use smtp_server::{Received, SmtpSafety, SmtpServer};
