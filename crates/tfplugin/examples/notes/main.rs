//! A complete provider without a cloud: it keeps notes as files in a folder.
//!
//! Build it with `cargo build --example notes`. `acceptance-tests/tests/example_provider.rs` runs it under the real
//! CLIs. Each kind of thing has a file of its own: `note` a managed resource, `search` a data source, `lock` an
//! ephemeral resource, `slug` a function.

mod folder;
mod lock;
mod note;
mod provider;
mod search;
mod slug;

use std::process::ExitCode;
use std::sync::Arc;

use tfplugin::Server;

use folder::Folder;

fn main() -> ExitCode {
    // What everything needs of the provider block is a handle that everything holds.
    let folder = Arc::new(Folder::default());
    server(&folder).main(&[module_path!()])
}

/// All that the provider serves.
fn server(folder: &Arc<Folder>) -> Server {
    Server::new("registry.terraform.io/example/notes", "0.1.0", provider::Notes::new(folder))
        .resource(note::NoteResource::new(folder))
        .data_source(search::Search::new(folder))
        .ephemeral(lock::LockResource::new(folder))
        .function(slug::Slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schemas_have_nothing_that_breaks_a_cli() {
        assert_eq!(server(&Arc::default()).lint(), Vec::<String>::new());
    }
}
