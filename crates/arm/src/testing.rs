//! What the tests of this crate share: a small HTTP server that does as told, a clock that stands still, a log to read.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Once};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

use crate::clock::{Clock, Pause};
use crate::credential::{CredentialError, Secret, Token, TokenCredential, TokenRequest};
use crate::{Client, Cloud, Transport};

/// The time of day of the tests' clock.
pub(crate) const NOON: &str = "2026-11-23T12:00:00Z";

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) method: String,
    /// Path and query, byte for byte.
    pub(crate) target: String,
    head: String,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
    /// Closes the connection without an answer.
    Close,
    /// Announces a longer body than it sends.
    Truncate,
    /// Says nothing until it is released.
    Hang,
}

pub(crate) fn reply(status: u16, body: &str) -> Reply {
    Reply::Answer { status, headers: Vec::new(), body: body.to_owned() }
}

impl Reply {
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.into()));
        }
        self
    }
}

/// A server that answers one request after the other as told; `{base}` in what it sends is its own URL, `{path}` the path that
/// was asked for.
pub(crate) struct Server {
    pub(crate) base: String,
    received: Arc<Mutex<Vec<Received>>>,
    arrived: Arc<Notify>,
    pub(crate) release: Arc<Notify>,
}

impl Server {
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let replies = Arc::new(Mutex::new(replies.into_iter().collect::<VecDeque<_>>()));
        let server =
            Self { base, received: Arc::default(), arrived: Arc::default(), release: Arc::default() };
        let (base, received) = (server.base.clone(), server.received.clone());
        let (arrived, release) = (server.arrived.clone(), server.release.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (replies, received, base) = (replies.clone(), received.clone(), base.clone());
                let (arrived, release) = (arrived.clone(), release.clone());
                tokio::spawn(async move {
                    let mut stream = stream;
                    while let Some(request) = read(&mut stream).await {
                        let path = request.target.split('?').next().unwrap_or_default().to_owned();
                        received.lock().unwrap().push(request);
                        let reply = replies.lock().unwrap().pop_front();
                        arrived.notify_one();
                        let reply = reply.unwrap_or_else(|| self::reply(599, "the test told nothing more"));
                        let next = if matches!(reply, Reply::Hang) {
                            release.notified().await;
                            replies.lock().unwrap().pop_front().unwrap_or(Reply::Close)
                        } else {
                            reply
                        };
                        if !write(&mut stream, next, &base, &path).await {
                            break;
                        }
                    }
                });
            }
        });
        server
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// `GET /path?query` of each request.
    pub(crate) fn targets(&self) -> Vec<String> {
        self.received().iter().map(|request| format!("{} {}", request.method, request.target)).collect()
    }

    /// Ends when a request has arrived.
    pub(crate) async fn arrived(&self) {
        self.arrived.notified().await;
    }

    pub(crate) fn client(&self, clock: &Arc<FakeClock>) -> Client {
        self.client_with(clock, Arc::new(FixedCredential::default()))
    }

    pub(crate) fn client_with(&self, clock: &Arc<FakeClock>, credential: Arc<dyn TokenCredential>) -> Client {
        Client::builder(self.cloud(), credential, transport()).clock(clock.clone()).build()
    }

    pub(crate) fn cloud(&self) -> Cloud {
        Cloud::custom("Test", &self.base, &self.base, None).unwrap()
    }
}

pub(crate) fn transport() -> Transport {
    Transport::with_plain_http("arm-tests/1.0")
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).ok()?;
    let mut words = head.lines().next()?.split(' ').map(str::to_owned);
    let mut request = Received { method: words.next()?, target: words.next()?, head, body: String::new() };
    let length: usize = request.header("content-length").map_or(0, |value| value.parse().unwrap());
    while bytes.len() < head_end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    request.body = String::from_utf8(bytes[head_end + 4..].to_vec()).ok()?;
    Some(request)
}

/// The body of a resource, a group or a provider with the `id` that Resource Manager gives each.
fn with_id(body: &str) -> String {
    let is_document = ["{\"properties\":", "{\"namespace\":", "{\"name\":", "{\"location\":"];
    match body.strip_prefix('{') {
        Some(rest) if is_document.iter().any(|start| body.starts_with(start)) && !body.contains("\"id\"") => {
            format!("{{\"id\":\"{{path}}\",{rest}")
        }
        _ => body.to_owned(),
    }
}

/// Sends the reply; false closes the connection.
async fn write(stream: &mut TcpStream, reply: Reply, base: &str, path: &str) -> bool {
    let text = match reply {
        Reply::Answer { status, headers, body } => {
            let body = with_id(&body).replace("{base}", base).replace("{path}", path);
            let mut text = format!("HTTP/1.1 {status} X\r\n");
            if status != 204 {
                write!(text, "content-length: {}\r\n", body.len()).unwrap();
            }
            for (name, value) in headers {
                write!(text, "{name}: {}\r\n", value.replace("{base}", base)).unwrap();
            }
            text + "\r\n" + &body
        }
        Reply::Truncate => "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"status\":".to_owned(),
        Reply::Close | Reply::Hang => return false,
    };
    stream.write_all(text.as_bytes()).await.is_ok() && !text.contains("length: 100\r\n\r\n{\"status\":")
}

