//! Downloads as they would have come: more each year, fewer on Sundays and in summer, many after a release.

use super::chance::Chance;
use super::plan::Plan;
use super::releases::{self, QgisRelease};
use super::stage::Public;
use cairn_domain::download::{Channel, Download, OsClass, QgisRelease as Release};
use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};

/// About how many there are in all.
const WANTED: f64 = 120_000.0;

/// Where people are, and how many of a thousand.
const COUNTRIES: [(&[u8; 2], f64); 24] = [
    (b"DE", 118.0),
    (b"FR", 110.0),
    (b"US", 104.0),
    (b"IT", 82.0),
    (b"BR", 74.0),
    (b"ES", 58.0),
    (b"GB", 54.0),
    (b"IN", 50.0),
    (b"CH", 42.0),
    (b"NL", 38.0),
    (b"PL", 34.0),
    (b"JP", 32.0),
    (b"PT", 28.0),
    (b"AU", 26.0),
    (b"CA", 24.0),
    (b"SE", 22.0),
    (b"MX", 20.0),
    (b"ID", 18.0),
    (b"ZA", 16.0),
    (b"CZ", 16.0),
    (b"NO", 12.0),
    (b"KE", 10.0),
    (b"NZ", 8.0),
    (b"BF", 4.0),
];

/// The versions of a plugin that can be downloaded, oldest first.
struct Shelf<'a> {
    weight: f64,
    versions: Vec<&'a Public>,
}

/// All downloads of the plan's years, in the order of time, a day at a time.
pub(super) struct Downloads<'a> {
    shelves: Vec<Shelf<'a>>,
    known: Vec<QgisRelease>,
    chance: Chance,
    day: DateTime<Utc>,
    begin: DateTime<Utc>,
    end: DateTime<Utc>,
    /// Turns weights into downloads, so that [`WANTED`] come in all.
    scale: f64,
}

impl<'a> Downloads<'a> {
    pub(super) fn new(seed: u64, plan: &Plan, public: &'a [Public]) -> Self {
        let shelf = |(plugin, weight): (usize, &f64)| Shelf {
            weight: *weight,
            versions: public.iter().filter(|version| version.plugin == plugin).collect(),
        };
        let shelves: Vec<Shelf<'_>> = plan.weights.iter().enumerate().map(shelf).collect();
        let (begin, end) = plan.span;
        let mut downloads = Self {
            shelves,
            known: releases::until(end),
            chance: Chance::of(seed, "downloads"),
            day: begin,
            begin,
            end,
            scale: 1.0,
        };
        let days = (end - begin).num_days();
        let all: f64 = (0..days).map(|day| downloads.wanted(begin + TimeDelta::days(day))).sum();
        downloads.scale = WANTED / all;
        downloads
    }

    fn wanted(&self, day: DateTime<Utc>) -> f64 {
        self.shelves.iter().map(|shelf| self.rate(shelf, day)).sum()
    }

    /// How many of a plugin would be downloaded on a day, before chance.
    fn rate(&self, shelf: &Shelf<'_>, day: DateTime<Utc>) -> f64 {
        let Some(newest) = shelf.versions.iter().rev().find(|version| version.since <= day) else {
            return 0.0;
        };
        let days = |from: DateTime<Utc>| (day - from).as_seconds_f64() / 86_400.0;
        let growth = 0.35 + 0.65 * days(self.begin) / 1_461.0;
        let week = match day.weekday() {
            Weekday::Sat => 0.42,
            Weekday::Sun => 0.38,
            Weekday::Mon | Weekday::Fri => 0.95,
            Weekday::Tue | Weekday::Wed | Weekday::Thu => 1.1,
        };
        let season = match day.month() {
            8 => 0.75,
            12 => 0.82,
            3 | 10 | 11 => 1.12,
            _ => 1.0,
        };
        // A release brings those who have the plugin already; they come in a few days.
        let release = 1.0 + 4.0 * (-days(newest.since) / 2.5).exp();
        // A plugin is found little by little.
        let found = 1.0 - 0.8 * (-days(shelf.versions[0].since) / 90.0).exp();
        shelf.weight * growth * week * season * release * found
    }

    fn download(&mut self, shelf: usize, day: DateTime<Utc>) -> Download {
        let at = day + TimeDelta::milliseconds(self.chance.between(0, 86_399_999));
        let chance = &mut self.chance;
        let there: Vec<&&Public> =
            self.shelves[shelf].versions.iter().filter(|version| version.since <= day).collect();
        let stable = there.iter().rev().find(|version| version.stable);
        let version = match chance.below(100) {
            0..86 => stable.or(there.last()),
            86..93 => there.last(),
            _ => Some(chance.pick(&there)),
        };
        let version = version.expect("there is one, or the rate would be nought").version_id;
        let channel = match chance.below(100) {
            0..88 => Channel::Qgis,
            88..93 => Channel::Other,
            93..98 => Channel::PluginManager,
            _ => Channel::Toolbelt,
        };
        let os = match chance.below(100) {
            0..68 => OsClass::Windows,
            68..84 => OsClass::Linux,
            84..97 => OsClass::MacOs,
            _ => OsClass::Unknown,
        };
        let weights: Vec<f64> = COUNTRIES.iter().map(|(_, weight)| *weight).collect();
        let country = (!chance.percent(3)).then(|| *COUNTRIES[chance.weighted(&weights)].0);
        let qgis = matches!(channel, Channel::Qgis).then(|| self.qgis(day));
        Download { version_id: version, at_ms: at.timestamp_millis(), qgis, os, country, channel }
    }

    /// Most have the long-term release, many the newest, and some what they once installed.
    fn qgis(&mut self, day: DateTime<Utc>) -> Release {
        let newest = releases::newest(day);
        let known: Vec<&QgisRelease> = self.known.iter().filter(|release| release.at <= day).collect();
        let weights = known.iter().rev().zip(0_u32..).map(|(release, back)| {
            let settled = if release.latest == newest.latest { 26.0 } else { 9.0 };
            let long = if release.latest == newest.ltr { 48.0 } else { 0.0 };
            settled * 0.72_f64.powi(i32::try_from(back).expect("few")) + long
        });
        let weights: Vec<f64> = weights.collect();
        let at = if weights.is_empty() { 0 } else { self.chance.weighted(&weights) };
        let text = known.iter().rev().nth(at).map_or(newest.latest, |release| release.latest);
        let (major, minor) = text.split_once('.').expect("releases are written so");
        Release { major: major.parse().expect("a number"), minor: minor.parse().expect("a number") }
    }
}

impl Iterator for Downloads<'_> {
    type Item = Vec<Download>;

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundreds a day")]
    fn next(&mut self) -> Option<Vec<Download>> {
        let day = self.day;
        self.day = day + TimeDelta::days(1);
        if self.day > self.end {
            return None;
        }
        let mut downloads = Vec::new();
        for shelf in 0..self.shelves.len() {
            let rate = self.rate(&self.shelves[shelf], day) * self.scale;
            let luck = 0.6 + 0.8 * self.chance.fraction();
            let count = (rate * luck + self.chance.fraction()) as usize;
            for _ in 0..count {
                let download = self.download(shelf, day);
                downloads.push(download);
            }
        }
        downloads.sort_by_key(|download| download.at_ms);
        Some(downloads)
    }
}
