//! Which paths inside a package every system can unpack to the same place.

use unicode_normalization::UnicodeNormalization;

use super::codes::FindingCode as Code;
use super::limits::PackageLimits;
use super::profile::Profile;

/// What is wrong with a path, judged component by component: `a..b.txt` is harmless, `a/../b` is not.
pub(super) fn faults(name: &str, profile: &Profile, limits: &PackageLimits) -> Vec<(Code, String)> {
    let mut faults = Vec::new();
    let mut add = |code, message: String| faults.push((code, message));
    if name.is_empty() {
        add(Code::EntryNameEmpty, "an entry has no name".to_owned());
        return faults;
    }
    if name.len() > limits.path_bytes_max {
        let message = format!("the path has {} bytes; {} are allowed", name.len(), limits.path_bytes_max);
        add(Code::PathTooLong, message);
        // A path of 60 kB has as many components: no more is said of it.
        return faults;
    }
    if name.starts_with('/') {
        add(Code::AbsolutePath, "the path begins with `/`".to_owned());
    }
    if name.contains('\\') {
        add(Code::BackslashInPath, "the path contains a backslash".to_owned());
    }
    let drive =
        name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && name.as_bytes().get(1) == Some(&b':');
    if drive {
        add(Code::DriveInPath, "the path begins with a drive letter".to_owned());
    }
    let path = name.strip_suffix('/').unwrap_or(name);
    let path = path.strip_prefix('/').unwrap_or(path);
    let depth = path.split('/').count();
    if depth > limits.path_depth_max {
        add(
            Code::PathTooDeep,
            format!("the path has {depth} components; {} are allowed", limits.path_depth_max),
        );
    }
    // The drive was told already. A backslash is a separator where it does harm.
    let path = if drive { path[2..].trim_start_matches('/') } else { path };
    for component in path.split(['/', '\\']) {
        component_faults(component, profile, &mut add);
    }
    faults
}

fn component_faults(component: &str, profile: &Profile, add: &mut impl FnMut(Code, String)) {
    // Compatibility forms such as the one-character `‥` and the full-width dot count as what they become.
    let normal: String = component.nfkc().collect();
    match normal.trim_end_matches(' ') {
        ".." => return add(Code::PathTraversal, "a component of the path is `..`".to_owned()),
        "" | "." => return add(Code::UncleanPath, "a component of the path is empty or `.`".to_owned()),
        _ => {}
    }
    if let Some(found) = component.chars().find(|c| is_forbidden(*c)) {
        add(Code::ForbiddenCharacter, format!("the path contains U+{:04X}", u32::from(found)));
    }
    if component.ends_with(['.', ' ']) {
        add(Code::TrailingDotOrBlank, "a component of the path ends in a dot or a blank".to_owned());
    }
    if is_windows_device(component) {
        add(Code::WindowsDeviceName, "a component of the path is the name of a Windows device".to_owned());
    }
    let lower = component.to_lowercase();
    if profile.forbidden_components.iter().any(|forbidden| forbidden.to_lowercase() == lower) {
        add(Code::ForbiddenFolder, format!("`{component}` does not belong in a package"));
    }
    if profile.forbidden_extensions.iter().any(|forbidden| lower.ends_with(&forbidden.to_lowercase())) {
        add(Code::CompiledPython, "the package contains compiled Python".to_owned());
    }
}

/// Control characters, marks that turn the direction of text, and what Windows cannot store.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || "<>:\"|?*".contains(c)
}

/// Windows opens a device for these names in any folder and with any extension.
fn is_windows_device(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or(component).trim_end_matches(' ').to_uppercase();
    match stem.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" => true,
        _ => stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT")).is_some_and(|digit| {
            matches!(digit, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        }),
    }
}

/// The form in which two paths are the same file on systems that fold case and forms of accents.
pub(super) fn folded(path: &str) -> String {
    path.nfc().collect::<String>().to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(name: &str) -> Vec<Code> {
        let faults = faults(name, &Profile::official(), &PackageLimits::default());
        faults.into_iter().map(|(code, _)| code).collect()
    }

    #[test]
    fn harmless_names_pass() {
        for name in [
            "lasso/a..b.txt",
            "lasso/...hidden",
            "lasso/.gitignore",
            "lasso/.github/workflows/ci.yml",
            "lasso/.pycodestyle",
            "lasso/console.py",
            "lasso/com10.txt",
            "lasso/i18n/größe.qm",
            "lasso/",
            "lasso/a b (1).txt",
        ] {
            assert_eq!(codes(name), [], "{name}");
        }
    }

    #[test]
    fn every_rule_of_a_path_has_its_code() {
        for (name, code) in [
            ("", Code::EntryNameEmpty),
            ("/lasso/a", Code::AbsolutePath),
            ("C:/lasso/a", Code::DriveInPath),
            ("c:lasso", Code::DriveInPath),
            ("lasso\\a", Code::BackslashInPath),
            ("lasso/../a", Code::PathTraversal),
            ("lasso/a/../../../b", Code::PathTraversal),
            ("..", Code::PathTraversal),
            ("lasso/.. /a", Code::PathTraversal),
            ("lasso/\u{2025}/a", Code::PathTraversal),
            ("lasso/\u{ff0e}\u{ff0e}/a", Code::PathTraversal),
            ("lasso\\..\\a", Code::PathTraversal),
            ("lasso//a", Code::UncleanPath),
            ("./lasso/a", Code::UncleanPath),
            ("lasso/ /a", Code::UncleanPath),
            ("/", Code::UncleanPath),
            ("lasso/a?.txt", Code::ForbiddenCharacter),
            ("lasso/a:stream", Code::ForbiddenCharacter),
            ("lasso/a\u{202e}txt", Code::ForbiddenCharacter),
            ("lasso/a\0", Code::ForbiddenCharacter),
            ("lasso/a.", Code::TrailingDotOrBlank),
            ("lasso/a /b", Code::TrailingDotOrBlank),
            ("lasso/NUL", Code::WindowsDeviceName),
            ("lasso/con.txt", Code::WindowsDeviceName),
            ("lasso/com1", Code::WindowsDeviceName),
            ("lasso/LPT².txt", Code::WindowsDeviceName),
            ("lasso/a.pyc", Code::CompiledPython),
            ("lasso/A.PYC", Code::CompiledPython),
            ("__MACOSX/lasso/._a", Code::ForbiddenFolder),
            ("lasso/.git", Code::ForbiddenFolder),
            ("lasso/.GIT/config", Code::ForbiddenFolder),
            ("lasso/__pycache__/", Code::ForbiddenFolder),
        ] {
            assert!(codes(name).contains(&code), "{name:?} gives {:?}", codes(name));
        }
    }

    #[test]
    fn paths_have_a_length_and_a_depth() {
        let long = |bytes: usize| format!("lasso/{}", "x".repeat(bytes - 6));
        assert_eq!(codes(&long(255)), []);
        assert_eq!(codes(&long(256)), [Code::PathTooLong]);
        assert_eq!(codes(&vec!["a"; 32].join("/")), []);
        assert_eq!(codes(&vec!["a"; 33].join("/")), [Code::PathTooDeep]);
    }

    #[test]
    fn names_fold_case_and_accents() {
        assert_eq!(folded("Caf\u{e9}.PY"), folded("cafe\u{301}.py"));
    }
}
