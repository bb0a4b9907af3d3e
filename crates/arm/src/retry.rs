//! Which failures are worth another attempt, and when.

use std::time::Duration;

use http::HeaderMap;
use jiff::Timestamp;

use crate::error::Error;
use crate::request::Request;

/// Failures in a row after which a single request is given up; a wait goes on to its deadline.
const ATTEMPTS: u32 = 6;
/// The same where it may as well be meant.
const DOUBTFUL: u32 = 3;
/// The first pause between attempts, which doubles.
const FIRST: Duration = Duration::from_millis(500);
/// The longest pause of our own.
const LONGEST: Duration = Duration::from_secs(30);

/// No wish of a service reaches further, so that times can be added up without overflow.
const FARTHEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// A target that is busy with somebody else's change: the refusal concerns this request and no other.
const BUSY: &[&str] = &["RetryableErrorDueToAnotherOperation", "AnotherOperationInProgress"];

/// What to do about a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the caller's.
    GiveUp,
    /// Try again after the pause for so many failures.
    Again { failures: u32 },
    /// The same, together with all that Azure counts in the same bucket.
    Throttled { failures: u32 },
    /// Get another token and try again at once.
    FreshToken,
}

/// What has become of the attempts of one request so far.
#[derive(Debug)]
pub(crate) struct Tries {
    pub(crate) attempts: u32,
    throttled: u32,
    busy: u32,
    fresh: bool,
    /// Whether a deadline ends what would otherwise go on for ever.
    bounded: bool,
}

impl Tries {
    pub(crate) fn new(bounded: bool) -> Self {
        Self { attempts: 0, throttled: 0, busy: 0, fresh: false, bounded }
    }

    /// For requests that prove themselves with nothing, so that no other token helps.
    pub(crate) fn without_token() -> Self {
        Self { fresh: true, ..Self::new(false) }
    }
}

/// Judges the failure of the last attempt.
///
/// What changes something is repeated only where the failure proves that nothing was accepted. A throttled request was not
/// accepted, nor was one that met a busy target, and how often that happens is no reason to give up before the deadline.
pub(crate) fn judge(request: &Request, error: &Error, tries: &mut Tries) -> Verdict {
    if is_busy(request, error) {
        tries.busy += 1;
        let again = Verdict::Again { failures: tries.busy };
        return if tries.bounded || tries.busy < ATTEMPTS { again } else { Verdict::GiveUp };
    }
    if error.status() == Some(429) {
        tries.throttled += 1;
        return Verdict::Throttled { failures: tries.throttled };
    }
    let failures = tries.attempts.saturating_sub(tries.throttled + tries.busy);
    let once_more = request.persistent || failures < ATTEMPTS;
    let again = Verdict::Again { failures };
    match error {
        Error::Service(error) => match error.status {
            401 if !tries.fresh => {
                tries.fresh = true;
                Verdict::FreshToken
            }
            503 if error.retry_after.is_some() => again,
            // What is between 520 and 529 comes from a front door that did not reach Azure, or not whole.
            408 | 500 | 502 | 503 | 504 | 520..=529 if request.repeatable && once_more => again,
            _ => Verdict::GiveUp,
        },
        Error::Network(error) => {
            let safe = request.repeatable || !error.kind.may_have_arrived();
            let once_more = if error.kind.is_doubtful() { failures < DOUBTFUL } else { once_more };
            if safe && once_more && error.kind.is_passing() { again } else { Verdict::GiveUp }
        }
        _ => Verdict::GiveUp,
    }
}

/// Whether the error says that the target is busy, in one of the codes that the request names, or by the status for it.
pub(crate) fn is_busy(request: &Request, error: &Error) -> bool {
    // Then there is something that the request was not to overwrite, by the same code.
    if request.is_create_only() && error.is_precondition_failed() {
        return false;
    }
    let Error::Service(error) = error else { return false };
    request.retry_codes.iter().any(|code| error.has_code(code))
        || error.status == 429 && BUSY.iter().any(|code| error.has_code(code))
}

/// The pause after the failure numbered `failures` from 1, with `chance` from 0 to 1 spreading it.
///
/// A service that asks for no pause at all gets ours: it would be asked in a tight loop.
pub(crate) fn pause(failures: u32, retry_after: Option<Duration>, chance: f64) -> Duration {
    let chance = chance.clamp(0.0, 1.0);
    match retry_after.filter(|asked| !asked.is_zero()) {
        // Never earlier than asked for; a little later, so that the many that wait do not come at once.
        Some(asked) => asked.saturating_add(asked.min(Duration::from_secs(10)).mul_f64(0.1 * chance)),
        None => {
            let doubled = FIRST.saturating_mul(2u32.saturating_pow(failures.saturating_sub(1).min(16)));
            doubled.min(LONGEST).mul_f64(0.5 + 0.5 * chance)
        }
    }
}

