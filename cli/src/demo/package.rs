//! The zip of a made-up version.

use super::catalogue::Idea;
use super::plan::Release;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

/// What is the same in all versions of a plugin.
#[derive(Debug, Clone)]
pub(super) struct Look {
    /// The long text.
    pub(super) about: String,
    /// The icon; some have none.
    pub(super) icon: Option<Vec<u8>>,
    /// The author line.
    pub(super) author: String,
    /// The author's address.
    pub(super) email: String,
}

/// The package of this release. The same release gives the same bytes.
pub(super) fn build(idea: &Idea, look: &Look, release: &Release) -> Vec<u8> {
    let folder = &idea.package;
    let mut files = vec![
        ("metadata.txt", metadata(idea, look, release).into_bytes()),
        ("__init__.py", INIT.replace("{name}", &release.name).into_bytes()),
        ("plugin.py", PLUGIN.replace("{name}", &release.name).into_bytes()),
        ("LICENSE", licence(package_number(folder)).into()),
        ("README.md", format!("# {}\n\n{}.\n", release.name, idea.description).into_bytes()),
        ("i18n/README.md", b"Translations are made with Qt Linguist.\n".to_vec()),
    ];
    if idea.processing {
        files.push(("processing/provider.py", PROVIDER.replace("{name}", &release.name).into_bytes()));
        files.push(("processing/__init__.py", Vec::new()));
    }
    if let Some(icon) = &look.icon {
        files.push(("icon.png", icon.clone()));
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        SimpleFileOptions::default().last_modified_time(DateTime::default()).unix_permissions(0o644);
    for (name, bytes) in files {
        zip.start_file(format!("{folder}/{name}"), options).expect("memory takes every file");
        zip.write_all(&bytes).expect("memory takes every byte");
    }
    zip.finish().expect("memory takes the directory").into_inner()
}

fn metadata(idea: &Idea, look: &Look, release: &Release) -> String {
    let package = &idea.package;
    let yes = |is: bool| if is { "True" } else { "False" }.to_owned();
    let mut keys = vec![
        ("name", release.name.clone()),
        ("description", idea.description.clone()),
        ("version", release.number.clone()),
        ("qgisMinimumVersion", release.qgis_min.to_owned()),
        ("author", look.author.clone()),
        ("email", look.email.clone()),
        ("about", look.about.clone()),
        ("tracker", format!("https://example.org/{package}/issues")),
        ("repository", format!("https://example.org/{package}/source")),
        ("homepage", format!("https://example.org/{package}")),
        ("tags", idea.tags.clone()),
        ("category", idea.category().to_owned()),
        ("hasProcessingProvider", yes(idea.processing)),
        ("server", yes(idea.server)),
        ("experimental", yes(release.experimental)),
        ("changelog", release.notes.clone()),
    ];
    if let Some(max) = release.qgis_max {
        keys.push(("qgisMaximumVersion", max.to_owned()));
    }
    if look.icon.is_some() {
        keys.push(("icon", "icon.png".to_owned()));
    }
    // Some authors still write what QGIS does not read any more, and are told so.
    if package.len().is_multiple_of(4) {
        keys.push(("supportsQt6", "True".to_owned()));
    }
    let mut text = String::from("[general]\n");
    for (key, value) in keys {
        text.extend([key, "=", &value.trim_end().replace('\n', "\n    "), "\n"]);
    }
    text
}

/// What an author in the demo puts into `LICENSE`; most of them what QGIS itself is under.
fn licence(plugin: u32) -> &'static str {
    match plugin % 16 {
        0..=6 => GPL_2_OR_LATER,
        7..=10 => GPL_3,
        11 | 12 => MIT,
        13 => "SPDX-License-Identifier: EUPL-1.2\n",
        14 => "SPDX-License-Identifier: Apache-2.0\n",
        _ => "Ask the author.\n",
    }
}

/// The same for all versions of a plugin, and any for each plugin.
fn package_number(package: &str) -> u32 {
    package.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) >> 3
}

const INIT: &str = r#""""{name}."""


def classFactory(iface):
    from .plugin import Plugin

    return Plugin(iface)
"#;

const PLUGIN: &str = r#"from qgis.PyQt.QtWidgets import QAction


class Plugin:
    def __init__(self, iface):
        self.iface = iface
        self.action = None

    def initGui(self):
        self.action = QAction("{name}", self.iface.mainWindow())
        self.action.triggered.connect(self.run)
        self.iface.addPluginToMenu("{name}", self.action)

    def unload(self):
        self.iface.removePluginMenu("{name}", self.action)

    def run(self):
        self.iface.messageBar().pushMessage("{name}", "This is a plugin of the demo.")
"#;

const PROVIDER: &str = r#"from qgis.core import QgsProcessingProvider


class Provider(QgsProcessingProvider):
    def id(self):
        return "{name}".lower().replace(" ", "_")

    def name(self):
        return "{name}"

    def loadAlgorithms(self):
        pass
"#;

const GPL_2_OR_LATER: &str = "This plugin of the demo may be used under the GNU General Public License, version 2 or later.\n\
    https://www.gnu.org/licenses/old-licenses/gpl-2.0.html\n";

const GPL_3: &str = "                    GNU GENERAL PUBLIC LICENSE\n                       Version 3, 29 June 2007\n\n\
    The whole text is at https://www.gnu.org/licenses/gpl-3.0.html\n";

const MIT: &str = "MIT License\n\nThe whole text is at https://spdx.org/licenses/MIT.html\n";

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_domain::license::License;
    use std::collections::BTreeSet;

    #[test]
    fn the_demo_has_licences_of_several_kinds_and_one_that_nobody_knows() {
        let packages = super::super::catalogue::ideas().into_iter().map(|idea| idea.package);
        let files: BTreeSet<&str> = packages.map(|package| licence(package_number(&package))).collect();
        let told = |file: &&str| License::of_file(file.as_bytes()).map(String::from);
        let known: BTreeSet<String> = files.iter().filter_map(told).collect();
        let expected = ["Apache-2.0", "EUPL-1.2", "GPL-2.0-or-later", "GPL-3.0", "MIT"].map(String::from);
        assert_eq!((files.len(), known), (6, BTreeSet::from(expected)));
    }
}
