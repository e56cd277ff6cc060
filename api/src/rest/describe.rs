//! A plugin and its versions as JSON, in the present site's keys and order of keys.

use crate::App;
use crate::actor::Asking;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cairn_commands::Fault;
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::version_number;
use cairn_domain::{Actor, Refusal};
use cairn_projections::catalogue::{self, Plugin, Version};
use cairn_projections::{Read, downloads, people};
use cairn_store::vault;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;

/// A version that the caller may see.
pub(crate) struct Visible {
    pub(crate) package: PackageName,
    pub(crate) number: version_number::VersionNumber,
    pub(crate) version_id: u64,
    pub(crate) sha256: cairn_domain::names::Sha256,
    pub(crate) size_bytes: u64,
    /// Everybody may see it.
    pub(crate) public: bool,
}

/// The version that the address means, in any form that real clients write: among the public ones for everybody, yanked ones
/// too, and among all for the plugin's owners and staff. While the plugin is marked for deletion, only they see any.
pub(crate) async fn visible_version(
    app: &App,
    package: &str,
    asked: &str,
    actor: Actor,
    request: &RequestId,
) -> Result<Visible, Problem> {
    let look = async {
        let mut read = app.projections.read().await?;
        let plugin = plugin_called(&mut read, package).await?;
        let versions =
            catalogue::versions_of(&mut read, &[plugin.id]).await?.remove(&plugin.id).unwrap_or_default();
        let reviews = reviews(app, &mut read, &plugin, actor).await?;
        let lives = plugin.deletion.is_none();
        if !lives && !reviews {
            return Err(Refusal::PluginUnknown { package: package.to_owned() }.into());
        }
        let seen = || versions.iter().filter(|version| version.approved || reviews);
        let found = version_number::find(asked, seen().map(|version| &version.number));
        let found = found.and_then(|number| seen().find(|version| version.number == *number));
        let unknown =
            || Refusal::VersionUnknown { package: plugin.package.to_string(), version: asked.to_owned() };
        let version = found.ok_or_else(unknown)?;
        Ok(Visible {
            package: plugin.package.clone(),
            number: version.number.clone(),
            version_id: version.id,
            sha256: version.sha256,
            size_bytes: version.size_bytes,
            public: version.approved && lives,
        })
    };
    look.await.map_err(|fault: Fault| Problem::of(fault, request))
}

/// The plugin of this package name or, as one deployment tool asks, of this plugin name.
async fn plugin_called(read: &mut Read, called: &str) -> Result<Plugin, Fault> {
    let by_package = match called.parse::<PackageName>() {
        Ok(package) => catalogue::plugin_by_package(read, &package).await?,
        Err(_) => None,
    };
    let plugin = match by_package {
        Some(plugin) => Some(plugin),
        None => catalogue::plugin_by_name(read, called).await?,
    };
    Ok(plugin.ok_or_else(|| Refusal::PluginUnknown { package: called.to_owned() })?)
}

/// Whether the caller owns the plugin or is staff, and so sees what of it is hidden from others.
pub async fn reviews(app: &App, read: &mut Read, plugin: &Plugin, actor: Actor) -> Result<bool, Fault> {
    let Some(account) = actor.account() else { return Ok(false) };
    if app.sign_in.may_act(actor).await?.staff {
        return Ok(true);
    }
    let owners = catalogue::all_owners_of(read, &[plugin.id]).await?;
    Ok(owners.get(&plugin.id).is_some_and(|owners| owners.contains(&account)))
}

#[derive(Serialize)]
struct PluginJson {
    name: String,
    package_name: String,
    description: String,
    about: Option<String>,
    homepage: Option<String>,
    repository: Option<String>,
    tracker: Option<String>,
    author: Option<String>,
    tags: Vec<String>,
    downloads: u64,
    latest_version: String,
    versions: Vec<VersionJson>,
}

#[derive(Clone, Serialize)]
struct VersionJson {
    version: String,
    experimental: bool,
    qgis_min: String,
    qgis_max: String,
    downloads: u64,
    uploaded_by: Option<String>,
    upload_datetime: DateTime<Utc>,
}

#[derive(Serialize)]
struct VersionDetailJson {
    name: String,
    package_name: String,
    #[serde(flatten)]
    version: VersionJson,
    changelog: Option<String>,
    external_deps: Option<String>,
    download_url: String,
    sha256: String,
    size: u64,
}

/// A plugin with versions that everybody may see, the newest first.
struct Shown {
    plugin: Plugin,
    versions: Vec<(Version, VersionJson)>,
}

/// `/plugins/<package>/json`.
pub(crate) async fn plugin(
    State(app): State<App>,
    Path(package): Path<String>,
    request: RequestId,
    _asking: Asking,
) -> Result<Response, Problem> {
    let look = async {
        let mut read = app.projections.read().await?;
        let shown = shown(&mut read, &package, Version::is_offered).await?;
        let (newest, _) = shown.versions.first().expect("shown refuses plugins without such a version");
        let author = vault::package_author(read.tx(), &newest.sha256.to_string()).await?;
        let tags = catalogue::tags_of(&mut read, &[shown.plugin.id]).await?.remove(&shown.plugin.id);
        let downloads = downloads::downloads_of_plugins(&mut read, &[shown.plugin.id]).await?;
        let latest_version = newest.number.to_string();
        let Plugin { id, package, name, description, about, homepage, repository, tracker, .. } =
            shown.plugin;
        Ok(PluginJson {
            name: name.to_string(),
            package_name: package.to_string(),
            description,
            about,
            homepage,
            repository,
            tracker,
            author: author.map(|author| author.author).filter(|author| !author.is_empty()),
            tags: tags.unwrap_or_default(),
            downloads: downloads.get(&id).copied().unwrap_or(0),
            latest_version,
            versions: shown.versions.into_iter().map(|(_, json)| json).collect(),
        })
    };
    look.await.map(fresh).map_err(|fault: Fault| Problem::of(fault, &request))
}

