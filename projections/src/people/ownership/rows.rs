//! Writes what a page did to teams, to what they own, and to invitations.

use super::state::{InvitationRow, Ownership};
use cairn_store::{Bulk, Result, Tx, Value, on, sqlx};
use std::sync::LazyLock;
use uuid::Uuid;

static PUT_TEAM: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("../sql/put_team.sql")));
static PUT_MEMBER: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("../sql/put_team_member.sql")));
static PUT_PLUGIN: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("../sql/put_team_plugin.sql")));
static PUT_INVITATION: LazyLock<Bulk> =
    LazyLock::new(|| Bulk::new(include_str!("../sql/put_invitation.sql")));

/// What is to be deleted and what to be written, in this order.
#[derive(Debug, Default)]
pub(crate) struct OwnershipRows {
    generation: i64,
    buried: Vec<String>,
    members_gone: Vec<(String, Uuid)>,
    plugins_gone: Vec<(String, String)>,
    invitations_gone: Vec<Uuid>,
    teams: Vec<Vec<Value>>,
    members: Vec<Vec<Value>>,
    plugins: Vec<Vec<Value>>,
    invitations: Vec<Vec<Value>>,
}

/// The rows that a page makes in a generation.
pub(crate) fn rows(generation: i64, page: Ownership) -> OwnershipRows {
    let mut rows = OwnershipRows { generation, ..OwnershipRows::default() };
    rows.buried = page.buried.into_iter().collect();
    for (key, (team, formed_at_us)) in page.teams {
        rows.teams.push(vec![generation.into(), key.into(), team.into(), formed_at_us.into()]);
    }
    for ((team, account), is) in page.members {
        if is {
            rows.members.push(vec![generation.into(), team.into(), account.into()]);
        } else {
            rows.members_gone.push((team, account));
        }
    }
    for ((package, team), is) in page.owned {
        if is {
            rows.plugins.push(vec![generation.into(), package.into(), team.into()]);
        } else {
            rows.plugins_gone.push((package, team));
        }
    }
    for (id, row) in page.invitations {
        match row {
            Some(row) => rows.invitations.push(invitation_row(generation, row)),
            None => rows.invitations_gone.push(id),
        }
    }
    rows
}

impl OwnershipRows {
    /// Writes them all. Few things go in a page, so they go one by one.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<()> {
        let generation = self.generation;
        for package in &self.buried {
            for sql in [
                include_str!("../sql/delete_teams_of_plugin.sql"),
                include_str!("../sql/delete_invitations_of_plugin.sql"),
            ] {
                on!(tx, |c| sqlx::query(sql)
                    .bind(generation)
                    .bind(package)
                    .execute(&mut *c)
                    .await
                    .map(drop))?;
            }
        }
        for (team, account) in &self.members_gone {
            on!(tx, |c| sqlx::query(include_str!("../sql/delete_team_member.sql"))
                .bind(generation)
                .bind(team)
                .bind(account)
                .execute(&mut *c)
                .await
                .map(drop))?;
        }
        for (package, team) in &self.plugins_gone {
            on!(tx, |c| sqlx::query(include_str!("../sql/delete_team_plugin.sql"))
                .bind(generation)
                .bind(package)
                .bind(team)
                .execute(&mut *c)
                .await
                .map(drop))?;
        }
        for invitation in &self.invitations_gone {
            on!(tx, |c| sqlx::query(include_str!("../sql/delete_invitation.sql"))
                .bind(generation)
                .bind(invitation)
                .execute(&mut *c)
                .await
                .map(drop))?;
        }
        PUT_TEAM.rows(tx, &self.teams).await?;
        PUT_MEMBER.rows(tx, &self.members).await?;
        PUT_PLUGIN.rows(tx, &self.plugins).await?;
        PUT_INVITATION.rows(tx, &self.invitations).await?;
        Ok(())
    }
}

fn invitation_row(generation: i64, row: InvitationRow) -> Vec<Value> {
    vec![
        generation.into(),
        row.invitation_id.into(),
        row.package.into(),
        row.package_key.into(),
        row.account_id.into(),
        row.replaces_id.into(),
        row.inviter_id.into(),
        row.asked_at_us.into(),
        row.expires_at_us.into(),
    ]
}
