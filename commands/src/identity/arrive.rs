//! Somebody who proved who they are elsewhere becomes an account here.

use super::{Identity, LinkIdentity, RegisterByIdentity, Vouched, roles};
use crate::account::{Address, RegisterAccount, SignUp};
use crate::{Commands, Fault};
use cairn_domain::ids::{AccountId, ChallengeId};
use cairn_domain::names::{AccountName, Email};
use cairn_domain::{Actor, Refusal};
use cairn_store::vault;

/// Whether somebody who has no account yet gets one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registers {
    /// Whoever is vouched for.
    Everybody,
    /// As the policy says of those who sign up.
    AsPolicy {
        /// The invitation they come by; the door has checked its link.
        invitation: Option<ChallengeId>,
    },
}

/// Finds and makes the accounts of identities. Clones share it.
#[derive(Debug, Clone)]
pub struct Identities {
    commands: Commands,
}

impl Identities {
    /// The identities of this vault.
    pub fn new(commands: Commands) -> Self {
        Self { commands }
    }

    /// The account that an identity signs in to, if there is one.
    pub async fn account_of(&self, identity: &Identity) -> Result<Option<AccountId>, Fault> {
        let mut conn = self.commands.registry().db().read().await?;
        let row = vault::identity_of(&mut conn, identity.issuer(), identity.subject()).await?;
        Ok(row.map(|row| AccountId(row.account_id)))
    }

    /// The account of somebody who has just proved who they are, with the roles that their groups mean: the one that is
    /// linked, or else a new one. Whether it may do anything is not asked.
    ///
    /// Nobody gets another's account because of its name or address: [`Refusal::IdentityNameTaken`] tells what to do.
    pub async fn arrive(&self, vouched: &Vouched, registers: Registers) -> Result<AccountId, Fault> {
        let account = match self.account_of(&vouched.identity).await? {
            Some(account) => account,
            None => self.register(vouched, registers).await?,
        };
        roles::follow(&self.commands, account, vouched.roles).await?;
        Ok(account)
    }

    /// Links an identity that was just proved to the account of whoever is signed in. Already so? Nothing happens. The
    /// account takes over what the groups mean.
    pub async fn link(&self, account: AccountId, vouched: &Vouched) -> Result<(), Fault> {
        let salt = self.commands.ids().bytes();
        let command = LinkIdentity { account, identity: vouched.identity.clone(), salt };
        match self.commands.send(&command, Actor::Account { account }, None).await {
            Ok(_) => {}
            Err(Fault::Refused(Refusal::IdentityLinkedElsewhere))
                if self.account_of(&vouched.identity).await? == Some(account) => {}
            Err(fault) => return Err(fault),
        }
        roles::follow(&self.commands, account, vouched.roles).await
    }

    async fn register(&self, vouched: &Vouched, registers: Registers) -> Result<AccountId, Fault> {
        let command = self.registration(vouched, registers)?;
        let actor = match registers {
            Registers::Everybody => Actor::Site,
            Registers::AsPolicy { .. } => Actor::Anonymous,
        };
        match self.commands.send(&command, actor, None).await {
            Ok(done) => Ok(done.answer),
            // Two first requests came at once, and the other one was first.
            Err(Fault::Refused(Refusal::IdentityLinkedElsewhere)) => {
                self.account_of(&vouched.identity).await?.ok_or(Refusal::IdentityUnknown.into())
            }
            Err(Fault::Refused(Refusal::AccountNameTaken { name })) => {
                Err(Refusal::IdentityNameTaken { name }.into())
            }
            Err(fault) => Err(fault),
        }
    }

    fn registration(&self, vouched: &Vouched, registers: Registers) -> Result<RegisterByIdentity, Refusal> {
        let ids = self.commands.ids();
        let invitation = match registers {
            Registers::Everybody => None,
            Registers::AsPolicy { invitation } => invitation,
        };
        let address = if vouched.email_proven {
            Address::Proven
        } else {
            Address::Asked { challenge: ChallengeId(ids.v4()) }
        };
        let register = RegisterAccount {
            account: AccountId(ids.v4()),
            name: name_of(vouched)?,
            email: email_of(vouched)?,
            password_hash: None,
            salt: ids.bytes(),
            origin: vouched.origin,
            sign_up: SignUp { invitation, address },
        };
        Ok(RegisterByIdentity { register, identity: vouched.identity.clone(), salt: ids.bytes() })
    }
}

fn name_of(vouched: &Vouched) -> Result<AccountName, Refusal> {
    let name = vouched.name.as_deref().and_then(|name| name.parse().ok());
    name.ok_or_else(|| {
        let message = "you have no name there that can be an account's: 1 to 150 letters, digits or one of _ . @ + -; \
                       make an account here and link it";
        Refusal::invalid("account", message)
    })
}

fn email_of(vouched: &Vouched) -> Result<Email, Refusal> {
    let email = vouched.email.as_deref().and_then(|email| email.parse().ok());
    email.ok_or_else(|| {
        let message = "you have no mail address there, or none that was told; add one there, or make an account here and \
                       link it";
        Refusal::invalid("email", message)
    })
}
