//! Ready-made checks for `validate(…)`.

use super::Validator;

/// Text of so many characters, or a collection of so many elements.
#[must_use]
pub const fn length(least: usize, most: usize) -> Validator {
    Validator::Length(least, most)
}

/// A number between these, both included.
#[must_use]
pub const fn range(least: i64, most: i64) -> Validator {
    Validator::Range(least, most)
}

/// A check that reports on the value and on what is in it, each at its own path. It gets the value's path.
#[must_use]
pub const fn report(
    check: fn(&crate::Path, &crate::Value, &mut crate::diagnostic::Diagnostics),
) -> Validator {
    Validator::Report(check)
}
