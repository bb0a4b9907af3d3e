//! The storm's Azure on the wire: HTTP over loopback, so that a reset is a reset, with faults by seeded chance and a log.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use arm::clock::Clock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::azure::{Answer, Azure, Buckets, Call, Course, Fate, Way};
use crate::chance::{Chance, FastClock};

/// So many faults in a row does one resource meet with one method: even a storm has an end.
const IN_A_ROW: u32 = 3;
/// A token lives at least so long: one that is refused as soon as it was got is no expired one.
const TOKEN: Duration = Duration::from_secs(120);

/// How the storm's Azure is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weather {
    pub(crate) seed: u64,
    /// So many of a hundred requests meet a fault, unless there were too many in a row.
    pub(crate) faults: u64,
    /// Whether answers say what is left in the buckets.
    pub(crate) tells: bool,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// An error with this status, and nothing done.
    Refused(u16),
    /// The same with the pause that has to be kept.
    RefusedFor(u16),
    /// All is done, and yet there is an error with this status.
    DoneBut(u16),
    /// The same with the pause that has to be kept.
    DoneButFor(u16),
    ResetBefore,
    ResetAfter,
    Truncated,
    Slow,
    Expired,
    Busy,
    OperationFails,
    OperationLost,
}

const AT_ALL: &[Fault] = &[
    Fault::Refused(408),
    Fault::RefusedFor(429),
    Fault::Refused(500),
    Fault::Refused(502),
    Fault::RefusedFor(500),
    Fault::RefusedFor(503),
    Fault::Refused(503),
    Fault::Refused(504),
    Fault::DoneBut(408),
    Fault::DoneBut(500),
    Fault::DoneBut(502),
    Fault::DoneBut(504),
    Fault::DoneButFor(502),
    Fault::ResetBefore,
    Fault::ResetAfter,
    Fault::Truncated,
    Fault::Slow,
    Fault::Expired,
];
const AT_CHANGES: &[Fault] = &[Fault::Busy, Fault::OperationFails, Fault::OperationLost];

/// One request, as it was met.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) at: Instant,
    pub(crate) method: String,
    pub(crate) path: String,
    /// The attempts of one request have this in common.
    pub(crate) request_id: String,
    pub(crate) fault: Option<Fault>,
    pub(crate) status: u16,
    /// The answer went out at this time, and asked for this pause.
    pub(crate) asked: Option<(Instant, Duration)>,
    /// The path of the operation that the answer names.
    pub(crate) operation: Option<String>,
}

#[derive(Default)]
struct Inner {
    azure: Azure,
    buckets: Buckets,
    log: Vec<Entry>,
    /// How often a path was asked for with a method, and how many faults it has met in a row.
    met: HashMap<String, (u64, u32)>,
    expired: HashSet<String>,
    expired_at: Option<Instant>,
}

pub(crate) struct Server {
    pub(crate) base: String,
    weather: Weather,
    clock: Arc<FastClock>,
    inner: Mutex<Inner>,
}

struct Received {
    head: String,
    body: Vec<u8>,
}

impl Received {
    fn header(&self, name: &str) -> &str {
        let find =
            |line: &'_ str| line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name));
        let line = self.head.lines().find(|line| find(line));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim()).unwrap_or_default()
    }
}

