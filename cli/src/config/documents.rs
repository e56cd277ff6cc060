//! Which GraphQL documents are answered, and the folder of those that are known.

use anyhow::{Context, bail};
use std::fmt;
use std::path::{Path, PathBuf};

/// The most documents in the folder.
const DOCUMENTS_MAX: usize = 2_000;

/// The most bytes of a document in the folder.
const DOCUMENT_BYTES_MAX: u64 = 256 * 1024;

/// Folders below each other.
const DEPTH_MAX: usize = 8;

/// Which GraphQL documents are answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentsConfig {
    /// Only known ones, but to staff.
    pub only_known: bool,
    /// Where more known ones are than those of the pages.
    pub folder: Option<PathBuf>,
}

impl DocumentsConfig {
    pub(super) fn checked(which: Option<&str>, folder: Option<PathBuf>) -> anyhow::Result<Self> {
        let only_known = match which {
            None | Some("any") => false,
            Some("known") => true,
            Some(other) => bail!("graphql_documents: {other:?} is neither any nor known"),
        };
        Ok(Self { only_known, folder })
    }

    /// The texts of the folder; none without one.
    pub fn texts(&self) -> anyhow::Result<Vec<String>> {
        let Some(folder) = &self.folder else { return Ok(vec![]) };
        let mut texts = Vec::new();
        read(folder, DEPTH_MAX, &mut texts)
            .with_context(|| format!("reading graphql_documents_dir {}", folder.display()))?;
        Ok(texts)
    }
}

/// In the order of their names, so that what is wrong is told the same every time.
fn read(folder: &Path, depth: usize, texts: &mut Vec<String>) -> anyhow::Result<()> {
    let entries: Result<Vec<_>, _> = std::fs::read_dir(folder)?.collect();
    let mut paths: Vec<PathBuf> = entries?.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if depth == 0 {
                bail!("{} is more than {DEPTH_MAX} folders deep", path.display());
            }
            read(&path, depth - 1, texts)?;
        } else if path.extension().is_some_and(|extension| extension == "graphql") {
            if texts.len() == DOCUMENTS_MAX {
                bail!("there are more than {DOCUMENTS_MAX} documents");
            }
            if std::fs::metadata(&path)?.len() > DOCUMENT_BYTES_MAX {
                bail!("{} has more than {DOCUMENT_BYTES_MAX} bytes", path.display());
            }
            texts.push(std::fs::read_to_string(&path).with_context(|| path.display().to_string())?);
        }
    }
    Ok(())
}

/// As in the file.
impl fmt::Display for DocumentsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "graphql_documents = \"{}\"", if self.only_known { "known" } else { "any" })?;
        if let Some(folder) = &self.folder {
            let folder = toml::Value::String(folder.display().to_string());
            writeln!(f, "graphql_documents_dir = {folder}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_document_is_answered_unless_told_otherwise() {
        assert_eq!(DocumentsConfig::checked(None, None).unwrap(), DocumentsConfig::default());
        assert!(DocumentsConfig::checked(Some("known"), None).unwrap().only_known);
        let fault = DocumentsConfig::checked(Some("some"), None).unwrap_err().to_string();
        assert!(fault.contains("graphql_documents"), "{fault}");
    }

    #[test]
    fn documents_are_read_from_a_folder_and_the_folders_in_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("more")).unwrap();
        for (name, text) in [("b.graphql", "{ b }"), ("more/c.graphql", "{ c }"), ("a.txt", "no")] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let config = DocumentsConfig { only_known: true, folder: Some(folder.path().to_owned()) };
        assert_eq!(config.texts().unwrap(), ["{ b }", "{ c }"]);
        let gone = DocumentsConfig { folder: Some(folder.path().join("gone")), ..config };
        assert!(gone.texts().is_err());
        assert_eq!(DocumentsConfig::default().texts().unwrap(), Vec::<String>::new());
    }
}
