//! The files of the project.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that tools make.
const NOT_OURS: [&str; 6] = ["target", "data", "corpus", "artifacts", "node_modules", "__pycache__"];

/// A text file: its path from the top, with `/`, and what it says.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// Whether its name ends in a dot and this.
    pub(crate) fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|its| its == extension)
    }

    /// Whether it is Rust that runs when Cairn does, not only in tests.
    pub(crate) fn is_program(&self) -> bool {
        self.has_extension("rs")
            && self.path.contains("/src/")
            && !["tests/", "domain/fuzz/"].iter().any(|folder| self.path.starts_with(folder))
            && !["/testing/", "/tests/"].iter().any(|folder| self.path.contains(folder))
            && !["/testing.rs", "/tests.rs"].iter().any(|name| self.path.ends_with(name))
    }

    /// Its lines up to the tests in it, numbered from 1.
    pub(crate) fn program_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(
            self.text
                .lines()
                .take_while(|line| !line.starts_with("#[cfg(test)]") && !line.starts_with("mod tests")),
        )
    }
}

/// The folder of the workspace.
pub(crate) fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are in a folder of the workspace")
}

/// Every text file below the top.
pub(crate) fn files() -> Vec<File> {
    let mut files = Vec::new();
    collect(top(), &mut files);
    assert!(files.len() > 200, "the project has more than {} files", files.len());
    files
}

fn collect(folder: &Path, files: &mut Vec<File>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy();
        if path.is_symlink() || NOT_OURS.contains(&&*name) || name.starts_with(".git") {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path.strip_prefix(top()).unwrap().to_str().unwrap().replace('\\', "/");
            files.push(File { path, text });
        }
    }
}
