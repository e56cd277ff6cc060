//! Teams, invitations, admins, and blocks with an end.

use super::{Death, History};
use cairn_domain::event::{
    AccountBlocked, AccountErased, AdminGranted, AdminWithdrawn, Event, InvitationAccepted,
    InvitationDeclined, InvitationWithdrawn, OwnerAdded, OwnerInvited, Stream, TeamFormed, TeamMemberAdded,
    TeamMemberRemoved, TeamOwnerAdded, TeamOwnerRemoved,
};
use cairn_domain::ids::{AccountId, InvitationId};
use cairn_domain::names::TeamName;
use chrono::{DateTime, TimeDelta};

/// A team that was formed.
#[derive(Debug)]
pub(super) struct Team {
    name: TeamName,
    members: Vec<AccountId>,
}

impl History {
    fn somebody(&mut self) -> AccountId {
        self.accounts[self.chance.below(self.accounts.len())].id
    }

    /// People form teams, are asked, and answer.
    pub(super) fn gather(&mut self) {
        match self.chance.below(8) {
            0 | 1 => self.team(),
            2 | 3 => self.team_owner(),
            4 | 5 => self.invite(),
            6 => self.answer(),
            _ => self.office(),
        }
    }

    fn team(&mut self) {
        let account = self.somebody();
        if self.teams.is_empty() || self.chance.percent(20) {
            let team: TeamName =
                format!("Team-{}", self.chance.number()).parse().expect("letters and digits");
            self.tell(Stream::team(&team), TeamFormed { team: team.clone(), founder: account });
            return self.teams.push(Team { name: team, members: vec![account] });
        }
        let at = self.chance.below(self.teams.len());
        let Team { name, members } = &mut self.teams[at];
        let team = name.clone();
        let event: Event = if !members.contains(&account) {
            members.push(account);
            TeamMemberAdded { team: team.clone(), account }.into()
        } else if members.len() > 1 {
            members.retain(|member| *member != account);
            TeamMemberRemoved { team: team.clone(), account }.into()
        } else {
            return self.upload();
        };
        self.tell(Stream::team(&team), event);
    }

    /// A living plugin, if the one that chance picks lives.
    fn some_living(&mut self) -> Option<usize> {
        let at = self.some_plugin();
        (self.plugins[at].death == Death::No).then_some(at)
    }

    fn team_owner(&mut self) {
        if self.teams.is_empty() {
            return self.team();
        }
        let Some(at) = self.some_living() else { return self.upload() };
        let team = self.teams[self.chance.below(self.teams.len())].name.clone();
        let package = self.plugins[at].package.clone();
        let stream = Stream::plugin(&package);
        // The tables hold what is, so that once more is the same.
        if self.chance.percent(65) {
            self.tell(stream, TeamOwnerAdded { package, team });
        } else {
            self.tell(stream, TeamOwnerRemoved { package, team });
        }
    }

    fn invite(&mut self) {
        let Some(at) = self.some_living() else { return self.upload() };
        let (account, invitation) = (self.somebody(), InvitationId(self.chance.id()));
        let package = self.plugins[at].package.clone();
        let owner = self.plugins[at].owners.first().copied();
        let event = OwnerInvited {
            package: package.clone(),
            invitation,
            account,
            replaces: owner.filter(|_| self.chance.percent(30)),
            inviter: owner.filter(|_| self.chance.percent(70)),
            expires_at: DateTime::UNIX_EPOCH + TimeDelta::days(20_000),
        };
        self.invitations.push((invitation, at, account));
        self.tell(Stream::plugin(&package), event);
    }

    fn answer(&mut self) {
        if self.invitations.is_empty() {
            return self.invite();
        }
        let (invitation, at, account) =
            self.invitations.swap_remove(self.chance.below(self.invitations.len()));
        if self.plugins[at].death != Death::No {
            return self.upload();
        }
        let package = self.plugins[at].package.clone();
        let stream = Stream::plugin(&package);
        match self.chance.below(3) {
            0 => self.tell(stream, InvitationDeclined { package, invitation }),
            1 => self.tell(stream, InvitationWithdrawn { package, invitation }),
            _ => {
                self.tell(stream.clone(), InvitationAccepted { package: package.clone(), invitation });
                if !self.plugins[at].owners.contains(&account) {
                    self.plugins[at].owners.push(account);
                    self.tell(stream, OwnerAdded { package, account, reason: None });
                }
            }
        }
    }

    /// Admins come and go, blocks have an end, people are forgotten.
    fn office(&mut self) {
        let account = self.somebody();
        let until = Some(DateTime::UNIX_EPOCH + TimeDelta::days(20_000));
        let event: Event = match self.chance.below(5) {
            0 | 1 => AdminGranted { account }.into(),
            2 => AdminWithdrawn { account }.into(),
            3 => AccountBlocked { account, reason: None, until }.into(),
            _ => AccountErased { account }.into(),
        };
        self.tell(Stream::Account(account), event);
    }
}
