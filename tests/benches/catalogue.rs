//! Catalogues of any size, made from the list of plugins that plugins.qgis.org showed on 4 February 2024 where that is at hand,
//! else from words.

use cairn_domain::account::Origin;
use cairn_domain::event::{
    AccountRegistered, Event, PluginDetailsEdited, PluginNameClaimed, PluginRegistered, Stream,
    UploadedPackage, VersionApproved, VersionUploaded,
};
use cairn_domain::ids::AccountId;
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::plugin::{IconFile, PluginDetails};
use cairn_domain::qgis_version::CompatRange;
use cairn_domain::version_number::VersionNumber;
use serde_json::Value;
use std::path::Path;
use uuid::Uuid;

/// The first QGIS of the first versions, of the second ones …
const QGIS_MIN: [&str; 8] = ["3.0", "3.4", "3.4", "3.10", "3.16", "3.16", "3.22", "3.28"];

/// A plugin as the list tells it.
#[derive(Debug, Clone)]
struct Listed {
    package: String,
    name: String,
    description: String,
    about: String,
    repository: String,
    tags: String,
}

/// A catalogue before it happens.
#[derive(Debug)]
pub(crate) struct Catalogue {
    plugins: Vec<(PackageName, PluginDetails)>,
}

impl Catalogue {
    /// `n` different plugins.
    pub(crate) fn of(n: usize) -> Self {
        let listed = official().unwrap_or_else(made_up);
        let plugins = (0..n).map(|at| plugin(&listed[at % listed.len()], at / listed.len(), at)).collect();
        Self { plugins }
    }

    /// What happened until each plugin had `versions` approved versions: the first version of every plugin, then the second of
    /// every plugin, as releases of different plugins come in any order. Each owner has two plugins.
    pub(crate) fn history(&self, versions: usize) -> Vec<(Stream, Event)> {
        let mut told = Vec::with_capacity(self.plugins.len() * (2 * versions + 4));
        for (at, (package, details)) in self.plugins.iter().enumerate() {
            let owner = AccountId(Uuid::from_u128(0x000a_0000_0000_0000 + (at / 2) as u128));
            if at.is_multiple_of(2) {
                let commitment = Sha256::of(owner.0.as_bytes());
                told.push((
                    Stream::Account(owner),
                    AccountRegistered { account: owner, commitment, origin: Origin::Local }.into(),
                ));
            }
            let registered = PluginRegistered { package: package.clone(), owner };
            told.push((Stream::plugin(package), registered.into()));
            let claimed = PluginNameClaimed { name: details.name.clone(), package: package.clone() };
            told.push((Stream::plugin_name(&details.name), claimed.into()));
            self.release(&mut told, at, 0);
            let edited = PluginDetailsEdited {
                package: package.clone(),
                details: details.clone(),
                from_version: Some(number(0)),
            };
            told.push((Stream::plugin(package), edited.into()));
        }
        for version in 1..versions {
            (0..self.plugins.len()).for_each(|at| self.release(&mut told, at, version));
        }
        told
    }

    /// The package names.
    pub(crate) fn packages(&self) -> Vec<String> {
        self.plugins.iter().map(|(package, _)| package.to_string()).collect()
    }

    /// A further version of the first `n` plugins, for every QGIS 3, that waits; and those plugins' names.
    pub(crate) fn waiting(&self, n: usize) -> (Vec<(Stream, Event)>, Vec<String>) {
        let upload = |at: usize| {
            let (package, _) = &self.plugins[at];
            (Stream::plugin(package), self.uploaded(at, &waiting_number(), "3.0", false).into())
        };
        (
            (0..n).map(upload).collect(),
            self.plugins[..n].iter().map(|(package, _)| package.to_string()).collect(),
        )
    }

    fn release(&self, told: &mut Vec<(Stream, Event)>, at: usize, version: usize) {
        let (package, _) = &self.plugins[at];
        // The newest versions of every fifth plugin are experimental.
        let experimental = at.is_multiple_of(5) && version % 4 == 3;
        let min = QGIS_MIN[(version + at) % QGIS_MIN.len()];
        let uploaded = self.uploaded(at, &number(version), min, experimental);
        let approved = VersionApproved {
            package: package.clone(),
            version: number(version),
            sha256: uploaded.file.sha256,
            base: None,
        };
        told.push((Stream::plugin(package), uploaded.into()));
        told.push((Stream::plugin(package), approved.into()));
    }

