//! The watch over secrets: what a scenario's commands printed, logged, planned and kept is searched for everything secret
//! that its Azure handed out or took, in every encoding in which it could hide. A leak fails the scenario.
//!
//! [`crate::Workdir`] does this for every scenario when it goes; no test has to ask for it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use aho_corasick::AhoCorasick;
use serde_json::Value;

use crate::Control;
use crate::emulator::Process;

mod archive;
mod encodings;

/// Something that must show nowhere.
#[derive(Clone)]
pub struct Secret {
    /// What it is, in words.
    pub kind: String,
    value: String,
}

impl Secret {
    /// A secret of this kind.
    pub fn new(kind: &str, value: &str) -> Self {
        Self { kind: kind.to_owned(), value: value.to_owned() }
    }
}

/// The value is not shown, not even by the test that looks for it.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.kind)
    }
}

/// A secret where none may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// What leaked, in words.
    pub kind: String,
    /// How it was written there.
    pub encoding: &'static str,
    /// Where it was found.
    pub place: String,
    /// The byte at which it begins, or its innermost part does.
    pub at: usize,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {} is in {}, written as {}, at byte {}", self.kind, self.place, self.encoding, self.at)
    }
}

/// What commands printed, kept until it is searched.
#[derive(Debug, Default)]
pub(crate) struct Printed(Mutex<Vec<(String, Vec<u8>)>>);

impl Printed {
    pub(crate) fn keep(&self, place: String, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push((place, bytes.to_vec()));
        }
    }

    /// Everything so far.
    pub(crate) fn places(&self) -> Vec<(String, Vec<u8>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// An Azure that is kept alive until its secrets have been looked for.
#[derive(Debug)]
pub(crate) struct Keeper {
    pub(crate) control: Arc<Control>,
    pub(crate) given: Vec<Secret>,
    pub(crate) _process: Arc<Process>,
}

impl Keeper {
    /// Everything secret that this Azure handed out or took.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let told = told(self.control.try_get("/secrets"));
        told.into_iter().chain(self.given.iter().cloned()).collect()
    }
}

/// What an emulator says is secret. It always knows something: without its list, a search would find nothing and prove nothing.
fn told(answer: Option<Value>) -> Vec<Secret> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let told = answer.unwrap_or_default()["secrets"].as_array().cloned().unwrap_or_default();
    // A scenario that fails already says why by itself.
    let known = !told.is_empty() || std::thread::panicking();
    assert!(known, "the emulator does not say what is secret, so nothing can be searched for");
    told.iter().map(|one| Secret { kind: text(&one["kind"]), value: text(&one["value"]) }).collect()
}

/// Searches places for secrets. An archive, such as a plan, is searched in its parts.
pub(crate) fn search(secrets: &[Secret], places: &[(String, Vec<u8>)]) -> Vec<Leak> {
    let mut needles = Vec::new();
    let mut meanings = Vec::new();
    for secret in secrets {
        for (encoding, needle) in encodings::all(&secret.value) {
            needles.push(needle);
            meanings.push((&secret.kind, encoding));
        }
    }
    let Ok(searcher) = AhoCorasick::new(&needles) else { panic!("the secrets cannot be searched for") };
    let mut leaks: Vec<Leak> = Vec::new();
    let mut look = |place: &str, bytes: &[u8]| {
        for found in searcher.find_iter(bytes) {
            let (kind, encoding) = meanings[found.pattern().as_usize()];
            let known = leaks.iter().any(|leak| leak.place == place && leak.kind == *kind);
            if !known {
                let (kind, place, at) = (kind.clone(), place.to_owned(), found.start());
                leaks.push(Leak { kind, encoding, place, at });
            }
        }
    };
    for (place, bytes) in places {
        look(place, bytes);
        for (name, part) in archive::parts(bytes) {
            // A plan carries a copy of the configuration, in which the user wrote what it says.
            if !name.starts_with("tfconfig/") {
                look(&format!("{name} of {place}"), &part);
            }
        }
    }
    leaks
}

/// Whether a file under a working directory is what a command made: not a provider that was copied there, and not what
/// the Azure CLI keeps of whoever is signed in to it.
pub(crate) fn is_made(path: &Path) -> bool {
    let others: [PathBuf; 3] = [["home", "mirror"], [".terraform", "providers"], ["home", "azure-cli"]]
        .map(|folder| folder.iter().collect());
    !others.iter().any(|folder| path.starts_with(folder))
}

/// The leaks as the message of a failed scenario.
pub(crate) fn report(leaks: &[Leak]) -> String {
    let lines: String = leaks.iter().map(|leak| format!("\n  {leak}")).collect();
    format!("secrets have leaked:{lines}")
}

#[cfg(test)]
mod tests;
