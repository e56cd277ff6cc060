//! The tokens and publishers that a page of events touches, and what each event means for them. Pure.

use crate::fact::{Fact, Fault};
use cairn_domain::Event;
use cairn_domain::event::{CiTokenIssued, PublisherEvent, PublisherNamed, TokenEvent, TokenIssued};
use cairn_store::{rows, to_us};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Microseconds of a day.
const DAY_US: i64 = 86_400_000_000;

/// What the fold knows of credentials; all that is in it is written back.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    pub(crate) tokens: BTreeMap<Uuid, TokenRow>,
    pub(crate) publishers: BTreeMap<Uuid, PublisherRow>,
}

/// What a page needs to know of earlier pages.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) tokens: BTreeSet<Uuid>,
    pub(crate) publishers: BTreeSet<Uuid>,
}

rows! {
    /// The columns of `people_token`.
    #[derive(Clone)]
    pub(crate) struct TokenRow {
        pub(crate) token_id: Uuid,
        pub(crate) account_id: Uuid,
        pub(crate) package: String,
        pub(crate) issued_at_us: i64,
        pub(crate) expires_at_us: Option<i64>,
        pub(crate) revoked_at_us: Option<i64>,
        pub(crate) may_approve: bool,
        pub(crate) publisher_id: Option<Uuid>,
        pub(crate) repository: Option<String>,
        pub(crate) git_ref: Option<String>,
        pub(crate) commit_id: Option<String>,
        pub(crate) last_used_day: Option<i64>,
    }

    /// The columns of `people_publisher`.
    #[derive(Clone)]
    pub(crate) struct PublisherRow {
        pub(crate) publisher_id: Uuid,
        pub(crate) package: String,
        pub(crate) account_id: Uuid,
        pub(crate) issuer: String,
        pub(crate) repository: String,
        pub(crate) workflow: String,
        pub(crate) environment: Option<String>,
        pub(crate) ref_pattern: Option<String>,
        pub(crate) may_approve: bool,
        pub(crate) named_at_us: i64,
        pub(crate) removed_at_us: Option<i64>,
    }
}

impl Wanted {
    /// Notes what an event changes that an earlier page may have brought into being.
    pub(crate) fn note(&mut self, fact: &Fact) {
        self.tokens.extend(fact.token);
        match &fact.event {
            Event::Token(TokenEvent::TokenRevoked(revoked)) => {
                self.tokens.insert(revoked.token.0);
            }
            Event::Publisher(PublisherEvent::PublisherRemoved(removed)) => {
                self.publishers.insert(removed.publisher.0);
            }
            _ => {}
        }
    }
}

impl Credentials {
    /// Whether this fold looks at events of this kind: those about credentials, and all deeds that are a token's to do.
    pub(crate) fn wants(kind: &str) -> bool {
        matches!(
            kind,
            "TokenIssued"
                | "CiTokenIssued"
                | "TokenRevoked"
                | "PublisherNamed"
                | "PublisherRemoved"
                | "VersionUploaded"
                | "VersionReplaced"
                | "VersionApproved"
        )
    }

    /// Takes in that a token was used.
    pub(crate) fn used(&mut self, token: Uuid, at_us: i64) {
        if let Some(token) = self.tokens.get_mut(&token) {
            token.last_used_day = Some(at_us.div_euclid(DAY_US));
        }
    }

    /// Takes in what happened to a token.
    pub(crate) fn take_token_event(
        &mut self,
        position: u64,
        at_us: i64,
        event: TokenEvent,
    ) -> Result<(), Fault> {
        match event {
            TokenEvent::TokenIssued(issued) => self.put(TokenRow::issued(issued, at_us)),
            TokenEvent::CiTokenIssued(issued) => self.put(TokenRow::of_run(issued, at_us)),
            TokenEvent::TokenRevoked(revoked) => {
                let unknown =
                    || Fault::contradiction(position, format!("there is no token {}", revoked.token));
                let token = self.tokens.get_mut(&revoked.token.0).ok_or_else(unknown)?;
                token.revoked_at_us = token.revoked_at_us.or(Some(at_us));
            }
            TokenEvent::IdentityTokenSpent(_) => {}
        }
        Ok(())
    }

    /// Takes in what happened to a publisher.
    pub(crate) fn take_publisher_event(
        &mut self,
        position: u64,
        at_us: i64,
        event: PublisherEvent,
    ) -> Result<(), Fault> {
        match event {
            PublisherEvent::PublisherNamed(named) => {
                let row = PublisherRow::named(named, at_us);
                self.publishers.insert(row.publisher_id, row);
            }
            PublisherEvent::PublisherRemoved(removed) => {
                let unknown =
                    || Fault::contradiction(position, format!("there is no publisher {}", removed.publisher));
                let row = self.publishers.get_mut(&removed.publisher.0).ok_or_else(unknown)?;
                row.removed_at_us = row.removed_at_us.or(Some(at_us));
            }
        }
        Ok(())
    }

    fn put(&mut self, row: TokenRow) {
        self.tokens.insert(row.token_id, row);
    }
}

impl TokenRow {
    fn issued(issued: TokenIssued, at_us: i64) -> Self {
        Self {
            token_id: issued.token.0,
            account_id: issued.account.0,
            package: issued.package.into(),
            issued_at_us: at_us,
            expires_at_us: issued.expires_at.map(to_us),
            revoked_at_us: None,
            may_approve: issued.may_approve,
            publisher_id: None,
            repository: None,
            git_ref: None,
            commit_id: None,
            last_used_day: None,
        }
    }

    fn of_run(issued: CiTokenIssued, at_us: i64) -> Self {
        Self {
            token_id: issued.token.0,
            account_id: issued.account.0,
            package: issued.package.into(),
            issued_at_us: at_us,
            expires_at_us: Some(to_us(issued.expires_at)),
            revoked_at_us: None,
            may_approve: issued.may_approve,
            publisher_id: Some(issued.publisher.0),
            repository: Some(issued.run.repository),
            git_ref: issued.run.git_ref,
            commit_id: issued.run.commit,
            last_used_day: None,
        }
    }
}

impl PublisherRow {
    fn named(named: PublisherNamed, at_us: i64) -> Self {
        let workflow = named.workflow;
        Self {
            publisher_id: named.publisher.0,
            package: named.package.into(),
            account_id: named.account.0,
            issuer: workflow.issuer,
            repository: workflow.repository,
            workflow: workflow.workflow,
            environment: workflow.environment,
            ref_pattern: workflow.ref_pattern,
            may_approve: named.may_approve,
            named_at_us: at_us,
            removed_at_us: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_the_last_deed_is_kept() {
        let token = Uuid::from_u128(7);
        let issued = TokenIssued {
            token: cairn_domain::ids::TokenId(token),
            account: cairn_domain::ids::AccountId(Uuid::from_u128(1)),
            package: "lasso".parse().unwrap(),
            secret_sha256: cairn_domain::names::Sha256::of(b"secret"),
            expires_at: None,
            may_approve: false,
        };
        let mut known = Credentials::default();
        known.put(TokenRow::issued(issued, 0));
        for (at_us, day) in [(DAY_US * 3 - 1, 2), (DAY_US * 3, 3), (-1, -1)] {
            known.used(token, at_us);
            assert_eq!(known.tokens[&token].last_used_day, Some(day));
        }
        known.used(Uuid::from_u128(8), DAY_US);
        assert_eq!(known.tokens.len(), 1, "a token that was never made is none");
    }
}
