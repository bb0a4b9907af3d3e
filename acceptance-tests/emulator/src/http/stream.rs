//! A connection's bytes, with or without TLS, and the two ways to end one rudely.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// An accepted connection.
pub(super) enum Stream {
    /// Without TLS: the control interface.
    Plain(TcpStream),
    /// With TLS.
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    /// Takes a connection, with the TLS handshake where a configuration is given.
    pub(super) async fn accept(tcp: TcpStream, tls: Option<Arc<rustls::ServerConfig>>) -> io::Result<Self> {
        tcp.set_nodelay(true)?;
        match tls {
            None => Ok(Self::Plain(tcp)),
            Some(config) => Ok(Self::Tls(Box::new(TlsAcceptor::from(config).accept(tcp).await?))),
        }
    }

    /// Reads what there is onto the end of a buffer; zero is the end.
    pub(super) async fn read(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        match self {
            Self::Plain(s) => s.read_buf(buffer).await,
            Self::Tls(s) => s.read_buf(buffer).await,
        }
    }

    /// Writes and flushes.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(s) => s.write_all(bytes).await,
            Self::Tls(s) => {
                s.write_all(bytes).await?;
                s.flush().await
            }
        }
    }

    /// Ends the connection as one should.
    pub(super) async fn close(&mut self) {
        // The peer may be gone already, which is as good.
        let _ = match self {
            Self::Plain(s) => s.shutdown().await,
            Self::Tls(s) => s.shutdown().await,
        };
    }

    /// Ends the connection with a TCP reset.
    pub(super) fn reset(self) {
        let tcp = match &self {
            Self::Plain(s) => s,
            Self::Tls(s) => s.get_ref().0,
        };
        // Without linger the close sends a reset; where that is refused, the plain close has to do.
        let _ = tcp.set_zero_linger();
    }

    /// Ends the connection below TLS, without its goodbye.
    pub(super) async fn cut(self) {
        let mut tcp = match self {
            Self::Plain(s) => s,
            Self::Tls(s) => s.into_inner().0,
        };
        let _ = tcp.shutdown().await;
    }
}
