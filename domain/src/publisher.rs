//! Trusted publishers: workflows on a CI service that may upload versions of a plugin without any kept secret.

use crate::event::PublisherEvent;
use crate::ids::{AccountId, PublisherId};
use crate::names::PackageName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a CI service must say of a workflow for it to be the publisher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workflow {
    /// The issuer of identity tokens, an https address without final slash.
    pub issuer: String,
    /// `owner/name`, or the project's path. Compared without regard to case, as the services do.
    pub repository: String,
    /// The workflow's file within the repository, as `.github/workflows/release.yml`.
    pub workflow: String,
    /// The deployment environment; any or none, if absent.
    pub environment: Option<String>,
    /// The git ref, as `refs/tags/v*`: `*` stands for any characters. Any ref, if absent.
    pub ref_pattern: Option<String>,
}

/// What a CI service says of the run that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The issuer.
    pub issuer: String,
    /// `owner/name`, or the project's path.
    pub repository: String,
    /// The workflow's file within the repository.
    pub workflow: String,
    /// The deployment environment.
    pub environment: Option<String>,
    /// The git ref.
    pub git_ref: Option<String>,
    /// The commit.
    pub commit: Option<String>,
}

/// A workflow may publish a plugin. That plugin need not exist yet: the first upload then makes it, for `account`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublisherNamed {
    /// The plugin.
    pub package: PackageName,
    /// Names the publisher.
    pub publisher: PublisherId,
    /// For whom it publishes: it is dead when this account may not change the plugin any more.
    pub account: AccountId,
    /// Which workflow.
    pub workflow: Workflow,
    /// Its uploads may become public without review when the account's would.
    pub may_approve: bool,
}

/// The workflow may publish no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublisherRemoved {
    /// The plugin.
    pub package: PackageName,
    /// The publisher.
    pub publisher: PublisherId,
}

/// The trusted publishers of one plugin, as their history left them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publishers {
    /// Those that may publish.
    pub named: BTreeMap<PublisherId, PublisherNamed>,
}

impl Publishers {
    /// Takes in what happened. Never fails, whatever the order.
    pub fn evolve(&mut self, event: &PublisherEvent) {
        match event {
            PublisherEvent::PublisherNamed(named) => {
                self.named.insert(named.publisher, named.clone());
            }
            PublisherEvent::PublisherRemoved(removed) => {
                self.named.remove(&removed.publisher);
            }
        }
    }

    /// The publisher that this run is, if it is one.
    pub fn of(&self, run: &Run) -> Option<&PublisherNamed> {
        self.named.values().find(|named| named.workflow.is(run))
    }
}

impl Workflow {
    /// Whether this run is of the workflow.
    pub fn is(&self, run: &Run) -> bool {
        let fits = |pattern: &str| run.git_ref.as_deref().is_some_and(|name| matches(pattern, name));
        self.issuer == run.issuer
            && self.repository.eq_ignore_ascii_case(&run.repository)
            && self.workflow == run.workflow
            && self.environment.as_ref().is_none_or(|wanted| run.environment.as_ref() == Some(wanted))
            && self.ref_pattern.as_deref().is_none_or(fits)
    }
}

/// Whether `text` is of the shape of `pattern`, in which `*` stands for any characters. Takes time in proportion to the
/// product of both lengths at worst.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workflow() -> Workflow {
        Workflow {
            issuer: "https://ci.example".into(),
            repository: "Ann/Lasso".into(),
            workflow: ".github/workflows/release.yml".into(),
            environment: Some("release".into()),
            ref_pattern: Some("refs/tags/v*".into()),
        }
    }

    fn run() -> Run {
        Run {
            issuer: "https://ci.example".into(),
            repository: "ann/lasso".into(),
            workflow: ".github/workflows/release.yml".into(),
            environment: Some("release".into()),
            git_ref: Some("refs/tags/v1.0".into()),
            commit: None,
        }
    }

    #[test]
    fn a_run_of_the_workflow_is_the_publisher_and_no_other() {
        assert!(workflow().is(&run()));
        for other in [
            Run { issuer: "https://elsewhere.example".into(), ..run() },
            Run { repository: "bob/lasso".into(), ..run() },
            Run { workflow: ".github/workflows/test.yml".into(), ..run() },
            Run { environment: None, ..run() },
            Run { git_ref: Some("refs/heads/v1".into()), ..run() },
            Run { git_ref: None, ..run() },
        ] {
            assert!(!workflow().is(&other), "{other:?}");
        }
    }

    #[test]
    fn what_is_left_open_fits_everything() {
        let open = Workflow { environment: None, ref_pattern: None, ..workflow() };
        assert!(open.is(&Run { environment: None, git_ref: None, ..run() }));
        assert!(open.is(&run()));
    }

    #[test]
    fn stars_stand_for_any_characters() {
        for (pattern, text, fits) in [
            ("refs/tags/*", "refs/tags/", true),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
            ("v*.*", "v1.0", true),
            ("v*.*", "v10", false),
            ("a*b*c", "abc", true),
            ("a*bc", "abcbc", true),
            ("a*a", "a", false),
            ("refs/heads/main", "refs/heads/main2", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }
}
