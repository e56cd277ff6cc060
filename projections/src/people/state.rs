//! The accounts and tokens that a page of events touches, and what each event means for them. Pure.

use crate::fact::{Fact, Fault};
use cairn_domain::Event;
use cairn_store::{rows, to_us};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What the fold knows; all that is in it is written back.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) accounts: BTreeMap<Uuid, AccountRow>,
    pub(crate) tokens: BTreeMap<Uuid, TokenRow>,
}

rows! {
    /// The columns of `people_account`.
    #[derive(Clone)]
    pub(crate) struct AccountRow {
        pub(crate) account_id: Uuid,
        pub(crate) registered_at_us: i64,
        pub(crate) trusted: bool,
        pub(crate) staff: bool,
        pub(crate) blocked: bool,
    }

    /// The columns of `people_token`.
    #[derive(Clone)]
    pub(crate) struct TokenRow {
        pub(crate) token_id: Uuid,
        pub(crate) account_id: Uuid,
        pub(crate) package: String,
        pub(crate) issued_at_us: i64,
        pub(crate) expires_at_us: Option<i64>,
        pub(crate) revoked_at_us: Option<i64>,
    }
}

/// Whether this fold looks at events of this kind at all.
pub(super) fn wants(kind: &str) -> bool {
    matches!(
        kind,
        "AccountRegistered"
            | "TrustGranted"
            | "TrustWithdrawn"
            | "StaffGranted"
            | "StaffWithdrawn"
            | "AccountBlocked"
            | "AccountUnblocked"
            | "TokenIssued"
            | "TokenRevoked"
    )
}

/// What a page needs to know of earlier pages: accounts and tokens.
pub(super) fn wanted(facts: &[Fact]) -> (BTreeSet<Uuid>, BTreeSet<Uuid>) {
    let (mut accounts, mut tokens) = (BTreeSet::new(), BTreeSet::new());
    for fact in facts {
        if let Event::TokenRevoked(revoked) = &fact.event {
            tokens.insert(revoked.token.0);
        } else if let Some((account, _)) = change_of(&fact.event) {
            accounts.insert(account);
        }
    }
    (accounts, tokens)
}

type Change = fn(&mut AccountRow);

/// What an event does to which account.
fn change_of(event: &Event) -> Option<(Uuid, Change)> {
    let (account, change): (_, Change) = match event {
        Event::TrustGranted(e) => (e.account, |row| row.trusted = true),
        Event::TrustWithdrawn(e) => (e.account, |row| row.trusted = false),
        Event::StaffGranted(e) => (e.account, |row| row.staff = true),
        Event::StaffWithdrawn(e) => (e.account, |row| row.staff = false),
        Event::AccountBlocked(e) => (e.account, |row| row.blocked = true),
        Event::AccountUnblocked(e) => (e.account, |row| row.blocked = false),
        Event::AccountRegistered(_)
        | Event::PluginRegistered(_)
        | Event::PluginNameClaimed(_)
        | Event::PluginDetailsEdited(_)
        | Event::VersionUploaded(_)
        | Event::VersionReplaced(_)
        | Event::VersionApproved(_)
        | Event::VersionUnapproved(_)
        | Event::VersionDeleted(_)
        | Event::OwnerAdded(_)
        | Event::OwnerRemoved(_)
        | Event::OwnershipTransferred(_)
        | Event::TokenIssued(_)
        | Event::TokenRevoked(_)
        | Event::VoteCast(_) => return None,
    };
    Some((account.0, change))
}

impl State {
    pub(crate) fn take_all(&mut self, facts: Vec<Fact>) -> Result<(), Fault> {
        facts.into_iter().try_for_each(|fact| self.take(fact))
    }

    fn take(&mut self, fact: Fact) -> Result<(), Fault> {
        match fact.event {
            Event::AccountRegistered(born) => {
                let account_id = born.account.0;
                let row = AccountRow {
                    account_id,
                    registered_at_us: fact.at_us,
                    trusted: false,
                    staff: false,
                    blocked: false,
                };
                self.accounts.insert(account_id, row);
            }
            Event::TokenIssued(issued) => {
                let row = TokenRow {
                    token_id: issued.token.0,
                    account_id: issued.account.0,
                    package: issued.package.into(),
                    issued_at_us: fact.at_us,
                    expires_at_us: issued.expires_at.map(to_us),
                    revoked_at_us: None,
                };
                self.tokens.insert(row.token_id, row);
            }
            Event::TokenRevoked(revoked) => {
                let unknown =
                    || Fault::contradiction(fact.position, format!("there is no token {}", revoked.token));
                let token = self.tokens.get_mut(&revoked.token.0).ok_or_else(unknown)?;
                token.revoked_at_us = token.revoked_at_us.or(Some(fact.at_us));
            }
            event => {
                if let Some((account, change)) = change_of(&event) {
                    let unknown =
                        || Fault::contradiction(fact.position, format!("there is no account {account}"));
                    change(self.accounts.get_mut(&account).ok_or_else(unknown)?);
                }
            }
        }
        Ok(())
    }
}
