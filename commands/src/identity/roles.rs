//! Roles that follow groups elsewhere.

use super::Roles;
use crate::account::{GrantStaff, GrantTrust, WithdrawStaff, WithdrawTrust};
use crate::{Command, Commands, Fault};
use cairn_domain::Actor;
use cairn_domain::event::Stream;
use cairn_domain::ids::AccountId;

/// Why, in the log: the groups themselves stay in the directory.
const REASON: &str = "directory group";

/// Gives an account the roles that its groups mean, and takes those that they no longer mean. What a rule refuses (an admin
/// stays staff, a blocked account gets nothing) stays as it is: it must not keep anybody from signing in.
pub(super) async fn follow(commands: &Commands, account: AccountId, roles: Roles) -> Result<(), Fault> {
    if roles == Roles::default() {
        return Ok(());
    }
    let known = commands.look(vec![Stream::Account(account)], Actor::Site).await?;
    let has = known.account(account)?;
    let (staff, trusted) = (has.staff, has.trusted);
    match roles.staff.filter(|wanted| *wanted != staff) {
        Some(true) => send(commands, &GrantStaff { account }).await?,
        Some(false) => send(commands, &WithdrawStaff { account }).await?,
        None => {}
    }
    let reason = || Some(REASON.to_owned());
    match roles.trusted.filter(|wanted| *wanted != trusted) {
        Some(true) => send(commands, &GrantTrust { account, reason: reason() }).await?,
        Some(false) => send(commands, &WithdrawTrust { account, reason: reason() }).await?,
        None => {}
    }
    Ok(())
}

async fn send<C: Command>(commands: &Commands, command: &C) -> Result<(), Fault> {
    match commands.send(command, Actor::Site, None).await {
        Ok(_) => Ok(()),
        Err(Fault::Refused(refusal)) => {
            let (command, code) = (C::NAME, refusal.code());
            tracing::warn!(command, code, "what a directory's groups mean is refused: {command} {code}");
            Ok(())
        }
        Err(fault) => Err(fault),
    }
}
