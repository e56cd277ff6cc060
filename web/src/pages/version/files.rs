//! The files of a package as a tree, in the order in which a page writes it.

use crate::text::{Bytes, Count};

/// The most files that a page shows.
pub(super) const FILES_SHOWN: usize = 400;

/// A step of writing the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A folder begins; the first ones are open.
    Open {
        name: String,
        files: Count,
        size: Bytes,
        first: bool,
    },
    File {
        name: String,
        size: Bytes,
    },
    /// The folder that began last ends.
    Close,
}

/// A folder or a file.
#[derive(Debug, Default)]
struct Node {
    name: String,
    folders: Vec<Node>,
    files: Vec<(String, u64)>,
}

/// The tree of these paths with their sizes.
pub(super) fn tree(files: impl IntoIterator<Item = (String, u64)>) -> Vec<Step> {
    let mut root = Node::default();
    for (path, size) in files.into_iter().take(FILES_SHOWN) {
        let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let Some(name) = parts.pop() else { continue };
        let folder = parts.into_iter().fold(&mut root, |folder, part| folder.folder(part));
        // A folder may be an entry of its own.
        if !path.ends_with('/') {
            folder.files.push((name.to_owned(), size));
        }
    }
    let mut steps = Vec::new();
    root.write(&mut steps, 0);
    steps
}

impl Node {
    fn folder(&mut self, name: &str) -> &mut Self {
        let at = self.folders.iter().position(|folder| folder.name == name).unwrap_or_else(|| {
            self.folders.push(Self { name: name.to_owned(), ..Self::default() });
            self.folders.len() - 1
        });
        &mut self.folders[at]
    }

    fn count(&self) -> (u64, u64) {
        let own = (self.files.len() as u64, self.files.iter().map(|(_, size)| size).sum());
        self.folders.iter().map(Self::count).fold(own, |sum, folder| (sum.0 + folder.0, sum.1 + folder.1))
    }

    /// Paths have at most 255 bytes, so this is at most 128 deep.
    fn write(&self, steps: &mut Vec<Step>, depth: usize) {
        for folder in &self.folders {
            let (files, size) = folder.count();
            let (files, size) = (Count(files), Bytes(size));
            steps.push(Step::Open { name: folder.name.clone(), files, size, first: depth == 0 });
            folder.write(steps, depth + 1);
            steps.push(Step::Close);
        }
        for (name, size) in &self.files {
            steps.push(Step::File { name: name.clone(), size: Bytes(*size) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_come_before_files_and_are_added_up() {
        let paths = [("lasso/a.py", 10), ("lasso/ui/x.ui", 5), ("lasso/ui/", 0), ("lasso/ui/y.ui", 6)];
        let steps = tree(paths.map(|(path, size)| (path.to_owned(), size)));
        let file = |name: &str, size| Step::File { name: name.into(), size: Bytes(size) };
        let open = |name: &str, files, size, first| Step::Open {
            name: name.into(),
            files: Count(files),
            size: Bytes(size),
            first,
        };
        assert_eq!(
            steps,
            [
                open("lasso", 3, 21, true),
                open("ui", 2, 11, false),
                file("x.ui", 5),
                file("y.ui", 6),
                Step::Close,
                file("a.py", 10),
                Step::Close,
            ]
        );
    }

    #[test]
    fn as_many_files_are_shown_as_fit_a_page() {
        let files = |n: usize| tree((0..n).map(|n| (format!("f{n}"), 1))).len();
        assert_eq!(files(FILES_SHOWN), FILES_SHOWN);
        assert_eq!(files(FILES_SHOWN + 1), FILES_SHOWN);
    }

    #[test]
    fn the_deepest_path_that_a_package_may_have_is_written() {
        let steps = tree([("a/".repeat(127) + "b", 1)]);
        assert_eq!(steps.len(), 127 * 2 + 1);
        assert_eq!(steps.last(), Some(&Step::Close));
    }
}
