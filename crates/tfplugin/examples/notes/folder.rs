//! The folder of the notes: what a service's client is to other providers.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use tfplugin::{Diagnostic, Path};

/// The folder that the provider block names.
#[derive(Debug, Default)]
pub(crate) struct Folder(Mutex<Option<PathBuf>>);

impl Folder {
    /// Takes the configured folder over.
    pub(crate) fn set(&self, folder: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = folder.map(PathBuf::from);
    }

    /// The file of this name in the folder.
    pub(crate) fn file(&self, name: &str) -> Result<PathBuf, Diagnostic> {
        let folder = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let folder = folder.ok_or_else(|| {
            Diagnostic::error(
                "Unknown Folder",
                "The provider's folder is not known yet, but it is needed now.",
            )
        })?;
        Ok(folder.join(name))
    }
}

/// What the user reads when a file cannot be worked with.
pub(crate) fn failed(what: &str, file: &std::path::Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error("Cannot Access the Note", format!("{what} {} failed: {error}.", file.display()))
        .at(Path::from("title"))
}
