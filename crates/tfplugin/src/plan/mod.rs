//! The plan engine: from what was and what is configured to what will be. It reads tables and values only, and says
//! the same each time that it is asked the same.

mod hook;

pub use hook::{Plan, PlanKind};
