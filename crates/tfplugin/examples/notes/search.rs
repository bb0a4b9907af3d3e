//! `notes_search`: a data source.

use std::sync::Arc;

use tfplugin::{Attr, Cx, DataSource, Diagnostics, Model};

use crate::folder::{Folder, failed};

/// The notes in which a word occurs.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Found {
    /// The word.
    #[attr(required)]
    word: Attr<String>,

    /// Names of the notes' files, sorted.
    #[attr(computed)]
    files: Attr<Vec<String>>,
}

/// The data source.
pub(crate) struct Search(Arc<Folder>);

impl Search {
    pub(crate) fn new(folder: &Arc<Folder>) -> Self {
        Self(Arc::clone(folder))
    }
}

impl DataSource for Search {
    type Model = Found;
    const TYPE: &'static str = "notes_search";

    async fn read(self: Arc<Self>, _: Cx<Found>, mut config: Found) -> Result<Found, Diagnostics> {
        let folder = self.0.file("")?;
        let word = config.word.as_str().unwrap_or_default();
        let entries = std::fs::read_dir(&folder).map_err(|error| failed("Listing", &folder, &error))?;
        let mut files: Vec<String> = entries
            .filter_map(Result::ok)
            .filter(|entry| std::fs::read_to_string(entry.path()).is_ok_and(|text| text.contains(word)))
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| name.ends_with(".note"))
            .collect();
        files.sort();
        config.files = files.into();
        Ok(config)
    }
}
