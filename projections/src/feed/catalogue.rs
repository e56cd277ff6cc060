//! The plugins that feeds are made of, in buckets, so that one change touches one bucket.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::chunk::{Counts, Part};
use super::select::{self, Filter, PluginEntries};

/// Plugins whose ids differ in the last five bits only share a bucket. Fewer plugins per bucket compress worse, more cost more per change.
const PLUGINS_PER_BUCKET: u64 = 32;

/// The bucket of a plugin; ids of plugins in a lower bucket are lower.
pub(super) fn bucket_of(plugin_id: u64) -> u64 {
    plugin_id / PLUGINS_PER_BUCKET
}

/// All plugins at one moment. A clone is cheap and stays as it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Catalogue {
    revision: u64,
    buckets: Arc<BTreeMap<u64, Arc<Bucket>>>,
    ids: Arc<HashMap<String, u64>>,
}

/// The plugins of one bucket, by id.
#[derive(Debug, Clone, Default)]
pub(super) struct Bucket {
    /// The revision of the catalogue that changed this bucket last.
    pub(super) revision: u64,
    plugins: BTreeMap<u64, Plugin>,
}

/// Counts stay when a plugin leaves the feeds, for when it comes back.
#[derive(Debug, Clone, Default)]
struct Plugin {
    entries: Option<Arc<PluginEntries>>,
    counts: Counts,
}

impl Catalogue {
    /// Counts the changes; equal revisions mean equal content.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// The buckets from the lowest ids on.
    pub(super) fn buckets(&self) -> impl Iterator<Item = (u64, &Bucket)> {
        self.buckets.iter().map(|(number, bucket)| (*number, &**bucket))
    }

    /// Replaces what the feeds know of a plugin; nothing moves where that is what they know already.
    pub(super) fn put(&mut self, plugin_id: u64, entries: Option<PluginEntries>) {
        let before = self.plugin(plugin_id).and_then(|plugin| plugin.entries.clone());
        if before.as_deref() == entries.as_ref() {
            return;
        }
        let names = [&before.as_deref(), &entries.as_ref()].map(|it| it.map(|it| it.package_name.as_str()));
        if names[0] != names[1] {
            let ids = Arc::make_mut(&mut self.ids);
            if let Some(old) = names[0].filter(|old| ids.get(*old) == Some(&plugin_id)) {
                ids.remove(old);
            }
            if let Some(new) = names[1] {
                ids.insert(new.to_owned(), plugin_id);
            }
        }
        self.change(plugin_id).entries = entries.map(Arc::new);
    }

    /// Replaces the counts of the named plugins; the others keep theirs.
    pub(super) fn count(&mut self, counts: &HashMap<u64, Counts>) {
        for (plugin_id, counts) in counts {
            if self.plugin(*plugin_id).map_or(Counts::default(), |plugin| plugin.counts) != *counts {
                self.change(*plugin_id).counts = *counts;
            }
        }
    }

    /// Every admitted version of one plugin; none for a name that nobody has.
    pub(super) fn parts_of_package(&self, package_name: &str, filter: Filter) -> Vec<Part> {
        let plugin = self.ids.get(package_name).and_then(|id| self.plugin(*id));
        let listed = plugin.and_then(|plugin| Some((plugin.counts, plugin.entries.as_ref()?)));
        listed.map_or_else(Vec::new, |(counts, entries)| {
            let admitted = select::all(&entries.versions, filter).into_iter();
            admitted.map(|entry| Part { fragment: entry.fragment.clone(), counts }).collect()
        })
    }

    fn plugin(&self, plugin_id: u64) -> Option<&Plugin> {
        self.buckets.get(&bucket_of(plugin_id))?.plugins.get(&plugin_id)
    }

    fn change(&mut self, plugin_id: u64) -> &mut Plugin {
        self.revision += 1;
        let bucket = Arc::make_mut(&mut self.buckets).entry(bucket_of(plugin_id)).or_default();
        let bucket = Arc::make_mut(bucket);
        bucket.revision = self.revision;
        bucket.plugins.entry(plugin_id).or_default()
    }
}

impl Bucket {
    /// What a feed lists of these plugins, in the order of their ids.
    pub(super) fn parts(&self, filter: Filter) -> Vec<Part> {
        let listed =
            self.plugins.values().filter_map(|plugin| Some((plugin.counts, plugin.entries.as_ref()?)));
        listed
            .flat_map(|(counts, entries)| {
                let newest = select::newest(&entries.versions, filter);
                newest.map(move |entry| Part { fragment: entry.fragment.clone(), counts })
            })
            .collect()
    }
}
