//! `/plugins/<package>/version/<version>/`: one public version. QGIS links here.

use super::plugin::{author_of, names_of, page_of, seen};
use crate::card::{Card, VersionRow};
use crate::frame::{Frame, Part};
use crate::notice::Notice;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::{App, Asking, RequestId};
use cairn_commands::Fault;
use cairn_domain::package::FindingCode;
use cairn_domain::{Actor, Refusal, version_number};
use cairn_projections::catalogue::{self, Version};
use cairn_projections::downloads;

#[derive(Template)]
#[template(path = "version.html")]
struct VersionPage {
    frame: Frame,
    package: String,
    card: Card,
    notices: Vec<Notice>,
    version: VersionRow,
    /// None of its sort has a higher number.
    newest: bool,
    uploaded_by: Option<String>,
    author: Option<String>,
    changelog: Option<String>,
    plugin_dependencies: Option<String>,
    external_dependencies: Option<String>,
    notes: Vec<String>,
    /// Only the plugin's owners and staff see it.
    hidden: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((package, asked)): Path<(String, String)>,
    request: RequestId,
    asking: Asking,
) -> Result<Response, Problem> {
    let found = look(&app, &package, &asked, asking.0).await;
    let found = found.map_err(|fault| Problem::of(fault, &request))?;
    let found = found.ok_or(Refusal::VersionUnknown { package, version: asked })?;
    Ok(page_of(&found, found.hidden))
}

async fn look(app: &App, package: &str, asked: &str, actor: Actor) -> Result<Option<VersionPage>, Fault> {
    let mut read = app.projections.read().await?;
    let Some((plugin, versions)) = seen(app, &mut read, package, actor).await? else { return Ok(None) };
    let found = version_number::find(asked, versions.iter().map(|version| &version.number));
    let Some(version) = found.and_then(|number| versions.iter().find(|version| version.number == *number))
    else {
        return Ok(None);
    };
    let frame = Frame::of(app, Part::Plugins);
    let count =
        downloads::downloads_of_versions(&mut read, &[version.id]).await?.remove(&version.id).unwrap_or(0);
    let total =
        downloads::downloads_of_plugins(&mut read, &[plugin.id]).await?.remove(&plugin.id).unwrap_or(0);
    let texts = catalogue::texts_of(&mut read, &[version.id]).await?.remove(&version.id);
    let (changelog, warnings, details) = match texts {
        Some(texts) => (texts.changelog, texts.warnings, Some(texts.details)),
        None => (None, Vec::new(), None),
    };
    let (plugin_dependencies, external_dependencies) =
        details.map_or((None, None), |details| (details.plugin_dependencies, details.external_dependencies));
    Ok(Some(VersionPage {
        package: plugin.package.to_string(),
        card: Card::of(&frame, &plugin, total),
        notices: Notice::of_version(version).into_iter().chain(Notice::of_plugin(&frame, &plugin)).collect(),
        hidden: plugin.deletion.is_some(),
        version: VersionRow::of(&frame, plugin.package.as_str(), version, count),
        newest: is_newest(version, &versions),
        uploaded_by: names_of(&mut read, version.uploaded_by.as_slice()).await?.pop(),
        author: author_of(&mut read, version).await?,
        changelog,
        plugin_dependencies,
        external_dependencies,
        notes: warnings.iter().map(|code| meaning(code)).collect(),
        frame,
    }))
}

/// Whether QGIS would offer no later one: a stable version is followed by stable ones only.
fn is_newest(version: &Version, versions: &[Version]) -> bool {
    let follows = |other: &&Version| version.experimental || !other.experimental;
    versions
        .iter()
        .filter(follows)
        .filter(|other| other.is_offered())
        .all(|other| other.number <= version.number)
}

/// A finding in words; a code that this program does not know stands for itself.
fn meaning(code: &str) -> String {
    let known = FindingCode::ALL.iter().find(|known| known.as_str() == code);
    known.map_or_else(|| code.to_owned(), |known| known.meaning().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn texts_of_authors_do_nothing() {
        let text = || Some(HOSTILE.to_owned());
        let page = |yanked: bool| VersionPage {
            frame: testing::frame(Part::Plugins),
            package: "lasso".into(),
            card: testing::card(HOSTILE),
            notices: testing::notices(),
            version: VersionRow { yanked, ..testing::version_row(HOSTILE) },
            newest: false,
            uploaded_by: text(),
            author: text(),
            changelog: text(),
            plugin_dependencies: text(),
            external_dependencies: text(),
            notes: vec![meaning("a_code_of_tomorrow"), HOSTILE.into()],
            hidden: false,
        };
        let html = page(false).render().unwrap();
        assert!(html.contains("there is a newer version") && html.contains("a_code_of_tomorrow"), "{html}");
        testing::is_tame(&html);
        let html = page(true).render().unwrap();
        assert!(!html.contains("there is a newer version") && html.contains(">yanked<"), "{html}");
        testing::is_tame(&html);
    }

    #[test]
    fn a_finding_is_told_in_words() {
        let known = FindingCode::ALL[0];
        assert_eq!(meaning(known.as_str()), known.meaning());
    }
}
