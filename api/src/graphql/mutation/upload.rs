//! Uploading packages.

use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::DEED;
use crate::graphql::object::{PluginObject, VersionObject};
use crate::graphql::query::{plugin_called, version_called};
use crate::graphql::scalars::{Count, Position, Sha256};
use crate::problem::Problem;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Upload};
use bytes::Bytes;
use cairn_commands::intake::Received;
use cairn_domain::Refusal;
use cairn_domain::package::{Finding, Severity};
use uuid::Uuid;

/// Uploading packages.
#[derive(Debug, Default)]
pub(crate) struct UploadDeeds;

/// A package to upload.
#[derive(InputObject)]
struct UploadPluginInput {
    /// The zip, sent by the GraphQL multipart request specification; or else `staged`.
    file: Option<Upload>,
    /// What `stagePackage` answered, in place of the file.
    staged: Option<ID>,
    /// The package name of the plugin it is for; the folder in the zip must be the same. Left out, the folder decides.
    package: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// Another package for a version that never was public.
#[derive(InputObject)]
struct ReplaceVersionInput {
    /// The package name of the plugin.
    package: String,
    /// The number of the version to replace.
    version: String,
    /// The zip, sent by the GraphQL multipart request specification; it may raise the number. Or else `staged`.
    file: Option<Upload>,
    /// What `stagePackage` answered, in place of the file.
    staged: Option<ID>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// Something found in a package that did not refuse it.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Finding")]
pub(crate) struct FindingObject {
    /// The permanent code.
    code: &'static str,
    /// Whether packages are refused for it.
    severity: FindingSeverity,
    /// The entry of the zip.
    entry: Option<String>,
    /// The line in that entry, from 1.
    line: Option<Count>,
    /// The key of metadata.txt.
    key: Option<String>,
    /// What was seen.
    message: String,
    /// How to mend it.
    mend: String,
}

/// Whether packages are refused for a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
pub(crate) enum FindingSeverity {
    /// The package is refused.
    Error,
    /// The package is taken; its author should know.
    Warning,
}

/// What became of an upload.
struct UploadPayload(Received);

#[Object]
impl UploadDeeds {
    /// Uploads a package: a version of a plugin, the first of which makes the plugin. A trusted account's to its own plugin is
    /// public at once, others wait for approval. Refused packages come with `extensions.findings`.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn upload_plugin(
        &self,
        context: &Context<'_>,
        input: UploadPluginInput,
    ) -> Result<UploadPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let into = input.package.map(|package| package.parse()).transpose()?;
        let (intake, actor) = (&asker.app.intake, asker.actor());
        let received = match source_of(context, asker, input.file, input.staged)? {
            Source::Sent(zip) => {
                asker.snapshot.aside(Box::pin(intake.add(into, zip, actor, key.as_deref()))).await
            }
            Source::Staged(id) => {
                asker.snapshot.aside(Box::pin(intake.add_staged(into, id, actor, key.as_deref()))).await
            }
        };
        let received = received.map_err(|fault| asker.fault(fault))?;
        asker.reached(received.done.position);
        Ok(UploadPayload(received))
    }

    /// Gives a version that never was public another package.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn replace_version(
        &self,
        context: &Context<'_>,
        input: ReplaceVersionInput,
    ) -> Result<UploadPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let (intake, actor, version) = (&asker.app.intake, asker.actor(), &input.version);
        let received = match source_of(context, asker, input.file, input.staged)? {
            Source::Sent(zip) => {
                let replacing = intake.replace(package, version, zip, actor, key.as_deref());
                asker.snapshot.aside(Box::pin(replacing)).await
            }
            Source::Staged(id) => {
                let replacing = intake.replace_by_staged(package, version, id, actor, key.as_deref());
                asker.snapshot.aside(Box::pin(replacing)).await
            }
        };
        let received = received.map_err(|fault| asker.fault(fault))?;
        asker.reached(received.done.position);
        Ok(UploadPayload(received))
    }
}

/// Where a package comes from.
enum Source {
    /// With this request.
    Sent(Bytes),
    /// From what was looked at before.
    Staged(Uuid),
}

fn source_of(
    context: &Context<'_>,
    asker: &Asker,
    file: Option<Upload>,
    staged: Option<ID>,
) -> Result<Source, Refusal> {
    match (file, staged) {
        (Some(file), None) => Ok(Source::Sent(zip_of(context, asker, file)?)),
        (None, Some(id)) => Ok(Source::Staged(id.parse().map_err(|_| Refusal::StagedUnknown)?)),
        _ => Err(Refusal::invalid("file", "is given, or else `staged`; one of them")),
    }
}

/// The bytes of an upload, if they are no more than a package may have.
pub(super) fn zip_of(context: &Context<'_>, asker: &Asker, file: Upload) -> Result<Bytes, Refusal> {
    let limit = asker.app.settings.limits.package_bytes_max;
    let not_sent =
        |_| Refusal::invalid("file", "send the zip as multipart/form-data, mapped to this variable");
    let zip = file.value(context).map_err(not_sent)?.content;
    if zip.len() > limit {
        return Err(Refusal::TooLarge { what: "the package".into(), limit_bytes: limit as u64 });
    }
    Ok(zip)
}

/// What became of an upload.
#[Object]
impl UploadPayload {
    /// Reads that hold the registry log up to here see it.
    async fn position(&self) -> Position {
        Position(self.0.done.position)
    }

    /// Whether the idempotency key was used before, so that nothing was done now.
    async fn repeated(&self) -> bool {
        self.0.done.repeated
    }

    /// The package name of the plugin.
    async fn package(&self) -> &str {
        self.0.done.answer.package.as_str()
    }

    /// The number of the plugin in feeds.
    async fn plugin_id(&self) -> Count {
        Count(self.0.done.answer.plugin_id)
    }

    /// The version number, as its author wrote it.
    async fn number(&self) -> &str {
        self.0.done.answer.version.as_str()
    }

    /// The number that the downloads log knows the version by.
    async fn version_id(&self) -> Count {
        Count(self.0.done.answer.version_id)
    }

    /// Whether it is public at once.
    async fn approved(&self) -> bool {
        self.0.done.answer.approved
    }

    /// Digest of the zip.
    async fn sha256(&self) -> Sha256 {
        Sha256(self.0.done.answer.sha256)
    }

    /// What its author should know.
    async fn findings(&self) -> Vec<FindingObject> {
        self.0.warnings.iter().map(FindingObject::from).collect()
    }

    /// The plugin, read when readers have caught up.
    async fn plugin(&self, context: &Context<'_>) -> Result<Option<PluginObject>, Problem> {
        let asker = asker(context);
        asker.snapshot.at_least(self.0.done.position).await?;
        plugin_called(asker, self.0.done.answer.package.as_str()).await
    }

    /// The version, read when readers have caught up.
    async fn version(&self, context: &Context<'_>) -> Result<Option<VersionObject>, Problem> {
        let asker = asker(context);
        asker.snapshot.at_least(self.0.done.position).await?;
        let uploaded = &self.0.done.answer;
        version_called(asker, uploaded.package.as_str(), uploaded.version.as_str()).await
    }
}

impl From<&Finding> for FindingObject {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.code.as_str(),
            severity: match finding.severity {
                Severity::Error => FindingSeverity::Error,
                Severity::Warning => FindingSeverity::Warning,
            },
            entry: finding.place.entry.clone(),
            line: finding.place.line.map(|line| Count(line.into())),
            key: finding.place.key.clone(),
            message: finding.message.clone(),
            mend: finding.mend.clone(),
        }
    }
}
