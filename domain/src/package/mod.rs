//! What is in an uploaded zip, judged before anyone installs it: pure, in memory, bounded.
//!
//! [`inspect`] tells everything at once. Its parts in the order they work: `end_record` and `archive` let through only what
//! every reader unpacks to the same files; `python_lines` and `metadata` read metadata.txt as Python does; `values` and
//! `details` hold its texts to their lengths; `icon` and `svg` keep harmful pictures out.

mod archive;
mod codes;
mod contents;
mod details;
mod end_record;
mod entry_name;
mod finding;
mod icon;
mod inspect;
mod interpolation;
mod license;
mod limits;
mod links;
mod metadata;
mod notes;
mod profile;
mod python_lines;
mod svg;
#[doc(hidden)]
pub mod testing;
mod values;

pub use archive::Entry;
pub use codes::{FindingCode, Severity};
pub use contents::{PackedFile, Partly, TAIL_BYTES, directory_at, packed_files, unpack};
pub use details::{
    ABOUT_BYTES_MAX, AUTHOR_CHARS_MAX, CATEGORY_CHARS_MAX, CHANGELOG_BYTES_MAX, DEPENDENCIES_BYTES_MAX,
    DESCRIPTION_BYTES_MAX, DESCRIPTION_CHARS_MAX, Details, EMAIL_BYTES_MAX, NAME_CHARS_MAX, TAGS_MAX,
    TEXTS_BYTES_MAX,
};
pub use finding::{Finding, Place};
pub use icon::Icon;
pub use inspect::{Inspection, Package, inspect};
pub use limits::PackageLimits;
pub use metadata::{Document, read};
pub use notes::{MetadataFault, Note, NoteKind};
pub use profile::Profile;
