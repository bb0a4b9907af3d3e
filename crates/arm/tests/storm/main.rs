//! A storm: ten thousand operations through the pipeline, against an Azure in which every fifth request meets a fault.
//!
//! The Azure is a model on real connections that shares the client's clock, which runs fast: only so can its log be
//! held against each pause that it asked for. `AZUREML_STORM_SEED` chooses another storm; a seed is printed when one fails.

// A helper of a test fails like the test.
#![allow(clippy::unwrap_used)]

mod azure;
mod chance;
mod load;
mod log;
mod server;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arm::clock::Clock;
use arm::credential::{CredentialError, Secret, Token, TokenCredential, TokenRequest};
use arm::operation::{self, BUSY, State};
use arm::{Client, Cloud, Context, Error, Request, ResourceId, Transport};
use azure::Kept;
use chance::{Chance, FastClock};
use serde_json::{Value, json};
use server::{Server, Weather};

const SEED: u64 = 20_261_124;
const RESOURCES: u64 = 200;
const OPERATIONS: u64 = 50;
/// So much faster does the storm's time run than ours.
const FASTER: u32 = 65;
/// Of a hundred requests: some are spared, as even a storm has an end, and a fifth has to be hit.
const FAULTS: u64 = 23;
const VERSION: &str = "2025-12-01";
/// The tests go one after the other: each means to be the machine's only load.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
/// In the storm's time.
const TIMEOUT: Duration = Duration::from_secs(10 * 60 * 60);

/// Gives a new token each time: `token-1`, `token-2` …
#[derive(Debug)]
struct Tokens {
    given: AtomicU64,
    clock: Arc<FastClock>,
}

#[async_trait::async_trait]
impl TokenCredential for Tokens {
    async fn token(&self, _: &TokenRequest) -> Result<Token, CredentialError> {
        let number = self.given.fetch_add(1, Ordering::SeqCst) + 1;
        let expires = self.clock.utc() + Duration::from_secs(3600);
        Ok(Token { secret: Secret::new(format!("token-{number}")), expires })
    }
}

/// What one resource goes through, and what should be there by now.
struct Life {
    client: Client,
    clock: Arc<FastClock>,
    id: ResourceId,
    chance: Chance,
    there: Option<Kept>,
}

impl Life {
    /// One operation by chance, among those that the state allows.
    async fn step(&mut self, number: u64) -> Result<(), Error> {
        let cx = Context::default().with_deadline(self.clock.now() + TIMEOUT);
        let die = self.chance.below(100);
        match &self.there {
            None if die < 60 => self.create(number, &cx).await,
            None if die < 70 => self.delete(&cx).await,
            Some(_) if die < 15 => self.count(&cx).await,
            Some(_) if die < 40 => self.change(number, &cx).await,
            Some(_) if die < 50 => self.delete(&cx).await,
            _ => self.read(&cx).await,
        }
    }

    async fn create(&mut self, number: u64, cx: &Context) -> Result<(), Error> {
        let tags = json!({"made": number.to_string()});
        let request = Request::put(&self.id, VERSION, &json!({"location": "here", "tags": tags}))?;
        let made = operation::create(&self.client, request.retry_codes(BUSY), cx, || ()).await;
        let made = made.map_err(|unfinished| unfinished.error)?;
        assert_eq!(State::of_resource(&made), Some(State::Succeeded), "{made}");
        self.there = Some(Kept { tags: tags.as_object().cloned().unwrap_or_default(), count: 0 });
        Ok(())
    }

    async fn change(&mut self, number: u64, cx: &Context) -> Result<(), Error> {
        let (name, value) = (format!("tag{}", number % 3), json!(number.to_string()));
        let next = |found: Option<&Value>| {
            if found.is_some_and(|found| found["tags"][&name] == value) {
                return Ok(None);
            }
            let body = json!({"tags": {name.as_str(): value}});
            Ok(Some(Request::patch(&self.id, VERSION, &body)?.retry_codes(BUSY)))
        };
        operation::update(&self.client, cx, next).await.map_err(|unfinished| unfinished.error)?;
        if let Some(there) = &mut self.there {
            there.tags.insert(name, value);
        }
        Ok(())
    }

