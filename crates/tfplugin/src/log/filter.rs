//! Which log lines are written, by the CLIs' own environment variables.

use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata};

/// A level, and the crates it is meant for.
#[derive(Debug)]
pub(crate) struct Filter {
    level: LevelFilter,
    own: Vec<&'static str>,
}

impl Filter {
    /// Reads the most specific variable that is set. Without one, errors are written: they are what is
    /// wanted from a provider that runs by hand, and a CLI drops them.
    pub(crate) fn from_env(name: &str, own: &[&'static str], var: impl Fn(&str) -> Option<String>) -> Self {
        let name = name.to_ascii_uppercase().replace('-', "_");
        let level = [&format!("TF_LOG_PROVIDER_{name}"), "TF_LOG_PROVIDER", "TF_LOG"]
            .into_iter()
            .find_map(|name| var(name).filter(|value| !value.is_empty()))
            .map_or(LevelFilter::ERROR, |value| level(&value));
        Self { level, own: own.to_vec() }
    }

    /// Whether a line or span is written. Libraries below the provider are heard from `warn` up only:
    /// their details drown all else, and some of them print whole requests with their credentials.
    pub(crate) fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.allows(metadata.target(), *metadata.level())
    }

    fn allows(&self, target: &str, level: Level) -> bool {
        let krate = target.split("::").next().unwrap_or(target);
        let own = krate == env!("CARGO_CRATE_NAME") || self.own.contains(&krate);
        level <= self.level && (own || level <= Level::WARN)
    }

    /// The most that can be written.
    pub(crate) fn max(&self) -> LevelFilter {
        self.level
    }
}

/// The CLIs' names for levels. `JSON`, and whatever else they do not know, means everything to them.
fn level(value: &str) -> LevelFilter {
    match value.to_ascii_uppercase().as_str() {
        "OFF" => LevelFilter::OFF,
        "ERROR" => LevelFilter::ERROR,
        "WARN" => LevelFilter::WARN,
        "INFO" => LevelFilter::INFO,
        "DEBUG" => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(pairs: &[(&str, &str)]) -> Filter {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Filter::from_env("my-cloud", &["mine"], move |name| {
            let found = pairs.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone())
        })
    }

    #[test]
    fn the_most_specific_variable_wins() {
        let all = [("TF_LOG", "error"), ("TF_LOG_PROVIDER", "WARN"), ("TF_LOG_PROVIDER_MY_CLOUD", "Info")];
        assert_eq!(filter(&all).max(), LevelFilter::INFO);
        assert_eq!(filter(&all[..2]).max(), LevelFilter::WARN);
        assert_eq!(filter(&all[..1]).max(), LevelFilter::ERROR);
        assert_eq!(filter(&[]).max(), LevelFilter::ERROR);
        assert_eq!(filter(&[("TF_LOG", "")]).max(), LevelFilter::ERROR);
    }

    #[test]
    fn off_means_nothing_and_json_everything() {
        assert_eq!(filter(&[("TF_LOG", "OFF")]).max(), LevelFilter::OFF);
        assert_eq!(filter(&[("TF_LOG", "JSON")]).max(), LevelFilter::TRACE);
        assert_eq!(filter(&[("TF_LOG", "loud")]).max(), LevelFilter::TRACE);
    }

    #[test]
    fn libraries_are_heard_from_warnings_up() {
        let filter = filter(&[("TF_LOG", "TRACE")]);
        assert!(filter.allows("tfplugin::wire", Level::TRACE));
        assert!(filter.allows("mine", Level::TRACE));
        assert!(!filter.allows("mine_not", Level::INFO));
        assert!(!filter.allows("h2::proto", Level::DEBUG));
        assert!(filter.allows("h2::proto", Level::WARN));
    }
}
