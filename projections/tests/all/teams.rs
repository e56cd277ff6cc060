//! Teams, what they own, and invitations.

use crate::support::*;
use cairn_domain::event::{
    AccountBlocked, AccountErased, AdminGranted, Event, InvitationAccepted, InvitationDeclined, OwnerInvited,
    PluginTombstoned, StaffGranted, StaffWithdrawn, Stream, TeamFormed, TeamMemberAdded, TeamMemberRemoved,
    TeamOwnerAdded, TeamOwnerRemoved, TrustGranted,
};
use cairn_domain::ids::{AccountId, InvitationId};
use cairn_domain::names::TeamName;
use cairn_projections::catalogue::{self, ListOf, ListOrder, PluginFilter, PluginOrder, Window};
use cairn_projections::people;
use cairn_store::both;
use chrono::TimeDelta;
use uuid::Uuid;

const MIA: AccountId = AccountId(Uuid::from_u128(0x31a));
const ASKED: InvitationId = InvitationId(Uuid::from_u128(1));
const OFFERED: InvitationId = InvitationId(Uuid::from_u128(2));

fn group() -> TeamName {
    "Group".parse().unwrap()
}

fn of_group<E: Into<Event>>(event: E) -> (Stream, Event) {
    (Stream::team(&group()), event.into())
}

fn formed() -> (Stream, Event) {
    of_group(TeamFormed { team: group(), founder: BOB })
}

fn owns(name: &str) -> (Stream, Event) {
    of(name, TeamOwnerAdded { package: package(name), team: group() })
}

async fn owned_by(house: &House, account: AccountId) -> Vec<String> {
    let mut read = house.projections.read().await.unwrap();
    let owned = catalogue::plugins_owned_by(&mut read, account).await.unwrap();
    let filter = PluginFilter { list: ListOf::All, owner: Some(account), ..PluginFilter::default() };
    let listed = catalogue::plugins(&mut read, &filter, ListOrder::by(PluginOrder::Name), &Window::first(10))
        .await
        .unwrap();
    let names: Vec<String> = owned.into_iter().map(|plugin| plugin.package.to_string()).collect();
    let listed: Vec<String> =
        listed.plugins.into_iter().map(|(_, plugin)| plugin.package.to_string()).collect();
    assert_eq!(names, listed);
    names
}

both!(what_a_team_owns_is_owned_by_its_members_while_they_are, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN).into_iter().chain(new_plugin("other", BOB))).await;
    house.seen([formed(), owns("lasso"), owns("other")]).await;
    assert_eq!(owned_by(&house, ANN).await, ["lasso"]);
    assert_eq!(owned_by(&house, BOB).await, ["lasso", "other"]);
    assert_eq!(owned_by(&house, MIA).await, [""; 0]);
    house.seen([of_group(TeamMemberAdded { team: group(), account: MIA })]).await;
    assert_eq!(owned_by(&house, MIA).await, ["lasso", "other"]);

    let mut read = house.projections.read().await.unwrap();
    let team = people::team(&mut read, &"gROUP".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((team.name, team.formed_at), (group(), start() + TimeDelta::seconds(2)));
    assert_eq!((team.members, team.packages), (vec![BOB, MIA], vec!["lasso".into(), "other".into()]));
    assert_eq!(people::teams_of(&mut read, MIA).await.unwrap().len(), 1);
    assert_eq!(people::teams_of(&mut read, ANN).await.unwrap(), []);
    assert_eq!(people::team(&mut read, &"none".parse().unwrap()).await.unwrap(), None);
    let owning = people::teams_owning(&mut read, &["lasso", "nothing"]).await.unwrap();
    assert_eq!((owning.len(), &owning["lasso"]), (1, &vec![group()]));
    let all = catalogue::all_owners_of(&mut read, &[1, 4]).await.unwrap();
    assert_eq!((&all[&1], &all[&4]), (&vec![ANN, BOB, MIA], &vec![BOB, MIA]));
    assert_eq!(catalogue::owners_of(&mut read, &[1]).await.unwrap()[&1], [ANN]);
    assert_eq!(catalogue::owners_of_package(&mut read, &package("LASSO")).await.unwrap(), [ANN]);
    assert_eq!(catalogue::owners_of_package(&mut read, &package("nothing")).await.unwrap(), []);
    drop(read);

    house
        .seen([
            of_group(TeamMemberRemoved { team: group(), account: MIA }),
            of("other", TeamOwnerRemoved { package: package("other"), team: group() }),
        ])
        .await;
    assert_eq!(owned_by(&house, MIA).await, [""; 0]);
    assert_eq!(owned_by(&house, BOB).await, ["lasso", "other"]);
    house.seen([of("lasso", PluginTombstoned { package: package("lasso"), reason: None })]).await;
    assert_eq!(owned_by(&house, BOB).await, ["other"]);
});

fn invited(name: &str, invitation: InvitationId, account: AccountId) -> (Stream, Event) {
    let event = OwnerInvited {
        package: package(name),
        invitation,
        account,
        replaces: Some(ANN),
        inviter: Some(ANN),
        expires_at: start() + TimeDelta::days(14),
    };
    of(name, event)
}

