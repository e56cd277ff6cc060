//! Undoing, told as stories without a database.

use super::command::{UNDO_EVENTS_MAX, UndoActor};
use super::plan::{Left, Past, Undone, Who};
use crate::testing::*;
use crate::{Command, Fact};
use cairn_domain::event::*;
use cairn_domain::ids::AccountId;
use cairn_domain::plugin::Channel;
use cairn_domain::site::{OnBlock, Policy};
use cairn_domain::{Actor, Known, Moment, Refusal};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

const REASON: &str = super::restore::REASON;

/// A history with its actors; each event comes an hour after the one before, and `since` is the hour after [`Story::since_now`].
#[derive(Clone, Default)]
struct Story {
    past: Vec<Past>,
    since: Option<DateTime<Utc>>,
}

fn hour(position: usize) -> DateTime<Utc> {
    noon() + TimeDelta::hours(position.try_into().unwrap())
}

fn facts(facts: impl Into<Facts>) -> Vec<Fact> {
    facts.into().all()
}

impl Story {
    /// What happened before, by the operator.
    fn of(before: impl IntoIterator<Item = Facts>) -> Self {
        before.into_iter().fold(Self::default(), |story, facts| story.by(Actor::Operator, facts))
    }

    fn by(mut self, actor: Actor, more: impl Into<Facts>) -> Self {
        for (stream, event) in facts(more) {
            let position = self.past.len();
            self.past.push(Past { position: position as u64, at: hour(position), actor, stream, event });
        }
        self
    }

    /// From here on deeds are undone.
    fn since_now(mut self) -> Self {
        self.since = Some(hour(self.past.len()));
        self
    }

    fn command(&self, who: Who) -> UndoActor {
        let mut streams: Vec<Stream> = self.past.iter().map(|one| one.stream.clone()).collect();
        streams.push(Stream::Site);
        streams.sort();
        streams.dedup();
        UndoActor {
            who,
            since: self.since.unwrap(),
            past: self.past.clone(),
            streams,
            looked_at: hour(self.past.len()),
            admin: true,
        }
    }

    fn known(&self) -> Known {
        let mut known = Known::default();
        self.past.iter().for_each(|one| known.evolve(&one.stream, one.position, &one.event));
        known
    }

    /// Undoes ANN's deeds as the operator: what happens, and what is told. A second time nothing may happen.
    #[track_caller]
    fn undone(&self) -> (Vec<Event>, Undone) {
        self.undone_of(Who::Account(ANN))
    }

