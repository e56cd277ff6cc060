//! Which plugins, and in which order, as callers say it.

use crate::graphql::asked::Asker;
use crate::problem::Problem;
use async_graphql::{Enum, InputObject};
use cairn_domain::license::License;
use cairn_domain::qgis_version::FeedVersion;
use cairn_domain::{Actor, Refusal};
use cairn_projections::catalogue::{ListOf, ListOrder, PluginFilter, PluginOrder, TAGS_OF_FILTER_MAX};
use chrono::{DateTime, Utc};

/// Which plugins; all that is given must hold.
#[derive(Debug, Default, InputObject)]
#[graphql(name = "PluginFilter")]
pub(super) struct FilterInput {
    /// Words that names, package names, tags, author lines and texts have, all of them, without regard to case and accents; each
    /// may be the beginning of a word. Where no plugin has all, those whose names look like the words.
    pub(super) text: Option<String>,
    /// Those with this tag.
    tag: Option<String>,
    /// Those with all of these tags, at most 10.
    tags: Option<Vec<String>>,
    /// Those whose newest public version names this author in its metadata, without regard to case; `authors` lists them.
    author: Option<String>,
    /// Those that this account owns, by its name or id.
    owner: Option<String>,
    /// The one with this package name, however it is capitalised.
    package: Option<String>,
    /// Those with a public version that this QGIS runs, such as 3.40 or 3.40.5, or a label such as `ltr`. With `stable` or
    /// `experimental` it is a version of that kind.
    qgis: Option<String>,
    /// Those with a stable public version, or those without.
    stable: Option<bool>,
    /// Those with an experimental public version, or those without.
    experimental: Option<bool>,
    /// Those that have a QGIS Server part, or the others.
    server: Option<bool>,
    /// Those that add Processing algorithms, or the others.
    has_processing_provider: Option<bool>,
    /// Those that staff recommend, or those that they do not.
    featured: Option<bool>,
    /// Those that metadata, owners or staff advise against using, or the others.
    deprecated: Option<bool>,
    /// Those whose creators staff trust, or the others.
    trusted: Option<bool>,
    /// Those with a public version that runs on QGIS 4, or the others.
    new_qgis_ready: Option<bool>,
    /// Those whose newest public version has this licence, in the form that `licenses` has it or as people write it: `GPLv3+` is
    /// `GPL-3.0-or-later`.
    license: Option<String>,
    /// Those that were registered then or later.
    created_since: Option<DateTime<Utc>>,
    /// Those whose newest public version was uploaded then or later.
    updated_since: Option<DateTime<Utc>>,
    /// By their state.
    #[graphql(default)]
    state: PluginState,
}

/// Plugins by their state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
enum PluginState {
    /// With a public version that is not yanked.
    #[default]
    Public,
    /// With a version that somebody should look at. Staff see all of them, others those that they own.
    Waiting,
    /// Marked for deletion. Staff see all of them, others those that they own.
    Deleted,
    /// Any, also those that are hidden or gone. Staff see all of them, others those that they own.
    Any,
}

/// What a list of plugins is ordered by. Those that are equal in it come in the order of registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum PluginsBy {
    /// What fits `text` best first: by name and package name, then tags, then anything; of what fits alike the most downloaded.
    /// Without `text` it is `DOWNLOADS`.
    Relevance,
    /// The name people see, from A.
    Name,
    /// Most downloaded first.
    Downloads,
    /// Most downloaded in the last 30 days first.
    #[graphql(name = "DOWNLOADS_30_DAYS")]
    DownloadsThirtyDays,
    /// Most downloaded first, where good votes make up to 2 2/3 of each download.
    Popular,
    /// Newest plugin first.
    Created,
    /// Newest version first.
    Updated,
    /// Best rated first, as if five people more had voted 3.
    Rating,
    /// Most voted on first.
    Votes,
    /// In the order of registration.
    Id,
}

/// From which end a list begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum Direction {
    /// The least, first or oldest first.
    Asc,
    /// The greatest, last or newest first.
    Desc,
}

