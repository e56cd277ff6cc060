//! Edit what visitors see of a plugin beside what its metadata says.

use crate::{Command, Fact};
use cairn_domain::event::{PluginDetailsEdited, Stream};
use cairn_domain::names::{PackageName, Tag};
use cairn_domain::package::TAGS_MAX;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Changes tags and the server flag. They hold until the metadata of a version that becomes the highest approved one says
/// something else.
#[derive(Debug, Clone, Serialize)]
pub struct EditDetails {
    /// The plugin.
    pub package: PackageName,
    /// All its tags, in this order; they stay as they are when absent.
    pub tags: Option<Vec<Tag>>,
    /// Whether it has a QGIS Server part; it stays as it is when absent.
    pub server: Option<bool>,
}

impl Command for EditDetails {
    const NAME: &'static str = "edit_details";
    type Answer = PackageName;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.living(&self.package)?;
        acting.may_change(plugin)?;
        if self.tags.as_ref().is_some_and(|tags| tags.len() > TAGS_MAX) {
            return Err(Refusal::invalid("tags", format!("a plugin has at most {TAGS_MAX} tags")));
        }
        let Some(seen) = &plugin.details else { return Ok(vec![]) };
        let mut details = seen.clone();
        if let Some(tags) = &self.tags {
            details.tags = each_once(tags);
        }
        details.server = self.server.unwrap_or(details.server);
        if details == *seen {
            return Ok(vec![]);
        }
        let edited = PluginDetailsEdited { package: self.package.clone(), details, from_version: None };
        Ok(vec![(Stream::plugin(&self.package), edited.into())])
    }

    fn answer(&self, _after: &Known) -> PackageName {
        self.package.clone()
    }
}

fn each_once(tags: &[Tag]) -> Vec<Tag> {
    let mut once: Vec<Tag> = Vec::with_capacity(tags.len());
    for tag in tags {
        if !once.contains(tag) {
            once.push(tag.clone());
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;
    use cairn_domain::plugin::PluginDetails;

    fn tag(tags: &[&str]) -> EditDetails {
        let tags = tags.iter().map(|tag| tag.parse().unwrap()).collect();
        EditDetails { package: lasso(), tags: Some(tags), server: None }
    }

    fn now(details: PluginDetails) -> Fact {
        plugin_event(PluginDetailsEdited { package: lasso(), details, from_version: None })
    }

    #[test]
    fn owners_and_staff_choose_tags_and_the_server_flag() {
        let tagged =
            PluginDetails { tags: vec!["mesh".parse().unwrap(), "3d".parse().unwrap()], ..details("Lasso") };
        given([lasso_of_ann()]).when(&tag(&["mesh", "3d", "mesh"]), by(ANN)).then([now(tagged)]);
        let server = EditDetails { package: lasso(), tags: None, server: Some(true) };
        let flagged = PluginDetails { server: true, ..details("Lasso") };
        given([lasso_of_ann()]).when(&server, Actor::Operator).then([now(flagged)]);
    }

    #[test]
    fn what_is_so_already_is_not_edited() {
        given([lasso_of_ann()]).when(&tag(&[]), by(ANN)).then([]);
    }

    #[test]
    fn a_plugin_has_thirty_tags_and_not_one_more() {
        let many = |n: usize| EditDetails {
            tags: Some((0..n).map(|n| format!("tag{n}").parse().unwrap()).collect()),
            ..tag(&[])
        };
        let tags = many(TAGS_MAX).tags.unwrap();
        let tagged = PluginDetails { tags, ..details("Lasso") };
        given([lasso_of_ann()]).when(&many(TAGS_MAX), by(ANN)).then([now(tagged)]);
        let refusal = Refusal::invalid("tags", "a plugin has at most 30 tags");
        given([lasso_of_ann()]).when(&many(TAGS_MAX + 1), by(ANN)).refused(&refusal);
    }

    #[test]
    fn strangers_and_tokens_do_not() {
        stranger_and_token_are_refused(&tag(&["mesh"]));
    }

    #[test]
    fn a_plugin_that_is_marked_or_gone_keeps_its_details() {
        dead_plugins_refuse(&tag(&["mesh"]));
    }
}
