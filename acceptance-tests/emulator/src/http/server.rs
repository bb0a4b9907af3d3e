//! The server: accepts connections and drives each in a task of its own.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::connection::{Connection, ReadError, head};
use super::message::{Request, Response};
use super::stream::Stream;

/// How many pieces a slow body comes in.
const SLOW_PIECES: usize = 8;

/// What answers requests.
pub trait Handler: Send + Sync + 'static {
    /// Answers one request.
    fn handle(&self, request: Request) -> impl Future<Output = Answer> + Send;
}

/// A response and how it is delivered.
#[derive(Debug)]
pub struct Answer {
    /// What to send.
    pub response: Response,
    /// How much of it, and how.
    pub delivery: Delivery,
}

/// How a response is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// As one should.
    Whole,
    /// Not at all: the connection is reset.
    Reset,
    /// Half of the body, then the connection ends; of an empty body, half of the head.
    Truncate,
    /// The body in pieces, taking this long together.
    Slow(Duration),
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        Self { response, delivery: Delivery::Whole }
    }
}

/// Serves until the token is cancelled; connections then end with their current request.
pub async fn serve<H: Handler>(
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    handler: Arc<H>,
    stop: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        // A failed accept concerns one peer only.
        let Ok((tcp, _)) = accepted else { continue };
        let (tls, handler, stop) = (tls.clone(), Arc::clone(&handler), stop.clone());
        tokio::spawn(async move {
            // A failed handshake is told to the peer, and to nobody else.
            if let Ok(stream) = Stream::accept(tcp, tls).await {
                connection(stream, handler, stop).await;
            }
        });
    }
}

async fn connection<H: Handler>(stream: Stream, handler: Arc<H>, stop: CancellationToken) {
    let mut connection = Connection::new(stream);
    loop {
        let read = tokio::select! {
            () = stop.cancelled() => return connection.stream().close().await,
            read = connection.request() => read,
        };
        let (request, keep) = match read {
            Ok(Some(read)) => read,
            Ok(None) => return connection.stream().close().await,
            Err(ReadError::Io(_)) => return,
            Err(ReadError::Refused(status)) => {
                // Whoever sends no HTTP may not read the refusal either.
                let _ = connection.stream().write(&head(&Response::empty(status), false)).await;
                return connection.stream().close().await;
            }
        };
        let head_only = request.method == "HEAD";
        let answer = handler.handle(request).await;
        let delivery = answer.delivery;
        let (head, body) = wire(&answer.response, head_only, keep);
        let sent = match delivery {
            Delivery::Whole => {
                let mut bytes = head;
                bytes.extend_from_slice(&body);
                connection.stream().write(&bytes).await
            }
            Delivery::Slow(total) => slowly(connection.stream(), &head, &body, total).await,
            Delivery::Reset => return connection.into_stream().reset(),
            Delivery::Truncate => {
                let mut bytes = head;
                match body.len() {
                    0 => bytes.truncate(bytes.len() / 2),
                    length => bytes.extend_from_slice(&body[..length / 2]),
                }
                let _ = connection.stream().write(&bytes).await;
                return connection.into_stream().cut().await;
            }
        };
        if sent.is_err() {
            return;
        }
        if !keep {
            return connection.stream().close().await;
        }
    }
}

fn wire(response: &Response, head_only: bool, keep: bool) -> (Vec<u8>, Vec<u8>) {
    let body = if head_only || response.status == 204 { Vec::new() } else { response.body.clone() };
    (head(response, keep), body)
}

async fn slowly(stream: &mut Stream, head: &[u8], body: &[u8], total: Duration) -> std::io::Result<()> {
    stream.write(head).await?;
    let pause = total / u32::try_from(SLOW_PIECES).unwrap_or(1);
    for piece in body.chunks(body.len().div_ceil(SLOW_PIECES).max(1)) {
        tokio::time::sleep(pause).await;
        stream.write(piece).await?;
    }
    Ok(())
}
