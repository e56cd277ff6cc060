//! The accounts and tokens that a page of events touches, and what each event means for them. Pure.

use crate::fact::{Fact, Fault};
use crate::people::acts;
use crate::people::credentials::{Credentials, Wanted};
use crate::people::ownership::Ownership;
use cairn_domain::Event;
use cairn_domain::event::{AccountEvent, SessionEvent};
use cairn_domain::ids::AccountId;
use cairn_store::{rows, to_us};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What the fold knows; all that is in it is written back.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) accounts: BTreeMap<Uuid, AccountRow>,
    pub(crate) credentials: Credentials,
    pub(crate) ownership: Ownership,
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
        pub(crate) admin: bool,
        pub(crate) blocked_until_us: Option<i64>,
        pub(crate) erased: bool,
        pub(crate) blocked_reason: Option<String>,
        pub(crate) blocked_at_us: Option<i64>,
        pub(crate) signed_in_at_us: Option<i64>,
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
            | "AdminGranted"
            | "AdminWithdrawn"
            | "AccountErased"
            | "AccountBlocked"
            | "AccountUnblocked"
            | "SessionOpened"
    );
    of_accounts || acts::wants(kind) || Credentials::wants(kind) || Ownership::wants(kind)
}

/// What a page needs to know of earlier pages: accounts and credentials.
pub(super) fn wanted(facts: &[Fact]) -> (BTreeSet<Uuid>, Wanted) {
    let (mut accounts, mut credentials) = (BTreeSet::new(), Wanted::default());
    for fact in facts {
        credentials.note(fact);
        match &fact.event {
            Event::Account(event) => accounts.extend(changed_by(event).map(|account| account.0)),
            Event::Session(SessionEvent::SessionOpened(opened)) => {
                accounts.insert(opened.account.0);
            }
            _ => {}
        }
    }
    (accounts, credentials)
}

/// The account that is another after this event.
fn changed_by(event: &AccountEvent) -> Option<AccountId> {
    match event {
        AccountEvent::TrustGranted(e) => Some(e.account),
        AccountEvent::TrustWithdrawn(e) => Some(e.account),
        AccountEvent::StaffGranted(e) => Some(e.account),
        AccountEvent::StaffWithdrawn(e) => Some(e.account),
        AccountEvent::AdminGranted(e) => Some(e.account),
        AccountEvent::AdminWithdrawn(e) => Some(e.account),
        AccountEvent::AccountBlocked(e) => Some(e.account),
        AccountEvent::AccountUnblocked(e) => Some(e.account),
        AccountEvent::AccountErased(e) => Some(e.account),
        AccountEvent::AccountRegistered(_)
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
        | AccountEvent::IdentityUnlinked(_) => None,
    }
}

impl AccountRow {
    fn registered(account_id: Uuid, registered_at_us: i64) -> Self {
        Self {
            account_id,
            registered_at_us,
            trusted: false,
            staff: false,
            blocked: false,
            admin: false,
            blocked_until_us: None,
            erased: false,
            blocked_reason: None,
            blocked_at_us: None,
            signed_in_at_us: None,
        }
    }

    /// Takes in what [`changed_by`] said changes it.
    fn take(&mut self, at_us: i64, event: &AccountEvent) {
        match event {
            AccountEvent::TrustGranted(_) => self.trusted = true,
            AccountEvent::TrustWithdrawn(_) => self.trusted = false,
            AccountEvent::StaffGranted(_) => self.staff = true,
            AccountEvent::StaffWithdrawn(_) => (self.staff, self.admin) = (false, false),
            AccountEvent::AdminGranted(_) => self.admin = true,
            AccountEvent::AdminWithdrawn(_) => self.admin = false,
            AccountEvent::AccountBlocked(e) => {
                (self.blocked, self.blocked_until_us) = (true, e.until.map(to_us));
                (self.blocked_reason, self.blocked_at_us) = (e.reason.clone(), Some(at_us));
            }
            AccountEvent::AccountUnblocked(_) => {
                (self.blocked, self.blocked_until_us) = (false, None);
                (self.blocked_reason, self.blocked_at_us) = (None, None);
            }
            AccountEvent::AccountErased(_) => {
                let bare = Self::registered(self.account_id, self.registered_at_us);
                *self = Self { erased: true, ..bare };
            }
            AccountEvent::AccountRegistered(_)
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
            | AccountEvent::IdentityUnlinked(_) => {}
        }
    }
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
        self.ownership.take(&fact);
        match fact.event {
            Event::Account(event) => self.take_account_event(position, at_us, &event),
            Event::Token(event) => self.credentials.take_token_event(position, at_us, event),
            Event::Publisher(event) => self.credentials.take_publisher_event(position, at_us, event),
            Event::Session(SessionEvent::SessionOpened(opened)) => {
                // A session of nobody changes nobody; whether that can be is not this table's question.
                if let Some(account) = self.accounts.get_mut(&opened.account.0) {
                    account.signed_in_at_us = Some(at_us);
                }
                Ok(())
            }
            Event::Session(SessionEvent::SessionEnded(_))
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
            self.accounts.insert(account_id, AccountRow::registered(account_id, at_us));
        } else if let Some(account) = changed_by(event) {
            let unknown = || Fault::contradiction(position, format!("there is no account {account}"));
            self.accounts.get_mut(&account.0).ok_or_else(unknown)?.take(at_us, event);
        }
        Ok(())
    }
}
