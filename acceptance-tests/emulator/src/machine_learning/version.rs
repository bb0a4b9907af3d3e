//! The api-versions under which workspaces are served, and since which of them a member is known.

/// Every api-version of `Microsoft.MachineLearningServices/workspaces`, oldest first.
pub const API_VERSIONS: &[&str] = &[
    "2018-03-01-preview",
    "2018-11-19",
    "2019-05-01",
    "2019-06-01",
    "2019-11-01",
    "2020-01-01",
    "2020-02-18-preview",
    "2020-03-01",
    "2020-04-01",
    "2020-05-01-preview",
    "2020-05-15-preview",
    "2020-06-01",
    "2020-08-01",
    "2020-09-01-preview",
    "2021-01-01",
    "2021-03-01-preview",
    "2021-04-01",
    "2021-07-01",
    "2022-01-01-preview",
    "2022-02-01-preview",
    "2022-05-01",
    "2022-06-01-preview",
    "2022-10-01",
    "2022-10-01-preview",
    "2022-12-01-preview",
    "2023-02-01-preview",
    "2023-04-01",
    "2023-04-01-preview",
    "2023-06-01-preview",
    "2023-08-01-preview",
    "2023-10-01",
    "2024-01-01-preview",
    "2024-04-01",
    "2024-04-01-preview",
    "2024-07-01-preview",
    "2024-10-01",
    "2024-10-01-preview",
    "2025-01-01-preview",
    "2025-04-01",
    "2025-04-01-preview",
    "2025-06-01",
    "2025-07-01-preview",
    "2025-09-01",
    "2025-10-01-preview",
    "2025-12-01",
    "2026-01-15-preview",
    "2026-03-01",
    "2026-03-15-preview",
    "2026-05-01",
    "2026-05-15-preview",
    "2026-07-01",
    "2026-07-15-preview",
    "2026-09-01",
];

const REVERSED: [&str; API_VERSIONS.len()] = {
    let mut versions = [""; API_VERSIONS.len()];
    let mut at = 0;
    while at < versions.len() {
        versions[at] = API_VERSIONS[API_VERSIONS.len() - 1 - at];
        at += 1;
    }
    versions
};

/// The same, newest first, as a provider announces them.
pub(super) const NEWEST_FIRST: &[&str] = &REVERSED;

/// An api-version: its date, and whether it is a preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version<'a> {
    date: &'a str,
    preview: bool,
}

/// The dates of the first stable and the first preview version that declare a member; empty for never. The two lines
/// differ: what a preview has need not be in the stable version of a later date.
#[derive(Debug, Clone, Copy)]
pub(super) struct Since {
    /// First stable version.
    pub(super) stable: &'static str,
    /// First preview version.
    pub(super) preview: &'static str,
}

impl Since {
    /// Declared from the first version on.
    pub(super) const EVER: Self = Self::both("2018-03-01", "2018-03-01");

    /// Declared from these dates on.
    pub(super) const fn both(stable: &'static str, preview: &'static str) -> Self {
        Self { stable, preview }
    }

    /// Declared in previews only.
    pub(super) const fn previews(preview: &'static str) -> Self {
        Self { stable: "", preview }
    }
}

impl<'a> Version<'a> {
    /// Reads an api-version as it stands in a query.
    pub(super) fn new(text: &'a str) -> Self {
        match text.strip_suffix("-preview") {
            Some(date) => Self { date, preview: true },
            None => Self { date: text, preview: false },
        }
    }

    /// Whether the version is of this date or later.
    pub(super) fn from(self, date: &str) -> bool {
        self.date >= date
    }

    /// Whether the version declares a member.
    pub(super) fn knows(self, since: Since) -> bool {
        let first = if self.preview { since.preview } else { since.stable };
        !first.is_empty() && self.date >= first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stable_and_preview_lines_are_separate() {
        let since = Since::both("2025-06-01", "2022-12-01");
        assert!(Version::new("2023-02-01-preview").knows(since));
        assert!(!Version::new("2024-04-01").knows(since));
        assert!(Version::new("2025-12-01").knows(since));
        assert!(!Version::new("2026-09-01").knows(Since::previews("2024-01-01")));
    }

    #[test]
    fn versions_stand_in_order_and_once() {
        assert!(API_VERSIONS.windows(2).all(|w| w[0] < w[1]));
    }
}
