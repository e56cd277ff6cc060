//! Every finding an inspection can make: one closed list, each with a code that never changes.

use serde::{Deserialize, Serialize};

/// Whether a package with such a finding is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The package is refused.
    Error,
    /// The package is taken; its author should know.
    Warning,
}

/// Declares the codes with their severity, their meaning and how to mend them.
macro_rules! finding_codes {
    ($($variant:ident $code:literal $severity:ident $meaning:literal $mend:literal)+) => {
        /// What is wrong with a package. The text of a code is permanent: tools of authors match on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum FindingCode {
            $(
                #[doc = $meaning]
                #[serde(rename = $code)]
                $variant,
            )+
        }

        impl FindingCode {
            /// All codes, in the order of the checks.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The permanent text of the code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Whether it refuses the package.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),+ }
            }

            /// What it means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),+ }
            }

            /// How to mend it, in a sentence.
            pub fn mend(self) -> &'static str {
                match self { $(Self::$variant => $mend),+ }
            }
        }
    };
}

finding_codes! {
    PackageTooLarge "package_too_large" Error
        "The zip has more bytes than the site takes."
        "Leave out test data, documentation and bundled libraries, or download large data when the plugin runs."
    NotAZip "not_a_zip" Error
        "The bytes cannot be read as a zip archive."
        "Upload the zip file itself, and make it with an ordinary zip program."
    SurroundedZip "surrounded_zip" Error
        "Bytes stand before the first entry, between the parts or after the end of the archive, so readers may see different archives."
        "Make the zip anew; do not append to it or put a self-extractor before it."
    Zip64 "zip64" Error
        "The archive or an entry is in the ZIP64 form, which a package of this size never needs."
        "Make the zip with a program that writes plain zip, such as Python's zipfile or Info-ZIP."
    TooManyEntries "too_many_entries" Error
        "The zip has more files and folders than the site takes."
        "Leave out what the plugin does not need to run."
    HeadersInconsistent "headers_inconsistent" Error
        "The archive's directory and the entries themselves contradict each other, overlap or hide entries."
        "Make the zip anew with an ordinary zip program."
    MoreFindings "more_findings" Warning
        "There are more findings than are told."
        "Mend the ones told and inspect again."
    EntryNameNotUtf8 "entry_name_not_utf8" Error
        "An entry's name is not marked and valid UTF-8, so it unpacks under different names on different systems."
        "Use ASCII file names, or a zip program that marks UTF-8 names, such as Python's zipfile or `git archive`."
    EntryNameEmpty "entry_name_empty" Error
        "An entry has no name."
        "Make the zip anew with an ordinary zip program."
    AbsolutePath "absolute_path" Error
        "An entry's path begins at the root of the file system."
        "Zip the plugin's folder by a relative path."
    DriveInPath "drive_in_path" Error
        "An entry's path begins with a drive letter."
        "Zip the plugin's folder by a relative path."
    BackslashInPath "backslash_in_path" Error
        "An entry's path contains a backslash, which is a separator on Windows only."
        "Use a zip program that separates folders by `/`."
    PathTraversal "path_traversal" Error
        "A component of an entry's path leads to the parent folder."
        "Zip the plugin's folder without `..` in paths."
    UncleanPath "unclean_path" Error
        "An entry's path has an empty or `.` component."
        "Zip the plugin's folder by its plain name, without `./` or `//`."
    ForbiddenCharacter "forbidden_character" Error
        "A file name contains a control character, a text direction mark or one of `< > : \" | ? *`, which not every system can store."
        "Rename the file."
    TrailingDotOrBlank "trailing_dot_or_blank" Error
        "A file or folder name ends in a dot or a blank, which Windows cuts off."
        "Rename the file or folder."
    WindowsDeviceName "windows_device_name" Error
        "A file or folder has the name of a Windows device, such as `con` or `nul`."
        "Rename the file or folder."
    PathTooLong "path_too_long" Error
        "An entry's path has more bytes than Windows or the site can unpack."
        "Shorten folder and file names."
    PathTooDeep "path_too_deep" Error
        "An entry lies in too many folders."
        "Flatten the folders."
    CompiledPython "compiled_python" Error
        "The package contains compiled Python, which nobody can review and which fits one Python version."
        "Leave out `.pyc` files."
    ForbiddenFolder "forbidden_folder" Error
        "The package contains a file or folder that belongs to a tool and not to the plugin."
        "Leave out `__MACOSX`, `.git` and `__pycache__`."
    DuplicateEntry "duplicate_entry" Error
        "Two entries have the same name, so readers may see different contents."
        "Make the zip anew; do not add the same file twice."
    NamesDifferByCaseOnly "names_differ_by_case_only" Error
        "Two file names are the same on systems that do not tell upper from lower case or forms of accents apart."
        "Rename one of the files."
    FileAndFolder "file_and_folder" Error
        "The same name is a file and a folder."
        "Rename one of them."
    SymbolicLink "symbolic_link" Error
        "An entry is a symbolic link."
        "Put the file itself into the zip."
    SpecialFile "special_file" Error
        "An entry is a device, pipe or socket."
        "Leave it out."
    EncryptedEntry "encrypted_entry" Error
        "An entry is encrypted, and QGIS could not unpack it."
        "Make the zip without a password."
    CompressionNotSupported "compression_not_supported" Error
        "An entry is compressed by a method that not every QGIS can unpack."
        "Use the methods `stored` or `deflate`."
    EntryTooLarge "entry_too_large" Error
        "One entry unpacks to more bytes than the site takes."
        "Download large data when the plugin runs."
    UnpackedTooLarge "unpacked_too_large" Error
        "The package unpacks to more bytes than the site takes."
        "Leave out what the plugin does not need to run."
    RatioTooHigh "ratio_too_high" Error
        "The package unpacks to so many times its size that it looks like a zip bomb."
        "Leave out files that are nearly empty space, or make them when the plugin runs."
    EntryDamaged "entry_damaged" Error
        "An entry cannot be unpacked or its checksum is wrong."
        "Make the zip anew and upload it again."
    NoFolder "no_folder" Error
        "The first entry is not in a folder; a plugin is one folder."
        "Zip the folder, not the files inside it."
    SeveralFolders "several_folders" Warning
        "There is more than one folder or loose file at the top; only the first folder is the plugin."
        "Zip the plugin's folder only."
    FolderNameInvalid "folder_name_invalid" Error
        "The folder's name, which is the package name, is not 2 to 128 letters, digits, `-` or `_` beginning with a letter."
        "Rename the folder, for example to `my_plugin`."
    FolderNotIdentifier "folder_not_identifier" Warning
        "The folder's name is no Python identifier, so other plugins cannot import it."
        "For a new plugin use `_` in place of `-`; an existing one must keep its name."
    InitMissing "init_missing" Error
        "There is no `__init__.py` in the plugin's folder, so QGIS cannot load it."
        "Add `__init__.py` with the function `classFactory`."
    LicenseMissing "license_missing" Error
        "There is no licence file in the plugin's folder."
        "Add the text of the licence as a file named `LICENSE`, without extension."
    MetadataMissing "metadata_missing" Error
        "There is no `metadata.txt` in the plugin's folder."
        "Add `metadata.txt` beside `__init__.py`."
    MetadataTooLarge "metadata_too_large" Error
        "`metadata.txt` has more bytes than the site takes."
        "Shorten the changelog; keep the old part in the repository."
    MetadataNoSection "metadata_no_section" Error
        "Text stands before the first section of `metadata.txt`."
        "Begin the file with the line `[general]`."
    MetadataBadLine "metadata_bad_line" Error
        "A line of `metadata.txt` is neither `key=value` nor the continuation of a value, so QGIS cannot read the file."
        "Indent the lines of a longer text, or begin a comment line with `#`."
    MetadataNoGeneral "metadata_no_general" Error
        "`metadata.txt` has no section `[general]`."
        "Begin the file with the line `[general]`."
    DuplicateKey "duplicate_key" Error
        "A key stands twice in `metadata.txt` (upper and lower case count as the same), so QGIS cannot read the file."
        "Delete one of the two."
    DuplicateSection "duplicate_section" Error
        "A section stands twice in `metadata.txt`, so QGIS cannot read the file."
        "Join the two sections."
    MetadataNotUtf8 "metadata_not_utf8" Error
        "`metadata.txt` is not UTF-8, so QGIS cannot read it."
        "Save the file as UTF-8."
    ByteOrderMark "byte_order_mark" Warning
        "`metadata.txt` begins with a byte order mark, at which QGIS may stop reading it."
        "Save the file as UTF-8 without a byte order mark."
    BarePercent "bare_percent" Warning
        "A value contains a `%` that is not doubled, so QGIS cannot show it for an installed plugin."
        "Write `%%` for a percent sign."
    OddLineBreak "odd_line_break" Warning
        "A line of `metadata.txt` contains a character at which QGIS begins a new line and other readers do not."
        "End lines with a plain line feed, and leave out other control characters."
    ControlCharacters "control_characters" Warning
        "A value contained control characters that XML forbids; they were left out."
        "Remove them from the text."
    KeyMissing "key_missing" Error
        "A required key is missing from `metadata.txt`."
        "Add the key to the section `[general]`."
    KeyEmpty "key_empty" Error
        "A required key has no value."
        "Write a value."
    KeyDeprecated "key_deprecated" Warning
        "A key is no longer used."
        "Remove it; a plugin that runs with Qt 6 says `qgisMaximumVersion=4.99`."
    NameInvalid "name_invalid" Error
        "The plugin's name is not 1 to 256 characters on one line."
        "Shorten the name to one line."
    VersionInvalid "version_invalid" Error
        "The version cannot be used as a version number."
        "Write a number such as `1.2.0`."
    VersionHasWords "version_has_words" Warning
        "The version has several words; the last one was taken, and QGIS will keep offering an upgrade because the texts differ."
        "Write the number alone."
    QgisMinimumInvalid "qgis_minimum_invalid" Error
        "`qgisMinimumVersion` is no QGIS version."
        "Write two or three numbers such as `3.22`."
    QgisMaximumInvalid "qgis_maximum_invalid" Error
        "`qgisMaximumVersion` is no QGIS version."
        "Write two or three numbers such as `3.99`."
    QgisRangeEmpty "qgis_range_empty" Error
        "The minimum QGIS version is above the maximum, so no QGIS would show the plugin."
        "Lower the one or raise the other."
    QgisMinimumAncient "qgis_minimum_ancient" Warning
        "`qgisMinimumVersion` is below 1.8, and such QGIS versions do not read `metadata.txt`."
        "Name the oldest QGIS you have tried."
    AuthorInvalid "author_invalid" Error
        "The author contains a slash, which an address of a page cannot hold."
        "Separate authors by commas."
    EmailInvalid "email_invalid" Error
        "The required e-mail is not one address or several separated by commas."
        "Write it like `ann@example.org`."
    EmailDropped "email_dropped" Warning
        "The e-mail is not one address or several separated by commas; it was left out."
        "Write it like `ann@example.org`, or remove the key."
    LinkInvalid "link_invalid" Error
        "A required link is not an http or https address, is a template's placeholder or is longer than 200 bytes."
        "Write the full address of the page, such as `https://example.org/plugin`."
    LinkDropped "link_dropped" Warning
        "A link is not an http or https address, is a template's placeholder or is longer than 200 bytes; it was left out."
        "Write the full address of the page, or remove the key."
    TextTruncated "text_truncated" Warning
        "A text is longer than the site keeps; its end was cut off."
        "Shorten it; put the long form on the plugin's home page."
    ValueTooLong "value_too_long" Error
        "A value that cannot be cut without changing its meaning is too long."
        "Shorten it."
    TagsDropped "tags_dropped" Warning
        "A tag is longer than 64 characters, or there are more than 30; those were left out."
        "Use a few short words."
    BooleanUnclear "boolean_unclear" Warning
        "A yes-or-no value is none of true, yes, 1, false, no, 0; it was taken as no."
        "Write `True` or `False`."
    IconMissing "icon_missing" Warning
        "The icon that `metadata.txt` names is not in the plugin's folder; the plugin has no icon."
        "Give the path from the plugin's folder, such as `icon.png`."
    IconTooLarge "icon_too_large" Warning
        "The icon has more bytes or pixels than the site takes; the plugin has no icon."
        "Scale it down; 256 × 256 pixels are plenty."
    IconInvalid "icon_invalid" Warning
        "The icon is not a readable PNG, JPEG, GIF, WebP or SVG; the plugin has no icon."
        "Save the icon as PNG or SVG."
    IconUnsafe "icon_unsafe" Warning
        "The SVG icon contains scripts, document types or links to the outside; the plugin has no icon."
        "Export the icon as plain SVG."
}
