//! Questions about teams and invitations.

use super::state::InvitationRow;
use crate::columns::{list_of_texts, parsed};
use crate::{Name, Read};
use cairn_domain::ids::{AccountId, InvitationId};
use cairn_domain::names::{PackageName, TeamName};
use cairn_store::{Result, StoreError, engine_sql, from_us, on, rows, sqlx, to_us};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use uuid::Uuid;

/// How many teams or invitations an answer lists at most.
const LISTED_MAX: i64 = 200;

/// A team as the read model has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its name, as first written.
    pub name: TeamName,
    /// When it was formed.
    pub formed_at: DateTime<Utc>,
    /// Its members, by account.
    pub members: Vec<AccountId>,
    /// The folded package names of the plugins that it owns, by the alphabet.
    pub packages: Vec<String>,
}

/// An invitation that waits for an answer, or ended without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The invitation.
    pub id: InvitationId,
    /// The plugin.
    pub package: PackageName,
    /// Who was asked.
    pub account: AccountId,
    /// The owner whose place is offered.
    pub replaces: Option<AccountId>,
    /// The owner who asked; none when staff or a member of a team did.
    pub inviter: Option<AccountId>,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

rows! {
    struct TeamRow {
        team_key: String,
        team: String,
        formed_at_us: i64,
    }
}

/// The team with this name, however it is capitalised.
pub async fn team(read: &mut Read, name: &TeamName) -> Result<Option<Team>> {
    let (generation, key) = (read.generation(Name::People), name.folded());
    let row: Option<TeamRow> = on!(read.tx, |c| sqlx::query_as(include_str!("../sql/team.sql"))
        .bind(generation)
        .bind(&key)
        .fetch_optional(&mut *c)
        .await)?;
    match row {
        Some(row) => Ok(Some(whole(read, row).await?)),
        None => Ok(None),
    }
}

/// The teams that an account is in, by name, up to 200.
pub async fn teams_of(read: &mut Read, account: AccountId) -> Result<Vec<Team>> {
    let generation = read.generation(Name::People);
    let rows: Vec<TeamRow> = on!(read.tx, |c| sqlx::query_as(include_str!("../sql/teams_of.sql"))
        .bind(generation)
        .bind(account.0)
        .bind(LISTED_MAX)
        .fetch_all(&mut *c)
        .await)?;
    let mut teams = Vec::with_capacity(rows.len());
    for row in rows {
        teams.push(whole(read, row).await?);
    }
    Ok(teams)
}

/// The teams that own each of these plugins, by folded package name; plugins without any are left out.
pub async fn teams_owning(read: &mut Read, package_keys: &[&str]) -> Result<HashMap<String, Vec<TeamName>>> {
    let generation = read.generation(Name::People);
    let (keys, sql) = (list_of_texts(package_keys), engine_sql!(read, "../sql/teams_owning"));
    let rows: Vec<(String, String)> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&keys).fetch_all(&mut *c).await)?;
    let mut teams: HashMap<String, Vec<TeamName>> = HashMap::new();
    for (package_key, team) in rows {
        teams.entry(package_key).or_default().push(parsed(&team)?);
    }
    Ok(teams)
}

/// One invitation, unless it was answered or taken back.
pub async fn invitation(read: &mut Read, id: InvitationId) -> Result<Option<Invitation>> {
    let generation = read.generation(Name::People);
    let row: Option<InvitationRow> = on!(read.tx, |c| sqlx::query_as(include_str!("../sql/invitation.sql"))
        .bind(generation)
        .bind(id.0)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Invitation::try_from).transpose()
}

/// The invitations that an account can still answer at `now`, the newest first, up to 200.
pub async fn invitations_for(
    read: &mut Read,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<Vec<Invitation>> {
    let generation = read.generation(Name::People);
    let rows: Vec<InvitationRow> =
        on!(read.tx, |c| sqlx::query_as(include_str!("../sql/invitations_for.sql"))
            .bind(generation)
            .bind(account.0)
            .bind(to_us(now))
            .bind(LISTED_MAX)
            .fetch_all(&mut *c)
            .await)?;
    rows.into_iter().map(Invitation::try_from).collect()
}

/// The invitations to own a plugin that can still be answered at `now`, the newest first, up to 200.
pub async fn invitations_of(
    read: &mut Read,
    package: &PackageName,
    now: DateTime<Utc>,
) -> Result<Vec<Invitation>> {
    let (generation, key) = (read.generation(Name::People), package.folded());
    let rows: Vec<InvitationRow> =
        on!(read.tx, |c| sqlx::query_as(include_str!("../sql/invitations_of.sql"))
            .bind(generation)
            .bind(&key)
            .bind(to_us(now))
            .bind(LISTED_MAX)
            .fetch_all(&mut *c)
            .await)?;
    rows.into_iter().map(Invitation::try_from).collect()
}

/// The team of this row with its members and plugins.
async fn whole(read: &mut Read, row: TeamRow) -> Result<Team> {
    let generation = read.generation(Name::People);
    let members: Vec<(Uuid,)> = on!(read.tx, |c| sqlx::query_as(include_str!("../sql/members_of_team.sql"))
        .bind(generation)
        .bind(&row.team_key)
        .fetch_all(&mut *c)
        .await)?;
    let mut packages: Vec<(String,)> =
        on!(read.tx, |c| sqlx::query_as(include_str!("../sql/plugins_of_team.sql"))
            .bind(generation)
            .bind(&row.team_key)
            .fetch_all(&mut *c)
            .await)?;
    packages.sort_unstable();
    Ok(Team {
        name: parsed(&row.team)?,
        formed_at: from_us(row.formed_at_us)?,
        members: members.into_iter().map(|(account,)| AccountId(account)).collect(),
        packages: packages.into_iter().map(|(package,)| package).collect(),
    })
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = StoreError;

    fn try_from(row: InvitationRow) -> Result<Self> {
        Ok(Self {
            id: InvitationId(row.invitation_id),
            package: parsed(&row.package)?,
            account: AccountId(row.account_id),
            replaces: row.replaces_id.map(AccountId),
            inviter: row.inviter_id.map(AccountId),
            asked_at: from_us(row.asked_at_us)?,
            expires_at: from_us(row.expires_at_us)?,
        })
    }
}
