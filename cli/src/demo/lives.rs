//! The lives of made-up plugins and people, in minutes after the beginning.

use super::catalogue::Idea;
use super::chance::Chance;
use super::people::Somebody;
use super::plan::{Act, DAY, END, Release};
use super::{releases, texts};
use chrono::{DateTime, TimeDelta, Utc};

/// The two people that a visitor of the demo can be; they come first of all.
pub(super) const GRACE: usize = 0;
pub(super) const ADA: usize = 1;

/// What Ada writes.
const ADAS: [&str; 8] = [
    "contour_loom",
    "profile_ranger",
    "relief_studio",
    "sheet_index",
    "reshape_live",
    "viewpoint",
    "legacy_georef",
    "xyz_cache",
];

/// When an early plugin got another name, and which it had before.
const RENAMED: (&str, &str, i64) = ("scene_stitcher", "Mosaic Helper", END - 400 * DAY);

/// Plugins that are deleted: when, by staff or by their owner, and why.
pub(super) const DELETED: [(&str, i64, bool, &str); 3] = [
    ("poll_map", END - 240 * DAY, false, "The service that it read is gone."),
    ("crowd_votes", END - 12 * DAY, true, "Its author asks for it: the portal behind it closes this month."),
    ("xyz_cache", END - 5 * DAY, false, "Has become a part of Quick Basemaps."),
];

/// What is worked out so far.
#[derive(Debug)]
pub(super) struct Lives<'a> {
    pub(super) seed: u64,
    now: DateTime<Utc>,
    pub(super) ideas: &'a [Idea],
    pub(super) people: &'a [Somebody],
    /// When each person came, and when they were trusted.
    pub(super) joined: Vec<i64>,
    trusted: Vec<Option<i64>>,
    /// Who began each plugin, and when.
    pub(super) owners: Vec<usize>,
    pub(super) births: Vec<i64>,
    /// The public versions of each plugin: when, which, and whether it is stable.
    pub(super) public: Vec<Vec<(i64, String, bool)>>,
    pub(super) steps: Vec<(i64, Act)>,
}

/// Where a plugin's numbers have come to.
struct Number {
    parts: [i64; 3],
    short: bool,
}

impl Number {
    fn first(chance: &mut Chance) -> Self {
        let parts = *chance.pick(&[[0, 1, 0], [0, 9, 0], [1, 0, 0], [1, 0, 0]]);
        Self { parts, short: chance.percent(30) }
    }

    fn next(&mut self, chance: &mut Chance) {
        let [major, minor, patch] = &mut self.parts;
        match chance.below(100) {
            0..8 => (*major, *minor, *patch) = (*major + 1, 0, 0),
            8..50 => (*minor, *patch) = (*minor + 1, 0),
            _ if self.short => *minor += 1,
            _ => *patch += 1,
        }
    }

    fn mended(&mut self) {
        if self.short {
            self.parts[1] += 1;
        } else {
            self.parts[2] += 1;
        }
    }

    fn text(&self) -> String {
        let [major, minor, patch] = self.parts;
        if self.short { format!("{major}.{minor}") } else { format!("{major}.{minor}.{patch}") }
    }
}

impl<'a> Lives<'a> {
    pub(super) fn new(seed: u64, now: DateTime<Utc>, ideas: &'a [Idea], people: &'a [Somebody]) -> Self {
        let mut chance = Chance::of(seed, "lives");
        let late = i64::try_from(people.len() - 14).expect("there are more than the founders");
        let joined: Vec<i64> = (0_i64..)
            .zip(people)
            .map(|(at, somebody)| match at {
                _ if somebody.is("blocked") => END - 40 * DAY,
                0..14 => 10 + at * 300,
                _ => (END - 30 * DAY) / late * (at - 14) + chance.between(5 * DAY, 25 * DAY),
            })
            .collect();
        let trusted = people.iter().zip(&joined).map(|(somebody, joined)| {
            somebody.is("trusted").then(|| joined + chance.between(60 * DAY, 300 * DAY))
        });
        let trusted = trusted.collect();
        let births: Vec<i64> =
            ideas.iter().enumerate().map(|(at, idea)| birth(at, idea, &mut chance)).collect();
        let mut lives = Self {
            seed,
            now,
            ideas,
            people,
            joined,
            trusted,
            owners: Vec::new(),
            births,
            public: vec![Vec::new(); ideas.len()],
            steps: Vec::new(),
        };
        lives.owners = (0..ideas.len()).map(|plugin| lives.owner(plugin, &mut chance)).collect();
        lives
    }

