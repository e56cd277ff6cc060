//! Questions that many fields ask at once, asked of the database together.

use super::batch::Later;
use super::snapshot::Snapshot;
use crate::problem::Problem;
use crate::request_id::RequestId;
use async_graphql::async_trait::async_trait;
use async_graphql::dataloader::{DataLoader, Loader};
use cairn_domain::ids::{AccountId, TokenId};
use cairn_domain::names::{PackageName, TeamName};
use cairn_projections::catalogue::{self, Plugin, ReplacedFile, Version, VersionTexts};
use cairn_projections::people::{self, Account, Team, TokenUpload};
use cairn_projections::{Read, downloads};
use cairn_store::vault::{self, PackageAuthor};
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// The loaders of one request.
pub(crate) struct Loaders(DataLoader<Reader>);

impl std::fmt::Debug for Loaders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Loaders")
    }
}

/// Asks the request's snapshot.
struct Reader {
    snapshot: Arc<Snapshot>,
    request: RequestId,
}

/// A problem that several fields have alike.
#[derive(Clone)]
struct Shared(Arc<Problem>);

impl From<Shared> for Problem {
    fn from(shared: Shared) -> Self {
        Self::clone(&shared.0)
    }
}

impl Loaders {
    /// Loaders that ask this snapshot, as often as there are levels in the request.
    pub(crate) fn new(snapshot: &Arc<Snapshot>, request: &RequestId, later: &Later) -> Self {
        let reader = Reader { snapshot: Arc::clone(snapshot), request: request.clone() };
        let later = later.clone();
        Self(DataLoader::new(reader, move |work| later.put(work)).delay(Duration::ZERO))
    }

    async fn one<K>(&self, key: K) -> Result<Option<<Reader as Loader<K>>::Value>, Problem>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Reader: Loader<K, Error = Shared>,
    {
        self.0.load_one(key).await.map_err(Problem::from)
    }

    /// The plugin with this number.
    pub(crate) async fn plugin(&self, plugin_id: u64) -> Result<Option<Plugin>, Problem> {
        self.one(PluginOf(plugin_id)).await
    }

    /// The plugin with this package name, however it is capitalised.
    pub(crate) async fn plugin_called(&self, package: &PackageName) -> Result<Option<Plugin>, Problem> {
        self.one(PluginCalled(package.folded())).await
    }

    /// The teams that own a plugin, by its package name.
    pub(crate) async fn teams_owning(&self, package: &PackageName) -> Result<Vec<Team>, Problem> {
        Ok(self.one(TeamsOwning(package.folded())).await?.unwrap_or_default())
    }

    /// What a token is called.
    pub(crate) async fn note_of_token(&self, id: TokenId) -> Result<Option<String>, Problem> {
        self.one(NoteOf(id)).await
    }

    /// The version with this number.
    pub(crate) async fn version(&self, version_id: u64) -> Result<Option<Version>, Problem> {
        self.one(VersionOf(version_id)).await
    }

    /// All versions of a plugin, the newest first, waiting ones too.
    pub(crate) async fn versions(&self, plugin_id: u64) -> Result<Arc<Vec<Version>>, Problem> {
        Ok(self.one(VersionsOf(plugin_id)).await?.unwrap_or_default())
    }

    /// The files that versions of a plugin had before.
    pub(crate) async fn replaced_files(&self, plugin_id: u64) -> Result<Arc<Vec<ReplacedFile>>, Problem> {
        Ok(self.one(ReplacedFilesOf(plugin_id)).await?.unwrap_or_default())
    }

    /// Who owns a plugin, in person or as a member of a team.
    pub(crate) async fn all_owners(&self, plugin_id: u64) -> Result<Arc<Vec<AccountId>>, Problem> {
        Ok(self.one(AllOwnersOf(plugin_id)).await?.unwrap_or_default())
    }

    /// Which accounts own a plugin themselves.
    pub(crate) async fn owners(&self, plugin_id: u64) -> Result<Arc<Vec<AccountId>>, Problem> {
        Ok(self.one(OwnersOf(plugin_id)).await?.unwrap_or_default())
    }

    /// The tags of a plugin.
    pub(crate) async fn tags(&self, plugin_id: u64) -> Result<Vec<String>, Problem> {
        Ok(self.one(TagsOf(plugin_id)).await?.unwrap_or_default())
    }

    /// How often any version of a plugin was downloaded.
    pub(crate) async fn downloads_of_plugin(&self, plugin_id: u64) -> Result<u64, Problem> {
        Ok(self.one(DownloadsOfPlugin(plugin_id)).await?.unwrap_or(0))
    }