    #[track_caller]
    fn undone_of(&self, who: Who) -> (Vec<Event>, Undone) {
        let moment = Moment { now: hour(self.past.len()), actor: Actor::Operator };
        let command = self.command(who);
        let happened = command.decide(&self.known(), &moment).unwrap();
        let mut after = self.clone();
        for fact in happened.clone() {
            after = after.by(Actor::Operator, fact);
        }
        assert_eq!(after.command(who).decide(&after.known(), &moment), Ok(vec![]), "the second time");
        assert_eq!(after.command(who).answer(&after.known()).done, []);
        (happened.into_iter().map(|(_, event)| event).collect(), command.answer(&self.known()))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the events hold it so")]
fn reason() -> Option<String> {
    Some(REASON.to_owned())
}

fn position_of(story: &Story, kind: &str) -> u64 {
    story.past.iter().rfind(|one| one.event.kind() == kind).unwrap().position
}

fn left_of(undone: &Undone) -> Vec<(&str, Option<u64>)> {
    undone.left.iter().map(|Left { reason, later, .. }| (reason.as_str(), *later)).collect()
}

fn unapproved(version: &str) -> Event {
    VersionUnapproved { package: lasso(), version: version.parse().unwrap(), reason: reason() }.into()
}

#[test]
fn what_an_actor_published_is_public_no_longer() {
    let story = Story::of([lasso_of_ann(), trusted(ANN)])
        .since_now()
        .by(by(ANN), uploaded("2.0"))
        .by(by(ANN), approved("2.0"))
        .by(by(ANN), uploaded("3.0"));
    let (happened, told) = story.undone();
    assert_eq!(happened, [unapproved("2.0")]);
    assert_eq!((told.done.len(), told.left.len()), (1, 0));
    assert_eq!(
        (told.done[0].deed.as_str(), told.done[0].by.as_str()),
        ("VersionUploaded", "VersionUnapproved")
    );
}

#[test]
fn what_was_before_stays() {
    let story = Story::of([lasso_of_ann()])
        .by(by(ANN), approved("1.0"))
        .since_now()
        .by(by(BOB), uploaded("2.0"))
        .by(by(BOB), approved("2.0"));
    assert_eq!(story.undone(), (vec![], Undone::default()));
}

#[test]
fn what_somebody_else_approved_is_theirs() {
    let story = Story::of([lasso_of_ann(), registered(SUE), staff(SUE)])
        .since_now()
        .by(by(ANN), uploaded("2.0"))
        .by(by(SUE), approved("2.0"));
    let (happened, told) = story.undone();
    assert_eq!(happened, []);
    let later = Some(position_of(&story, "VersionApproved"));
    assert_eq!(left_of(&told), [("somebody else decided about it later (VersionApproved)", later)]);
}

#[test]
fn approval_that_was_taken_away_comes_back_for_the_same_file() {
    let away =
        plugin_event(VersionUnapproved { package: lasso(), version: "1.0".parse().unwrap(), reason: None });
    let story = Story::of([lasso_of_ann(), approved("1.0").into()]).since_now().by(by(ANN), away);
    let (_, expected) = approved("1.0");
    assert_eq!(story.undone().0, [expected]);
}

#[test]
fn owners_are_who_they_were() {
    let added = |account| plugin_event(OwnerAdded { package: lasso(), account, reason: None });
    let removed = |account| plugin_event(OwnerRemoved { package: lasso(), account, reason: None });
    let story = Story::of([lasso_of_ann(), registered(BOB), bob_owns_too(), registered(MIA)])
        .since_now()
        .by(by(ANN), removed(BOB))
        .by(by(ANN), added(MIA));
    let back = OwnerAdded { package: lasso(), account: BOB, reason: reason() };
    let away = OwnerRemoved { package: lasso(), account: MIA, reason: reason() };
    assert_eq!(story.undone().0, [back.into(), away.into()]);
}

#[test]
fn a_transfer_goes_back_as_one() {
    let given = |from, to, reason| OwnershipTransferred { package: lasso(), from, to, reason };
    let story = Story::of([lasso_of_ann(), registered(MIA)])
        .since_now()
        .by(by(ANN), plugin_event(given(ANN, MIA, None)));
    assert_eq!(story.undone().0, [given(MIA, ANN, reason()).into()]);
}

#[test]
fn an_owner_who_is_blocked_meanwhile_does_not_come_back() {
    let removed = plugin_event(OwnerRemoved { package: lasso(), account: BOB, reason: None });
    let story = Story::of([lasso_of_ann(), registered(BOB), bob_owns_too()])
        .since_now()
        .by(by(ANN), removed)
        .by(by(SUE), blocked(BOB));
    let (happened, told) = story.undone();
    assert_eq!((happened, left_of(&told)), (vec![], vec![("the account is blocked or erased", None)]));
}

#[test]
fn nothing_is_left_without_an_owner() {
    let added = plugin_event(OwnerAdded { package: lasso(), account: MIA, reason: None });
    let gone = plugin_event(OwnerRemoved { package: lasso(), account: ANN, reason: None });
    let story = Story::of([lasso_of_ann(), registered(MIA)]).since_now().by(by(ANN), added).by(by(MIA), gone);
    let (happened, told) = story.undone();
    assert_eq!((happened, left_of(&told)), (vec![], vec![("the plugin would have no owner left", None)]));
}

#[test]
fn open_invitations_end_and_accepted_ones_are_left() {
    let story = Story::of([lasso_of_ann(), registered(BOB), registered(MIA)])
        .since_now()
        .by(by(ANN), invitation(BOB, Some(ANN), None))
        .by(by(ANN), invitation(MIA, Some(ANN), None))
        .by(by(MIA), plugin_event(InvitationAccepted { package: lasso(), invitation: invitation_of(MIA) }))
        .by(by(MIA), plugin_event(OwnerAdded { package: lasso(), account: MIA, reason: None }));
    let (happened, told) = story.undone();
    let withdrawn = InvitationWithdrawn { package: lasso(), invitation: invitation_of(BOB) };
    assert_eq!(happened, [withdrawn.into()]);
    let later = Some(position_of(&story, "InvitationAccepted"));
    assert_eq!(left_of(&told), [("the invited account accepted and owns the plugin", later)]);
}

#[test]
fn teams_are_who_they_were() {
    let member = |account| team_event(TeamMemberAdded { team: group(), account });
    let story =
        Story::of([lasso_of_ann(), registered(BOB), group_of(ANN), registered(MIA), member(BOB).into()])
            .since_now()
            .by(by(ANN), group_owns())
            .by(by(ANN), team_event(TeamMemberRemoved { team: group(), account: BOB }))
            .by(by(ANN), member(MIA));
    let away = TeamOwnerRemoved { package: lasso(), team: group() };
    let (_, back) = member(BOB);
    let gone = TeamMemberRemoved { team: group(), account: MIA };
    assert_eq!(story.undone().0, [away.into(), back, gone.into()]);
}

#[test]
fn trust_and_blocks_are_as_before() {
    let story = Story::of([registered(ANN), registered(BOB), registered(MIA), trusted(MIA)])
        .since_now()
        .by(by(ANN), trusted(BOB))
        .by(by(ANN), account_event(MIA, TrustWithdrawn { account: MIA, reason: None }))
        .by(by(ANN), blocked(BOB));
    let (happened, _) = story.undone();
    for expected in [
        Event::from(TrustWithdrawn { account: BOB, reason: reason() }),
        TrustGranted { account: MIA, reason: reason() }.into(),
        AccountUnblocked { account: BOB, reason: reason() }.into(),
    ] {
        assert!(happened.contains(&expected), "{expected:?} in {happened:?}");
    }
    assert_eq!(happened.len(), 3);
}

#[test]
fn roles_are_as_before_and_counted() {
    let story = Story::of([registered(ANN), staff(ANN), admin(ANN), registered(BOB), registered(MIA)])
        .by(Actor::Operator, staff(MIA))
        .by(Actor::Operator, staff_counted(2, 1))
        .since_now()
        .by(by(ANN), staff(BOB))
        .by(by(ANN), staff_counted(3, 1))
        .by(by(ANN), account_event(MIA, StaffWithdrawn { account: MIA }))
        .by(by(ANN), staff_counted(2, 1))
        .by(by(ANN), admin(BOB))
        .by(by(ANN), staff_counted(2, 2));
    let (happened, _) = story.undone();
    assert_eq!(
        happened,
        [
            StaffWithdrawn { account: BOB }.into(),
            StaffGranted { account: MIA }.into(),
            StaffCounted { staff: 2, admins: 1 }.into(),
        ]
    );
}

#[test]
fn an_admin_who_was_sent_away_comes_back() {
    let story = Story::of([registered(ANN), staff(ANN), admin(ANN), registered(BOB), staff(BOB), admin(BOB)])
        .by(Actor::Operator, staff_counted(2, 2))
        .since_now()
        .by(by(ANN), account_event(BOB, StaffWithdrawn { account: BOB }))
        .by(by(ANN), staff_counted(1, 1));
    let (happened, _) = story.undone();
    assert_eq!(
        happened,
        [
            StaffGranted { account: BOB }.into(),
            AdminGranted { account: BOB }.into(),
            StaffCounted { staff: 2, admins: 2 }.into(),
        ]
    );
}

#[test]
fn only_admins_restore_roles_and_policy() {
    let policy = Policy { on_block: OnBlock::Review, ..Policy::default() };
    let story = Story::of([registered(ANN), staff(ANN), admin(ANN), registered(BOB), registered(SUE)])
        .by(Actor::Operator, staff(SUE))
        .since_now()
        .by(by(ANN), staff(BOB))
        .by(by(ANN), (Stream::Site, PolicySet { policy }.into()));
    let (happened, _) = story.undone();
    assert!(happened.contains(&PolicySet { policy: Policy::default() }.into()), "{happened:?}");
    assert!(happened.contains(&StaffWithdrawn { account: BOB }.into()), "{happened:?}");

    let command = UndoActor { admin: false, ..story.command(Who::Account(ANN)) };
    let moment = Moment { now: hour(20), actor: by(SUE) };
    assert_eq!(command.decide(&story.known(), &moment), Ok(vec![]));
    assert_eq!(
        left_of(&command.answer(&story.known())),
        [("only an admin may say who is staff", None), ("only an admin may change the policy", None),]
    );
}

#[test]
fn what_was_said_of_plugins_and_versions_is_as_before() {
    let (package, version) = (lasso, || "1.0".parse().unwrap());
    let mut other = details("Lasso");
    other.description = "Buy now".into();
    let edited_by_ann = PluginDetailsEdited { package: package(), details: other, from_version: None };
    let story = Story::of([lasso_of_ann(), approved("1.0").into(), yanked("1.0").into()])
        .since_now()
        .by(by(ANN), plugin_event(VersionUnyanked { package: package(), version: version() }))
        .by(by(ANN), plugin_event(edited_by_ann))
        .by(by(ANN), plugin_event(PluginDeprecated { package: package(), successor: None, reason: None }))
        .by(by(ANN), plugin_event(PluginFeatured { package: package() }))
        .by(by(ANN), plugin_event(MaintainerNamed { package: package(), account: Some(ANN) }))
        .by(by(ANN), plugin_event(RenamingAllowed { package: package(), allowed: true }))
        .by(
            by(ANN),
            plugin_event(VersionPinned { package: package(), channel: Channel::Stable, version: version() }),
        );
    let (happened, told) = story.undone();
    assert_eq!(told.left, []);
    let (_, yanked_again) = yanked("1.0");
    let expected: [Event; 7] = [
        yanked_again,
        PluginDetailsEdited { package: package(), details: details("Lasso"), from_version: None }.into(),
        PluginUndeprecated { package: package() }.into(),
        PluginUnfeatured { package: package() }.into(),
        MaintainerNamed { package: package(), account: None }.into(),
        RenamingAllowed { package: package(), allowed: false }.into(),
        VersionUnpinned { package: package(), channel: Channel::Stable }.into(),
    ];
    for event in &expected {
        assert!(happened.contains(event), "{event:?} in {happened:?}");
    }
    assert_eq!(happened.len(), expected.len());
}

#[test]
fn a_later_decision_of_somebody_else_stands() {
    let said = |text: &str| {
        let mut says = details("Lasso");
        says.description = text.into();
        plugin_event(PluginDetailsEdited { package: lasso(), details: says, from_version: None })
    };
    let story = Story::of([lasso_of_ann(), registered(BOB)])
        .since_now()
        .by(by(ANN), said("Buy now"))
        .by(by(BOB), said("Selects"));
    let (happened, told) = story.undone();
    assert_eq!(happened, []);
    let later = Some(position_of(&story, "PluginDetailsEdited"));
    assert_eq!(left_of(&told), [("somebody else decided about it later (PluginDetailsEdited)", later)]);

    // What the actor made of that decision afterwards is undone, back to the decision.
    let again = story.by(by(ANN), said("Buy now!"));
    assert_eq!(again.undone().0, [said("Selects").1]);
}

#[test]
fn what_does_not_come_back_is_left() {
    let story = Story::of([lasso_of_ann(), token_of(ANN)])
        .since_now()
        .by(by(ANN), deleted("1.0"))
        .by(by(ANN), (Stream::Token(TOKEN), TokenRevoked { token: TOKEN, reason: None }.into()))
        .by(by(ANN), account_event(ANN, PasswordChanged { account: ANN }));
    let (happened, told) = story.undone();
    assert_eq!(happened, []);
    assert_eq!(
        left_of(&told),
        [
            ("a deleted version does not come back; its number stays used", None),
            ("a revoked token does not come back; make another", None),
            ("how the account signs in; block it, or let its holder mend it", None),
        ]
    );
}

#[test]
fn a_plugin_that_was_hidden_is_there_again_and_a_gone_one_is_not() {
    let hidden = Story::of([lasso_of_ann()]).since_now().by(by(ANN), marked());
    assert_eq!(hidden.undone().0, [PluginRestored { package: lasso() }.into()]);
    let gone = Story::of([lasso_of_ann(), marked()]).since_now().by(by(ANN), tombstoned());
    let (happened, told) = gone.undone();
    assert_eq!((happened.len(), told.left.len()), (0, 1));
}

#[test]
fn nothing_happens_to_a_plugin_that_is_hidden() {
    let story = Story::of([lasso_of_ann()])
        .since_now()
        .by(by(ANN), plugin_event(PluginFeatured { package: lasso() }))
        .by(by(SUE), marked());
    let (happened, told) = story.undone();
    assert_eq!((happened, left_of(&told)), (vec![], vec![("the plugin is deleted, or marked for it", None)]));
}

#[test]
fn one_token_is_undone_and_the_rest_of_its_account_stays() {
    let story = Story::of([lasso_of_ann(), trusted(ANN), token_of(ANN)])
        .since_now()
        .by(by_token_of(ANN), uploaded("2.0"))
        .by(by_token_of(ANN), approved("2.0"))
        .by(by(ANN), uploaded("3.0"))
        .by(by(ANN), approved("3.0"));
    assert_eq!(story.undone_of(Who::Token(TOKEN)).0, [unapproved("2.0")]);
    assert_eq!(story.undone().0, [unapproved("2.0"), unapproved("3.0")]);
}

#[test]
fn tokens_that_were_made_end() {
    let story = Story::of([lasso_of_ann()]).since_now().by(by(ANN), token_of(ANN));
    assert_eq!(story.undone().0, [TokenRevoked { token: TOKEN, reason: reason() }.into()]);
}

#[test]
fn staff_undo_and_nobody_else() {
    let story = Story::of([lasso_of_ann(), registered(SUE), staff(SUE), registered(BOB)]).since_now();
    let decide = |actor| {
        let command = UndoActor { admin: actor == Actor::Operator, ..story.command(Who::Account(ANN)) };
        command.decide(&story.known(), &Moment { now: hour(20), actor })
    };
    assert_eq!(decide(by(SUE)), Ok(vec![]));
    assert_eq!(decide(Actor::Operator), Ok(vec![]));
    assert_eq!(decide(by(BOB)), Err(Refusal::NotStaff));
    assert_eq!(decide(by(ANN)), Err(Refusal::NotStaff));
    assert_eq!(decide(Actor::Anonymous), Err(Refusal::Unauthenticated));
}

#[test]
fn a_history_that_went_on_meanwhile_is_looked_at_again() {
    let story = Story::of([lasso_of_ann(), trusted(ANN)])
        .since_now()
        .by(by(ANN), uploaded("2.0"))
        .by(by(ANN), approved("2.0"));
    let later = story.clone().by(by(SUE), plugin_event(PluginFeatured { package: lasso() }));
    let moment = Moment { now: hour(20), actor: Actor::Operator };
    let command = story.command(Who::Account(ANN));
    assert_eq!(command.decide(&later.known(), &moment), Err(Refusal::HistoryChanged));
    // A stream that had no events then and has some now.
    let mut set = story.known();
    set.evolve(&Stream::Site, 99, &PolicySet { policy: Policy::default() }.into());
    assert_eq!(command.decide(&set, &moment), Err(Refusal::HistoryChanged));
    // An account that is an admin no longer.
    let not_admin = UndoActor { admin: false, ..command };
    assert_eq!(not_admin.decide(&story.known(), &moment), Err(Refusal::HistoryChanged));
}

#[test]
fn what_is_undone_at_once_is_bounded() {
    let story = |n: usize| {
        let accounts = (0..n).map(|n| AccountId(Uuid::from_u128(0x1000 + n as u128)));
        let before = accounts
            .clone()
            .fold(Story::default(), |story, account| story.by(Actor::Operator, registered(account)));
        accounts.fold(before.since_now(), |story, account| story.by(by(ANN), trusted(account)))
    };
    let decide = |n| {
        let story = story(n);
        let moment = Moment { now: hour(20_000), actor: Actor::Operator };
        story.command(Who::Account(ANN)).decide(&story.known(), &moment)
    };
    assert_eq!(decide(UNDO_EVENTS_MAX).map(|facts| facts.len()), Ok(UNDO_EVENTS_MAX));
    let message = "more than 5000 things would be undone; choose a later time first";
    assert_eq!(decide(UNDO_EVENTS_MAX + 1), Err(Refusal::invalid("since", message)));
}
