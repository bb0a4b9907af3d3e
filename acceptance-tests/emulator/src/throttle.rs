//! Throttling: token buckets per subscription for reads, writes and deletes, and the larger ones of all principals.

use std::collections::HashMap;
use std::time::Instant;

use crate::error::ArmError;
use crate::http::Response;
use crate::settings::{Bucket, Buckets};

/// How many times larger the bucket that all principals share is.
const GLOBAL: u32 = 15;

/// The levels of all buckets.
#[derive(Debug, Default)]
pub struct Throttle {
    levels: HashMap<(String, &'static str), Level>,
}

#[derive(Debug, Clone, Copy)]
struct Level {
    own: f64,
    global: f64,
    since: Instant,
}

/// What is left after a request, for the header fields of its answer.
#[derive(Debug, Clone, Copy)]
pub struct Remaining {
    scope: &'static str,
    kind: &'static str,
    own: u32,
    global: u32,
}

impl Throttle {
    /// Takes a token for a request; refuses when there is none.
    pub fn take(
        &mut self,
        subscription: &str,
        method: &str,
        sizes: &Buckets,
        now: Instant,
    ) -> Result<Remaining, ArmError> {
        let (kind, bucket) = match method {
            "GET" | "HEAD" => ("reads", sizes.reads),
            "DELETE" => ("deletes", sizes.deletes),
            _ => ("writes", sizes.writes),
        };
        let full = Level { own: f64::from(bucket.size), global: f64::from(bucket.size * GLOBAL), since: now };
        let level = self.levels.entry((subscription.to_lowercase(), kind)).or_insert(full);
        level.refill(bucket, now);
        if level.own < 1.0 {
            return Err(refusal(subscription, kind, bucket, level.own));
        }
        level.own -= 1.0;
        level.global -= 1.0;
        let scope = if subscription.is_empty() { "tenant" } else { "subscription" };
        Ok(Remaining { scope, kind, own: level.own as u32, global: level.global as u32 })
    }

    /// Fills all buckets, as after a change of their sizes.
    pub fn reset(&mut self) {
        self.levels.clear();
    }
}

impl Level {
    fn refill(&mut self, bucket: Bucket, now: Instant) {
        let gained = now.duration_since(self.since).as_secs_f64() * f64::from(bucket.refill_per_second);
        self.since = now;
        self.own = (self.own + gained).min(f64::from(bucket.size));
        let global = f64::from(bucket.size * GLOBAL);
        self.global = (self.global + gained * f64::from(GLOBAL)).min(global);
    }
}

impl Remaining {
    /// Adds the header fields that tell what is left.
    pub fn describe(&self, response: Response) -> Response {
        let Self { scope, kind, own, global } = self;
        response
            .header(&format!("x-ms-ratelimit-remaining-{scope}-{kind}"), own.to_string())
            .header(&format!("x-ms-ratelimit-remaining-{scope}-global-{kind}"), global.to_string())
    }
}

fn refusal(subscription: &str, kind: &str, bucket: Bucket, own: f64) -> ArmError {
    let seconds = match bucket.refill_per_second {
        0 => 1,
        rate => ((1.0 - own) / f64::from(rate)).ceil().max(1.0) as u64,
    };
    let singular = kind.trim_end_matches('s');
    ArmError::new(
        429,
        "SubscriptionRequestsThrottled",
        format!(
            "Number of '{singular}' requests for subscription '{subscription}' exceeded. Please try again after '{seconds}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information."
        ),
    )
    .header("Retry-After", seconds.to_string())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_empty_bucket_refuses_until_it_refills() {
        let sizes = Buckets { reads: Bucket { size: 2, refill_per_second: 1 }, ..Buckets::default() };
        let mut throttle = Throttle::default();
        let start = Instant::now();
        let mut take = |after: u64| throttle.take("s", "GET", &sizes, start + Duration::from_secs(after));
        assert_eq!(take(0).map(|r| (r.own, r.global)).unwrap(), (1, 29));
        assert_eq!(take(0).map(|r| r.own).unwrap(), 0);
        let refused = take(0).unwrap_err();
        assert_eq!(
            (refused.status, refused.headers),
            (429, vec![("Retry-After".to_owned(), "1".to_owned())])
        );
        assert_eq!(take(1).map(|r| r.own).unwrap(), 0);
    }
}