/// The pause that the service asks for: milliseconds in Microsoft's headers, seconds or a date in HTTP's.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    asked(headers, now).map(|asked| asked.min(FARTHEST))
}

fn asked(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let milliseconds = ["retry-after-ms", "x-ms-retry-after-ms"].into_iter().find_map(text);
    if let Some(count) = milliseconds.and_then(|text| text.parse().ok()) {
        return Some(Duration::from_millis(count));
    }
    let value = text("retry-after")?;
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text: &str| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    // A moment by the clock of whoever names it, which need not be this machine's.
    let now = text("date").and_then(moment).unwrap_or(now);
    Some(Duration::try_from(moment(value)?.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(http::HeaderName::from_static(name), value.parse().unwrap())])
    }

    #[test]
    fn reads_retry_after_in_all_its_forms() {
        let now: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let seconds = |n| Some(Duration::from_secs(n));
        assert_eq!(retry_after(&headers("retry-after", "17"), now), seconds(17));
        assert_eq!(retry_after(&headers("retry-after", "Mon, 23 Nov 2026 10:01:30 GMT"), now), seconds(90));
        assert_eq!(retry_after(&headers("retry-after", "Mon, 23 Nov 2026 09:00:00 GMT"), now), seconds(0));
        assert_eq!(
            retry_after(&headers("x-ms-retry-after-ms", "250"), now),
            Some(Duration::from_millis(250))
        );
        assert_eq!(retry_after(&headers("retry-after", "18446744073709551615"), now), Some(FARTHEST));
        assert_eq!(
            retry_after(&headers("retry-after", "Wed, 01 Jan 9000 00:00:00 GMT"), now),
            Some(FARTHEST)
        );
        assert_eq!(retry_after(&headers("retry-after", "soon"), now), None);
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }

    #[test]
    fn a_moment_is_read_by_the_clock_that_names_it() {
        let now: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let mut answer = headers("retry-after", "Mon, 23 Nov 2026 12:00:10 GMT");
        for (date, seconds) in [("Mon, 23 Nov 2026 12:00:00 GMT", 10), ("yesterday", 7210)] {
            answer.insert("date", date.parse().unwrap());
            assert_eq!(retry_after(&answer, now), Some(Duration::from_secs(seconds)), "{date}");
        }
    }

    #[test]
    fn a_proxy_that_refuses_is_asked_thrice_and_one_that_wants_a_password_once() {
        let attempts = |fault| {
            let request = Request::new(http::Method::GET, "/x", "v").persistent();
            let error = Error::Network(Box::new(crate::NetworkError {
                method: "GET".to_owned(),
                path: "/x".to_owned(),
                host: "h".to_owned(),
                kind: crate::NetworkKind::Proxy(fault),
                proxy: None,
                source: std::sync::Arc::new(std::io::Error::other("x")),
            }));
            let mut tries = Tries::new(true);
            loop {
                tries.attempts += 1;
                if judge(&request, &error, &mut tries) == Verdict::GiveUp {
                    return tries.attempts;
                }
            }
        };
        assert_eq!(attempts(crate::ProxyFault::Refused), DOUBTFUL);
        assert_eq!(attempts(crate::ProxyFault::Credentials), 1);
    }

    #[test]
    fn pauses_double_to_a_bound_and_spread() {
        let ms = Duration::from_millis;
        assert_eq!(pause(1, None, 1.0), ms(500));
        assert_eq!(pause(3, None, 1.0), ms(2000));
        assert_eq!(pause(3, None, 0.0), ms(1000));
        assert_eq!(pause(u32::MAX, None, 1.0), LONGEST);
    }

    #[test]
    fn is_never_earlier_than_asked_for() {
        let asked = Some(Duration::from_secs(5));
        assert_eq!(pause(1, asked, 0.0), Duration::from_secs(5));
        assert_eq!(pause(9, asked, 1.0), Duration::from_millis(5500));
        assert_eq!(pause(1, Some(Duration::MAX), 1.0), Duration::MAX);
        assert_eq!(pause(1, Some(Duration::ZERO), 1.0), FIRST);
    }
}
