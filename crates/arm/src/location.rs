//! Azure regions, which Azure itself spells as `westeurope` and as `West Europe`.

use std::fmt;
use std::hash::{Hash, Hasher};

/// A region: equal in either spelling and any casing, printed as it was given.
#[derive(Debug, Clone)]
pub struct Location(String);

impl Location {
    /// A region from either spelling.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The region as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The spelling of Resource Manager's answers: lower case, without spaces.
    pub fn canonical(&self) -> String {
        canonical(&self.0)
    }
}

/// The spelling of Resource Manager's answers: lower case, without spaces.
pub fn canonical(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

impl PartialEq for Location {
    fn eq(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }
}

impl Eq for Location {}

impl Hash for Location {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical().hash(state);
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Location {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one_region() {
        assert_eq!(Location::new("West Europe"), Location::new("westeurope"));
        assert_eq!(Location::new("East US 2"), Location::new("EASTUS2"));
        assert_ne!(Location::new("eastus"), Location::new("eastus2"));
    }

    #[test]
    fn prints_as_given_and_canonical() {
        assert_eq!(Location::new("West Europe").to_string(), "West Europe");
        assert_eq!(Location::new(" West\u{a0}Europe ").canonical(), "westeurope");
    }
}
