//! What happens to accounts.

mod admin;
mod block;
mod email;
mod erase;
mod export;
mod invite;
mod password;
mod register;
pub(crate) mod staff;
mod trail;
mod trust;

pub use admin::{GrantAdmin, WithdrawAdmin};
pub use block::{BLOCK_DAYS_MAX, BLOCK_VERSIONS_MAX, BlockAccount, Published, UnblockAccount};
pub use email::{AskEmailConfirmation, ChangeEmail, ConfirmEmail};
pub use erase::EraseAccount;
pub use export::export;
pub use invite::{InviteToSignUp, SIGN_UP_INVITATION_LIFE};
pub use password::{AskPasswordReset, ChangePassword, RESET_LIFE, ResetPassword};
pub use register::{Address, CONFIRMATION_LIFE, RegisterAccount, SignUp};
pub use staff::{GrantStaff, WithdrawStaff};
pub use trail::Trail;
pub use trust::{GrantTrust, WithdrawTrust};

use cairn_domain::account::Account;
use cairn_domain::ids::AccountId;
use cairn_domain::known::Acting;
use cairn_domain::{Actor, Known, Moment, Refusal};
use chrono::{DateTime, Utc};

/// The account, if it can be given anything: known, neither erased nor blocked.
pub(crate) fn able(known: &Known, id: AccountId, now: DateTime<Utc>) -> Result<&Account, Refusal> {
    let account = known.account(id)?;
    if account.erased {
        return Err(Refusal::AccountErased);
    }
    if account.is_blocked(now) {
        return Err(Refusal::AccountBlocked);
    }
    Ok(account)
}

/// Who acts, if they may say who is staff: admins, and the directory by its groups.
pub(crate) fn may_appoint(known: &Known, moment: &Moment) -> Result<Acting, Refusal> {
    match moment.actor {
        Actor::Site => known.acting_staff(moment),
        Actor::Anonymous | Actor::Account { .. } | Actor::Token { .. } | Actor::Operator => {
            known.acting_admin(moment)
        }
    }
}

/// How many mailed links of one purpose are on their way to an account at a time: more mails help nobody.
pub const MAILED_LINKS_MAX: usize = 3;

/// Who acts, if it is the account itself or somebody whom `or` lets.
fn own_or(
    account: AccountId,
    known: &Known,
    moment: &Moment,
    or: impl FnOnce(&Acting) -> Result<(), Refusal>,
) -> Result<Acting, Refusal> {
    let acting = known.acting_in_person(moment)?;
    if acting.account != Some(account) {
        or(&acting)?;
    }
    Ok(acting)
}
