//! What the compiler says to a wrong declaration: the mark by its name, at its place.

// What helps a test may fail as the test itself.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use regex::Regex;

/// The directory in which Cargo put this test, and with it the library that it was linked with.
fn built() -> (PathBuf, PathBuf) {
    let test = std::env::current_exe().unwrap();
    let directory = test.parent().unwrap().to_owned();
    let made = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).unwrap();
    let is_library = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("libtfplugin-") && name.ends_with(".rlib") && made(path) <= made(&test)
    };
    let libraries = directory.read_dir().unwrap().map(|entry| entry.unwrap().path()).filter(is_library);
    let library =
        libraries.max_by_key(|path| -> SystemTime { made(path) }).expect("the library that this test links");
    (directory, library)
}

/// What the compiler says to a program, as "line:column message" for each error.
fn errors(program: &str) -> Vec<String> {
    let (directory, library) = built();
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("case.rs");
    std::fs::write(&file, program).unwrap();
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()))
        .args(["--edition=2024", "--crate-type=lib", "--emit=metadata", "--color=never", "--out-dir"])
        .arg(place.path())
        .arg("-L")
        .arg(format!("dependency={}", directory.display()))
        .arg("--extern")
        .arg(format!("tfplugin={}", library.display()))
        .arg(&file)
        .output()
        .expect("rustc runs");
    let said = String::from_utf8(output.stderr).unwrap();
    let error = Regex::new(r"(?m)^error(?:\[E\d+\])?: (.*)\n +--> .*case\.rs:(\d+):(\d+)").unwrap();
    let found: Vec<String> =
        error.captures_iter(&said).map(|one| format!("{}:{} {}", &one[2], &one[3], &one[1])).collect();
    assert_eq!(output.status.success(), found.is_empty(), "{said}");
    found
}

/// A model of these fields.
fn model(fields: &str) -> String {
    format!("use tfplugin::{{Attr, Model, Value}};\n#[derive(Model)]\npub struct Thing {{\n{fields}\n}}\n")
}

#[test]
fn a_right_declaration_compiles() {
    assert_eq!(errors(&model("#[attr(required, replaces)]\npub name: Attr<String>,")), Vec::<String>::new());
}

#[test]
fn a_misspelt_mark_is_named_at_its_place() {
    assert_eq!(
        errors(&model("#[attr(optional, sensitiv)]\npub name: Attr<String>,")),
        ["4:18 no method named `sensitiv` found for struct `Decl<T, K>` in the current scope"]
    );
}

#[test]
fn a_mark_that_the_type_does_not_have_is_named_at_its_place() {
    assert_eq!(
        errors(&model("#[attr(optional, one_of(\"a\"))]\npub on: Attr<bool>,")),
        ["4:18 no method named `one_of` found for struct `Decl<Attr<bool>, Truth>` in the current scope"]
    );
}

#[test]
fn a_value_of_another_type_is_shown() {
    assert_eq!(
        errors(&model("#[attr(optional, default = 7)]\npub name: Attr<String>,")),
        ["4:28 mismatched types"]
    );
}

#[test]
fn marks_that_do_not_go_together_are_explained_at_the_field() {
    let cases = [
        (
            "#[attr(required, optional)]\npub x: Attr<bool>,",
            "an attribute cannot be both `required` and `optional`",
        ),
        (
            "#[attr(required, computed)]\npub x: Attr<bool>,",
            "an attribute cannot be both `required` and `computed`",
        ),
        (
            "#[attr(sensitive)]\npub x: Attr<bool>,",
            "an attribute is `required`, `optional`, `computed`, or `optional, computed`",
        ),
        (
            "#[attr(required, default = true)]\npub x: Attr<bool>,",
            "a `default` needs an `optional` attribute",
        ),
        (
            "#[attr(optional, keep)]\npub x: Attr<bool>,",
            "`keep` and `keep_unless` need a `computed` attribute",
        ),
        (
            "#[attr(computed, replaces)]\npub x: Attr<bool>,",
            "`replaces` needs an attribute that can be configured",
        ),
        (
            "#[attr(optional, computed, write_only)]\npub x: Attr<bool>,",
            "a `write_only` attribute cannot be `computed`",
        ),
    ];
    for (fields, explanation) in cases {
        assert_eq!(errors(&model(fields)), [format!("5:5 evaluation panicked: {explanation}")], "{fields}");
    }
}

#[test]
fn a_validator_that_is_none_is_shown() {
    let program = model("#[attr(optional, validate(check))]\npub x: Attr<bool>,") + "fn check(_: bool) {}\n";
    assert_eq!(errors(&program), ["4:27 mismatched types"]);
}

#[test]
fn an_attribute_that_is_not_there_is_named_at_its_place() {
    assert_eq!(
        errors(&model("#[attr(computed, keep_unless(typ))]\npub id: Attr<String>,")),
        ["4:30 no field `typ` on type `&Thing`"]
    );
}

#[test]
fn a_field_of_another_type_is_refused() {
    let found = errors(&model("#[attr(optional)]\npub name: String,"));
    assert!(
        found.iter().all(|error| error.starts_with("5:11 ")) && !found.is_empty(),
        "the error is elsewhere: {found:?}"
    );
}
