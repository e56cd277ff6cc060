//! By whom and by what a version was published.

use super::AccountObject;
use crate::graphql::asked::Asker;
use crate::problem::Problem;
use async_graphql::SimpleObject;
use cairn_projections::catalogue::Version;

/// By whom and by what the present file of a version came.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Publication {
    /// The account for which it was uploaded; null if the operator did, or nothing is known of it.
    account: Option<AccountObject>,
    /// Whether a token did it, and not a person who had signed in.
    by_token: bool,
    /// The repository whose workflow did it, as a trusted publisher; null for all else, as below.
    repository: Option<String>,
    /// The file that told what ran.
    workflow: Option<String>,
    /// The git ref that it ran for, such as `refs/tags/v1.2`.
    git_ref: Option<String>,
    /// The commit that it ran for.
    commit: Option<String>,
    /// The same in a few words: the account's name, or the repository with its ref and workflow.
    summary: String,
}

impl Publication {
    /// Of this version.
    pub(super) async fn of(asker: &Asker, version: &Version) -> Result<Self, Problem> {
        let account = match version.uploaded_by {
            Some(account) => asker.loaders.account(account).await?,
            None => None,
        };
        let mut run = None;
        if version.by_token
            && let Some(plugin) = asker.loaders.plugin(version.plugin_id).await?
        {
            let uploads = asker.loaders.token_uploads(plugin.package.folded()).await?;
            run = uploads.get(version.number.as_str()).and_then(|upload| upload.run.clone());
        }
        let who = match (&account, version.uploaded_by) {
            (Some(account), _) => account.name.clone().unwrap_or_else(|| "somebody who is forgotten".into()),
            (None, Some(_)) => "somebody".into(),
            (None, None) => "the operator".into(),
        };
        let summary = match &run {
            Some(run) => {
                let at = run.git_ref.as_deref().map(|git_ref| format!("@{git_ref}")).unwrap_or_default();
                let by = run.workflow.as_deref().map(|file| format!(" by {file}")).unwrap_or_default();
                format!("{}{at}{by}", run.repository)
            }
            None => who,
        };
        Ok(Self {
            account: account.map(AccountObject),
            by_token: version.by_token,
            repository: run.as_ref().map(|run| run.repository.clone()),
            workflow: run.as_ref().and_then(|run| run.workflow.clone()),
            git_ref: run.as_ref().and_then(|run| run.git_ref.clone()),
            commit: run.and_then(|run| run.commit),
            summary,
        })
    }
}
