//! The things that questions and deeds answer with.

mod account;
mod acts;
mod changes;
mod details;
mod downloads;
mod event;
mod factor;
mod feed;
mod files;
mod history;
mod identity;
mod life;
mod plugin;
mod publication;
mod publisher;
mod qgis;
mod session;
mod site;
mod site_change;
mod site_settings;
mod staged;
mod statistics;
mod team;
mod token;
mod version;

pub(crate) use account::AccountObject;
pub(crate) use changes::ChangesObject;
pub(crate) use details::DetailsObject;
pub(crate) use downloads::{CountryDownloads, DayDownloads, QgisDownloads};
pub(crate) use event::{EventLog, EventObject, EventRange};
pub(crate) use factor::FactorsObject;
pub(crate) use feed::FeedObject;
pub(crate) use files::{MetadataEntry, PackageFiles};
pub(crate) use history::HistoryEntry;
pub(crate) use identity::IdentityObject;
pub(crate) use life::Channel;
pub(crate) use plugin::{PluginObject, Rating};
pub(crate) use publication::Publication;
pub(crate) use publisher::PublisherObject;
pub(crate) use qgis::QgisReleasesObject;
pub(crate) use session::SessionObject;
pub(crate) use site::{OnBlockWord, PolicyObject, RegistrationWord, SiteObject, StaffFactorWord};
pub(crate) use site_change::{CHANGES_MAX, SiteChangeObject};
pub(crate) use site_settings::{SiteFeatures, SiteLimits};
pub(crate) use staged::StagedObject;
pub(crate) use statistics::{AskedSpan, PluginStatisticsObject, Span, StatisticsObject, StatisticsStep};
pub(crate) use team::{InvitationObject, TeamObject};
pub(crate) use token::TokenObject;
pub(crate) use version::VersionObject;

use async_graphql::ID;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::borrow::Cow;
use std::fmt::Display;

/// An id that is one of a kind among all things. Callers keep it and do not look into it.
fn id_of(sort: &str, own: impl Display) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("{sort}:{own}")))
}

/// What an id names: the sort of thing, and what it is called among its like. None if it is no id of ours.
pub(crate) fn own_id(id: &ID) -> Option<(String, String)> {
    // Ours are far shorter.
    let bytes =
        Some(id).filter(|id| id.len() <= 400).and_then(|id| URL_SAFE_NO_PAD.decode(id.as_str()).ok())?;
    let text = String::from_utf8(bytes).ok()?;
    text.split_once(':').map(|(sort, own)| (sort.to_owned(), own.to_owned()))
}

/// What a thing of this sort is called among its like, whether a caller gave that or its [`id_of`].
pub(crate) fn raw_id<'t>(sort: &str, text: &'t str) -> Cow<'t, str> {
    match own_id(&ID(text.to_owned())) {
        Some((named, own)) if named == sort => Cow::Owned(own),
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_of_different_sorts_have_different_ids() {
        assert_ne!(id_of("plugin", 7), id_of("version", 7));
        assert_eq!(id_of("plugin", 7), id_of("plugin", 7));
    }

    #[test]
    fn an_id_is_read_back_and_what_is_none_is_left_as_it_is() {
        assert_eq!(own_id(&id_of("team", "a:b")), Some(("team".into(), "a:b".into())));
        assert_eq!(raw_id("team", &id_of("team", "makers")), "makers");
        assert_eq!(raw_id("token", &id_of("team", "makers")), id_of("team", "makers").as_str());
        for other in ["", "makers", "!", "00000000-0000-0000-0000-000000000000", &"a".repeat(500)] {
            assert_eq!(raw_id("team", other), other);
        }
    }
}