both!(an_invitation_is_there_until_it_is_answered_or_ends, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN)).await;
    house.seen([invited("lasso", ASKED, BOB)]).await;
    house.seen([invited("lasso", OFFERED, MIA)]).await;
    let (before, end) = (start() + TimeDelta::days(13), start() + TimeDelta::days(14));
    let mut read = house.projections.read().await.unwrap();
    let for_bob = people::invitations_for(&mut read, BOB, before).await.unwrap();
    assert_eq!((for_bob[0].id, for_bob[0].package.as_str(), for_bob.len()), (ASKED, "lasso", 1));
    assert_eq!((for_bob[0].replaces, for_bob[0].inviter), (Some(ANN), Some(ANN)));
    assert_eq!((for_bob[0].asked_at, for_bob[0].expires_at), (start() + TimeDelta::seconds(2), end));
    assert_eq!(people::invitation(&mut read, ASKED).await.unwrap().as_ref(), Some(&for_bob[0]));
    let of_lasso = people::invitations_of(&mut read, &package("Lasso"), before).await.unwrap();
    assert_eq!(of_lasso.iter().map(|asked| asked.id).collect::<Vec<_>>(), [OFFERED, ASKED]);
    assert_eq!(people::invitations_for(&mut read, BOB, end).await.unwrap(), []);
    assert_eq!(people::invitations_of(&mut read, &package("lasso"), end).await.unwrap(), []);
    drop(read);

    let accepted = InvitationAccepted { package: package("lasso"), invitation: ASKED };
    let declined = InvitationDeclined { package: package("lasso"), invitation: OFFERED };
    house.seen([of("lasso", accepted), of("lasso", declined)]).await;
    let mut read = house.projections.read().await.unwrap();
    assert_eq!(people::invitations_of(&mut read, &package("lasso"), before).await.unwrap(), []);
    assert_eq!(people::invitation(&mut read, ASKED).await.unwrap(), None);
    drop(read);

    house.seen([invited("lasso", InvitationId(Uuid::from_u128(3)), BOB)]).await;
    house.seen([of("lasso", PluginTombstoned { package: package("lasso"), reason: None })]).await;
    let mut read = house.projections.read().await.unwrap();
    assert_eq!(people::invitations_for(&mut read, BOB, before).await.unwrap(), []);
});

both!(roles_and_blocks_are_told_as_they_are_now, |t| {
    let house = House::new(&t).await;
    let of_ann = |event: Event| (Stream::Account(ANN), event);
    let until = start() + TimeDelta::days(3);
    house.seen([joined(ANN)]).await;
    house
        .seen([
            of_ann(TrustGranted { account: ANN, reason: None }.into()),
            of_ann(StaffGranted { account: ANN }.into()),
            of_ann(AdminGranted { account: ANN }.into()),
        ])
        .await;
    let account = async || {
        let mut read = house.projections.read().await.unwrap();
        people::account(&mut read, ANN).await.unwrap().unwrap()
    };
    let ann = account().await;
    assert_eq!((ann.trusted, ann.staff, ann.admin, ann.is_blocked(start())), (true, true, true, false));
    house
        .seen([
            of_ann(StaffWithdrawn { account: ANN }.into()),
            of_ann(AccountBlocked { account: ANN, reason: None, until: Some(until) }.into()),
        ])
        .await;
    let ann = account().await;
    assert_eq!((ann.staff, ann.admin, ann.blocked_until), (false, false, Some(until)));
    assert!(ann.is_blocked(until - TimeDelta::seconds(1)) && !ann.is_blocked(until));
    house.seen([of_ann(AccountBlocked { account: ANN, reason: None, until: None }.into())]).await;
    assert!(account().await.is_blocked(until + TimeDelta::days(9_999)));
    house.seen([of_ann(AccountErased { account: ANN }.into())]).await;
    let ann = account().await;
    assert_eq!((ann.erased, ann.trusted, ann.blocked), (true, false, false));
});

both!(what_somebody_published_is_found, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN)).await;
    // In tests the digest of a file says who uploads it: some accounts, some tokens, some the operator.
    let uploader = |number: &str| {
        let first = file("lasso", number).sha256.as_bytes()[0];
        (first % 3 != 1).then(|| AccountId(Uuid::from_u128(u128::from(first % 16))))
    };
    let numbers: Vec<String> = (2..40).map(|n| format!("{n}.0")).collect();
    let of_account = |account| numbers.iter().filter(move |number| uploader(number) == Some(account));
    let accounts = (0..16).map(|n| AccountId(Uuid::from_u128(n)));
    let account = accounts.max_by_key(|account| of_account(*account).count()).unwrap();
    for number in &numbers {
        house.happened([uploaded("lasso", number)]).await;
    }
    let first = of_account(account).next().unwrap();
    for number in of_account(account).skip(1) {
        house.happened([approved("lasso", number)]).await;
    }
    house.projections.catch_up().await.unwrap();
    let mut read = house.projections.read().await.unwrap();
    let found = catalogue::published_by(&mut read, account, 100).await.unwrap();
    let found: Vec<String> = found.into_iter().map(|(_, version)| version.to_string()).collect();
    let expected: Vec<String> = of_account(account).skip(1).cloned().collect();
    assert_eq!(found, expected);
    assert!(!expected.contains(first) && !expected.is_empty());
    let one = catalogue::published_by(&mut read, account, 1).await.unwrap();
    assert_eq!(one, [(package("lasso"), expected[0].parse().unwrap())]);
});
