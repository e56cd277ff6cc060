//! `/plugins/<package>/`: a plugin, its public versions and how to install it.

use super::trust::{self, Offer};
use crate::card::{Card, VersionRow};
use crate::frame::{Frame, Part};
use crate::notice::Notice;
use crate::page::page;
use crate::text::Count;
use askama::Template;
use axum::extract::{Path, Request, State};
use axum::handler::Handler;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::{App, Asking, RequestId};
use cairn_commands::Fault;
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::{Actor, Refusal};
use cairn_projections::catalogue::{self, Plugin, Version};
use cairn_projections::{Read, downloads, people};
use cairn_store::{Result, vault};

#[derive(Template)]
#[template(path = "plugin.html")]
struct PluginPage {
    frame: Frame,
    package: String,
    card: Card,
    notices: Vec<Notice>,
    about: Option<String>,
    changelog: Option<String>,
    author: Option<String>,
    maintainer: Option<String>,
    owners: Vec<String>,
    /// For staff: whose uploads need no review.
    trust: Vec<Offer>,
    tags: Vec<String>,
    rating: Option<String>,
    category: Option<String>,
    plugin_dependencies: Option<String>,
    external_dependencies: Option<String>,
    server: bool,
    processing: bool,
    links: Vec<Link>,
    versions: Vec<VersionRow>,
    /// Only its owners and staff see it.
    hidden: bool,
}

/// A place outside that the author names.
#[derive(Debug, PartialEq, Eq)]
struct Link {
    label: &'static str,
    address: String,
}

/// Also where `plugins_3.40.xml` arrives; no package name has a dot, so nothing is both.
pub(super) async fn show(
    State(app): State<App>,
    Path(package): Path<String>,
    id: RequestId,
    asking: Asking,
    request: Request,
) -> Result<Response, Problem> {
    if package.contains('.') {
        return Ok(Handler::call(cairn_api::feed_by_file, request, app).await);
    }
    let found = look(&app, &package, asking.0).await.map_err(|fault| Problem::of(fault, &id))?;
    let found = found.ok_or(Refusal::PluginUnknown { package })?;
    Ok(page_of(&found, found.hidden))
}

