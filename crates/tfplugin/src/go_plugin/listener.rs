//! Where the CLI connects: a unix socket in a folder that only this user can enter, or a local port
//! where there are no unix sockets. Connections leave here as [`Connection`]s, with TLS done.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::server::ServerConfig;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;

/// Longest time that a peer may take for the TLS handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// Pause after a failed accept, which is mostly a lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Where a listener can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// A socket file.
    #[cfg_attr(not(unix), allow(dead_code))]
    Unix(PathBuf),
    /// A port of this machine.
    Tcp(SocketAddr),
}

impl Address {
    /// go-plugin's name for the kind of address.
    pub(crate) fn network(&self) -> &'static str {
        match self {
            Self::Unix(_) => "unix",
            Self::Tcp(_) => "tcp",
        }
    }

    /// The address itself.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Unix(path) => path.display().to_string(),
            Self::Tcp(address) => address.to_string(),
        }
    }
}

/// A bound listener, which the kernel already queues connections for.
pub(crate) struct Listener {
    socket: Socket,
    pub(crate) address: Address,
    /// The socket's folder, removed when the listener goes.
    folder: Option<TempDir>,
}

enum Socket {
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener),
    Tcp(std::net::TcpListener),
}

impl Listener {
    /// Listens on a unix socket in a folder of its own within `folder`, or the one for temporary files.
    #[cfg(unix)]
    pub(crate) fn unix(folder: Option<&Path>) -> io::Result<Self> {
        use std::os::unix::fs::PermissionsExt as _;
        use std::os::unix::net::UnixListener;

        // A random name: one made of the process ID meets what a killed process left behind.
        let folder = tempfile::Builder::new()
            .prefix("tfplugin-")
            .permissions(std::fs::Permissions::from_mode(0o700))
            .tempdir_in(folder.unwrap_or(&std::env::temp_dir()))?;
        let path = folder.path().join("socket");
        let socket = UnixListener::bind(&path)?;
        socket.set_nonblocking(true)?;
        Ok(Self { socket: Socket::Unix(socket), address: Address::Unix(path), folder: Some(folder) })
    }

