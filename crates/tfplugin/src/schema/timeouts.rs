//! The `timeouts` block: how long the operations of a resource may take.

use std::time::Duration;

use jiff::SignedDuration;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::ty::Type;
use crate::value::Value;

/// An operation that takes its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Create.
    Create,
    /// Read.
    Read,
    /// Update.
    Update,
    /// Delete.
    Delete,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Create, Self::Read, Self::Update, Self::Delete];

    /// The name in the `timeouts` block.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// Which operations a `timeouts` block has, and how long each may take if the block says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimeoutDefaults {
    /// For create.
    pub create: Option<Duration>,
    /// For read.
    pub read: Option<Duration>,
    /// For update.
    pub update: Option<Duration>,
    /// For delete.
    pub delete: Option<Duration>,
}

impl TimeoutDefaults {
    /// All four operations, in minutes.
    #[must_use]
    pub const fn minutes(create: u64, read: u64, update: u64, delete: u64) -> Self {
        Self {
            create: Some(Duration::from_secs(create * 60)),
            read: Some(Duration::from_secs(read * 60)),
            update: Some(Duration::from_secs(update * 60)),
            delete: Some(Duration::from_secs(delete * 60)),
        }
    }

    /// Reading alone, in minutes: for data sources.
    #[must_use]
    pub const fn read_minutes(read: u64) -> Self {
        Self { create: None, read: Some(Duration::from_secs(read * 60)), update: None, delete: None }
    }

    /// The default for an operation, where the block has it.
    #[must_use]
    pub const fn of(&self, operation: Operation) -> Option<Duration> {
        match operation {
            Operation::Create => self.create,
            Operation::Read => self.read,
            Operation::Update => self.update,
            Operation::Delete => self.delete,
        }
    }

    /// The operations that the block has.
    pub fn operations(&self) -> impl Iterator<Item = Operation> + '_ {
        Operation::ALL.into_iter().filter(|operation| self.of(*operation).is_some())
    }

    /// The description of an operation's attribute in the block.
    #[must_use]
    pub fn doc(&self, operation: Operation) -> String {
        let default = self.of(operation).unwrap_or_default();
        let name = operation.name();
        format!("How long the {name} may take, as `30m` or `1h30m`. Defaults to `{}`.", written(default))
    }

    /// The type of the block's value.
    #[must_use]
    pub fn ty(&self) -> Type {
        Type::object(self.operations().map(|operation| (operation.name(), Type::String)))
    }

    /// How long the operation may take, from the block's value. None: no limit.
    #[must_use]
    pub(crate) fn limit(&self, operation: Operation, block: Option<&Value>) -> Option<Duration> {
        let default = self.of(operation)?;
        let configured = block.and_then(|block| block.attribute(operation.name())).and_then(Value::as_str);
        Some(configured.and_then(|text| parse(text).ok()).unwrap_or(default))
    }

    /// Reports what in the block is no duration.
    pub(crate) fn validate(&self, block: &Value, out: &mut Diagnostics) {
        for operation in self.operations() {
            let Some(text) = block.attribute(operation.name()).and_then(Value::as_str) else { continue };
            if let Err(problem) = parse(text) {
                out.push(
                    Diagnostic::error("Invalid Timeout", problem)
                        .at(Path::from(super::TIMEOUTS).attribute(operation.name())),
                );
            }
        }
    }
}

/// The length of time that a text like "1h30m" means.
fn parse(text: &str) -> Result<Duration, String> {
    let wrong = |problem: &str| format!("The timeout {text:?} {problem}. Write it as \"30m\" or \"1h30m\".");
    let parsed: SignedDuration = text.parse().map_err(|_| wrong("is not a length of time"))?;
    let length = Duration::try_from(parsed).map_err(|_| wrong("is negative"))?;
    if length.is_zero() { Err(wrong("leaves no time at all")) } else { Ok(length) }
}

/// A length of time as a configuration would have it.
fn written(length: Duration) -> String {
    let (hours, minutes, seconds) =
        (length.as_secs() / 3600, length.as_secs() / 60 % 60, length.as_secs() % 60);
    let part = |amount: u64, unit: &str| if amount == 0 { String::new() } else { format!("{amount}{unit}") };
    let text = format!("{}{}{}", part(hours, "h"), part(minutes, "m"), part(seconds, "s"));
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lengths_of_time() {
        assert_eq!(parse("30m"), Ok(Duration::from_secs(1800)));
        assert_eq!(parse("1h30m"), Ok(Duration::from_secs(5400)));
        for wrong in ["", "soon", "-5m", "0s", "30"] {
            assert!(parse(wrong).is_err(), "{wrong:?} was taken");
        }
        assert_eq!(
            parse("soon").unwrap_err(),
            "The timeout \"soon\" is not a length of time. Write it as \"30m\" or \"1h30m\"."
        );
    }

    #[test]
    fn writes_lengths_of_time_as_a_configuration_has_them() {
        assert_eq!(written(Duration::from_secs(5400)), "1h30m");
        assert_eq!(written(Duration::from_secs(5)), "5s");
        assert_eq!(
            TimeoutDefaults::minutes(60, 5, 60, 60).doc(Operation::Read),
            "How long the read may take, as `30m` or `1h30m`. Defaults to `5m`."
        );
    }

    #[test]
    fn the_block_goes_before_the_default() {
        let defaults = TimeoutDefaults::minutes(60, 5, 60, 60);
        let block = Value::object([("create", Value::from("10s"))]);
        assert_eq!(defaults.limit(Operation::Create, Some(&block)), Some(Duration::from_secs(10)));
        assert_eq!(defaults.limit(Operation::Read, Some(&block)), Some(Duration::from_secs(300)));
        assert_eq!(TimeoutDefaults::read_minutes(5).limit(Operation::Create, None), None);
    }
}