    /// The same in the 30 days that end with the newest day on which anything was downloaded.
    pub(crate) async fn recent_downloads_of_plugin(&self, plugin_id: u64) -> Result<u64, Problem> {
        Ok(self.one(RecentDownloadsOfPlugin(plugin_id)).await?.unwrap_or(0))
    }

    /// The same day by day, the earliest first; none if there were none.
    pub(crate) async fn recent_days_of_plugin(
        &self,
        plugin_id: u64,
    ) -> Result<Option<Arc<[u64; 30]>>, Problem> {
        self.one(RecentDaysOfPlugin(plugin_id)).await
    }

    /// The versions of a plugin that came by tokens, by its folded package name.
    pub(crate) async fn token_uploads(
        &self,
        package_key: String,
    ) -> Result<Arc<HashMap<String, TokenUpload>>, Problem> {
        Ok(self.one(TokenUploadsOf(package_key)).await?.unwrap_or_default())
    }

    /// How often a version was downloaded.
    pub(crate) async fn downloads_of_version(&self, version_id: u64) -> Result<u64, Problem> {
        Ok(self.one(DownloadsOfVersion(version_id)).await?.unwrap_or(0))
    }

    /// The long texts of a version.
    pub(crate) async fn texts(&self, version_id: u64) -> Result<Option<Arc<VersionTexts>>, Problem> {
        self.one(TextsOf(version_id)).await
    }

    /// The author lines of a package.
    pub(crate) async fn author(&self, sha256: String) -> Result<Option<PackageAuthor>, Problem> {
        self.one(AuthorOf(sha256)).await
    }

    /// An account.
    pub(crate) async fn account(&self, id: AccountId) -> Result<Option<Account>, Problem> {
        self.one(AccountOf(id)).await
    }

    /// Whether an account owns a plugin that visitors see.
    pub(crate) async fn owns_in_public(&self, id: AccountId) -> Result<bool, Problem> {
        Ok(self.one(OwnsInPublic(id)).await?.unwrap_or(false))
    }

    /// Several accounts, in the given order; those that do not exist are left out.
    pub(crate) async fn accounts(&self, ids: &[AccountId]) -> Result<Vec<Account>, Problem> {
        let found = self.0.load_many(ids.iter().map(|id| AccountOf(*id))).await;
        let mut found = found.map_err(Problem::from)?;
        Ok(ids.iter().filter_map(|id| found.remove(&AccountOf(*id))).collect())
    }
}

/// Declares what can be loaded: a key, what comes for it, and the question for many keys at once.
macro_rules! loads {
    ($($key:ident($inner:ty) -> $value:ty = $question:path;)+) => { $(
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        struct $key($inner);

        #[async_trait]
        impl Loader<$key> for Reader {
            type Value = $value;
            type Error = Shared;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $value>, Shared> {
                let keys: Vec<$inner> = keys.iter().map(|key| key.0.clone()).collect();
                let mut read = self.snapshot.read().await.map_err(|problem| Shared(Arc::new(problem)))?;
                let found = $question(&mut read, &keys).await;
                let found = found.map_err(|fault| Shared(Arc::new(Problem::store(fault, &self.request))))?;
                Ok(found.into_iter().map(|(key, value)| ($key(key), value)).collect())
            }
        }
    )+ };
}

loads! {
    PluginOf(u64) -> Plugin = plugins;
    PluginCalled(String) -> Plugin = plugins_called;
    TeamsOwning(String) -> Vec<Team> = teams_owning;
    NoteOf(TokenId) -> String = notes;
    VersionOf(u64) -> Version = versions_called;
    VersionsOf(u64) -> Arc<Vec<Version>> = versions;
    ReplacedFilesOf(u64) -> Arc<Vec<ReplacedFile>> = replaced_files;
    OwnersOf(u64) -> Arc<Vec<AccountId>> = owners;
    AllOwnersOf(u64) -> Arc<Vec<AccountId>> = all_owners;
    TagsOf(u64) -> Vec<String> = catalogue::tags_of;
    DownloadsOfPlugin(u64) -> u64 = downloads::downloads_of_plugins;
    RecentDownloadsOfPlugin(u64) -> u64 = downloads::recent_downloads_of_plugins;
    RecentDaysOfPlugin(u64) -> Arc<[u64; 30]> = downloads::recent_days_of_plugins;
    TokenUploadsOf(String) -> Arc<HashMap<String, TokenUpload>> = token_uploads;
    DownloadsOfVersion(u64) -> u64 = downloads::downloads_of_versions;
    TextsOf(u64) -> Arc<VersionTexts> = texts;
    AuthorOf(String) -> PackageAuthor = authors;
    AccountOf(AccountId) -> Account = accounts;
    OwnsInPublic(AccountId) -> bool = public_owners;
}

