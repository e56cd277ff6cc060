//! Words for stories about trusted publishers.

use crate::Fact;
use crate::testing::lasso;
use cairn_domain::event::{PublisherNamed, Stream};
use cairn_domain::ids::{AccountId, PublisherId};
use cairn_domain::publisher::{Run, Workflow};
use uuid::Uuid;

pub(crate) const PUBLISHER: PublisherId = PublisherId(Uuid::from_u128(0x9));

/// The workflow that releases Ann's plugin.
pub(crate) fn release() -> Workflow {
    Workflow {
        issuer: "https://ci.example".into(),
        repository: "ann/lasso".into(),
        workflow: ".github/workflows/release.yml".into(),
        environment: None,
        ref_pattern: Some("refs/tags/v*".into()),
    }
}

/// A run of [`release`].
pub(crate) fn run() -> Run {
    Run {
        issuer: "https://ci.example".into(),
        repository: "Ann/lasso".into(),
        workflow: ".github/workflows/release.yml".into(),
        environment: None,
        git_ref: Some("refs/tags/v1.1".into()),
        commit: Some("0a1b2c".into()),
    }
}

pub(crate) fn named_of(publisher: PublisherId, account: AccountId) -> PublisherNamed {
    PublisherNamed { package: lasso(), publisher, account, workflow: release(), may_approve: false }
}

pub(crate) fn publisher_named(publisher: PublisherId, account: AccountId) -> Fact {
    (Stream::publishers(&lasso()), named_of(publisher, account).into())
}
