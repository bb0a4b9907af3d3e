use super::*;
use crate::error::{Error, ServiceError};
use http::{HeaderName, Method};

const SECOND: Duration = Duration::from_secs(1);

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let name = |name: &str| HeaderName::try_from(format!("x-ms-ratelimit-remaining-{name}")).unwrap();
    pairs.iter().map(|(key, value)| (name(key), value.parse().unwrap())).collect()
}

fn reads() -> Buckets {
    Buckets::of(&Method::GET, "/subscriptions/s/resourceGroups/g")
}

/// What a request that comes now has to wait, if it goes out and is not answered.
fn wait(throttle: &Throttle, buckets: &Buckets, now: Instant) -> u128 {
    let (mut claim, wait) = throttle.claim(buckets, now);
    claim.sent();
    wait.unwrap_or_default().as_millis()
}

#[test]
fn buckets_are_of_a_subscription_and_a_kind() {
    let of = |method: Method, path: &str| Buckets::of(&method, path);
    assert_eq!(reads(), of(Method::HEAD, "/Subscriptions/S/resourcegroups/other"));
    assert_ne!(reads(), of(Method::PUT, "/subscriptions/s/resourceGroups/g"));
    assert_ne!(reads(), of(Method::GET, "/subscriptions/other/resourceGroups/g"));
    assert_eq!(of(Method::GET, "/tenants"), of(Method::GET, "/tenants/"));
    let network = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
    let zone = of(Method::GET, &format!("{network}/privateDnsZones/a/virtualNetworkLinks/b"));
    assert_eq!(zone, of(Method::GET, &format!("{network}/privatednszones/x/virtualnetworklinks/y")));
    assert_ne!(zone, of(Method::GET, &format!("{network}/privateDnsZones/a")));
}

