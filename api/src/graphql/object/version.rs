//! A version of a plugin.

use super::life::ReplacedFile;
use super::{
    AccountObject, ChangesObject, DetailsObject, MetadataEntry, PackageFiles, PluginObject, Publication,
    id_of,
};
use crate::graphql::asked::asker;
use crate::graphql::limits::STATEMENT;
use crate::graphql::mutation::FindingObject;
use crate::graphql::scalars::{Count, Sha256};
use crate::problem::Problem;
use async_graphql::{Context, ID, Object, SimpleObject};
use cairn_domain::license::License;
use cairn_domain::package::FindingCode;
use cairn_projections::catalogue::Version;
use chrono::{DateTime, Utc};

/// A version, given only to those who may see it.
#[derive(Debug, Clone)]
pub(crate) struct VersionObject(pub(crate) Version);

/// What the inspection of a package found that did not refuse it.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Warning {
    /// The permanent code.
    code: String,
    /// What it means; null for a code that is not in use any more.
    meaning: Option<&'static str>,
    /// How to mend it; null for a code that is not in use any more.
    mend: Option<&'static str>,
}

impl Warning {
    pub(crate) fn of(code: &str) -> Self {
        let known = FindingCode::ALL.iter().find(|known| known.as_str() == code);
        Self {
            code: code.to_owned(),
            meaning: known.map(|known| known.meaning()),
            mend: known.map(|known| known.mend()),
        }
    }
}

/// A version of a plugin. Everybody sees public ones; those that wait are seen by owners of the plugin and staff.
#[Object(name = "Version")]
impl VersionObject {
    /// One of a kind among all things.
    pub(crate) async fn id(&self) -> ID {
        id_of("version", self.0.id)
    }

    /// The number that the downloads log knows it by.
    async fn version_id(&self) -> Count {
        Count(self.0.id)
    }

    /// The plugin it is a version of.
    async fn plugin(&self, context: &Context<'_>) -> Result<Option<PluginObject>, Problem> {
        Ok(asker(context).loaders.plugin(self.0.plugin_id).await?.map(PluginObject))
    }

    /// The version number, as its author wrote it.
    async fn number(&self) -> &str {
        self.0.number.as_str()
    }

    /// Whether it is public: everybody may download it, and feeds may list it unless it is yanked.
    async fn approved(&self) -> bool {
        self.0.approved
    }

    /// Since when it is public.
    async fn approved_at(&self) -> Option<DateTime<Utc>> {
        self.0.approved_at
    }

    /// Whether it is not offered any more: feeds leave it out, its page and its file stay.
    async fn yanked(&self) -> bool {
        self.0.yanked.is_some()
    }

    /// Why it was yanked.
    async fn yanked_reason(&self) -> Option<&str> {
        self.0.yanked.as_deref()
    }

    /// Whether feeds offer it as the newest of its channel, whatever the numbers say.
    async fn pinned(&self) -> bool {
        self.0.pinned && self.0.is_offered()
    }

    /// Why somebody who may approve said no to this very file; null while nobody did.
    async fn refused_reason(&self) -> Option<&str> {
        self.0.refused.as_deref()
    }

    /// Whether it is public and somebody should look at it again; null for all but the plugin's owners and staff.
    async fn review_asked(&self, context: &Context<'_>) -> Result<Option<bool>, Problem> {
        Ok(asker(context).reviews(self.0.plugin_id).await?.then_some(self.0.review_asked))
    }

    /// The files that it had before, those that were replaced first coming first; null for all but staff.
    #[graphql(complexity = "1 + 3 * child_complexity")]
    async fn replaced_files(&self, context: &Context<'_>) -> Result<Option<Vec<ReplacedFile>>, Problem> {
        let asker = asker(context);
        if !asker.viewer().await?.staff {
            return Ok(None);
        }
        let Some(plugin) = asker.loaders.plugin(self.0.plugin_id).await? else { return Ok(None) };
        let files = asker.loaders.replaced_files(plugin.id).await?;
        let own = files.iter().filter(|file| file.version_id == self.0.id);
        Ok(Some(own.map(|file| ReplacedFile::of(asker, &plugin.package, file)).collect()))
    }

    /// Whether its author calls it experimental.
    async fn experimental(&self) -> bool {
        self.0.experimental
    }

    /// The first QGIS version that runs it.
    async fn qgis_min(&self) -> String {
        self.0.qgis.min().into()
    }

    /// The last QGIS version that runs it.
    async fn qgis_max(&self) -> String {
        self.0.qgis.max().into()
    }

    /// Its licence: an SPDX expression where it could be told, else the words of its metadata. A bare `GPL-2.0` says which version of the
    /// licence and not whether later ones will do. Null where it is not known, as of versions that were uploaded before it was
    /// looked for.
    async fn license(&self) -> Option<&str> {
        self.0.license.as_ref().map(License::as_str)
    }

    /// Digest of the zip.
    async fn sha256(&self) -> Sha256 {
        Sha256(self.0.sha256)
    }

    /// Size of the zip in bytes.
    async fn size_bytes(&self) -> Count {
        Count(self.0.size_bytes)
    }