impl Server {
    pub(crate) async fn start(weather: Weather, clock: Arc<FastClock>) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let server = Arc::new(Self { base, weather, clock, inner: Mutex::default() });
        tokio::spawn({
            let server = server.clone();
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let server = server.clone();
                    tokio::spawn(async move { server.serve(stream).await });
                }
            }
        });
        server
    }

    /// What is left in the end, and all requests in their order.
    pub(crate) fn end(&self) -> (Result<HashMap<String, crate::azure::Kept>, String>, Vec<Entry>) {
        let inner = self.inner.lock().unwrap();
        (inner.azure.kept(), inner.log.clone())
    }

    async fn serve(&self, mut stream: TcpStream) {
        stream.set_nodelay(true).unwrap();
        while let Some(request) = read(&mut stream).await {
            let (answer, fault) = self.meet(&request);
            let text = self.text(&answer);
            match fault {
                Some(Fault::ResetBefore | Fault::ResetAfter) => {
                    let _ = stream.set_zero_linger();
                    return;
                }
                Some(Fault::Truncated) => {
                    let head = text.find("\r\n\r\n").unwrap() + 4;
                    let cut = head + (text.len() - head) / 2;
                    let _ = stream.write_all(&text.as_bytes()[..cut]).await;
                    return;
                }
                Some(Fault::Slow) => self.clock.sleep(Duration::from_secs(3)).await,
                _ => {}
            }
            if stream.write_all(text.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    /// Meets one request: with a fault or not, in the log in any case.
    fn meet(&self, request: &Received) -> (Answer, Option<Fault>) {
        let mut words = request.head.split([' ', '?']);
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let call = Call { method, path, body: &request.body };
        let mut inner = self.inner.lock().unwrap();
        let inner = &mut *inner;
        let now = self.clock.now();
        let key = format!("{method} {path}");
        let (number, row) = inner.met.entry(key.clone()).or_default();
        *number += 1;
        let mut chance = Chance::of(self.weather.seed, &format!("{key} {number}"));
        let token = request.header("authorization").to_owned();
        let fault = fault(&mut chance, &call, self.weather.faults).filter(|fault| {
            let alive = inner.expired_at.is_none_or(|at| now.duration_since(at) >= TOKEN);
            *row < IN_A_ROW && (*fault != Fault::Expired || alive && !inner.expired.contains(&token))
        });
        *row = if fault.is_some() { *row + 1 } else { 0 };
        if fault == Some(Fault::Expired) {
            inner.expired_at = Some(now);
            inner.expired.insert(token.clone());
        }
        let course = course(&mut chance, fault);
        let left = inner.buckets.take(&call, now);
        let answer = match left {
            _ if inner.expired.contains(&token) => Answer::error(401, "ExpiredAuthenticationToken"),
            Err(seconds) => {
                Answer::error(429, "SubscriptionRequestsThrottled").with("Retry-After", seconds.to_string())
            }
            Ok((kind, left)) => {
                let answer = answer(&mut inner.azure, &call, course, fault, &mut chance);
                let header = format!("x-ms-ratelimit-remaining-subscription-{kind}");
                if self.weather.tells { answer.with(&header, left.to_string()) } else { answer }
            }
        };
        // A request that never came so far meets none of the faults behind.
        let fault = fault.filter(|fault| left.is_ok() && (answer.status != 401 || *fault == Fault::Expired));
        let asked = answer.headers.iter().find(|(name, _)| name == "Retry-After");
        let heard = !matches!(fault, Some(Fault::ResetBefore | Fault::ResetAfter | Fault::Truncated));
        let asked =
            asked.filter(|_| heard).map(|(_, value)| (now, Duration::from_secs(value.parse().unwrap())));
        inner.log.push(Entry {
            at: now,
            method: method.to_owned(),
            path: path.to_owned(),
            request_id: request.header("x-ms-client-request-id").to_owned(),
            fault,
            status: answer.status,
            asked,
            operation: answer.headers.iter().find_map(|(name, value)| operation(name, value)),
        });
        (answer, fault)
    }

    fn text(&self, answer: &Answer) -> String {
        let mut text = format!("HTTP/1.1 {} X\r\n", answer.status);
        for (name, value) in &answer.headers {
            text += &format!("{name}: {}\r\n", value.replace("{base}", &self.base));
        }
        if answer.status != 204 {
            text += &format!("content-length: {}\r\n", answer.body.len());
        }
        text + "\r\n" + &answer.body
    }
}

fn fault(chance: &mut Chance, call: &Call<'_>, percent: u64) -> Option<Fault> {
    if !chance.percent(percent) {
        return None;
    }
    let changes = call.method != "GET";
    let operation = changes && call.method != "POST";
    let kinds = if operation { AT_ALL.len() + AT_CHANGES.len() } else { AT_ALL.len() + usize::from(changes) };
    let at = chance.below(kinds as u64) as usize;
    Some(AT_ALL.get(at).copied().unwrap_or_else(|| AT_CHANGES[at - AT_ALL.len()]))
}

fn course(chance: &mut Chance, fault: Option<Fault>) -> Course {
    let fate = match fault {
        Some(Fault::OperationFails) => Fate::Fails,
        Some(Fault::OperationLost) => Fate::Lost,
        _ => Fate::Ends,
    };
    let ways = if fate == Fate::Ends {
        &[Way::AtOnce, Way::Status, Way::Location, Way::Resource][..]
    } else {
        &[Way::Status, Way::Location]
    };
    let retry_after = chance.pick(&[None, None, Some(1), Some(2)]);
    Course { way: chance.pick(ways), polls: chance.below(3), retry_after, fate }
}

fn answer(
    azure: &mut Azure,
    call: &Call<'_>,
    course: Course,
    fault: Option<Fault>,
    chance: &mut Chance,
) -> Answer {
    let pause = (1 + chance.below(4)).to_string();
    match fault {
        Some(Fault::Refused(status)) => Answer::error(status, "ServerError"),
        Some(Fault::RefusedFor(429)) => Answer::error(429, "TooManyRequests").with("Retry-After", pause),
        Some(Fault::RefusedFor(status)) => {
            Answer::error(status, "ServiceUnavailable").with("Retry-After", pause)
        }
        Some(Fault::DoneBut(status)) => {
            azure.answer(call, course);
            Answer::error(status, "ServerError")
        }
        Some(Fault::DoneButFor(status)) => {
            azure.answer(call, course);
            Answer::error(status, "ServerError").with("Retry-After", pause)
        }
        Some(Fault::ResetBefore) => Answer::new(204, String::new()),
        Some(Fault::Busy) => Answer::error(409, "AnotherOperationInProgress"),
        // A body is needed to be cut.
        Some(Fault::Truncated) => {
            let answer = azure.answer(call, course);
            if answer.body.is_empty() {
                Answer { status: 200, body: " ".repeat(64), ..answer }
            } else {
                answer
            }
        }
        _ => azure.answer(call, course),
    }
}

/// The path of the operation that a header names.
fn operation(name: &str, value: &str) -> Option<String> {
    let named = matches!(name, "Azure-AsyncOperation" | "Location");
    let path = value.strip_prefix("{base}")?.split('?').next();
    path.filter(|_| named).map(str::to_owned)
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let mut request = Received { head: String::from_utf8(bytes[..end].to_vec()).ok()?, body: Vec::new() };
    let length: usize = request.header("content-length").parse().unwrap_or_default();
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    request.body = bytes.split_off(end);
    Some(request)
}
