//! Whether this machine's clock is wrong: tokens and certificates are refused for that, and nobody says why.

use http::HeaderMap;
use jiff::Timestamp;

/// Azure allows clocks to differ by five minutes.
const ALLOWED: i64 = 300;

/// What to say of this machine's clock, when it differs from the time in an answer's `Date` by more than Azure allows.
pub(crate) fn note(headers: &HeaderMap, now: Timestamp) -> Option<String> {
    note_of(headers.get(http::header::DATE)?.to_str().ok()?, now)
}

/// The same for the text of a `Date`.
pub(crate) fn note_of(date: &str, now: Timestamp) -> Option<String> {
    let theirs = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    let behind = theirs.as_second() - now.as_second();
    if behind.abs() <= ALLOWED {
        return None;
    }
    let side = if behind > 0 { "behind" } else { "ahead of" };
    let seconds = behind.unsigned_abs();
    let distance = match seconds {
        0..7_200 => format!("{} minutes", seconds / 60),
        7_200..172_800 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    };
    Some(format!("this machine's clock is {distance} {side} Azure's, which says {theirs}; set it right"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(date: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::DATE, date.parse().unwrap());
        note(&headers, "2026-11-24T12:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_clock_that_is_nearly_right_is_not_spoken_of() {
        assert_eq!(said("Tue, 24 Nov 2026 12:04:59 GMT"), None);
        assert_eq!(said("Tue, 24 Nov 2026 11:55:00 GMT"), None);
        assert_eq!(said("yesterday"), None);
        assert_eq!(note(&HeaderMap::new(), Timestamp::now()), None);
    }

    #[test]
    fn a_wrong_clock_is_told_with_the_difference() {
        assert_eq!(
            said("Tue, 24 Nov 2026 13:01:30 GMT").unwrap(),
            "this machine's clock is 61 minutes behind Azure's, which says 2026-11-24T13:01:30Z; set it right"
        );
        assert_eq!(
            said("Tue, 24 Nov 2026 02:00:00 GMT").unwrap(),
            "this machine's clock is 10 hours ahead of Azure's, which says 2026-11-24T02:00:00Z; set it right"
        );
        assert!(said("Tue, 01 Dec 2026 12:00:00 GMT").unwrap().contains("7 days behind"));
    }
}
