//! How much of a stranger's package is looked at before it is refused.

use serde::{Deserialize, Serialize};

/// The bounds of one package. Each is judged before the work it bounds is done.
///
/// The largest bound decides the memory and time of one inspection: a few times `metadata_bytes_max`, about 300 bytes an
/// entry, and one pass over `unpacked_bytes_max` bytes through a fixed buffer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PackageLimits {
    /// The zip itself, in bytes. 25,000,000 is `PLUGIN_MAX_UPLOAD_SIZE` of plugins.qgis.org.
    pub size_bytes_max: usize,
    /// Files and folders in the zip. 10,000 is some ten times the largest plugins with bundled libraries.
    pub entries_max: usize,
    /// All entries unpacked, in bytes. 200,000,000 is eight times the zip, twice what bundled wheels reach.
    pub unpacked_bytes_max: u64,
    /// One entry unpacked, in bytes. 100,000,000 lets a sample data set through.
    pub entry_bytes_max: u64,
    /// Unpacked bytes for each byte of the zip. Deflate reaches 1,032; real plugins stay below 20, blank rasters reach 150.
    pub ratio_max: u64,
    /// Packages that unpack to no more bytes than this are not judged by ratio: they cannot hurt.
    pub ratio_free_bytes: u64,
    /// One entry's name, in bytes. 255 is what most file systems allow for one component; Windows adds the profile's folder.
    pub path_bytes_max: usize,
    /// Components of one entry's name. 32 is more than any tree that people navigate.
    pub path_depth_max: usize,
    /// metadata.txt, in bytes. The largest of 418 real ones has 59,770; 262,144 is four times that.
    pub metadata_bytes_max: usize,
    /// The icon, in bytes. A list of plugins loads hundreds of them; 1,000,000 is far above the usual 5 kB.
    pub icon_bytes_max: usize,
    /// Width times height of a raster icon. 4,194,304 is 2,048 × 2,048, 16 MB when a browser unpacks it.
    pub icon_pixels_max: u64,
    /// Findings told about one package; the rest is counted. 200 fill some screens already.
    pub findings_max: usize,
}

impl Default for PackageLimits {
    fn default() -> Self {
        Self {
            size_bytes_max: 25_000_000,
            entries_max: 10_000,
            unpacked_bytes_max: 200_000_000,
            entry_bytes_max: 100_000_000,
            ratio_max: 200,
            ratio_free_bytes: 10_000_000,
            path_bytes_max: 255,
            path_depth_max: 32,
            metadata_bytes_max: 262_144,
            icon_bytes_max: 1_000_000,
            icon_pixels_max: 4_194_304,
            findings_max: 200,
        }
    }
}