    /// The absolute address of the zip; asking for it counts as a download.
    async fn download_url(&self, context: &Context<'_>) -> Result<Option<String>, Problem> {
        let asker = asker(context);
        let plugin = asker.loaders.plugin(self.0.plugin_id).await?;
        let path = |package| format!("/plugins/{package}/version/{}/download/", self.0.number);
        Ok(plugin.map(|plugin| asker.app.settings.address(&path(plugin.package))))
    }

    /// How often it was downloaded.
    async fn downloads(&self, context: &Context<'_>) -> Result<Count, Problem> {
        asker(context).loaders.downloads_of_version(self.0.id).await.map(Count)
    }

    /// What is new.
    async fn changelog(&self, context: &Context<'_>) -> Result<Option<String>, Problem> {
        Ok(asker(context).loaders.texts(self.0.id).await?.and_then(|texts| texts.changelog.clone()))
    }

    /// What its metadata says of the plugin.
    async fn details(&self, context: &Context<'_>) -> Result<Option<DetailsObject>, Problem> {
        let texts = asker(context).loaders.texts(self.0.id).await?;
        Ok(texts.map(|texts| DetailsObject(texts.details.clone())))
    }

    /// What the inspection of the package found that did not refuse it.
    #[graphql(complexity = "1 + 3 * child_complexity")]
    async fn warnings(&self, context: &Context<'_>) -> Result<Vec<Warning>, Problem> {
        let texts = asker(context).loaders.texts(self.0.id).await?;
        Ok(texts.iter().flat_map(|texts| &texts.warnings).map(|code| Warning::of(code)).collect())
    }

    /// What the inspection of the package found that did not refuse it. The plugin's owners and staff are told where it is, and what was
    /// seen there, if they ask for `entry`, `line` or `key`: the package is then inspected again.
    #[graphql(complexity = "STATEMENT + 5 * child_complexity")]
    async fn findings(&self, context: &Context<'_>) -> Result<Vec<FindingObject>, Problem> {
        let asked = context.look_ahead();
        let places = ["entry", "line", "key"].into_iter().any(|field| asked.field(field).exists());
        super::files::findings(asker(context), &self.0, places).await
    }

    /// The files of its package.
    #[graphql(complexity = "STATEMENT + 20 * child_complexity")]
    async fn files(&self, context: &Context<'_>) -> Result<PackageFiles, Problem> {
        PackageFiles::of(asker(context), &self.0).await
    }

    /// What its metadata.txt says, key by key as it stands there. The author's address is told to the plugin's owners and staff only.
    #[graphql(complexity = "STATEMENT + 10 * child_complexity")]
    async fn metadata(&self, context: &Context<'_>) -> Result<Vec<MetadataEntry>, Problem> {
        MetadataEntry::all(asker(context), &self.0).await
    }

    /// What differs from another version; null if there is none that you may see.
    #[graphql(complexity = "2 + child_complexity")]
    async fn changes(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "The number of the other version; the newest public one that is older if left out, and for a version that waits the newest public one if none is older."
        )]
        to: Option<String>,
    ) -> Result<Option<ChangesObject>, Problem> {
        ChangesObject::of(asker(context), &self.0, to.as_deref()).await
    }

    /// By whom and by what its present file came.
    #[graphql(complexity = "2 + child_complexity")]
    async fn published_by(&self, context: &Context<'_>) -> Result<Publication, Problem> {
        Publication::of(asker(context), &self.0).await
    }

    /// Who wrote it, as the package says; null once that is forgotten.
    async fn author(&self, context: &Context<'_>) -> Result<Option<String>, Problem> {
        let author = asker(context).loaders.author(self.0.sha256.to_string()).await?;
        Ok(author.map(|author| author.author).filter(|author| !author.is_empty()))
    }

    /// The author's address, as the package says; null for all but the plugin's owners and staff.
    async fn author_email(&self, context: &Context<'_>) -> Result<Option<String>, Problem> {
        let asker = asker(context);
        if !asker.viewer().await?.in_person || !asker.reviews(self.0.plugin_id).await? {
            return Ok(None);
        }
        let author = asker.loaders.author(self.0.sha256.to_string()).await?;
        Ok(author.map(|author| author.email).filter(|email| !email.is_empty()))
    }

    /// Who uploaded the present file; null if the operator did.
    async fn uploaded_by(&self, context: &Context<'_>) -> Result<Option<AccountObject>, Problem> {
        let Some(account) = self.0.uploaded_by else { return Ok(None) };
        Ok(asker(context).loaders.account(account).await?.map(AccountObject))
    }

    /// Whether that was by a plugin token.
    async fn by_token(&self) -> bool {
        self.0.by_token
    }

    /// When it was uploaded first.
    async fn uploaded_at(&self) -> DateTime<Utc> {
        self.0.uploaded_at
    }

    /// When its file was replaced, before it ever was public.
    async fn replaced_at(&self) -> Option<DateTime<Utc>> {
        self.0.replaced_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_of_an_old_code_is_still_told() {
        let known = FindingCode::ALL[0];
        assert_eq!(Warning::of(known.as_str()).mend, Some(known.mend()));
        let old = Warning::of("no_longer_in_use");
        assert_eq!((old.code.as_str(), old.meaning, old.mend), ("no_longer_in_use", None, None));
    }
}
