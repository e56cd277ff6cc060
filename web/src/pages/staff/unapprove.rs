//! `/plugins/<package>/version/<version>/unapprove/`: taking a version out of the feeds, for who may approve; says before what
//! that changes.

use super::approve::VerdictForm;
use super::who::{Said, Signed, deed, not_approver};
use crate::ask::Ask;
use crate::documents::unapprove_ask::{UnapproveAskPlugin, UnapproveAskPluginVersions, UnapproveAskVersion};
use crate::documents::{Unapprove, UnapproveAsk, unapprove, unapprove_ask};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::page::page_with;
use crate::text::Count;
use askama::Template;
use axum::extract::{Form, Path};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;

#[derive(Template)]
#[template(path = "staff/unapprove.html")]
struct UnapprovePage {
    frame: Frame,
    problem: Option<String>,
    plugin: String,
    plugin_href: String,
    number: String,
    href: String,
    downloads: Count,
    effect: Effect,
    reason: String,
}

/// What changes when a version is public no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Effect {
    /// It is not public.
    None,
    /// Feeds do not list it anyway.
    Page,
    /// Feeds of these QGIS versions lose it, and offer this one in its place where it fits.
    Feeds { qgis: String, instead: Option<String> },
    /// The same, and the plugin is in no feed any more.
    Gone { qgis: String },
}

impl Effect {
    fn of(plugin: &UnapproveAskPlugin, version: &UnapproveAskVersion) -> Self {
        if !version.approved {
            return Self::None;
        }
        let qgis = format!("{} – {}", version.qgis_min, version.qgis_max);
        let is = |offered: Option<&str>| offered == Some(version.number.as_str());
        let stable = plugin.stable.as_ref().map(|newest| newest.number.as_str());
        let experimental = plugin.experimental.as_ref().map(|newest| newest.number.as_str());
        let others = |other: &&UnapproveAskPluginVersions| {
            other.number != version.number && other.approved && !other.yanked
        };
        if !is(stable) && !is(experimental) {
            // An older one is still offered to a QGIS that the newest does not fit.
            return if version.yanked { Self::Page } else { Self::Feeds { qgis, instead: None } };
        }
        let same = |other: &&UnapproveAskPluginVersions| other.experimental == version.experimental;
        let instead = plugin.versions.iter().filter(others).find(same);
        match instead {
            Some(instead) => Self::Feeds { qgis, instead: Some(instead.number.clone()) },
            None if plugin.versions.iter().any(|other| others(&other)) => Self::Feeds { qgis, instead: None },
            None => Self::Gone { qgis },
        }
    }
}

pub(super) async fn show(
    Signed(ask): Signed,
    Path((package, version)): Path<(String, String)>,
) -> Result<Response, Problem> {
    look(&ask, package, version, String::new(), Said::default()).await
}

pub(super) async fn take_back(
    Signed(ask): Signed,
    Path((package, version)): Path<(String, String)>,
    Form(form): Form<VerdictForm>,
) -> Result<Response, Problem> {
    let reason = form.reason();
    let variables = unapprove::Variables { package: package.clone(), version: version.clone(), reason };
    match deed::<Unapprove>(&ask, variables).await? {
        Ok(told) => {
            // Its page is for its owners and staff from now on; that of the plugin may be for everybody.
            let path = format!("/plugins/{}/version/{}/", path_part(&package), path_part(&version));
            Ok(ask.go(&path, Some(Done::Unapproved), told.position))
        }
        Err(said) => look(&ask, package, version, form.reason.unwrap_or_default(), said).await,
    }
}

