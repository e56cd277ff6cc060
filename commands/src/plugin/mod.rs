//! What happens to the ownership of plugins.

mod add_owner;
mod remove_owner;
mod transfer;

pub use add_owner::AddOwner;
pub use remove_owner::RemoveOwner;
pub use transfer::TransferOwnership;

use cairn_domain::Known;
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use serde::{Deserialize, Serialize};

/// Who owns a plugin after a deed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owners {
    /// The plugin.
    pub package: PackageName,
    /// Its owners.
    pub owners: Vec<AccountId>,
}

fn owners(after: &Known, package: &PackageName) -> Owners {
    let plugin = after.plugin(package).expect("the decider found the plugin");
    Owners { package: package.clone(), owners: plugin.owners.iter().copied().collect() }
}