    async fn delete(&mut self, cx: &Context) -> Result<(), Error> {
        let request = Request::delete(&self.id, VERSION).retry_codes(BUSY);
        operation::delete(&self.client, request, cx).await.map_err(|unfinished| unfinished.error)?;
        self.there = None;
        Ok(())
    }

    /// Does what must not be done twice. What is unknown of it, a look tells.
    async fn count(&mut self, cx: &Context) -> Result<(), Error> {
        let wanted = self.there.as_ref().map_or(0, |there| there.count) + 1;
        loop {
            let request = Request::post(&self.id, "count", VERSION).retry_codes(BUSY);
            match self.client.send(request, cx).await {
                Ok(_) => break,
                Err(error) if error.outcome_unknown() => {
                    self.clock.sleep(error.retry_after().unwrap_or_default()).await;
                    let found: Value = self.client.get(&self.id, VERSION, cx).await?;
                    if found["properties"]["count"] == wanted {
                        break;
                    }
                }
                Err(error) => return Err(error),
            }
        }
        if let Some(there) = &mut self.there {
            there.count = wanted;
        }
        Ok(())
    }

    async fn read(&mut self, cx: &Context) -> Result<(), Error> {
        let found: Option<Value> = self.client.find(Request::get(&self.id, VERSION), cx).await?;
        let found = found.map(|found| Kept {
            tags: found["tags"].as_object().cloned().unwrap_or_default(),
            count: found["properties"]["count"].as_u64().unwrap_or_default(),
        });
        assert_eq!(found, self.there, "{} as it is read", self.id);
        Ok(())
    }
}

async fn live(mut life: Life) -> (String, Option<Kept>) {
    for number in 0..OPERATIONS {
        if let Err(error) = life.step(number).await {
            panic!("operation {number} on {}: {error}", life.id);
        }
    }
    (life.id.to_string(), life.there)
}

/// A client of this Azure, with its clock.
fn client(server: &Server, clock: &Arc<FastClock>) -> Client {
    let cloud = Cloud::custom("Storm", &server.base, &server.base, None).unwrap();
    let tokens = Tokens { given: AtomicU64::new(0), clock: clock.clone() };
    let transport = Transport::with_plain_http("storm/1.0");
    Client::builder(cloud, Arc::new(tokens), transport).clock(clock.clone()).build()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_operations_come_through() {
    let seed = std::env::var("AZUREML_STORM_SEED").map_or(SEED, |text| text.parse().unwrap());
    eprintln!("AZUREML_STORM_SEED={seed}");
    let _turn = ALONE.lock().await;
    let clock = Arc::new(FastClock::new(FASTER));
    let server = Server::start(Weather { seed, faults: FAULTS, tells: true }, clock.clone()).await;
    let client = client(&server, &clock);
    let (began, real) = (clock.now(), std::time::Instant::now());
    let lives: Vec<_> = (0..RESOURCES)
        .map(|number| {
            let name = format!("w{number}");
            let id = ResourceId::workspace("s", "g", &name).unwrap();
            let chance = Chance::of(seed, &name);
            let (client, clock) = (client.clone(), clock.clone());
            tokio::spawn(live(Life { client, clock, id, chance, there: None }))
        })
        .collect();
    let mut expected = HashMap::new();
    for life in lives {
        let (id, there) = life.await.unwrap();
        expected.extend(there.map(|kept| (id, kept)));
    }
    let (kept, log) = server.end();
    let faults = log::faults(&log);
    eprintln!(
        "{} requests in {:?} ({:?} of the storm's time), throttled {}, faults {faults:?}",
        log.len(),
        real.elapsed(),
        clock.now() - began,
        log::throttled(&log),
    );
    assert_eq!(kept, Ok(expected));
    assert_eq!(log::unsafe_repeats(&log), Vec::<String>::new());
    assert_eq!(log::too_early(&log), Vec::<String>::new());
    let met: usize = faults.values().sum();
    assert!(met * 5 >= log.len(), "{met} faults in {} requests are no storm", log.len());
    assert_eq!(faults.len(), 21, "every kind of fault is met: {faults:?}");
}
