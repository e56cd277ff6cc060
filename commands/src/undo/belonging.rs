//! Who belongs where is made what it was: owners and teams of plugins, members of teams, staff and admins. What is left must
//! not be nobody, so these are looked at together.

use super::aspect::{Aspect, Value};
use super::plan::{Changed, Plan};
use super::restore::{Now, REASON};
use crate::account::able;
use crate::account::staff::counted;
use cairn_domain::event::{
    AdminGranted, AdminWithdrawn, Event, OwnerAdded, OwnerRemoved, OwnershipTransferred, StaffGranted,
    StaffWithdrawn, TeamMemberAdded, TeamMemberRemoved, TeamOwnerAdded, TeamOwnerRemoved,
};
use cairn_domain::ids::AccountId;
use cairn_domain::names::{PackageName, TeamName};
use std::collections::BTreeSet;

/// Restores them all: first who was sent away, then those who came, so that a plugin or team is never without anybody.
pub(super) fn restore_belonging(now: &Now<'_>, changed: &[Changed], plan: &mut Plan) {
    let packages: BTreeSet<&PackageName> = changed
        .iter()
        .filter_map(|changed| match &changed.aspect {
            Aspect::Owner(package, _) | Aspect::Team(package, _) => Some(package),
            _ => None,
        })
        .collect();
    for package in packages {
        owners(now, package, changed, plan);
    }
    let teams: BTreeSet<&TeamName> = changed
        .iter()
        .filter_map(|changed| match &changed.aspect {
            Aspect::Member(team, _) => Some(team),
            _ => None,
        })
        .collect();
    for team in teams {
        members(now, team, changed, plan);
    }
    roles(now, changed, plan);
}

const GONE: &str = "the account is blocked or erased";

fn owners(now: &Now<'_>, package: &PackageName, changed: &[Changed], plan: &mut Plan) {
    let of_plugin = || {
        changed.iter().filter(|changed| match &changed.aspect {
            Aspect::Owner(of, _) | Aspect::Team(of, _) => of == package,
            _ => false,
        })
    };
    let Ok(plugin) = now.known.living(package) else {
        return of_plugin()
            .for_each(|changed| plan.leave(changed, "the plugin is deleted, or marked for it"));
    };
    let mut owners = plugin.owners.len() + plugin.teams.len();
    let reason = || Some(REASON.to_owned());
    let mut came: Vec<&Changed> = of_plugin().filter(|changed| changed.before != Value::Is(true)).collect();
    for back in of_plugin().filter(|changed| changed.before == Value::Is(true)) {
        let package = package.clone();
        match &back.aspect {
            Aspect::Team(_, team) => {
                owners += 1;
                plan.take(back, TeamOwnerAdded { package, team: team.clone() }.into());
            }
            Aspect::Owner(_, account) if able(now.known, *account, now.at).is_err() => {
                plan.leave(back, GONE);
            }
            Aspect::Owner(_, account) => {
                // A transfer changed two owners at one position and goes back as one.
                let to = came.iter().position(|came| came.position == back.position);
                let to = to.filter(|_| back.deed == "OwnershipTransferred").map(|at| came.remove(at));
                let event: Event = if let Some(Aspect::Owner(_, from)) = to.map(|to| &to.aspect) {
                    let (from, to) = (*from, *account);
                    OwnershipTransferred { package, from, to, reason: reason() }.into()
                } else {
                    owners += 1;
                    OwnerAdded { package, account: *account, reason: reason() }.into()
                };
                plan.take(back, event);
            }
            _ => {}
        }
    }
    for away in came {
        if owners <= 1 {
            plan.leave(away, "the plugin would have no owner left");
            continue;
        }
        owners -= 1;
        let package = package.clone();
        match &away.aspect {
            Aspect::Team(_, team) => plan.take(away, TeamOwnerRemoved { package, team: team.clone() }.into()),
            Aspect::Owner(_, account) => {
                plan.take(away, OwnerRemoved { package, account: *account, reason: reason() }.into());
            }
            _ => {}
        }
    }
}

fn members(now: &Now<'_>, team: &TeamName, changed: &[Changed], plan: &mut Plan) {
    let of_team = |was: bool| {
        changed.iter().filter_map(move |changed| match &changed.aspect {
            Aspect::Member(of, account) if of == team => {
                ((changed.before == Value::Is(true)) == was).then_some((changed, *account))
            }
            _ => None,
        })
    };
    let mut members = now.known.team(team).map_or(0, |team| team.members.len());
    for (back, account) in of_team(true) {
        if able(now.known, account, now.at).is_err() {
            plan.leave(back, GONE);
            continue;
        }
        members += 1;
        plan.take(back, TeamMemberAdded { team: team.clone(), account }.into());
    }
    for (away, account) in of_team(false) {
        if members <= 1 {
            plan.leave(away, "the team would have no member left");
            continue;
        }
        members -= 1;
        plan.take(away, TeamMemberRemoved { team: team.clone(), account }.into());
    }
}

fn roles(now: &Now<'_>, changed: &[Changed], plan: &mut Plan) {
    let site = now.known.site();
    let (mut staff, mut admins) = (site.staff, site.admins);
    let accounts: BTreeSet<AccountId> = changed
        .iter()
        .filter_map(|changed| match &changed.aspect {
            Aspect::Staff(account) | Aspect::Admin(account) => Some(*account),
            _ => None,
        })
        .collect();
    for account in accounts {
        let of = |aspect: &Aspect| changed.iter().find(|changed| changed.aspect == *aspect);
        let (staff_changed, admin_changed) = (of(&Aspect::Staff(account)), of(&Aspect::Admin(account)));
        let both = || staff_changed.into_iter().chain(admin_changed);
        let Ok(known) = now.known.account(account) else { continue };
        let before = |changed: Option<&Changed>, is: bool| {
            changed.map_or(is, |changed| changed.before == Value::Is(true))
        };
        let shall_be_staff = before(staff_changed, known.staff);
        let shall_be_admin = shall_be_staff && before(admin_changed, known.admin);
        let why = if !now.admin {
            Some("only an admin may say who is staff")
        } else if shall_be_staff && able(now.known, account, now.at).is_err() {
            Some(GONE)
        } else if known.admin && !shall_be_admin && admins <= 1 {
            Some("the repository would have no admin left")
        } else {
            None
        };
        if let Some(why) = why {
            both().for_each(|changed| plan.leave(changed, why));
            continue;
        }
        let mut tell = |changed: Option<&Changed>, event: Event| {
            if let Some(changed) = changed.or(staff_changed).or(admin_changed) {
                plan.take(changed, event);
            }
        };
        match (known.staff, shall_be_staff) {
            (true, false) => tell(staff_changed, StaffWithdrawn { account }.into()),
            (false, true) => tell(staff_changed, StaffGranted { account }.into()),
            (true, true) | (false, false) => {}
        }
        match (known.admin, shall_be_admin) {
            (false, true) => tell(admin_changed, AdminGranted { account }.into()),
            // Who is staff no longer is no admin either.
            (true, false) if shall_be_staff => tell(admin_changed, AdminWithdrawn { account }.into()),
            (true, true | false) | (false, false) => {}
        }
        staff = (staff + u32::from(shall_be_staff)).saturating_sub(u32::from(known.staff));
        admins = (admins + u32::from(shall_be_admin)).saturating_sub(u32::from(known.admin));
    }
    if (staff, admins) != (site.staff, site.admins) {
        plan.facts.push(counted(staff, admins));
    }
}
