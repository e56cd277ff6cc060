//! The things that questions and deeds answer with.

mod account;
mod details;
mod downloads;
mod event;
mod factor;
mod feed;
mod identity;
mod life;
mod plugin;
mod publisher;
mod qgis;
mod session;
mod site;
mod team;
mod token;
mod version;

pub(crate) use account::AccountObject;
pub(crate) use details::DetailsObject;
pub(crate) use downloads::{CountryDownloads, DayDownloads, QgisDownloads};
pub(crate) use event::{EventObject, EventPage};
pub(crate) use factor::FactorsObject;
pub(crate) use feed::FeedObject;
pub(crate) use identity::IdentityObject;
pub(crate) use life::Channel;
pub(crate) use plugin::{PluginObject, Rating};
pub(crate) use publisher::PublisherObject;
pub(crate) use qgis::QgisReleasesObject;
pub(crate) use session::SessionObject;
pub(crate) use site::{OnBlockWord, PolicyObject, RegistrationWord, SiteObject, StaffFactorWord};
pub(crate) use team::{InvitationObject, TeamObject};
pub(crate) use token::TokenObject;
pub(crate) use version::VersionObject;

use async_graphql::ID;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt::Display;

/// An id that is one of a kind among all things. Callers keep it and do not look into it.
fn id_of(sort: &str, own: impl Display) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("{sort}:{own}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_of_different_sorts_have_different_ids() {
        assert_ne!(id_of("plugin", 7), id_of("version", 7));
        assert_eq!(id_of("plugin", 7), id_of("plugin", 7));
    }
}