#[test]
fn a_refusal_by_a_service_keeps_its_type_back_and_no_other() {
    let throttle = Throttle::new(1);
    let now = Instant::now();
    let path = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/z";
    let (zones, writes) = (Buckets::of(&Method::GET, path), Buckets::of(&Method::PUT, path));
    let refusal = |code: &str| {
        let body = format!(r#"{{"error":{{"code":"{code}"}}}}"#);
        Error::Service(Box::new(ServiceError::read("GET", path, 429, body.as_bytes())))
    };
    throttle.refused(zones.empty(&refusal("TooManyRequests")), now, 5 * SECOND);
    throttle.refused(zones.empty(&refusal("TooManyRequests")), now, SECOND);
    assert_eq!(throttle.closed(&zones, now), Some(5 * SECOND));
    assert_eq!(throttle.closed(&zones, now + 5 * SECOND), None);
    assert_eq!(throttle.closed(&reads(), now), None);
    assert_eq!(throttle.closed(&writes, now), None);
    throttle.refused(zones.empty(&refusal("SubscriptionRequestsThrottled")), now, 7 * SECOND);
    assert_eq!(throttle.closed(&reads(), now), Some(7 * SECOND));
    assert_eq!(throttle.closed(&writes, now), None);
}

#[test]
fn after_a_refusal_not_all_go_at_once() {
    let throttle = Throttle::new(1);
    let (buckets, now) = (reads(), Instant::now());
    throttle.refused(&buckets.iter().next().unwrap().clone(), now, 5 * SECOND);
    let then = now + 5 * SECOND;
    let waits: Vec<_> = (0..4).map(|_| wait(&throttle, &buckets, then)).collect();
    assert_eq!(waits, [0, 40, 80, 120]);
}

#[test]
fn an_answer_ends_the_caution_after_a_refusal() {
    let throttle = Throttle::new(1);
    let (buckets, now) = (reads(), Instant::now());
    throttle.refused(&buckets.iter().last().unwrap().clone(), now, SECOND);
    let then = now + SECOND;
    assert_eq!((wait(&throttle, &buckets, then), wait(&throttle, &buckets, then)), (0, 50));
    throttle.learn(&buckets, StatusCode::TOO_MANY_REQUESTS, &HeaderMap::new(), then);
    assert_eq!(wait(&throttle, &buckets, then), 100);
    throttle.learn(&buckets, StatusCode::NOT_FOUND, &HeaderMap::new(), then);
    assert_eq!(wait(&throttle, &buckets, then), 0);
}

#[test]
fn plenty_makes_nobody_wait() {
    let throttle = Throttle::new(1);
    let (buckets, now) = (reads(), Instant::now());
    assert_eq!(wait(&throttle, &buckets, now), 0, "nothing is known yet");
    throttle.learn(&buckets, StatusCode::OK, &headers(&[("subscription-reads", "249")]), now);
    assert!((0..239).all(|_| wait(&throttle, &buckets, now) == 0));
    // The rest comes at 25 a second, and what has come since is there.
    assert_eq!(wait(&throttle, &buckets, now), 40);
    assert_eq!(wait(&throttle, &buckets, now), 80);
    assert_eq!(wait(&throttle, &buckets, now + SECOND), 0);
}

#[test]
fn a_herd_before_the_first_answer_is_no_larger_than_the_bucket() {
    let throttle = Throttle::new(1);
    let (buckets, now) = (reads(), Instant::now());
    let waits: Vec<_> = (0..300).map(|_| wait(&throttle, &buckets, now)).collect();
    assert_eq!(waits.iter().filter(|wait| **wait == 0).count(), 240);
    assert_eq!(waits[239..243], [0, 40, 80, 120]);
    // Whoever tells nothing, counts nothing.
    throttle.learn(&buckets, StatusCode::OK, &HeaderMap::new(), now);
    assert_eq!(wait(&throttle, &buckets, now), 0);
}

#[test]
fn each_kind_fills_at_its_own_rate() {
    for (method, name, spacing) in [
        (Method::GET, "subscription-reads", 40),
        (Method::PUT, "subscription-writes", 100),
        (Method::POST, "subscription-writes", 100),
        (Method::DELETE, "subscription-deletes", 100),
        (Method::GET, "subscription-global-reads", 2),
        (Method::PUT, "subscription-resource-requests", 300),
    ] {
        let throttle = Throttle::new(1);
        let (buckets, now) = (Buckets::of(&method, "/subscriptions/s/resourceGroups/g"), Instant::now());
        throttle.learn(&buckets, StatusCode::OK, &headers(&[(name, "10")]), now);
        let first = wait(&throttle, &buckets, now);
        assert_eq!((first, wait(&throttle, &buckets, now)), (spacing, first + wait_step(spacing)), "{name}");
    }
}

/// Milliseconds are cut: 375 a second is one in 2.67 ms.
fn wait_step(spacing: u128) -> u128 {
    if spacing == 2 { 3 } else { spacing }
}

#[test]
fn the_tenant_has_buckets_of_its_own() {
    let throttle = Throttle::new(1);
    let (buckets, now) = (Buckets::of(&Method::GET, "/subscriptions/s/locations"), Instant::now());
    let tenant = Buckets::of(&Method::GET, "/subscriptions");
    throttle.learn(
        &tenant,
        StatusCode::OK,
        &headers(&[("tenant-reads", "0"), ("subscription-reads", "249")]),
        now,
    );
    assert!(wait(&throttle, &Buckets::of(&Method::GET, "/tenants"), now) > 0);
    assert_eq!(wait(&throttle, &buckets, now), 0);
}

#[test]
fn what_is_under_way_is_counted_as_taken() {
    let throttle = Throttle::new(9);
    let (buckets, now) = (reads(), Instant::now());
    let claims: Vec<_> = (0..20).map(|_| throttle.claim(&buckets, now).0).collect();
    throttle.learn(&buckets, StatusCode::OK, &headers(&[("subscription-reads", "30")]), now);
    // 30 less the 19 others that Azure may not have counted yet.
    assert_eq!((wait(&throttle, &buckets, now), wait(&throttle, &buckets, now)), (0, 40));
    drop(claims);
    // Never sent: their tokens are there again.
    assert_eq!(wait(&throttle, &buckets, now), 0);
}

#[test]
fn the_count_by_the_hour_of_old_is_plenty_until_it_ends() {
    let throttle = Throttle::new(1);
    let (buckets, now) = (reads(), Instant::now());
    for left in ["11999", "11900", "300", "40"] {
        throttle.learn(&buckets, StatusCode::OK, &headers(&[("subscription-reads", left)]), now);
        assert_eq!(wait(&throttle, &buckets, now), 0, "{left}");
    }
    throttle.learn(&buckets, StatusCode::OK, &headers(&[("subscription-reads", "11999")]), now);
    assert!((0..11_000).all(|_| wait(&throttle, &buckets, now) == 0));
}

#[test]
fn what_is_no_number_teaches_nothing() {
    let throttle = Throttle::new(1);
    let (buckets, now) = (reads(), Instant::now());
    for left in ["", "-1", "many", "99999999999999999999"] {
        throttle.learn(&buckets, StatusCode::OK, &headers(&[("subscription-reads", left)]), now);
        assert_eq!(wait(&throttle, &buckets, now), 0, "{left}");
    }
}

#[test]
fn a_mirrored_bucket_is_never_refused_and_never_idle() {
    // Azure's own bucket, drained by a client that asks for a turn every millisecond and is answered at once.
    let throttle = Throttle::new(1);
    let (buckets, start) = (reads(), Instant::now());
    let (mut tokens, mut sent, mut at) = (250.0f64, 0u32, start);
    while at < start + 60 * SECOND {
        let (mut claim, pause) = throttle.claim(&buckets, at);
        claim.sent();
        let then = at + pause.unwrap_or_default().max(Duration::from_millis(1));
        tokens = (tokens + (then - at).as_secs_f64() * 25.0).min(250.0);
        at = then;
        assert!(tokens >= 1.0, "refused after {sent} requests");
        (tokens, sent) = (tokens - 1.0, sent + 1);
        throttle.learn(
            &buckets,
            StatusCode::OK,
            &headers(&[("subscription-reads", &(tokens as u32).to_string())]),
            at,
        );
    }
    // What the bucket held and what came in, but for the reserve.
    assert!(sent >= 250 + 60 * 25 - 12, "{sent}");
}
