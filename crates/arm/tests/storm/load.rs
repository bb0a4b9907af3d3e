//! More than Azure lets through, in good weather: the client slows down before Azure refuses.
//!
//! The load is given twice. Azure says in its answers what is left in the buckets, or does not; then the client has nothing to go
//! by, and its limiter is off until a refusal.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arm::clock::Clock;
use arm::{Context, Request, ResourceId};
use serde_json::json;

use crate::chance::FastClock;
use crate::log;
use crate::server::{Server, Weather};
use crate::{ALONE, SEED, TIMEOUT, VERSION, client};

/// No faster does the storm's time run, however fast the machine is.
const FASTEST: u32 = 10;
/// Reads that Azure's buckets let through at once: a measure of what the machine sends.
const MEASURE: usize = 200;
/// So many requests are always wanted.
const WORKERS: usize = 60;
/// Requests of each kind, and the size and rate of Azure's bucket for them.
const LOAD: [(&str, usize, f64, f64); 3] =
    [("GET", 700, 250.0, 25.0), ("PUT", 360, 200.0, 10.0), ("DELETE", 360, 200.0, 10.0)];

/// How the load went.
#[derive(Debug)]
struct Course {
    sent: usize,
    refused: usize,
    took: Duration,
}

fn request(method: &str, name: &str) -> Request {
    let id = ResourceId::workspace("s", "g", name).unwrap();
    match method {
        "PUT" => Request::put(&id, VERSION, &json!({"location": "here"})).unwrap(),
        "DELETE" => Request::delete(&id, VERSION),
        _ => Request::get(&id, VERSION),
    }
}

/// How much faster than ours the storm's time may run, so that the load comes twice as fast as the buckets fill.
async fn faster() -> u32 {
    let clock = Arc::new(FastClock::new(1));
    let server = Server::start(Weather { seed: SEED, faults: 0, tells: true }, clock.clone()).await;
    let client = client(&server, &clock);
    let began = Instant::now();
    let reads = (0..MEASURE).map(|number| {
        let client = client.clone();
        async move { client.send(request("GET", &format!("measure{number}")), &Context::default()).await }
    });
    for read in reads.map(tokio::spawn).collect::<Vec<_>>() {
        assert!(read.await.unwrap().is_err_and(|error| error.is_absent()));
    }
    let sent = MEASURE as f64 / began.elapsed().as_secs_f64();
    let filled: f64 = LOAD.iter().map(|(.., rate)| rate).sum();
    ((sent / filled / 2.0) as u32).clamp(1, FASTEST)
}

async fn load(tells: bool, faster: u32) -> Course {
    let clock = Arc::new(FastClock::new(faster));
    let server = Server::start(Weather { seed: SEED, faults: 0, tells }, clock.clone()).await;
    let client = client(&server, &clock);
    let began = clock.now();
    let mut all = tokio::task::JoinSet::new();
    for (worker, (method, share, ..)) in (0..WORKERS).zip(LOAD.iter().cycle()) {
        let (client, cx) = (client.clone(), Context::default().with_deadline(began + TIMEOUT));
        all.spawn(async move {
            for number in 0..share / (WORKERS / LOAD.len()) {
                let sent = client.send(request(method, &format!("{method}{worker}-{number}")), &cx).await;
                // What is read has never been made.
                let absent = sent.as_ref().is_err_and(|error| error.is_absent());
                assert!(sent.is_ok() || absent && *method == "GET", "{sent:?}");
            }
        });
    }
    while let Some(ended) = all.join_next().await {
        ended.unwrap();
    }
    let log = server.end().1;
    assert_eq!(log::too_early(&log), Vec::<String>::new());
    Course { sent: log.len(), refused: log::throttled(&log), took: clock.now() - began }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_client_slows_down_before_azure_refuses() {
    let _turn = ALONE.lock().await;
    let faster = faster().await;
    let (told, untold) = (load(true, faster).await, load(false, faster).await);
    eprintln!("{faster} times faster: told {told:?}, untold {untold:?}");
    // No client can be done sooner; without a limit, it would be refused instead.
    let least = LOAD.iter().map(|(_, wanted, size, rate)| (*wanted as f64 - size) / rate).fold(0.0, f64::max);
    assert!(told.took.as_secs_f64() >= least, "{told:?} is no load: {least} s at least");
    assert!(told.refused * 200 <= told.sent, "{told:?}");
    assert!(untold.refused * 50 >= untold.sent, "{untold:?}");
}
