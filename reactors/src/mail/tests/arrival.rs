//! That each letter arrives once: servers that die, processes that die, nodes beside each other.

use super::super::outbox::{self, CLAIM};
use super::super::reader::LETTER_AGE_MAX;
use super::super::sender::Turn;
use super::{letters, mail, server, settings, told};
use crate::Reactors;
use crate::testing::{ANN, Node, noon};
use cairn_commands::link::{Link, LinkSort, Links};
use cairn_domain::event::{EmailConfirmationAsked, EmailConfirmed, PasswordChanged, TrustGranted};
use cairn_domain::ids::{AccountId, ChallengeId};
use cairn_outside::testing::{Received, SmtpServer};
use cairn_store::both;
use chrono::TimeDelta;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

fn asked(number: u128) -> EmailConfirmationAsked {
    EmailConfirmationAsked {
        account: ANN,
        challenge: ChallengeId(Uuid::from_u128(number)),
        expires_at: noon() + TimeDelta::days(2),
    }
}

/// So many people, each of whom is to be told something.
async fn people_to_write_to(node: &Node, count: u128) {
    for number in 1..=count {
        let account = AccountId(Uuid::from_u128(number));
        node.person(account, &format!("person{number}")).await;
        node.to(account, TrustGranted { account, reason: None }).await;
    }
}

/// Asserts that each of so many people has one mail.
#[track_caller]
fn each_has_one(mails: &[Received], count: u128) {
    let recipients: BTreeSet<String> = mails.iter().map(|mail| mail.recipients.join(",")).collect();
    let expected: BTreeSet<String> =
        (1..=count).map(|number| format!("person{number}@example.org")).collect();
    assert_eq!(recipients, expected);
    assert_eq!(mails.len(), recipients.len(), "nobody has two");
}

both!(a_letter_brings_a_link_that_is_good, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    let mut letters = letters(&node, &server).await;
    node.person(ANN, "ann").await;
    let event = node.to(ANN, asked(1)).await;
    letters.work().await;
    let mails = server.mails();
    assert_eq!(told(&mails), [mail("ann", "Confirm your address")]);
    let id = format!("<{event}.{}@plugins.example.org>", ANN.0.simple());
    assert_eq!(mails[0].header("Message-ID"), Some(id.as_str()));
    let (text, html) = (mails[0].text.clone().unwrap(), mails[0].html.clone().unwrap());
    let link =
        text.lines().find_map(|line| line.strip_prefix("https://plugins.example.org/account/confirm/"));
    let link = link.expect("the link is on a line of its own").trim();
    assert!(html.contains(link), "{html}");
    let links = Links::open(&node.tools.db, &*node.tools.clock, &node.tools.ids).await.unwrap();
    let read = links.read(LinkSort::ConfirmEmail, link);
    assert_eq!(read, Ok(Link::ConfirmEmail { account: ANN, challenge: ChallengeId(Uuid::from_u128(1)) }));
});

both!(a_link_that_was_used_before_its_letter_left_is_not_sent, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    let mut letters = letters(&node, &server).await;
    node.person(ANN, "ann").await;
    node.to(ANN, asked(1)).await;
    letters.read().await;
    node.to(ANN, EmailConfirmed { account: ANN }).await;
    letters.work().await;
    assert_eq!(server.mails(), []);
});

both!(what_happened_before_mail_was_set_up_is_never_mailed, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    people_to_write_to(&node, 3).await;
    let mut first = letters(&node, &server).await;
    first.work().await;
    assert_eq!(server.mails(), []);
    node.person(ANN, "ann").await;
    node.to(ANN, PasswordChanged { account: ANN }).await;
    // Another start begins nowhere else.
    drop(first);
    node.later(TimeDelta::minutes(1));
    letters(&node, &server).await.work().await;
    assert_eq!(told(&server.mails()), [mail("ann", "Your password was changed")]);
});

both!(news_that_are_a_week_old_are_none, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    let mut letters = letters(&node, &server).await;
    people_to_write_to(&node, 1).await;
    letters.read().await;
    node.later(LETTER_AGE_MAX + TimeDelta::microseconds(1));
    letters.send().await;
    assert_eq!((server.mails(), outbox::waiting(&node.tools.db).await.unwrap()), (vec![], 0));
    let account = AccountId(Uuid::from_u128(1));
    node.to(account, PasswordChanged { account }).await;
    node.later(LETTER_AGE_MAX);
    letters.work().await;
    assert_eq!(server.mails().len(), 1, "at the edge it is still sent");
});

