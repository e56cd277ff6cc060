//! Trusted publishers in random histories.

use super::History;
use cairn_domain::event::{CiTokenIssued, PublisherNamed, PublisherRemoved, Stream};
use cairn_domain::ids::{PublisherId, TokenId};
use cairn_domain::names::Sha256;
use cairn_domain::publisher::{Run, Workflow};
use chrono::{DateTime, TimeDelta};

impl History {
    /// Publishers are named and removed, and their runs get tokens.
    pub(super) fn publisher(&mut self) {
        if !self.publishers.is_empty() && self.chance.percent(70) {
            let at = self.chance.below(self.publishers.len());
            let named = self.publishers[at].clone();
            if self.chance.percent(30) {
                self.publishers.swap_remove(at);
                let (package, publisher) = (named.package, named.publisher);
                let removed = PublisherRemoved { package: package.clone(), publisher };
                return self.tell(Stream::publishers(&package), removed);
            }
            let token = TokenId(self.chance.id());
            let workflow = named.workflow;
            let event = CiTokenIssued {
                token,
                publisher: named.publisher,
                account: named.account,
                package: named.package,
                secret_sha256: Sha256::of(token.0.as_bytes()),
                expires_at: DateTime::UNIX_EPOCH + TimeDelta::days(20_000),
                may_approve: named.may_approve,
                run: Run {
                    issuer: workflow.issuer,
                    repository: workflow.repository,
                    workflow: workflow.workflow,
                    environment: workflow.environment,
                    git_ref: Some("refs/tags/v1".into()),
                    commit: None,
                },
            };
            self.tokens.push(token);
            return self.tell(Stream::Token(token), event);
        }
        let at = self.some_plugin();
        let publisher = PublisherId(self.chance.id());
        let named = PublisherNamed {
            package: self.plugins[at].package.clone(),
            publisher,
            account: self.plugins[at].owners[0],
            workflow: Workflow {
                issuer: "https://ci.example".into(),
                repository: format!("owner/{}", publisher.0.simple()),
                workflow: ".github/workflows/release.yml".into(),
                environment: self.chance.percent(50).then(|| "release".into()),
                ref_pattern: None,
            },
            may_approve: self.chance.percent(50),
        };
        self.publishers.push(named.clone());
        self.tell(Stream::publishers(&named.package.clone()), named);
    }
}
