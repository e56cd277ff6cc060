//! Names become addresses here, and only addresses that may be asked come out: what was checked is what is connected
//! to, so a name that resolves differently a moment later gains nothing.

use super::address::AllowList;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use thiserror::Error;

/// A name resolves to no address that may be asked.
#[derive(Debug, Error)]
#[error("the name resolves to no public address")]
pub(super) struct Refused;

/// Addresses, as they come.
pub(super) type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Who knows the addresses of a name: the operating system, or a test.
pub(super) type Lookup = Arc<dyn Fn(String) -> Found + Send + Sync>;

/// Asks the operating system.
pub(super) fn system() -> Lookup {
    Arc::new(|name| Box::pin(async move { Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.collect()) }))
}

/// Resolves for the client, and leaves out what may not be asked.
pub(super) struct Guard {
    pub(super) lookup: Lookup,
    pub(super) allowed: Arc<AllowList>,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("allowed", &self.allowed).finish_non_exhaustive()
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.allowed);
        let found = (self.lookup)(name.as_str().to_owned());
        Box::pin(async move {
            let mut addresses = found.await?;
            if !allowed.has_host(name.as_str()) {
                addresses.retain(|address| allowed.admits(address.ip()));
                if addresses.is_empty() {
                    return Err(Refused.into());
                }
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