/// `/plugins/<package>/version/<version>/json`.
pub(crate) async fn version(
    State(app): State<App>,
    Path((package, asked)): Path<(String, String)>,
    request: RequestId,
    _asking: Asking,
) -> Result<Response, Problem> {
    let look = async {
        let mut read = app.projections.read().await?;
        let shown = shown(&mut read, &package, |version| version.approved).await?;
        let found = version_number::find(&asked, shown.versions.iter().map(|(version, _)| &version.number));
        let found =
            found.and_then(|number| shown.versions.iter().find(|(version, _)| version.number == *number));
        let unknown = || Refusal::VersionUnknown { package: package.clone(), version: asked.clone() };
        let (version, json) = found.ok_or_else(unknown)?;
        let texts = catalogue::texts_of(&mut read, &[version.id]).await?.remove(&version.id);
        let (changelog, external_deps) =
            texts.map_or((None, None), |texts| (texts.changelog, texts.details.external_dependencies));
        let download_url = app
            .settings
            .address(&format!("/plugins/{}/version/{}/download/", shown.plugin.package, version.number));
        Ok(VersionDetailJson {
            name: shown.plugin.name.to_string(),
            package_name: shown.plugin.package.to_string(),
            version: json.clone(),
            changelog,
            external_deps,
            download_url,
            sha256: version.sha256.to_string(),
            size: version.size_bytes,
        })
    };
    look.await.map(fresh).map_err(|fault: Fault| Problem::of(fault, &request))
}

/// `/plugins/<package>/latest/`: to the page of the highest public version.
pub(crate) async fn latest(
    State(app): State<App>,
    Path(package): Path<String>,
    request: RequestId,
) -> Result<Response, Problem> {
    to_latest(&app, &package, &request, "").await
}

/// `/plugins/<package>/latest/json`.
pub(crate) async fn latest_json(
    State(app): State<App>,
    Path(package): Path<String>,
    request: RequestId,
) -> Result<Response, Problem> {
    to_latest(&app, &package, &request, "json").await
}

async fn to_latest(app: &App, package: &str, request: &RequestId, rest: &str) -> Result<Response, Problem> {
    let look = async {
        let mut read = app.projections.read().await?;
        let shown = shown(&mut read, package, Version::is_offered).await?;
        let (newest, _) = shown.versions.first().expect("shown refuses plugins without such a version");
        Ok(app
            .settings
            .address(&format!("/plugins/{}/version/{}/{rest}", shown.plugin.package, newest.number)))
    };
    let address = look.await.map_err(|fault: Fault| Problem::of(fault, request))?;
    let address = HeaderValue::from_str(&address).expect("package and version are plain ASCII");
    Ok((
        StatusCode::FOUND,
        [(header::LOCATION, address), (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))],
    )
        .into_response())
}

fn fresh(body: impl Serialize) -> Response {
    ([(header::CACHE_CONTROL, "no-cache")], Json(body)).into_response()
}

/// The plugin with those of its versions that `told` picks; refused when there are none, and when it is hidden or gone.
async fn shown(read: &mut Read, package: &str, told: fn(&Version) -> bool) -> Result<Shown, Fault> {
    let unknown = || Refusal::PluginUnknown { package: package.to_owned() };
    let name: PackageName = package.parse().map_err(|_| unknown())?;
    let plugin = catalogue::plugin_by_package(read, &name).await?.ok_or_else(unknown)?;
    let mut versions =
        catalogue::versions_of(read, &[plugin.id]).await?.remove(&plugin.id).unwrap_or_default();
    versions.retain(told);
    if plugin.deletion.is_some() || versions.is_empty() {
        return Err(unknown().into());
    }
    let ids: Vec<u64> = versions.iter().map(|version| version.id).collect();
    let counts = downloads::downloads_of_versions(read, &ids).await?;
    let uploaders = names_of(read, versions.iter().filter_map(|version| version.uploaded_by)).await?;
    let json = |version: &Version| VersionJson {
        version: version.number.to_string(),
        experimental: version.experimental,
        qgis_min: version.qgis.min().to_string(),
        qgis_max: version.qgis.max().to_string(),
        downloads: counts.get(&version.id).copied().unwrap_or(0),
        uploaded_by: version.uploaded_by.and_then(|account| uploaders.get(&account).cloned()),
        upload_datetime: version.uploaded_at,
    };
    let versions = versions.into_iter().map(|version| (version.clone(), json(&version))).collect();
    Ok(Shown { plugin, versions })
}

async fn names_of(
    read: &mut Read,
    accounts: impl Iterator<Item = AccountId>,
) -> Result<HashMap<AccountId, String>, Fault> {
    let mut ids: Vec<AccountId> = accounts.collect();
    ids.sort();
    ids.dedup();
    let accounts = people::accounts_by_ids(read, &ids).await?;
    Ok(accounts.into_iter().filter_map(|account| Some((account.id, account.name?))).collect())
}
