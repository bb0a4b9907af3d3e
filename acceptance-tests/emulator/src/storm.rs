//! Bad weather: every so many requests to Resource Manager meet a fault, by seeded chance.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::fault::Kind;

/// So many faults in a row meet requests of one method for one path: a client that does not give up gets through.
const IN_A_ROW: u32 = 3;
/// The pause that is asked for where one is.
const RETRY_AFTER: u64 = 1;

/// The weather, fair unless a test sets it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weather {
    /// Another seed, another storm.
    pub seed: u64,
    /// So many of a hundred requests meet a fault.
    pub percent: u64,
}

/// What the storm has done so far, by method and path: how many requests there were, and how many were hit in a row.
#[derive(Debug, Default)]
pub struct Storm(Mutex<HashMap<String, (u64, u32)>>);

impl Storm {
    /// The fault that a request meets.
    pub fn hit(&self, weather: &Weather, method: &str, path: &str) -> Option<Kind> {
        // Only Resource Manager's; who signs in has fair weather.
        let resource_manager =
            path.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("/subscriptions/"));
        if weather.percent == 0 || !resource_manager {
            return None;
        }
        let key = format!("{method} {}", path.to_lowercase());
        let mut met = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, row) = met.entry(key.clone()).or_default();
        *number += 1;
        let dice = dice(weather.seed, &format!("{key} {number}"));
        if dice % 100 >= weather.percent || *row >= IN_A_ROW {
            *row = 0;
            return None;
        }
        *row += 1;
        let kinds = kinds(method);
        let at = (dice / 100) % u64::try_from(kinds.len()).unwrap_or(1);
        kinds.into_iter().nth(usize::try_from(at).unwrap_or_default())
    }

    /// Forgets what has been.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// What may happen to a request with this method. A lost operation is not among it: to find out that one is lost takes a client real
/// time.
fn kinds(method: &str) -> Vec<Kind> {
    let status = |status, retry_after| Kind::Status { status, retry_after, code: None, message: None };
    let mut kinds = vec![
        status(408, None),
        status(429, Some(RETRY_AFTER)),
        status(500, None),
        status(502, None),
        status(503, None),
        status(503, Some(RETRY_AFTER)),
        status(504, None),
        Kind::StatusAfter { status: 500, retry_after: Some(RETRY_AFTER) },
        Kind::StatusAfter { status: 504, retry_after: None },
        Kind::ResetBefore,
        Kind::ResetAfter,
        Kind::Truncate,
        Kind::Slow { delay_ms: 100 },
    ];
    if matches!(method, "PUT" | "PATCH" | "DELETE") {
        let code = Some("RetryableError".to_owned());
        kinds.push(Kind::FailOperation { code, message: None });
    }
    kinds
}

/// A number by seeded chance: FNV-1a, mixed as SplitMix64 does.
fn dice(seed: u64, thing: &str) -> u64 {
    let hash = thing.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (hash ^ seed).wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_is_hit_by_every_kind_and_never_too_often_in_a_row() {
        let (storm, weather) = (Storm::default(), Weather { seed: 7, percent: 20 });
        let (mut names, mut hits, mut row) = (std::collections::BTreeSet::new(), 0, 0);
        for _ in 0..10_000 {
            let hit = storm.hit(&weather, "PUT", "/subscriptions/s/x");
            row = if hit.is_some() { row + 1 } else { 0 };
            assert!(row <= IN_A_ROW);
            hits += usize::from(hit.is_some());
            names.extend(hit.map(|kind| kind.name()));
        }
        assert!((1900..2100).contains(&hits), "{hits}");
        assert_eq!(names.len(), 7, "{names:?}");
        assert!((0..100).all(|_| storm.hit(&weather, "POST", "/tenant/oauth2").is_none()));
        assert!((0..100).all(|_| storm.hit(&Weather::default(), "GET", "/subscriptions/s").is_none()));
    }
}
