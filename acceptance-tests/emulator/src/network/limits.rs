//! Throttling by Network and by Private DNS themselves, beside Resource Manager's own: so many requests in a window of time.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::settings::{Limits, Window};
use crate::error::ArmError;
use crate::http::{Request, Response};

/// Resources that lists of Private DNS may answer in one window.
const ENTITIES: u32 = 60_000;

/// The windows that are open.
#[derive(Debug, Default)]
pub struct Windows {
    open: HashMap<(String, &'static str), Open>,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    since: Instant,
    used: u32,
}

/// What is left of a window, for a header field of the answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Left(Option<u32>);

impl Left {
    /// Adds the header field; Private DNS alone tells.
    pub fn describe(self, response: Response) -> Response {
        match self.0 {
            Some(left) => {
                response.header("x-ms-ratelimit-remaining-subscription-resource-requests", left.to_string())
            }
            None => response,
        }
    }
}

impl Windows {
    /// Counts a request; refuses it when its window is used up.
    pub fn take(
        &mut self,
        subscription: &str,
        method: &str,
        path: &str,
        limits: &Limits,
        now: Instant,
    ) -> Result<Left, ArmError> {
        let path = path.to_lowercase();
        let Some((_, rest)) = path.split_once("/providers/microsoft.network/") else {
            return Ok(Left::default());
        };
        let dns = rest.starts_with("privatedns");
        let read = matches!(method, "GET" | "HEAD");
        let (kind, window) = match (dns, read) {
            (true, true) => ("private-dns-reads", limits.private_dns_reads),
            (true, false) => ("private-dns-writes", limits.private_dns_writes),
            (false, true) => ("network-reads", limits.network_reads),
            (false, false) => ("network-writes", limits.network_writes),
        };
        let length = Duration::from_secs(u64::from(window.seconds));
        let used = if limits.used_up { window.requests } else { 0 };
        let open = self.window(subscription, kind, length, used, now);
        if open.used >= window.requests {
            let left = length.saturating_sub(now.duration_since(open.since)).as_secs_f64();
            return Err(refusal(&action(rest, method), window, left.ceil().max(1.0) as u64));
        }
        open.used += 1;
        Ok(Left(dns.then_some(window.requests - open.used)))
    }

    /// Adds the header field by which lists of Private DNS tell how many more resources they may answer. Recorded on lists of
    /// public zones, one less with each zone listed; that they are ever refused is not known.
    pub fn tell_entities(
        &mut self,
        subscription: &str,
        request: &Request,
        limits: &Limits,
        response: Response,
    ) -> Response {
        let path = request.path().to_lowercase();
        if request.method != "GET" || !path.contains("/providers/microsoft.network/privatednszones") {
            return response;
        }
        let Some(listed) = response.value()["value"].as_array().map(Vec::len) else { return response };
        let now = Instant::now();
        let length = Duration::from_secs(u64::from(limits.private_dns_reads.seconds));
        let open = self.window(subscription, "private-dns-entities", length, 0, now);
        open.used = open.used.saturating_add(u32::try_from(listed).unwrap_or(u32::MAX));
        let left = ENTITIES.saturating_sub(open.used).to_string();
        response.header("x-ms-ratelimit-remaining-subscription-resource-entities-read", left)
    }

    /// The window that is open now; of the first one, so much is used at its beginning.
    fn window(
        &mut self,
        subscription: &str,
        kind: &'static str,
        length: Duration,
        used: u32,
        now: Instant,
    ) -> &mut Open {
        let open = self.open.entry((subscription.to_lowercase(), kind)).or_insert(Open { since: now, used });
        if now.duration_since(open.since) >= length {
            *open = Open { since: now, used: 0 };
        }
        open
    }

    /// Closes all windows.
    pub fn reset(&mut self) {
        self.open.clear();
    }
}

/// The action that a request is: its types without their names, and a verb.
fn action(rest: &str, method: &str) -> String {
    let types: Vec<&str> = rest.split('/').step_by(2).collect();
    let verb = match method {
        "GET" | "HEAD" => "read",
        "DELETE" => "delete",
        _ => "write",
    };
    format!("Microsoft.Network/{}/{verb}", types.join("/"))
}

/// The limits are documented, and a wait longer than a window is reported; code and words are (K).
fn refusal(action: &str, window: Window, seconds: u64) -> ArmError {
    let (requests, length) = (window.requests, window.seconds);
    let clock = format!("{:02}:{:02}:{:02}", length / 3600, length / 60 % 60, length % 60);
    ArmError::new(
        429,
        "ResourceRequestsThrottled",
        format!(
            "Number of requests for action '{action}' exceeded the limit of '{requests}' for time interval '{clock}'. Please try again after '{seconds}' seconds."
        ),
    )
    .header("Retry-After", seconds.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_is_used_up_refuses_until_it_ends() {
        let window = Window { requests: 2, seconds: 300 };
        let limits = Limits { private_dns_reads: window, ..Limits::default() };
        let (mut windows, start) = (Windows::default(), Instant::now());
        let path = "/subscriptions/S/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/z/virtualNetworkLinks/l";
        let mut take =
            |after: u64| windows.take("S", "GET", path, &limits, start + Duration::from_secs(after));
        assert_eq!(take(0).unwrap().0, Some(1));
        assert_eq!(take(100).unwrap().0, Some(0));
        let refused = take(200).unwrap_err();
        assert_eq!(refused.headers, [("Retry-After".to_owned(), "100".to_owned())]);
        assert_eq!(
            refused.message,
            "Number of requests for action 'Microsoft.Network/privatednszones/virtualnetworklinks/read' exceeded the limit of '2' for time interval '00:05:00'. Please try again after '100' seconds."
        );
        assert_eq!(take(300).unwrap().0, Some(1));
    }

    #[test]
    fn the_first_window_may_be_used_up_by_others() {
        let window = Window { requests: 1, seconds: 2 };
        let limits = Limits { network_reads: window, used_up: true, ..Limits::default() };
        let (mut windows, start) = (Windows::default(), Instant::now());
        let path = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/e";
        let mut take =
            |after: u64| windows.take("s", "GET", path, &limits, start + Duration::from_secs(after)).is_ok();
        assert_eq!([0, 1, 2, 3, 4].map(&mut take), [false, false, true, false, true]);
    }

    #[test]
    fn each_service_counts_for_itself_and_others_are_not_counted() {
        let none = Window { requests: 0, seconds: 60 };
        let limits = Limits { network_writes: none, ..Limits::default() };
        let mut windows = Windows::default();
        let mut take =
            |method: &str, path: &str| windows.take("s", method, path, &limits, Instant::now()).is_ok();
        let network = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/e";
        assert!(!take("PUT", network) && !take("DELETE", network) && take("GET", network));
        assert!(take(
            "PUT",
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/z"
        ));
        assert!(take(
            "PUT",
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a"
        ));
    }
}
