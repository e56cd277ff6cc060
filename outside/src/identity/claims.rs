//! What CI services say of a run, each in its own words, as one.

use super::{IdentityError, IssuerKind};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::fmt;

/// What a CI service says of the run that asks: believed, because its signature, issuer, audience and time were checked.
/// That the same token comes once only is the caller's to see to, by `jti` and `issuer`.
#[derive(Clone, PartialEq)]
pub struct CiIdentity {
    /// The issuer, without a final slash.
    pub issuer: String,
    /// Which service that is.
    pub kind: IssuerKind,
    /// Names this token among the issuer's. At most [`JTI_BYTES_MAX`] bytes.
    pub jti: String,
    /// `owner/name`, or the project's path.
    pub repository: String,
    /// The account, organisation or group of the repository.
    pub repository_owner: String,
    /// Its number, which a later owner of the same name does not have.
    pub repository_owner_id: String,
    /// The workflow's file within the repository, such as `.github/workflows/release.yml`.
    pub workflow: String,
    /// The deployment environment of the job.
    pub environment: Option<String>,
    /// The full git ref, such as `refs/tags/v1.0`.
    pub git_ref: String,
    /// The commit.
    pub commit: String,
    /// What set the run off, such as `push`.
    pub trigger: Option<String>,
    /// When the token ends.
    pub expires_at: DateTime<Utc>,
    /// All claims as they came. They may name people: never for events or logs.
    pub claims: Map<String, Value>,
}

/// The longest name of a token. Both services use UUIDs.
pub const JTI_BYTES_MAX: usize = 255;

impl fmt::Debug for CiIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CiIdentity")
            .field("issuer", &self.issuer)
            .field("repository", &self.repository)
            .field("workflow", &self.workflow)
            .field("environment", &self.environment)
            .field("git_ref", &self.git_ref)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Where a run comes from, in the words of one service.
struct Origin {
    repository: String,
    repository_owner: String,
    repository_owner_id: String,
    workflow: String,
    git_ref: String,
    trigger: Option<String>,
}

/// Reads what a service said.
pub(super) fn identity(
    issuer: &str,
    kind: IssuerKind,
    claims: Map<String, Value>,
    expires_at: DateTime<Utc>,
) -> Result<CiIdentity, IdentityError> {
    let jti = text(&claims, "jti")?;
    if jti.len() > JTI_BYTES_MAX {
        return Err(IdentityError::ClaimMissing { claim: "jti" });
    }
    let origin = match kind {
        IssuerKind::GitHub => github(&claims)?,
        IssuerKind::GitLab => gitlab(&claims)?,
    };
    Ok(CiIdentity {
        issuer: issuer.to_owned(),
        kind,
        jti,
        repository: origin.repository,
        repository_owner: origin.repository_owner,
        repository_owner_id: origin.repository_owner_id,
        workflow: origin.workflow,
        environment: text(&claims, "environment").ok(),
        git_ref: origin.git_ref,
        commit: text(&claims, "sha")?,
        trigger: origin.trigger,
        expires_at,
        claims,
    })
}

/// GitHub Actions. `workflow_ref` is the file that was set off; `job_workflow_ref`, which older servers send alone, is
/// the file of the job: another's, where the first calls a workflow of others.
fn github(claims: &Map<String, Value>) -> Result<Origin, IdentityError> {
    let repository = text(claims, "repository")?;
    let git_ref = text(claims, "ref")?;
    let file = text(claims, "workflow_ref").or_else(|_| text(claims, "job_workflow_ref"))?;
    let file = file
        .get(..repository.len())
        .filter(|start| start.eq_ignore_ascii_case(&repository))
        .and_then(|_| file.get(repository.len()..)?.strip_prefix('/'))
        .ok_or(IdentityError::WorkflowElsewhere)?;
    Ok(Origin {
        repository_owner: text(claims, "repository_owner")?,
        repository_owner_id: text(claims, "repository_owner_id")?,
        workflow: without_ref(file, &git_ref, "workflow_ref")?,
        trigger: text(claims, "event_name").ok(),
        repository,
        git_ref,
    })
}

/// GitLab. `ci_config_ref_uri` is `gitlab.com/group/project//.gitlab-ci.yml@refs/heads/main`.
fn gitlab(claims: &Map<String, Value>) -> Result<Origin, IdentityError> {
    let repository = text(claims, "project_path")?;
    let git_ref = text(claims, "ref_path").or_else(|_| {
        let name = text(claims, "ref")?;
        match text(claims, "ref_type")?.as_str() {
            "branch" => Ok(format!("refs/heads/{name}")),
            "tag" => Ok(format!("refs/tags/{name}")),
            _ => Err(IdentityError::ClaimMissing { claim: "ref_type" }),
        }
    })?;
    let uri = text(claims, "ci_config_ref_uri")?;
    let malformed = IdentityError::ClaimMissing { claim: "ci_config_ref_uri" };
    let (project, file) = uri.split_once("//").ok_or(malformed)?;
    let project = project.split_once('/').map(|(_, project)| project);
    if !project.is_some_and(|project| project.eq_ignore_ascii_case(&repository)) {
        return Err(IdentityError::WorkflowElsewhere);
    }
    Ok(Origin {
        repository_owner: text(claims, "namespace_path")?,
        repository_owner_id: text(claims, "namespace_id")?,
        workflow: without_ref(file, &git_ref, "ci_config_ref_uri")?,
        trigger: text(claims, "pipeline_source").ok(),
        repository,
        git_ref,
    })
}

/// `release.yml@refs/heads/main` is `release.yml`. Where the ref is not that of the run, all before the last `@` is
/// the file: a file may have one in its name, and must not pass for a shorter one.
fn without_ref(file: &str, git_ref: &str, claim: &'static str) -> Result<String, IdentityError> {
    let of_run = file.strip_suffix(git_ref).and_then(|file| file.strip_suffix('@'));
    let file = of_run.or_else(|| file.rsplit_once('@').map(|(file, _)| file));
    file.filter(|file| !file.is_empty()).map(str::to_owned).ok_or(IdentityError::ClaimMissing { claim })
}

/// A claim that is a text or a whole number, and not empty.
fn text(claims: &Map<String, Value>, claim: &'static str) -> Result<String, IdentityError> {
    match claims.get(claim) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        Some(Value::Number(number)) if number.is_u64() => Ok(number.to_string()),
        _ => Err(IdentityError::ClaimMissing { claim }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_stands_before_its_ref() {
        for (file, git_ref, expected) in [
            ("a/r.yml@refs/heads/main", "refs/heads/main", Some("a/r.yml")),
            ("a/r.yml@refs/heads/x@y", "refs/heads/x@y", Some("a/r.yml")),
            ("a/r.yml@x.yml@refs/heads/main", "refs/heads/main", Some("a/r.yml@x.yml")),
            ("a/r.yml@0a1b2c", "refs/heads/main", Some("a/r.yml")),
            ("a/r.yml", "refs/heads/main", None),
            ("@refs/heads/main", "refs/heads/main", None),
        ] {
            assert_eq!(without_ref(file, git_ref, "workflow_ref").ok().as_deref(), expected, "{file}");
        }
    }
}
