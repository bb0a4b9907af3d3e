//! What a test can set while the box runs.

use serde::{Deserialize, Serialize};

use crate::network::NetworkSettings;
use crate::storm::Weather;

/// Settings, all with defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Delay before every answer.
    pub latency_ms: u64,
    /// How many polls answer that an operation is running before it ends.
    pub operation_polls: u32,
    /// Sizes of the throttling buckets.
    pub buckets: Buckets,
    /// How long an access token is valid.
    pub token_lifetime_seconds: u64,
    /// Whether who signs in has rights at the root management group.
    pub root_access: bool,
    /// How Network and Private DNS behave.
    pub network: NetworkSettings,
    /// Faults by chance.
    pub storm: Weather,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            latency_ms: 0,
            operation_polls: 0,
            buckets: Buckets::default(),
            token_lifetime_seconds: 3599,
            root_access: true,
            network: NetworkSettings::default(),
            storm: Weather::default(),
        }
    }
}

/// The three buckets of a subscription.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Buckets {
    /// For GET and HEAD.
    pub reads: Bucket,
    /// For PUT, PATCH and POST.
    pub writes: Bucket,
    /// For DELETE.
    pub deletes: Bucket,
}

/// One bucket of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// Tokens when full.
    pub size: u32,
    /// Tokens added per second.
    pub refill_per_second: u32,
}

impl Default for Buckets {
    fn default() -> Self {
        Self {
            reads: Bucket { size: 250, refill_per_second: 25 },
            writes: Bucket { size: 200, refill_per_second: 10 },
            deletes: Bucket { size: 200, refill_per_second: 10 },
        }
    }
}