    fn uploaded(&self, at: usize, number: &VersionNumber, min: &str, experimental: bool) -> VersionUploaded {
        let (package, details) = &self.plugins[at];
        let changelog = format!("{number}\n- {}\n- Fixes of what users reported.\n", details.description);
        let file = UploadedPackage {
            sha256: Sha256::of(format!("{package} {number}").as_bytes()),
            size_bytes: 100_000,
            experimental,
            qgis: CompatRange::new(min.parse().expect("a QGIS version"), None)
                .expect("it ends after it begins"),
            changelog: Some(changelog.repeat(2)),
            details: details.clone(),
            warnings: Vec::new(),
            license: None,
        };
        VersionUploaded { package: package.clone(), version: number.clone(), file }
    }
}

/// 1.0.0, 1.1.0 …
fn number(version: usize) -> VersionNumber {
    format!("1.{version}.0").parse().expect("a version number")
}

/// Above all others.
fn waiting_number() -> VersionNumber {
    WAITING.parse().expect("a version number")
}

/// The number of the versions that wait.
pub(crate) const WAITING: &str = "9.9.9";

fn plugin(listed: &Listed, round: usize, at: usize) -> (PackageName, PluginDetails) {
    let suffix = if round == 0 { String::new() } else { format!("_copy{round}") };
    let package = format!("{}{suffix}", listed.package).parse();
    let package = package.unwrap_or_else(|_| format!("plugin_{at}").parse().expect("a package name"));
    let name = format!("{}{}", listed.name, suffix.replace('_', " "));
    let name = name.parse().unwrap_or_else(|_| format!("Plugin {at}").parse().expect("a plugin name"));
    let details = PluginDetails {
        name,
        description: listed.description.clone(),
        about: Some(listed.about.clone()),
        homepage: Some(listed.repository.clone()),
        tracker: Some(format!("{}/issues", listed.repository)),
        repository: Some(listed.repository.clone()),
        tags: listed.tags.split(',').filter_map(|tag| tag.trim().parse().ok()).collect(),
        category: at.is_multiple_of(2).then(|| "Plugins".to_owned()),
        plugin_dependencies: None,
        external_dependencies: None,
        server: at.is_multiple_of(40),
        deprecated: at.is_multiple_of(30),
        has_processing_provider: at.is_multiple_of(4),
        icon: Some(IconFile { sha256: Sha256::of(listed.package.as_bytes()), extension: "png".into() }),
    };
    (package, details)
}

/// The list, each package and each name once whatever its capitals.
fn official() -> Option<Vec<Listed>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/corpus/catalogue/official-list-2024-02-04.jsonl");
    let lines = std::fs::read_to_string(path).ok()?;
    let mut seen = std::collections::HashSet::new();
    let mut listed = Vec::new();
    for line in lines.lines() {
        let it: Value = serde_json::from_str(line).ok()?;
        let text = |key: &str| it[key].as_str().unwrap_or_default().to_owned();
        let one = Listed {
            package: text("dirname"),
            name: text("name"),
            description: text("description"),
            about: text("about"),
            repository: text("repository"),
            tags: text("tags"),
        };
        let new = seen.insert(format!("package {}", one.package.to_lowercase()));
        if seen.insert(format!("name {}", one.name.to_lowercase())) && new {
            listed.push(one);
        }
    }
    Some(listed)
}

/// Plugins about as long as real ones.
fn made_up() -> Vec<Listed> {
    let words =
        ["raster", "vector", "lasso", "mesh", "tile", "geocode", "north", "snap", "graph", "point", "height"];
    let word = |at: usize| words[at % words.len()];
    let one = |at: usize| Listed {
        package: format!("{}_{}_{at}", word(at), word(at / 11)),
        name: format!("{} {} {at}", word(at), word(at / 11)),
        description: format!("Makes a {} of every {} in the project", word(at / 3), word(at / 7)),
        about: (0..80 + at % 120).map(|n| word(at + n * n)).collect::<Vec<_>>().join(" "),
        repository: format!("https://example.org/{}/{at}", word(at)),
        tags: format!("{},{},{}", word(at), word(at / 5), word(at / 9)),
    };
    (0..1_200).map(one).collect()
}
