//! The Registry pages of this provider, held against those in `docs/`. With UPDATE_DOCS set, they are written instead.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use tfplugin::docs::Docs;

/// The folders of `docs/` that have pages of the declarations and nothing else.
const RENDERED: [&str; 6] =
    ["resources", "data-sources", "ephemeral-resources", "list-resources", "actions", "functions"];

/// The group in the Registry's navigation.
fn subcategory(name: &str) -> &'static str {
    match name {
        "azureml_workspace" => "Workspace",
        "azureml_resource_group" | "azureml_resource_provider_registration" => "Subscription",
        "azureml_private_dns_zone"
        | "azureml_private_dns_link"
        | "azureml_private_endpoint"
        | "azureml_private_endpoint_approval"
        | "azureml_resource_management_private_link"
        | "azureml_resource_management_private_link_association" => "Private Network",
        _ => "",
    }
}

#[test]
fn each_resource_is_in_a_group() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let resources = files(&root.join("examples/resources"));
    for name in resources.keys().filter_map(|path| path.split('/').next()) {
        assert!(!subcategory(name).is_empty(), "{name} is in no group");
    }
}

/// All files under a folder by their path in it; none where the folder is missing.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return found,
        entries => entries.unwrap(),
    };
    for entry in entries.map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(
                files(&entry.path()).into_iter().map(|(path, text)| (format!("{name}/{path}"), text)),
            );
        } else {
            found.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
    found
}

/// The rendered pages as they are in `docs/`.
fn present(folder: &Path) -> BTreeMap<String, String> {
    let rendered = |path: &str| {
        path == "index.md" || path.split_once('/').is_some_and(|(top, _)| RENDERED.contains(&top))
    };
    files(folder).into_iter().filter(|(path, _)| rendered(path)).collect()
}

#[test]
fn the_pages_are_those_of_the_declarations() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("docs");
    let pages = Docs { examples: files(&root.join("examples")), subcategory }.pages(&crate::server());
    let present = present(&folder);
    let differ: Vec<&String> = pages
        .keys()
        .chain(present.keys().filter(|path| !pages.contains_key(*path)))
        .filter(|path| pages.get(*path) != present.get(*path))
        .collect();
    if std::env::var_os("UPDATE_DOCS").is_none() {
        assert!(
            differ.is_empty(),
            "these pages in docs/ are not those of the declarations: {differ:?}; run `make docs`"
        );
        return;
    }
    for path in differ {
        let file = folder.join(path);
        match pages.get(path) {
            Some(text) => {
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text).unwrap();
            }
            None => fs::remove_file(file).unwrap(),
        }
    }
}

#[test]
fn each_page_has_an_example_and_each_resource_its_imports() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (path, text) in
        (Docs { examples: files(&root.join("examples")), subcategory }).pages(&crate::server())
    {
        assert!(text.contains("## Example Usage"), "{path} lacks an example");
        for way in ["by ID:", "by identity:", "With the command"] {
            assert!(!path.starts_with("resources/") || text.contains(way), "{path} lacks an import {way}");
        }
    }
}
