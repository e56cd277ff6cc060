//! What happens to plugins as a whole, and to their ownership.

mod add_owner;
mod deprecate;
mod edit_details;
mod feature;
mod maintainer;
mod mark;
mod remove_owner;
mod renaming;
mod revive;
mod tombstone;
mod transfer;

pub use add_owner::AddOwner;
pub use deprecate::{DeprecatePlugin, UndeprecatePlugin};
pub use edit_details::EditDetails;
pub use feature::{FeaturePlugin, UnfeaturePlugin};
pub use maintainer::NameMaintainer;
pub use mark::{MarkForDeletion, RestorePlugin};
pub use remove_owner::RemoveOwner;
pub use renaming::AllowRenaming;
pub use revive::RevivePlugin;
pub use tombstone::TombstonePlugin;
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