/// A clock that moves only when something sleeps on it, and notes how long.
#[derive(Debug)]
pub(crate) struct FakeClock {
    start: Instant,
    passed: Mutex<Duration>,
    slept: Mutex<Vec<Duration>>,
    /// Sleeps never end.
    stopped: bool,
    moved: Notify,
    /// The time that has passed, for those who wait for a deadline.
    deadlines: watch::Sender<Duration>,
    watched: Notify,
}

impl FakeClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self::made(false))
    }

    pub(crate) fn stopped() -> Arc<Self> {
        Arc::new(Self::made(true))
    }

    fn made(stopped: bool) -> Self {
        let (start, passed, slept) = (Instant::now(), Mutex::default(), Mutex::default());
        let (moved, watched, deadlines) = (Notify::new(), Notify::new(), watch::Sender::default());
        Self { start, passed, slept, stopped, moved, deadlines, watched }
    }

    pub(crate) fn advance(&self, duration: Duration) {
        let passed = {
            let mut passed = self.passed.lock().unwrap();
            *passed += duration;
            *passed
        };
        self.deadlines.send_replace(passed);
    }

    /// The pauses so far, in milliseconds.
    pub(crate) fn slept(&self) -> Vec<u128> {
        self.slept.lock().unwrap().iter().map(Duration::as_millis).collect()
    }

    /// Ends when something waits for a deadline.
    pub(crate) async fn watched(&self) {
        self.watched.notified().await;
    }

    /// Ends when something begins to sleep on a stopped clock.
    pub(crate) async fn asleep(&self) {
        self.moved.notified().await;
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Instant {
        self.start + *self.passed.lock().unwrap()
    }

    fn utc(&self) -> Timestamp {
        let noon: Timestamp = NOON.parse().unwrap();
        noon + *self.passed.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Pause {
        self.slept.lock().unwrap().push(duration);
        if self.stopped {
            self.moved.notify_one();
            return Box::pin(std::future::pending());
        }
        self.advance(duration);
        Box::pin(tokio::task::yield_now())
    }

    fn expire(&self, deadline: Instant) -> Pause {
        self.watched.notify_one();
        let (mut passed, at) = (self.deadlines.subscribe(), deadline - self.start);
        Box::pin(async move {
            let _ = passed.wait_for(|passed| *passed >= at).await;
        })
    }

    fn chance(&self) -> f64 {
        0.0
    }
}

/// A credential that counts: its tokens are `token-1`, `token-2` …, with the auxiliary tenant at the end.
#[derive(Debug, Default)]
pub(crate) struct FixedCredential {
    pub(crate) given: AtomicUsize,
}

#[async_trait]
impl TokenCredential for FixedCredential {
    async fn token(&self, request: &TokenRequest) -> Result<Token, CredentialError> {
        let number = self.given.fetch_add(1, Ordering::SeqCst) + 1;
        let noon: Timestamp = NOON.parse().unwrap();
        Ok(Token {
            secret: Secret::new(match &request.tenant {
                Some(tenant) => format!("token-{number}-{tenant}"),
                None => format!("token-{number}"),
            }),
            expires: noon + Duration::from_secs(3600),
        })
    }
}

/// All that is logged on this thread, from every crate and at every level, as text.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<String>>);

thread_local! {
    static HERE: RefCell<Option<Log>> = const { RefCell::new(None) };
}

impl Log {
    /// Collects from now on. One subscriber serves all threads: a subscriber per thread is missed by log lines that
    /// another thread reaches first.
    pub(crate) fn capture() -> Self {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| tracing::subscriber::set_global_default(Collector).unwrap());
        let log = Self::default();
        HERE.set(Some(log.clone()));
        log
    }

    pub(crate) fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    /// How the requests beside the pipeline ended, one line each: what follows the path, without the time that it took.
    pub(crate) fn ends(&self, path: &str) -> Vec<String> {
        let at = format!(" path={path:?} ");
        let end = |line: String| {
            let (before, end) = line.split_once(&at)?;
            let word = if before.contains("request failed") { "failed" } else { "answered" };
            Some(format!("{word} {}", end.split(" duration_ms=").next()?))
        };
        self.own().into_iter().filter(|line| line.contains(" host=")).filter_map(end).collect()
    }

    /// The lines of this crate.
    pub(crate) fn own(&self) -> Vec<String> {
        self.text().lines().filter(|line| line.starts_with("arm::")).map(str::to_owned).collect()
    }
}

/// Writes to the log of the thread that it runs on.
struct Collector;

fn here(write: impl FnOnce(&mut Log)) {
    if let Some(mut log) = HERE.with_borrow(Clone::clone) {
        write(&mut log);
    }
}

impl tracing::field::Visit for Log {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        write!(self.0.lock().unwrap(), " {}={value:?}", field.name()).unwrap();
    }
}

impl tracing::Subscriber for Collector {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        here(|log| span.record(log));
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        here(|log| values.record(log));
    }
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let metadata = event.metadata();
        here(|log| {
            write!(log.0.lock().unwrap(), "\n{} {}", metadata.target(), metadata.level()).unwrap();
            event.record(log);
        });
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

/// An error as Resource Manager writes it.
pub(crate) fn fault(code: &str, message: &str) -> String {
    serde_json::json!({"error": {"code": code, "message": message}}).to_string()
}