both!(each_letter_arrives_once_though_the_server_dies_in_the_middle, |t| {
    let Some(mut server) = server() else { return };
    let node = Node::on(&t);
    let mut letters = letters(&node, &server).await;
    people_to_write_to(&node, 8).await;
    letters.read().await;
    for _ in 0..3 {
        assert_eq!(letters.sender.turn().await, Turn::Done);
    }
    server.kill();
    let Turn::Pause(first) = letters.sender.turn().await else { panic!("nobody takes mail") };
    let Turn::Pause(second) = letters.sender.turn().await else { panic!("nobody takes mail") };
    assert!(second > first, "the pause grows");
    assert_eq!(outbox::waiting(&node.tools.db).await.unwrap(), 5, "no letter is given up");
    server.restart();
    letters.send().await;
    each_has_one(&server.mails(), 8);
});

both!(a_process_that_dies_before_it_noted_a_mail_repeats_it_with_the_same_message_id, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    let mut dying = letters(&node, &server).await;
    people_to_write_to(&node, 2).await;
    dying.read().await;
    server.hold();
    let tracker = TaskTracker::new();
    let sending = tracker.spawn(async move { dying.sender.turn().await });
    tokio::task::block_in_place(|| server.wait_until_held());
    // The server has all of it, and the process is gone before it hears so.
    sending.abort();
    assert!(sending.await.unwrap_err().is_cancelled());
    server.release();

    let mut letters = letters(&node, &server).await;
    letters.work().await;
    node.later(CLAIM);
    letters.work().await;
    let mails = server.mails();
    let ids: BTreeSet<_> = mails.iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    assert_eq!(ids.len(), 2, "both letters arrived");
    assert!((2..=3).contains(&mails.len()), "and at most one of them twice: {}", mails.len());
    assert_eq!(outbox::waiting(&node.tools.db).await.unwrap(), 0);
});

both!(an_address_that_does_not_exist_is_given_up_and_one_that_is_put_off_is_tried_again, |t| {
    let Some(server) = server() else { return };
    let node = Node::on(&t);
    let mut letters = letters(&node, &server).await;
    let people = [(1, "refused"), (2, "later"), (3, "person")];
    for (number, name) in people {
        let account = AccountId(Uuid::from_u128(number));
        node.person(account, name).await;
        node.to(account, PasswordChanged { account }).await;
    }
    letters.work().await;
    assert_eq!(
        told(&server.mails()),
        [mail("person", "Your password was changed")],
        "nobody waits for others"
    );
    assert_eq!(outbox::waiting(&node.tools.db).await.unwrap(), 1, "one was given up, one waits");
    node.later(TimeDelta::seconds(29));
    assert_eq!(letters.sender.turn().await, Turn::Idle);
    node.later(TimeDelta::seconds(1));
    assert_eq!(letters.sender.turn().await, Turn::Done, "it was tried again");
    node.later(TimeDelta::seconds(59));
    assert_eq!(letters.sender.turn().await, Turn::Idle, "and waits longer now");
});

both!(two_nodes_send_each_letter_once, |t| {
    let Some(server) = server() else { return };
    let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
    let node = Node::on(&t);
    for _ in 0..2 {
        let node = Node::on(&t);
        node.tools.registry.follow(&tracker, cancel.clone());
        let reactors = Reactors { commands: node.commands, tools: node.tools };
        let settings = crate::Settings { mail: Some(settings(&server)), ..crate::Settings::default() };
        reactors.start(settings, &tracker, &cancel).await.unwrap();
    }
    people_to_write_to(&node, 30).await;
    wait_for(&server, 30).await;
    cancel.cancel();
    tracker.close();
    tracker.wait().await;
    each_has_one(&server.mails(), 30);
    assert_eq!(outbox::waiting(&node.tools.db).await.unwrap(), 0);
});

async fn wait_for(server: &SmtpServer, count: usize) {
    let begun = Instant::now();
    while server.mails().len() < count {
        assert!(begun.elapsed() < Duration::from_mins(1), "only {} mails came", server.mails().len());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