    /// The place of a plugin.
    pub(super) fn plugin(&self, package: &str) -> usize {
        let found = self.ideas.iter().position(|idea| idea.package == package);
        found.expect("plugins that are named here are in plugins.txt")
    }

    pub(super) fn push(&mut self, at: i64, act: Act) {
        self.steps.push((at, act));
    }

    /// Chance for what is about one plugin.
    pub(super) fn chance(&self, plugin: usize, what: &str) -> Chance {
        Chance::of(self.seed, &format!("{} {what}", self.ideas[plugin].package))
    }

    /// When a plugin ends, if it does.
    pub(super) fn end(&self, plugin: usize) -> i64 {
        let package = &self.ideas[plugin].package;
        let deleted = DELETED.iter().find(|(name, ..)| name == package);
        match deleted {
            Some((_, at, ..)) => at - DAY,
            None if self.ideas[plugin].deprecated => 500 * DAY,
            None => END,
        }
    }

    fn owner(&self, plugin: usize, chance: &mut Chance) -> usize {
        let idea = &self.ideas[plugin];
        if idea.spam {
            let blocked = self.people.iter().position(|somebody| somebody.is("blocked"));
            return blocked.expect("somebody in people.txt is blocked");
        }
        if ADAS.contains(&idea.package.as_str()) {
            return ADA;
        }
        let there = (0_u32..).zip(&self.joined).zip(self.people).map(|((at, joined), somebody)| {
            let may = *joined < self.births[plugin] - DAY && at != 1 && !somebody.is("blocked");
            let weight = if somebody.is("staff") { 0.3 } else { 1.0 };
            if may { weight / (f64::from(at) + 4.0).sqrt() } else { 0.0 }
        });
        chance.weighted(&there.collect::<Vec<_>>())
    }

    /// Tells everything.
    pub(super) fn tell(&mut self) {
        self.push(5, Act::Open);
        for (who, at) in self.joined.clone().into_iter().enumerate() {
            self.push(at, Act::Join(who));
            if at < END - 20 * DAY && !self.people[who].is("blocked") {
                self.push(at + 12, Act::Confirm(who));
            }
            if self.people[who].is("staff") {
                let since = at + 20 + i64::try_from(who).expect("few") * 150 * DAY;
                self.push(since, Act::Staff(who));
            }
            if self.people[who].is("admin") {
                self.push(at + 25, Act::Admin(who));
            }
            if let Some(at) = self.trusted[who] {
                self.push(at, Act::Trust { by: GRACE, who });
            }
        }
        let begin = self.now - TimeDelta::minutes(END);
        for release in releases::until(self.now) {
            let at = (release.at - begin).num_minutes().max(30);
            self.push(at, Act::Qgis { latest: release.latest, ltr: release.ltr });
        }
        for plugin in 0..self.ideas.len() {
            if !self.ideas[plugin].spam {
                self.versions(plugin);
            }
        }
        self.tell_of_plugins();
        self.tell_of_owners();
        self.tell_of_voters();
    }

    /// All versions of a plugin, and what staff made of them.
    fn versions(&mut self, plugin: usize) {
        let mut chance = self.chance(plugin, "versions");
        let mut number = Number::first(&mut chance);
        let (low, high) = if plugin < 45 { (70, 150) } else { (150, 420) };
        let gap = chance.between(low * DAY, high * DAY);
        let mut notes: Vec<String> = Vec::new();
        let (mut at, end) = (self.births[plugin], self.end(plugin));
        while at < end && notes.len() < 14 {
            let settled = self.version(plugin, (at, false), &mut number, &mut notes, &mut chance);
            at = settled + gap / 2 + chance.between(0, gap);
            number.next(&mut chance);
        }
        // A few wait for review; those of trusted authors never do.
        let waits = plugin % 19 == 4 || self.ideas[plugin].package == ADAS[0];
        if waits && end == END && self.births[plugin] < END - 60 * DAY {
            let last = END - chance.between(90, 6 * DAY);
            number.next(&mut chance);
            self.version(plugin, (last, true), &mut number, &mut notes, &mut chance);
        }
    }