async fn look(
    ask: &Ask,
    package: String,
    version: String,
    reason: String,
    said: Said,
) -> Result<Response, Problem> {
    let variables = unapprove_ask::Variables { package: package.clone(), version: version.clone() };
    let told = ask.query::<UnapproveAsk>(variables).await?;
    let plugin = told.plugin.ok_or_else(|| Refusal::PluginUnknown { package: package.clone() })?;
    // A form is shown to who may send it: the schema asks the rule that the deed is decided by.
    if !plugin.may_approve {
        return Err(not_approver(ask, package).await);
    }
    let version = told.version.ok_or(Refusal::VersionUnknown { package, version })?;
    let frame = ask.frame(Part::Plugins);
    let page = UnapprovePage {
        problem: said.problem.clone(),
        plugin_href: frame.plugin(&plugin.package),
        href: frame.version(&plugin.package, &version.number),
        downloads: Count(version.downloads),
        effect: Effect::of(&plugin, &version),
        number: version.number,
        plugin: plugin.name,
        reason,
        frame,
    };
    Ok(page_with(said.status(), &page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};
    use unapprove_ask::{UnapproveAskPluginExperimental, UnapproveAskPluginStable};

    fn other(number: &str, experimental: bool) -> UnapproveAskPluginVersions {
        UnapproveAskPluginVersions {
            number: number.into(),
            experimental,
            approved: true,
            yanked: false,
            qgis_min: "3.28".into(),
            qgis_max: "3.99".into(),
        }
    }

    fn plugin(versions: Vec<UnapproveAskPluginVersions>) -> UnapproveAskPlugin {
        UnapproveAskPlugin {
            package: "lasso".into(),
            may_approve: true,
            name: HOSTILE.into(),
            stable: Some(UnapproveAskPluginStable { number: "2.0".into() }),
            experimental: None::<UnapproveAskPluginExperimental>,
            versions,
        }
    }

    fn version(number: &str) -> UnapproveAskVersion {
        UnapproveAskVersion {
            number: number.into(),
            experimental: false,
            approved: true,
            yanked: false,
            qgis_min: "3.28".into(),
            qgis_max: "3.99".into(),
            downloads: 7,
        }
    }

    #[test]
    fn the_next_of_its_sort_takes_its_place() {
        let three = || vec![other("2.0", false), other("1.9", true), other("1.0", false)];
        let qgis = || "3.28 – 3.99".to_owned();
        let instead = |number: &str| Effect::Feeds { qgis: qgis(), instead: Some(number.into()) };
        assert_eq!(Effect::of(&plugin(three()), &version("2.0")), instead("1.0"));
        assert_eq!(
            Effect::of(&plugin(vec![other("2.0", false)]), &version("2.0")),
            Effect::Gone { qgis: qgis() }
        );
        let old = Effect::of(&plugin(three()), &version("1.0"));
        assert_eq!(old, Effect::Feeds { qgis: qgis(), instead: None });
        let hidden = UnapproveAskVersion { approved: false, ..version("2.0") };
        assert_eq!(Effect::of(&plugin(three()), &hidden), Effect::None);
        let yanked = UnapproveAskVersion { yanked: true, ..version("1.0") };
        assert_eq!(Effect::of(&plugin(three()), &yanked), Effect::Page);
    }

    #[test]
    fn what_changes_is_said_before() {
        let page = |effect: Effect| UnapprovePage {
            frame: testing::frame(Part::Plugins),
            problem: Some(HOSTILE.into()),
            plugin: HOSTILE.into(),
            plugin_href: "/qgis/plugins/lasso/".into(),
            number: HOSTILE.into(),
            href: "/qgis/plugins/lasso/version/2.0/".into(),
            downloads: Count(7),
            effect,
            reason: HOSTILE.into(),
        };
        let qgis = || HOSTILE.to_owned();
        for (effect, words) in [
            (Effect::Feeds { qgis: qgis(), instead: Some(HOSTILE.into()) }, "takes its place"),
            (Effect::Gone { qgis: qgis() }, "no feed any more"),
            (Effect::Page, "Feeds do not list it"),
            (Effect::None, "not public"),
        ] {
            let html = page(effect).render().unwrap();
            assert!(html.contains(words), "{words}: {html}");
            testing::is_tame(&html);
        }
    }
}
