//! Azure regions: display names and the canonical short names.

/// The regions of the box: display name and geography.
pub const LOCATIONS: &[&str] = &[
    "East US",
    "East US 2",
    "South Central US",
    "West US",
    "West US 2",
    "West US 3",
    "Central US",
    "North Central US",
    "West Central US",
    "Canada Central",
    "Canada East",
    "Brazil South",
    "North Europe",
    "West Europe",
    "UK South",
    "UK West",
    "France Central",
    "Germany West Central",
    "Switzerland North",
    "Sweden Central",
    "Norway East",
    "Poland Central",
    "Italy North",
    "Spain Central",
    "East Asia",
    "Southeast Asia",
    "Japan East",
    "Japan West",
    "Korea Central",
    "Central India",
    "South India",
    "Australia East",
    "Australia Southeast",
    "UAE North",
    "Qatar Central",
    "South Africa North",
];

/// The short name: lower case, no blanks.
pub fn canonical(location: &str) -> String {
    location.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

/// Whether a region of this name exists, in either spelling.
pub fn is_known(location: &str) -> bool {
    let wanted = canonical(location);
    LOCATIONS.iter().any(|l| canonical(l) == wanted)
}
