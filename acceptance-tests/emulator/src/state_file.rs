//! The file that keeps the box between runs.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::azure::Azure;

/// A state file, and the version of the store that was last written to it.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    written: u64,
}

/// The state file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the state file {path} could not be used")]
pub struct StateError {
    path: String,
    source: io::Error,
}

impl StateFile {
    /// Opens a state file and reads the box from it where there is one.
    pub fn open(path: &Path) -> Result<(Self, Option<Azure>), StateError> {
        let failed = |source| StateError { path: path.display().to_string(), source };
        let azure = match std::fs::read(path) {
            Ok(text) => Some(serde_json::from_slice(&text).map_err(|e| failed(e.into()))?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        Ok((Self { path: path.to_owned(), written: 0 }, azure))
    }

    /// Writes the box if it has changed since it was last written.
    pub fn keep(&mut self, azure: &Azure) -> Result<(), StateError> {
        let version = azure.store.version();
        if version == self.written {
            return Ok(());
        }
        let text = serde_json::to_vec_pretty(azure).map_err(io::Error::from);
        text.and_then(|text| write_atomically(&self.path, &text))
            .map_err(|source| StateError { path: self.path.display().to_string(), source })?;
        self.written = version;
        Ok(())
    }
}

/// Replaces a file in one step, so that nobody reads half of it.
pub fn write_atomically(path: &Path, text: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text)?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}