/// A page; if it is hidden from others, no cache keeps it for them.
pub(super) fn page_of(template: &impl Template, hidden: bool) -> Response {
    let mut response = page(template);
    if hidden {
        let private = HeaderValue::from_static("private, no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, private);
    }
    response
}

async fn look(app: &App, package: &str, actor: Actor) -> Result<Option<PluginPage>, Fault> {
    let mut read = app.projections.read().await?;
    let Some((plugin, versions)) = seen(app, &mut read, package, actor).await? else { return Ok(None) };
    let frame = Frame::of(app, Part::Plugins);
    let ids: Vec<u64> = versions.iter().map(|version| version.id).collect();
    let newest = versions.iter().find(|version| version.is_offered()).or_else(|| versions.first());
    let newest = newest.expect("plugins without a public version are not seen");
    let counts = downloads::downloads_of_versions(&mut read, &ids).await?;
    let total =
        downloads::downloads_of_plugins(&mut read, &[plugin.id]).await?.remove(&plugin.id).unwrap_or(0);
    let texts = catalogue::texts_of(&mut read, &[newest.id]).await?.remove(&newest.id);
    let owners = catalogue::owners_of(&mut read, &[plugin.id]).await?.remove(&plugin.id).unwrap_or_default();
    let row = |version: &Version| {
        VersionRow::of(
            &frame,
            plugin.package.as_str(),
            version,
            counts.get(&version.id).copied().unwrap_or(0),
        )
    };
    Ok(Some(PluginPage {
        package: plugin.package.to_string(),
        card: Card::of(&frame, &plugin, total),
        notices: Notice::of_plugin(&frame, &plugin),
        hidden: plugin.deletion.is_some(),
        changelog: texts.and_then(|texts| texts.changelog),
        author: author_of(&mut read, newest).await?,
        maintainer: names_of(&mut read, plugin.maintainer.as_slice()).await?.pop(),
        owners: owner_names(&mut read, plugin.package.folded(), &owners).await?,
        trust: trust::offers(app, &mut read, actor, &owners).await?,
        tags: catalogue::tags_of(&mut read, &[plugin.id]).await?.remove(&plugin.id).unwrap_or_default(),
        versions: versions.iter().map(row).collect(),
        rating: rating(plugin.votes, plugin.score),
        links: links(&plugin),
        about: plugin.about,
        category: plugin.category,
        plugin_dependencies: plugin.plugin_dependencies,
        external_dependencies: plugin.external_dependencies,
        server: plugin.server,
        processing: plugin.has_processing_provider,
        frame,
    }))
}

/// A plugin, however its package name is capitalised, and its public versions, the newest first, yanked ones too. One that is
/// marked for deletion is seen by its owners and staff.
pub(super) async fn seen(
    app: &App,
    read: &mut Read,
    package: &str,
    actor: Actor,
) -> Result<Option<(Plugin, Vec<Version>)>, Fault> {
    let Ok(package) = package.parse::<PackageName>() else { return Ok(None) };
    let Some(plugin) = catalogue::plugin_like(read, &package).await? else { return Ok(None) };
    if plugin.deletion.is_some() && !cairn_api::reviews(app, read, &plugin, actor).await? {
        return Ok(None);
    }
    let mut versions =
        catalogue::versions_of(read, &[plugin.id]).await?.remove(&plugin.id).unwrap_or_default();
    versions.retain(|version| version.approved);
    Ok(Some((plugin, versions)).filter(|(_, versions)| !versions.is_empty()))
}

/// Who a package says made it.
pub(super) async fn author_of(read: &mut Read, version: &Version) -> Result<Option<String>> {
    let author = vault::package_author(read.tx(), &version.sha256.to_string()).await?;
    Ok(author.map(|author| author.author).filter(|author| !author.is_empty()))
}

/// The names of accounts; people who were forgotten have none.
pub(super) async fn names_of(read: &mut Read, accounts: &[AccountId]) -> Result<Vec<String>> {
    let accounts = people::accounts_by_ids(read, accounts).await?;
    let mut names: Vec<String> = accounts.into_iter().filter_map(|account| account.name).collect();
    names.sort_unstable();
    Ok(names)
}

/// The names of the accounts that own a plugin, and after them those of its teams.
async fn owner_names(read: &mut Read, package_key: String, owners: &[AccountId]) -> Result<Vec<String>> {
    let mut names = names_of(read, owners).await?;
    let teams = people::teams_owning(read, &[package_key.as_str()]).await?.remove(&package_key);
    names.extend(teams.unwrap_or_default().into_iter().map(|team| format!("team {team}")));
    Ok(names)
}

/// `4.3 of 5, 12 votes`; none while nobody voted.
fn rating(votes: u64, score: u64) -> Option<String> {
    let tenths = (score * 10 + votes / 2).checked_div(votes)?;
    Some(format!("{}.{} of 5, {}", tenths / 10, tenths % 10, Count(votes).of("vote")))
}

/// Only addresses of the web become links: anything else might run when it is clicked.
fn links(plugin: &Plugin) -> Vec<Link> {
    let told = [
        ("Home page", &plugin.homepage),
        ("Report a problem", &plugin.tracker),
        ("Source code", &plugin.repository),
    ];
    told.into_iter().filter_map(|(label, address)| link(label, address.as_deref()?)).collect()
}

fn link(label: &'static str, address: &str) -> Option<Link> {
    let web = ["http://", "https://"].iter().any(|scheme| address.starts_with(scheme));
    web.then(|| Link { label, address: address.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn hostile_page() -> PluginPage {
        let text = || Some(HOSTILE.to_owned());
        PluginPage {
            frame: testing::frame(Part::Plugins),
            package: "lasso".into(),
            card: testing::card(HOSTILE),
            notices: testing::notices(),
            about: Some(format!("first line\nsecond line {HOSTILE}")),
            changelog: text(),
            author: text(),
            maintainer: text(),
            owners: vec![HOSTILE.into(), "bob".into()],
            trust: vec![
                Offer { name: HOSTILE.into(), trusted: true },
                Offer { name: "bob".into(), trusted: false },
            ],
            tags: vec![HOSTILE.into()],
            rating: rating(2, 9),
            category: text(),
            plugin_dependencies: text(),
            external_dependencies: text(),
            server: true,
            processing: true,
            links: vec![Link { label: "Home page", address: format!("https://x/{HOSTILE}") }],
            versions: vec![testing::version_row(HOSTILE)],
            hidden: false,
        }
    }

    #[test]
    fn texts_of_authors_do_nothing() {
        testing::is_tame(&hostile_page().render().unwrap());
    }

    #[test]
    fn the_page_says_how_to_install_and_links_each_package() {
        let html = hostile_page().render().unwrap();
        assert!(html.contains("value=\"https://example.org/qgis/plugins/plugins.xml\""), "{html}");
        assert!(html.contains("href=\"/qgis/plugins/lasso/version/1.2.0/download/\""), "{html}");
        assert!(
            html.contains("3.28 – 3.99") && html.contains("183 kB") && html.contains("4.5 of 5, 2 votes"),
            "{html}"
        );
        assert!(html.contains("first line\nsecond line"), "{html}");
        assert!(html.contains("<a href=\"/qgis/plugins/rope/\">"), "{html}");
        assert!(html.contains(">featured<") && html.contains(">yanked<"), "{html}");
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(link("Home page", "javascript:alert(1)"), None);
        assert_eq!(link("Home page", " https://example.org"), None);
        assert_eq!(link("Home page", "https://example.org").unwrap().address, "https://example.org");
    }

    #[test]
    fn a_rating_is_the_mean_of_all_votes() {
        assert_eq!(rating(0, 0), None);
        assert_eq!(rating(1, 5).as_deref(), Some("5.0 of 5, 1 vote"));
        assert_eq!(rating(3, 13).as_deref(), Some("4.3 of 5, 3 votes"));
    }
}
