//! What happens to plugins and between people, beside the versions.

use super::lives::{ADA, DELETED, GRACE, Lives};
use super::plan::{Act, DAY, END};
use super::texts;

/// What staff recommend, from when on, and until when.
const FEATURED: [(&str, i64, Option<i64>); 10] = [
    ("contour_loom", 300, None),
    ("snap_sentinel", 420, None),
    ("quick_basemaps", 200, Some(900)),
    ("rain_gauge", 1_100, None),
    ("fieldbook", 1_150, None),
    ("walkshed", 1_200, None),
    ("colour_kitchen", 1_240, None),
    ("tile_packer", 700, Some(1_200)),
    ("lidar_lens", 1_300, None),
    ("postgis_doctor", 1_320, None),
];

/// Teams: who begins them by beginning which plugin, and what else they own.
const TEAMS: [(&str, &str); 4] = [
    ("terrain-tools", "relief_studio"),
    ("town-hall", "parcel_painter"),
    ("open-water", "water_walks"),
    ("map-makers", "label_gardener"),
];

impl Lives<'_> {
    /// Recommended, pinned, yanked, given up, deleted.
    pub(super) fn tell_of_plugins(&mut self) {
        for (package, from, until) in FEATURED {
            let plugin = self.plugin(package);
            let from = (from * DAY).max(self.public[plugin][0].0 + DAY);
            self.push(from, Act::Feature { by: GRACE, plugin, featured: true });
            if let Some(until) = until {
                self.push(until * DAY, Act::Feature { by: GRACE, plugin, featured: false });
            }
        }
        for plugin in 0..self.ideas.len() {
            self.tell_of_versions(plugin);
        }
        for (package, at, by_staff, reason) in DELETED {
            let plugin = self.plugin(package);
            let by = if by_staff { GRACE } else { self.owners[plugin] };
            self.push(at, Act::Mark { by, plugin, reason });
            if at < END - 60 * DAY {
                self.push(at + 30 * DAY, Act::Bury { plugin });
            }
        }
        let given_up = [
            ("legacy_georef", Some("old_maps"), "Old Maps does all of it, and many sheets at once."),
            ("old_tiles", Some("quick_basemaps"), "Most of these services are gone."),
            ("geojson_quickie", None, "QGIS opens GeoJSON from the clipboard by itself."),
        ];
        for (days, (package, successor, reason)) in (1..).zip(given_up) {
            let plugin = self.plugin(package);
            let successor = successor.map(|package| self.plugin(package));
            let by = self.owners[plugin];
            self.push(END - days * 17 * DAY, Act::Deprecate { by, plugin, successor, reason });
        }
        let renamed = self.plugin("scene_stitcher");
        self.push(END - 402 * DAY, Act::AllowRenaming { by: self.owners[renamed], plugin: renamed });
        for (package, tag) in
            [("fieldbook", "training"), ("rain_gauge", "open data"), ("site_finder", "course")]
        {
            let plugin = self.plugin(package);
            self.push(END - 90 * DAY, Act::Tag { by: self.owners[plugin], plugin, tag });
        }
        self.tell_of_spam();
    }

    /// Every now and then a version is yanked, and a plugin stays with a version that works.
    fn tell_of_versions(&mut self, plugin: usize) {
        let mut chance = self.chance(plugin, "mishaps");
        let (by, end) = (self.owners[plugin], self.end(plugin));
        let public = self.public[plugin].clone();
        if plugin % 29 == 6 && public.len() > 2 && end == END {
            let (at, number, _) = public[public.len() - 2].clone();
            let reason = *chance.pick(&texts::YANKS);
            self.push((at + 3 * DAY).min(END - 50), Act::Yank { by, plugin, number, reason });
            return;
        }
        let stable: Vec<_> = public.iter().filter(|(.., stable)| *stable).collect();
        if plugin % 37 == 2 && stable.len() > 2 && end == END {
            let (at, number, _) = stable[stable.len() - 2].clone();
            self.push((at + 5 * DAY).min(END - 40), Act::Pin { by, plugin, number });
        }
    }

    /// Somebody who does not want to share, but to sell.
    fn tell_of_spam(&mut self) {
        let plugin = self.plugin("map_booster");
        let who = self.owners[plugin];
        let reason = "This opens a shop when QGIS starts and does nothing else. This repository is not for advertising.";
        for (days, number) in [(39, "1.0"), (38, "1.1")] {
            let release = super::plan::Release {
                plugin,
                number: number.into(),
                name: self.ideas[plugin].name.clone(),
                qgis_min: "3.22",
                qgis_max: None,
                experimental: false,
                notes: "- best\n".into(),
            };
            self.push(END - days * DAY, Act::Upload { by: who, release: Box::new(release) });
            let refused = Act::Refuse { by: GRACE, plugin, number: number.into(), reason };
            self.push(END - days * DAY + 180, refused);
        }
        let reason = "Advertising, uploaded again after it was refused.";
        self.push(END - 38 * DAY + 200, Act::Block { by: GRACE, who, reason });
    }

    /// Owners, teams, tokens.
    pub(super) fn tell_of_owners(&mut self) {
        for plugin in (0..self.ideas.len()).filter(|plugin| plugin % 11 == 3) {
            let mut chance = self.chance(plugin, "owners");
            let at = self.births[plugin] + chance.between(40 * DAY, 200 * DAY);
            let (by, who) = (self.owners[plugin], self.somebody_else(plugin, at, &mut chance));
            if at < self.end(plugin).min(END - 20 * DAY) - 10 * DAY {
                self.push(at, Act::Invite { by, plugin, who });
                self.push(at + chance.between(60, 5 * DAY), Act::Accept { who, plugin });
            }
        }
        let open = [
            ("contour_loom", None, 2),
            ("snap_sentinel", Some(ADA), 3),
            ("fieldbook", None, 6),
            ("tile_packer", None, 9),
        ];
        for (package, who, days) in open {
            let plugin = self.plugin(package);
            let at = END - days * DAY;
            let mut chance = self.chance(plugin, "open invitation");
            let who = who.unwrap_or_else(|| self.somebody_else(plugin, at, &mut chance));
            self.push(at, Act::Invite { by: self.owners[plugin], plugin, who });
        }
        for (team, package) in TEAMS {
            let plugin = self.plugin(package);
            let mut chance = self.chance(plugin, team);
            let at = (self.births[plugin] + 90 * DAY).max(500 * DAY);
            let by = self.owners[plugin];
            let mut members: Vec<usize> =
                (0..3).map(|_| self.somebody_else(plugin, at, &mut chance)).collect();
            members.dedup();
            self.push(at, Act::FormTeam { by, team, members });
            self.push(at + 30, Act::AddTeam { by, team, plugin });
        }
        for package in
            ["contour_loom", "profile_ranger", "relief_studio", "fieldbook", "tile_packer", "walkshed"]
        {
            let plugin = self.plugin(package);
            let by = self.owners[plugin];
            self.push(END - 130 * DAY, Act::Token { by, plugin, note: "Releases from CI" });
            self.by_token(plugin, END - 129 * DAY);
        }
        let plugin = self.plugin("contour_loom");
        self.push(END - 10 * DAY, Act::Token { by: ADA, plugin, note: "Nightly build on the old server" });
        for package in ["profile_ranger", "graph_route", "cog_maker"] {
            let plugin = self.plugin(package);
            self.push(END - 100 * DAY, Act::Publisher { by: self.owners[plugin], plugin });
        }
    }

    /// From then on, versions come by token.
    fn by_token(&mut self, wanted: usize, since: i64) {
        for (at, act) in &mut self.steps {
            if let Act::Upload { release, .. } = act
                && release.plugin == wanted
                && *at > since
            {
                *act = Act::UploadByToken(release.clone());
            }
        }
    }

    fn somebody_else(&self, plugin: usize, at: i64, chance: &mut super::chance::Chance) -> usize {
        let fits = |who: &usize| {
            *who != self.owners[plugin]
                && self.joined[*who] < at
                && !self.people[*who].is("blocked")
                && *who > ADA
        };
        let there: Vec<usize> = (0..self.people.len()).filter(fits).collect();
        *chance.pick(&there)
    }

    /// What people think of plugins.
    pub(super) fn tell_of_voters(&mut self) {
        for plugin in 0..self.ideas.len() {
            let Some((first, ..)) = self.public[plugin].first().cloned() else { continue };
            let mut chance = self.chance(plugin, "votes");
            let liked = [1.0, 1.0, 2.0, 4.0, 5.0].map(|weight| weight * (0.3 + chance.fraction()));
            let most = if plugin < 30 { 14 } else { 4 };
            let (from, until) = (first + DAY, self.end(plugin) - 60);
            if until <= from {
                continue;
            }
            for _ in 0..chance.below(most) {
                let at = chance.between(from, until);
                let score = u8::try_from(1 + chance.weighted(&liked)).expect("at most five");
                self.push(at, Act::Vote { plugin, score, key: chance.bytes() });
            }
        }
    }
}