    /// One version, again if it is refused. Answers when that was settled. It comes at a time, and may wait for review still.
    fn version(
        &mut self,
        plugin: usize,
        (mut at, waits): (i64, bool),
        number: &mut Number,
        notes: &mut Vec<String>,
        chance: &mut Chance,
    ) -> i64 {
        let owner = self.owners[plugin];
        let changes = texts::changes(notes.is_empty(), chance);
        let experimental = self.ideas[plugin].experimental || (!notes.is_empty() && chance.percent(9));
        loop {
            let date = (self.now - TimeDelta::minutes(END - at)).date_naive();
            let text = number.text();
            let mut told = notes.clone();
            told.insert(0, format!("{text} — {date}\n{changes}"));
            let release = self.release(
                plugin,
                at,
                text.clone(),
                told[..told.len().min(4)].join("\n"),
                experimental,
                chance,
            );
            self.push(at, Act::Upload { by: owner, release: Box::new(release) });
            let stable = !experimental;
            if self.trusted[owner].is_some_and(|since| since < at) {
                notes.insert(0, format!("{text} — {date}\n{changes}"));
                self.public[plugin].push((at, text, stable));
                return at;
            }
            let delay =
                if chance.percent(70) { chance.between(40, 2 * DAY) } else { chance.between(DAY, 6 * DAY) };
            let reviewed = at + delay;
            if waits || reviewed > END - 45 {
                return at;
            }
            let by = self.reviewer(reviewed, owner, chance);
            if !chance.percent(5) || self.public[plugin].len() > 12 {
                notes.insert(0, format!("{text} — {date}\n{changes}"));
                self.push(reviewed, Act::Approve { by, plugin, number: text.clone() });
                self.public[plugin].push((reviewed, text, stable));
                return reviewed;
            }
            let reason = *chance.pick(&texts::REFUSALS);
            self.push(reviewed, Act::Refuse { by, plugin, number: text, reason });
            number.mended();
            at = reviewed + chance.between(DAY / 3, 3 * DAY);
            if at > END - 60 {
                return reviewed;
            }
        }
    }

    fn release(
        &self,
        plugin: usize,
        at: i64,
        number: String,
        notes: String,
        experimental: bool,
        chance: &mut Chance,
    ) -> Release {
        let idea = &self.ideas[plugin];
        let time = self.now - TimeDelta::minutes(END - at);
        let (renamed, before, since) = RENAMED;
        let name = if idea.package == renamed && at < since { before } else { &idea.name };
        let known = releases::until(time);
        let back = known[known.len().saturating_sub(1 + chance.below(5))];
        let newest = releases::newest(time);
        let for_qt6 = newest.latest.starts_with('4') || newest.latest == "3.44";
        let qgis_max = match chance.below(10) {
            0..7 if for_qt6 => Some("4.99"),
            0 => Some("3.99"),
            _ => None,
        };
        Release {
            plugin,
            number,
            name: name.to_owned(),
            qgis_min: if experimental { newest.ltr } else { back.ltr },
            qgis_max,
            experimental,
            notes,
        }
    }

    /// Somebody of the staff of that time, who is not the author.
    pub(super) fn reviewer(&self, at: i64, owner: usize, chance: &mut Chance) -> usize {
        let staff = |who: &usize| {
            let since = self.joined[*who] + 21 + i64::try_from(*who).expect("few") * 150 * DAY;
            self.people[*who].is("staff") && since < at && (*who != owner || *who == GRACE)
        };
        let there: Vec<usize> = (0..self.people.len()).filter(staff).collect();
        *chance.pick(&there)
    }
}

/// When a plugin begins. The most useful ones are there early; a few are new.
fn birth(at: usize, idea: &Idea, chance: &mut Chance) -> i64 {
    let days = match at {
        _ if idea.spam => return END - 39 * DAY,
        _ if idea.package == ADAS[0] => 4.0,
        _ if idea.deprecated => 6.0 + 90.0 * chance.fraction(),
        _ if at > 20 && at % 21 == 7 => 1_441.0 + 18.0 * chance.fraction(),
        0..45 => 6.0 + 650.0 * chance.fraction(),
        _ => 10.0 + 1_300.0 * chance.fraction().powf(0.7),
    };
    minutes(days)
}

#[expect(clippy::cast_possible_truncation, reason = "some years of minutes")]
fn minutes(days: f64) -> i64 {
    (days * 1_440.0) as i64
}
