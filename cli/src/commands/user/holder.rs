//! What the operator does for the holder of an account: password, address, sessions, data, leaving.

use super::{read_password, send};
use crate::house::House;
use crate::out;
use anyhow::Context;
use cairn_commands::account::{ChangePassword, ConfirmEmail, EraseAccount, InviteToSignUp, Trail, export};
use cairn_commands::secret;
use cairn_commands::session::EndSessions;
use cairn_domain::ids::ChallengeId;

/// Sets the password that stands on standard input; all sessions of the account end.
pub(super) async fn set_password(house: &House, name: &str) -> anyhow::Result<()> {
    let account = house.account(name).await?;
    let password_hash = secret::hash_password(&read_password()?, &house.ids.bytes())?;
    send(house, &ChangePassword { account, password_hash }).await?;
    out::err(&format!("{name} has another password; everything that was signed in is signed out"));
    Ok(())
}

/// Takes the address of an account for proved.
pub(super) async fn confirm(house: &House, name: &str) -> anyhow::Result<()> {
    let account = house.account(name).await?;
    send(house, &ConfirmEmail { account, challenge: None }).await?;
    out::err(&format!("the address of {name} is confirmed"));
    Ok(())
}

/// Signs an account out everywhere.
pub(super) async fn end_sessions(house: &House, name: &str) -> anyhow::Result<()> {
    let account = house.account(name).await?;
    send(house, &EndSessions { account }).await?;
    out::err(&format!("{name} is signed out everywhere"));
    Ok(())
}

/// Prints everything that is kept about an account.
pub(super) async fn print(house: &House, name: &str) -> anyhow::Result<()> {
    let account = house.account(name).await?;
    let document = export(&house.commands, account).await?;
    out::line(&serde_json::to_string_pretty(&document).context("writing the document")?);
    Ok(())
}

/// Forgets everything about the holder of an account.
pub(super) async fn erase(house: &House, name: &str) -> anyhow::Result<()> {
    let account = house.account(name).await?;
    let trail = Trail::of(house.commands.registry(), account).await?;
    send(house, &EraseAccount { account, trail }).await?;
    out::err(&format!("account {account} is erased"));
    Ok(())
}

/// Sends somebody a link to make an account.
pub(super) async fn invite(house: &House, email: &str) -> anyhow::Result<()> {
    let command = InviteToSignUp { challenge: ChallengeId(house.ids.v4()), email: email.parse()? };
    send(house, &command).await?;
    out::err("an invitation is on its way, as soon as a server with mail runs");
    Ok(())
}