type Found<K, V> = cairn_store::Result<HashMap<K, V>>;

async fn plugins(read: &mut Read, ids: &[u64]) -> Found<u64, Plugin> {
    let found = catalogue::plugins_by_ids(read, ids).await?;
    Ok(found.into_iter().map(|plugin| (plugin.id, plugin)).collect())
}

async fn plugins_called(read: &mut Read, keys: &[String]) -> Found<String, Plugin> {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let found = catalogue::plugins_called(read, &keys).await?;
    Ok(found.into_iter().map(|plugin| (plugin.package.folded(), plugin)).collect())
}

/// Each team is read once, however many of the plugins it owns.
async fn teams_owning(read: &mut Read, keys: &[String]) -> Found<String, Vec<Team>> {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let owning = people::teams_owning(read, &keys).await?;
    let mut teams: HashMap<String, Team> = HashMap::new();
    let names: BTreeMap<String, TeamName> =
        owning.values().flatten().map(|name| (name.folded(), name.clone())).collect();
    for (key, name) in names {
        if let Some(team) = people::team(read, &name).await? {
            teams.insert(key, team);
        }
    }
    let whole =
        |names: Vec<TeamName>| names.iter().filter_map(|name| teams.get(&name.folded()).cloned()).collect();
    Ok(owning.into_iter().map(|(key, names)| (key, whole(names))).collect())
}

async fn notes(read: &mut Read, ids: &[TokenId]) -> Found<TokenId, String> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let found = vault::token_notes(read.tx(), &ids).await?;
    Ok(found.into_iter().map(|row| (TokenId(row.token_id), row.note)).collect())
}

async fn versions_called(read: &mut Read, ids: &[u64]) -> Found<u64, Version> {
    let found = catalogue::versions_by_ids(read, ids).await?;
    Ok(found.into_iter().map(|version| (version.id, version)).collect())
}

async fn versions(read: &mut Read, plugin_ids: &[u64]) -> Found<u64, Arc<Vec<Version>>> {
    let found = catalogue::versions_of(read, plugin_ids).await?;
    Ok(found.into_iter().map(|(id, versions)| (id, Arc::new(versions))).collect())
}

async fn replaced_files(read: &mut Read, plugin_ids: &[u64]) -> Found<u64, Arc<Vec<ReplacedFile>>> {
    let found = catalogue::replaced_files_of(read, plugin_ids).await?;
    Ok(found.into_iter().map(|(id, files)| (id, Arc::new(files))).collect())
}

async fn all_owners(read: &mut Read, plugin_ids: &[u64]) -> Found<u64, Arc<Vec<AccountId>>> {
    let found = catalogue::all_owners_of(read, plugin_ids).await?;
    Ok(found.into_iter().map(|(id, owners)| (id, Arc::new(owners))).collect())
}

async fn owners(read: &mut Read, plugin_ids: &[u64]) -> Found<u64, Arc<Vec<AccountId>>> {
    let found = catalogue::owners_of(read, plugin_ids).await?;
    Ok(found.into_iter().map(|(id, owners)| (id, Arc::new(owners))).collect())
}

async fn texts(read: &mut Read, version_ids: &[u64]) -> Found<u64, Arc<VersionTexts>> {
    let found = catalogue::texts_of(read, version_ids).await?;
    Ok(found.into_iter().map(|(id, texts)| (id, Arc::new(texts))).collect())
}

async fn authors(read: &mut Read, sha256s: &[String]) -> Found<String, PackageAuthor> {
    let sha256s: Vec<&str> = sha256s.iter().map(String::as_str).collect();
    let found = vault::package_authors(read.tx(), &sha256s).await?;
    Ok(found.into_iter().map(|author| (author.sha256.clone(), author)).collect())
}

async fn accounts(read: &mut Read, ids: &[AccountId]) -> Found<AccountId, Account> {
    let found = people::accounts_by_ids(read, ids).await?;
    Ok(found.into_iter().map(|account| (account.id, account)).collect())
}

async fn public_owners(read: &mut Read, ids: &[AccountId]) -> Found<AccountId, bool> {
    let found = catalogue::public_owners(read, ids).await?;
    Ok(found.into_iter().map(|id| (id, true)).collect())
}

async fn token_uploads(
    read: &mut Read,
    package_keys: &[String],
) -> Found<String, Arc<HashMap<String, TokenUpload>>> {
    let keys: Vec<&str> = package_keys.iter().map(String::as_str).collect();
    let found = people::token_uploads(read, &keys).await?;
    Ok(found.into_iter().map(|(key, uploads)| (key, Arc::new(uploads))).collect())
}
