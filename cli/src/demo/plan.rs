//! Who does what when, over four years: worked out beforehand, so that it can be done in the order of time.

use super::catalogue::{Idea, ideas};
use super::chance::Chance;
use super::lives::Lives;
use super::package::Look;
use super::people::{Somebody, people};
use super::{icon, texts};
use chrono::{DateTime, TimeDelta, Utc};

/// How long the community has been there, in minutes.
pub(super) const END: i64 = 1461 * DAY;

/// A day, in minutes.
pub(super) const DAY: i64 = 1440;

/// A version as its author uploads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Release {
    pub(super) plugin: usize,
    pub(super) number: String,
    /// The plugin's name in this version.
    pub(super) name: String,
    pub(super) qgis_min: &'static str,
    pub(super) qgis_max: Option<&'static str>,
    pub(super) experimental: bool,
    /// The changelog.
    pub(super) notes: String,
}

/// One deed. People and plugins are numbers: their places in the lists of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// Staff need no second factor here, so that a visitor of the demo can be one of them.
    Open,
    Join(usize),
    Confirm(usize),
    Staff(usize),
    Admin(usize),
    Trust {
        by: usize,
        who: usize,
    },
    Block {
        by: usize,
        who: usize,
        reason: &'static str,
    },
    Qgis {
        latest: &'static str,
        ltr: &'static str,
    },
    Upload {
        by: usize,
        release: Box<Release>,
    },
    /// With the plugin's newest token.
    UploadByToken(Box<Release>),
    Approve {
        by: usize,
        plugin: usize,
        number: String,
    },
    Refuse {
        by: usize,
        plugin: usize,
        number: String,
        reason: &'static str,
    },
    Yank {
        by: usize,
        plugin: usize,
        number: String,
        reason: &'static str,
    },
    Pin {
        by: usize,
        plugin: usize,
        number: String,
    },
    Feature {
        by: usize,
        plugin: usize,
        featured: bool,
    },
    Deprecate {
        by: usize,
        plugin: usize,
        successor: Option<usize>,
        reason: &'static str,
    },
    Mark {
        by: usize,
        plugin: usize,
        reason: &'static str,
    },
    Bury {
        plugin: usize,
    },
    AllowRenaming {
        by: usize,
        plugin: usize,
    },
    Tag {
        by: usize,
        plugin: usize,
        tag: &'static str,
    },
    Invite {
        by: usize,
        plugin: usize,
        who: usize,
    },
    Accept {
        who: usize,
        plugin: usize,
    },
    FormTeam {
        by: usize,
        team: &'static str,
        members: Vec<usize>,
    },
    AddTeam {
        by: usize,
        team: &'static str,
        plugin: usize,
    },
    Token {
        by: usize,
        plugin: usize,
        note: &'static str,
    },
    Publisher {
        by: usize,
        plugin: usize,
    },
    Vote {
        plugin: usize,
        score: u8,
        key: [u8; 32],
    },
}

/// All of it.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) ideas: Vec<Idea>,
    pub(super) people: Vec<Somebody>,
    pub(super) looks: Vec<Look>,
    /// How much each plugin is wanted.
    pub(super) weights: Vec<f64>,
    /// In the order of time.
    pub(super) steps: Vec<(DateTime<Utc>, Act)>,
    /// When it begins and ends.
    pub(super) span: (DateTime<Utc>, DateTime<Utc>),
}

impl Plan {
    /// The plan of a community that has come to `now`. The same seed and time give the same plan.
    pub(super) fn new(seed: u64, now: DateTime<Utc>) -> Self {
        let (ideas, people) = (ideas(), people());
        let mut lives = Lives::new(seed, now, &ideas, &people);
        lives.tell();
        let looks = ideas.iter().zip(&lives.owners).map(|(idea, owner)| look(seed, idea, &people[*owner]));
        let looks = looks.collect();
        let weights = (0_u32..).zip(&ideas).map(|(rank, idea)| {
            let luck = 0.4 + 1.2 * Chance::of(seed, &format!("{} wanted", idea.package)).fraction();
            let given_up = if idea.deprecated { 0.2 } else { 1.0 };
            luck * given_up / (f64::from(rank) + 3.0).powf(0.8)
        });
        let weights = weights.collect();
        let mut steps = lives.steps;
        steps.sort_by_key(|(at, _)| *at);
        let begin = now - TimeDelta::minutes(END);
        let steps = steps.into_iter().map(|(at, act)| (begin + TimeDelta::minutes(at), act)).collect();
        Self { ideas, people, looks, weights, steps, span: (begin, now) }
    }
}

fn look(seed: u64, idea: &Idea, owner: &Somebody) -> Look {
    let mut chance = Chance::of(seed, &idea.package);
    Look {
        about: texts::about(idea, &mut chance),
        icon: (!chance.percent(6)).then(|| icon::draw(&idea.theme, &mut chance)),
        author: owner.full_name.clone(),
        email: owner.email(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn at(time: &str) -> Plan {
        Plan::new(7, time.parse().unwrap())
    }

    #[test]
    fn the_same_seed_and_time_give_the_same_plan() {
        let (one, two) = (at("2026-02-03T10:00:00Z"), at("2026-02-03T10:00:00Z"));
        assert_eq!(one.steps, two.steps);
        assert_ne!(one.steps, Plan::new(8, "2026-02-03T10:00:00Z".parse().unwrap()).steps);
    }

    #[test]
    fn nothing_happens_before_the_beginning_or_after_now() {
        for time in ["2024-02-29T23:59:00Z", "2026-11-20T08:00:00Z", "2031-01-01T00:00:00Z"] {
            let plan = at(time);
            assert!(plan.steps.iter().all(|(at, _)| (plan.span.0..=plan.span.1).contains(at)));
            let uploads = plan.steps.iter().filter(|(_, act)| matches!(act, Act::Upload { .. })).count();
            assert!((500..1_500).contains(&uploads), "{uploads} uploads");
        }
    }

    #[test]
    fn no_number_is_used_twice() {
        let plan = at("2026-11-20T08:00:00Z");
        let mut seen = BTreeSet::new();
        for (_, act) in &plan.steps {
            if let Act::Upload { release, .. } | Act::UploadByToken(release) = act {
                assert!(seen.insert((release.plugin, release.number.clone())), "{release:?}");
            }
        }
    }
}