    /// Listens on the first free port of this machine in a range.
    pub(crate) fn tcp((first, last): (u16, u16)) -> io::Result<Self> {
        let mut failure = io::Error::other("the range of ports is empty");
        for port in first..=last {
            match std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
                Ok(socket) => {
                    socket.set_nonblocking(true)?;
                    return Ok(Self {
                        address: Address::Tcp(socket.local_addr()?),
                        socket: Socket::Tcp(socket),
                        folder: None,
                    });
                }
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// The best listener of this system. Without TLS a port would be open to every user of the
    /// machine, so a unix socket that cannot be made is then an error.
    pub(crate) fn bind(folder: Option<&Path>, ports: (u16, u16), tls: bool) -> io::Result<Self> {
        #[cfg(unix)]
        match Self::unix(folder) {
            Err(_) if tls => (),
            result => return result,
        }
        #[cfg(not(unix))]
        let _ = (folder, tls);
        Self::tcp(ports)
    }

    /// Hands over the socket's folder, for whoever outlives the listener's own task.
    pub(crate) fn take_folder(&mut self) -> Option<TempDir> {
        self.folder.take()
    }

    /// Accepts connections in the background for as long as the returned stream lives. `open` counts
    /// those that are established.
    pub(crate) fn accept(
        self,
        tls: Option<Arc<ServerConfig>>,
        open: watch::Sender<usize>,
    ) -> io::Result<ReceiverStream<io::Result<Connection>>> {
        let (accepted, connections) = mpsc::channel(16);
        let socket = match self.socket {
            #[cfg(unix)]
            Socket::Unix(socket) => Accepting::Unix(tokio::net::UnixListener::from_std(socket)?),
            Socket::Tcp(socket) => Accepting::Tcp(tokio::net::TcpListener::from_std(socket)?),
        };
        let acceptor = tls.map(TlsAcceptor::from);
        let open = Arc::new(open);
        tokio::spawn(async move {
            loop {
                let stream = tokio::select! {
                    stream = socket.next() => stream,
                    () = accepted.closed() => break,
                };
                match stream {
                    Ok(stream) => {
                        let (acceptor, open) = (acceptor.clone(), open.clone());
                        tokio::spawn(establish(stream, acceptor, open, accepted.clone()));
                    }
                    Err(error) => {
                        tracing::warn!(error = %error, "Cannot accept a connection");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
        });
        Ok(ReceiverStream::new(connections))
    }
}

/// A listener that the runtime watches.
enum Accepting {
    #[cfg(unix)]
    Unix(tokio::net::UnixListener),
    Tcp(tokio::net::TcpListener),
}

impl Accepting {
    async fn next(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match self {
            #[cfg(unix)]
            Self::Unix(socket) => Box::new(socket.accept().await?.0),
            Self::Tcp(socket) => {
                let (stream, _) = socket.accept().await?;
                stream.set_nodelay(true)?;
                Box::new(stream)
            }
        })
    }
}

/// Brings one connection through its handshake, on its own, so that a slow peer holds up no other.
async fn establish(
    stream: Box<dyn Stream>,
    acceptor: Option<TlsAcceptor>,
    open: Arc<watch::Sender<usize>>,
    accepted: mpsc::Sender<io::Result<Connection>>,
) {
    let stream = match acceptor {
        None => stream,
        Some(acceptor) => match tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => Box::new(stream),
            Ok(Err(error)) => {
                tracing::warn!(error = %error, "Refused a connection");
                return;
            }
            Err(_) => {
                tracing::warn!("Refused a connection: its TLS handshake took too long");
                return;
            }
        },
    };
    let connection = Connection { stream, _open: Open::new(open) };
    // The server is gone: so is the connection.
    let _ = accepted.send(Ok(connection)).await;
}

/// What a connection runs over.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// One established connection.
pub(crate) struct Connection {
    stream: Box<dyn Stream>,
    _open: Open,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connection")
    }
}

/// Counts a connection for as long as it lives.
struct Open(Arc<watch::Sender<usize>>);

impl Open {
    fn new(count: Arc<watch::Sender<usize>>) -> Self {
        count.send_modify(|count| *count += 1);
        Self(count)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

impl tonic::transport::server::Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_sockets_folder_is_ours_alone_and_goes_with_the_listener() -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;

        let parent = tempfile::tempdir()?;
        let mut listener = Listener::unix(Some(parent.path()))?;
        let folder = listener.take_folder().ok_or(io::ErrorKind::NotFound)?;
        assert_eq!(folder.path().parent(), Some(parent.path()));
        let mode = folder.path().metadata()?.permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        drop(folder);
        assert_eq!(parent.path().read_dir()?.count(), 0);
        Ok(())
    }

    #[test]
    fn tcp_takes_the_first_free_port_of_the_range() -> io::Result<()> {
        let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = taken.local_addr()?.port();
        let refused = Listener::tcp((port, port)).map(|_| ()).map_err(|e| e.kind());
        assert_eq!(refused, Err(io::ErrorKind::AddrInUse));
        let listener = Listener::tcp((port, u16::MAX))?;
        assert!(matches!(listener.address, Address::Tcp(a) if a.port() > port));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_path_too_long_for_a_socket_falls_back_to_a_port_only_under_tls() -> io::Result<()> {
        let parent = tempfile::Builder::new().prefix(&"long".repeat(30)).tempdir()?;
        assert!(Listener::bind(Some(parent.path()), (20_000, 60_000), false).is_err());
        let listener = Listener::bind(Some(parent.path()), (20_000, 60_000), true)?;
        assert_eq!(listener.address.network(), "tcp");
        Ok(())
    }
}
