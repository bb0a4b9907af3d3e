//! Reading requests from a connection and writing answers to it.

use std::io;

use super::message::{Headers, Request, Response};
use super::stream::Stream;

/// Most bytes of a request's head: signed operation URLs alone are some kilobytes.
const MAX_HEAD: usize = 128 * 1024;
/// Most bytes of a body, as Resource Manager has it.
const MAX_BODY: usize = 4 * 1024 * 1024;
/// Most header fields.
const MAX_FIELDS: usize = 128;

/// Why no request could be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    /// The connection failed or ended within a request.
    #[error("the connection ended within a request")]
    Io(#[from] io::Error),
    /// This is no HTTP, or more of it than is taken: answered with this status.
    #[error("refused with status {0}")]
    Refused(u16),
}

/// A connection and what was read ahead of the next request.
pub(super) struct Connection {
    stream: Stream,
    buffer: Vec<u8>,
}

/// A parsed head: the request without body, where the body begins, and how to read it.
struct Head {
    request: Request,
    length: usize,
    minor_version: u8,
}

impl Connection {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, buffer: Vec::with_capacity(8 * 1024) }
    }

    pub(super) fn stream(&mut self) -> &mut Stream {
        &mut self.stream
    }

    pub(super) fn into_stream(self) -> Stream {
        self.stream
    }

    /// The next request and whether the connection stays open after it; none when the peer has ended it.
    pub(super) async fn request(&mut self) -> Result<Option<(Request, bool)>, ReadError> {
        let head = loop {
            if let Some(head) = parse_head(&self.buffer)? {
                break head;
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(ReadError::Refused(431));
            }
            if self.stream.read(&mut self.buffer).await? == 0 {
                return match self.buffer.is_empty() {
                    true => Ok(None),
                    false => Err(ReadError::Io(io::ErrorKind::UnexpectedEof.into())),
                };
            }
        };
        self.buffer.drain(..head.length);
        let mut request = head.request;
        if request.headers.get("expect").is_some_and(|e| e.eq_ignore_ascii_case("100-continue")) {
            self.stream.write(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        let chunked = request
            .headers
            .get("transfer-encoding")
            .is_some_and(|t| t.to_ascii_lowercase().ends_with("chunked"));
        request.body = match chunked {
            true => self.chunked_body().await?,
            false => {
                let length = match request.headers.get("content-length") {
                    None => 0,
                    Some(text) => text.trim().parse().map_err(|_| ReadError::Refused(400))?,
                };
                self.exactly(length).await?
            }
        };
        let connection = request.headers.get("connection").unwrap_or_default().to_ascii_lowercase();
        let keep =
            !connection.contains("close") && (head.minor_version == 1 || connection.contains("keep-alive"));
        Ok(Some((request, keep)))
    }

    async fn exactly(&mut self, length: usize) -> Result<Vec<u8>, ReadError> {
        if length > MAX_BODY {
            return Err(ReadError::Refused(413));
        }
        while self.buffer.len() < length {
            self.more().await?;
        }
        Ok(self.buffer.drain(..length).collect())
    }

    async fn more(&mut self) -> Result<(), ReadError> {
        match self.stream.read(&mut self.buffer).await? {
            0 => Err(ReadError::Io(io::ErrorKind::UnexpectedEof.into())),
            _ => Ok(()),
        }
    }

    async fn line(&mut self) -> Result<String, ReadError> {
        let end = loop {
            if let Some(end) = self.buffer.windows(2).position(|w| w == b"\r\n") {
                break end;
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(ReadError::Refused(400));
            }
            self.more().await?;
        };
        let line: Vec<u8> = self.buffer.drain(..end + 2).take(end).collect();
        String::from_utf8(line).map_err(|_| ReadError::Refused(400))
    }

    async fn chunked_body(&mut self) -> Result<Vec<u8>, ReadError> {
        let mut body = Vec::new();
        loop {
            let line = self.line().await?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16).map_err(|_| ReadError::Refused(400))?;
            if size == 0 {
                while !self.line().await?.is_empty() {}
                return Ok(body);
            }
            if size > MAX_BODY || body.len() + size > MAX_BODY {
                return Err(ReadError::Refused(413));
            }
            body.extend(self.exactly(size).await?);
            if !self.line().await?.is_empty() {
                return Err(ReadError::Refused(400));
            }
        }
    }
}

fn parse_head(buffer: &[u8]) -> Result<Option<Head>, ReadError> {
    let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
    let mut parsed = httparse::Request::new(&mut fields);
    let length = match parsed.parse(buffer) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(ReadError::Refused(431)),
        Err(_) => return Err(ReadError::Refused(400)),
    };
    let mut headers = Headers::default();
    for field in parsed.headers.iter() {
        headers.push(field.name, String::from_utf8_lossy(field.value));
    }
    let request = Request {
        method: parsed.method.unwrap_or_default().to_ascii_uppercase(),
        target: parsed.path.unwrap_or_default().to_owned(),
        headers,
        body: Vec::new(),
    };
    Ok(Some(Head { request, length, minor_version: parsed.version.unwrap_or(1) }))
}

/// The bytes of an answer's head, its length field included where one belongs.
pub(super) fn head(response: &Response, keep: bool) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
    for (name, value) in response.headers.iter() {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if response.status != 204 {
        text.push_str(&format!("Content-Length: {}\r\n", response.body.len()));
    }
    if !keep {
        text.push_str("Connection: close\r\n");
    }
    let date = jiff::Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S GMT");
    text.push_str(&format!("Date: {date}\r\n\r\n"));
    text.into_bytes()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        412 => "Precondition Failed",
        413 => "Request Entity Too Large",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}
