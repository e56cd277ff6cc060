//! The accounts and tokens that a page of events touches, and what each event means for them. Pure.

use crate::fact::{Fact, Fault};
use crate::people::credentials::{Credentials, Wanted};
use cairn_domain::Event;
use cairn_domain::event::AccountEvent;
use cairn_domain::ids::AccountId;
use cairn_store::rows;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What the fold knows; all that is in it is written back.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) accounts: BTreeMap<Uuid, AccountRow>,
    pub(crate) credentials: Credentials,
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
}

/// Whether this fold looks at events of this kind at all.
pub(super) fn wants(kind: &str) -> bool {
    let of_accounts = matches!(
        kind,
        "AccountRegistered"
            | "TrustGranted"
            | "TrustWithdrawn"
            | "StaffGranted"
            | "StaffWithdrawn"
            | "AccountBlocked"
            | "AccountUnblocked"
    );
    of_accounts || Credentials::wants(kind)
}

/// What a page needs to know of earlier pages: accounts and credentials.
pub(super) fn wanted(facts: &[Fact]) -> (BTreeSet<Uuid>, Wanted) {
    let (mut accounts, mut credentials) = (BTreeSet::new(), Wanted::default());
    for fact in facts {
        credentials.note(fact);
        if let Event::Account(event) = &fact.event
            && let Some((account, _)) = change_of(event)
        {
            accounts.insert(account.0);
        }
    }
    (accounts, credentials)
}

type Change = fn(&mut AccountRow);

/// What an event does to which account.
fn change_of(event: &AccountEvent) -> Option<(AccountId, Change)> {
    let (account, change): (_, Change) = match event {
        AccountEvent::TrustGranted(e) => (e.account, |row| row.trusted = true),
        AccountEvent::TrustWithdrawn(e) => (e.account, |row| row.trusted = false),
        AccountEvent::StaffGranted(e) => (e.account, |row| row.staff = true),
        AccountEvent::StaffWithdrawn(e) => (e.account, |row| row.staff = false),
        AccountEvent::AccountBlocked(e) => (e.account, |row| row.blocked = true),
        AccountEvent::AccountUnblocked(e) => (e.account, |row| row.blocked = false),
        AccountEvent::AccountRegistered(_)
        | AccountEvent::AdminGranted(_)
        | AccountEvent::AdminWithdrawn(_)
        | AccountEvent::EmailConfirmationAsked(_)
        | AccountEvent::EmailConfirmed(_)
        | AccountEvent::EmailChanged(_)
        | AccountEvent::PasswordResetAsked(_)
        | AccountEvent::PasswordChanged(_)
        | AccountEvent::SessionsEnded(_)
        | AccountEvent::SecondFactorAdded(_)
        | AccountEvent::SecondFactorRemoved(_)
        | AccountEvent::RecoveryCodesMade(_)
        | AccountEvent::RecoveryCodeUsed(_)
        | AccountEvent::IdentityLinked(_)
        | AccountEvent::IdentityUnlinked(_)
        | AccountEvent::AccountErased(_) => return None,
    };
    Some((account, change))
}

impl State {
    pub(crate) fn take_all(&mut self, facts: Vec<Fact>) -> Result<(), Fault> {
        facts.into_iter().try_for_each(|fact| self.take(fact))
    }

    fn take(&mut self, fact: Fact) -> Result<(), Fault> {
        let (position, at_us) = (fact.position, fact.at_us);
        if let Some(token) = fact.token {
            self.credentials.used(token, at_us);
        }
        match fact.event {
            Event::Account(event) => self.take_account_event(position, at_us, &event),
            Event::Token(event) => self.credentials.take_token_event(position, at_us, event),
            Event::Publisher(event) => self.credentials.take_publisher_event(position, at_us, event),
            Event::Session(_)
            | Event::Plugin(_)
            | Event::PluginName(_)
            | Event::Team(_)
            | Event::SignUp(_)
            | Event::Site(_)
            | Event::Votes(_) => Ok(()),
        }
    }

    fn take_account_event(&mut self, position: u64, at_us: i64, event: &AccountEvent) -> Result<(), Fault> {
        if let AccountEvent::AccountRegistered(born) = event {
            let account_id = born.account.0;
            let row = AccountRow {
                account_id,
                registered_at_us: at_us,
                trusted: false,
                staff: false,
                blocked: false,
            };
            self.accounts.insert(account_id, row);
        } else if let Some((account, change)) = change_of(event) {
            let unknown = || Fault::contradiction(position, format!("there is no account {account}"));
            change(self.accounts.get_mut(&account.0).ok_or_else(unknown)?);
        }
        Ok(())
    }
}