/// The order of a list: what orders by default depends on whether words are looked for.
pub(super) fn order_of(by: Option<PluginsBy>, direction: Option<Direction>, text: Option<&str>) -> ListOrder {
    let searched = text.is_some_and(|text| !text.trim().is_empty());
    let usual = if searched { PluginOrder::Relevance } else { PluginOrder::Name };
    let by = by.map_or(usual, PluginOrder::from);
    let falls = direction.map_or(by.falls(), |direction| direction == Direction::Desc);
    ListOrder { by, reversed: falls != by.falls() }
}

impl FilterInput {
    /// The filter as far as whoever asks may look; none if nothing can match.
    pub(super) async fn allowed(self, asker: &Asker) -> Result<Option<PluginFilter>, Problem> {
        let viewer = asker.viewer().await?;
        let list = match self.state {
            PluginState::Public => ListOf::Approved,
            PluginState::Waiting => ListOf::Waiting,
            PluginState::Deleted => ListOf::Deleted,
            PluginState::Any => ListOf::All,
        };
        let named = match self.owner {
            Some(owner) => match asker.person_called(&owner).await? {
                Some(owner) => Some(owner),
                None => return Ok(None),
            },
            None => None,
        };
        let owner = if list == ListOf::Approved || viewer.staff {
            named
        } else {
            if asker.actor() == Actor::Anonymous {
                return Err(Refusal::Unauthenticated.into());
            }
            if named.is_some() && named != viewer.account {
                return Ok(None);
            }
            viewer.account
        };
        let tag = self.tag.map(|tag| tag.parse()).transpose()?;
        let tags = self.tags.unwrap_or_default();
        if tags.len() > TAGS_OF_FILTER_MAX {
            return Err(Refusal::invalid("tags", format!("are at most {TAGS_OF_FILTER_MAX}")).into());
        }
        let tags = tags.iter().map(|tag| tag.parse()).collect::<Result<_, Refusal>>()?;
        let labels = asker.app.settings.qgis_labels.now();
        let qgis = self.qgis.filter(|qgis| !qgis.trim().is_empty());
        let qgis = qgis.map(|qgis| FeedVersion::resolve(&qgis, &labels)).transpose();
        let qgis = qgis.map_err(|fault| Refusal::invalid("qgis", fault.to_string()))?;
        let license = self.license.map(|license| match License::called(&license) {
            Some(license) => Ok(license),
            None => license.parse(),
        });
        let license = license.transpose()?;
        let package = self.package.map(|package| package.parse()).transpose()?;
        Ok(Some(PluginFilter {
            list,
            text: self.text,
            tag,
            tags,
            author: self.author,
            owner,
            package,
            qgis,
            stable: self.stable,
            experimental: self.experimental,
            server: self.server,
            processing: self.has_processing_provider,
            featured: self.featured,
            deprecated: self.deprecated,
            trusted: self.trusted,
            new_qgis_ready: self.new_qgis_ready,
            license,
            created_since: self.created_since,
            updated_since: self.updated_since,
        }))
    }
}

impl From<PluginsBy> for PluginOrder {
    fn from(by: PluginsBy) -> Self {
        match by {
            PluginsBy::Relevance => Self::Relevance,
            PluginsBy::Name => Self::Name,
            PluginsBy::Downloads => Self::Downloads,
            PluginsBy::DownloadsThirtyDays => Self::RecentDownloads,
            PluginsBy::Popular => Self::Popular,
            PluginsBy::Rating => Self::Rating,
            PluginsBy::Votes => Self::Votes,
            PluginsBy::Created => Self::Created,
            PluginsBy::Updated => Self::Updated,
            PluginsBy::Id => Self::Id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_make_relevance_the_usual_order() {
        let order = |by, direction, text| order_of(by, direction, text);
        let (name, created) = (PluginOrder::Name, PluginOrder::Created);
        assert_eq!(order(None, None, None), ListOrder::by(name));
        assert_eq!(order(None, None, Some(" ")), ListOrder::by(name));
        assert_eq!(order(None, None, Some("dem")), ListOrder::by(PluginOrder::Relevance));
        assert_eq!(
            order(Some(PluginsBy::Created), Some(Direction::Desc), Some("dem")),
            ListOrder::by(created)
        );
        let oldest = ListOrder { by: created, reversed: true };
        assert_eq!(order(Some(PluginsBy::Created), Some(Direction::Asc), None), oldest);
        let from_z = ListOrder { by: name, reversed: true };
        assert_eq!(order(None, Some(Direction::Desc), None), from_z);
    }
}
