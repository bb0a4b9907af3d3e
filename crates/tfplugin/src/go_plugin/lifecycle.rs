//! How the process ends: asked by the CLI, by a signal, or because the CLI is gone. It ends gracefully,
//! with what runs cancelled and answered, and hard when that takes too long: a CLI kills a plugin two
//! seconds after it closed the connection, and every command would take that much longer.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::stop::Stop;

/// How long a process has to end once the CLI has asked for it.
const AFTER_SHUTDOWN: Duration = Duration::from_millis(1500);
const _: () = assert!(AFTER_SHUTDOWN.as_millis() < 2000, "the CLI would kill the process before");
/// How long it has after a signal, or when the CLI is gone.
const AFTER_SIGNAL: Duration = Duration::from_secs(5);
/// How often an unconnected process looks for its parent.
#[cfg(unix)]
const PARENT_CHECK: Duration = Duration::from_secs(1);

/// The end of the process, as seen by all that can bring it about.
#[derive(Clone)]
pub(crate) struct Lifecycle {
    stop: Arc<Stop>,
    ending: CancellationToken,
    /// What a hard end has to remove.
    folder: Option<PathBuf>,
}

impl Lifecycle {
    /// A process that has just begun; `stop` reaches the work that runs.
    pub(crate) fn new(stop: Arc<Stop>, folder: Option<PathBuf>) -> Self {
        Self { stop, ending: CancellationToken::new(), folder }
    }

    /// Cancelled once the process is to end.
    pub(crate) fn ending(&self) -> CancellationToken {
        self.ending.clone()
    }

    /// Begins the end that the CLI asked for.
    pub(crate) fn shut_down(&self) {
        self.end_within(AFTER_SHUTDOWN);
    }

    fn end_within(&self, limit: Duration) {
        if self.ending.is_cancelled() {
            return;
        }
        self.ending.cancel();
        self.stop.stop();
        let folder = self.folder.clone();
        // A thread of its own: the runtime may be what hangs.
        std::thread::spawn(move || {
            std::thread::sleep(limit);
            if let Some(folder) = folder {
                let _ = std::fs::remove_dir_all(folder);
            }
            std::process::exit(0);
        });
    }

    /// Takes over the signals. An interrupt reaches the whole foreground group, and the CLI passes it on
    /// in its own way: it is ignored, unless the process was started by hand.
    #[cfg(unix)]
    pub(crate) fn watch_signals(&self, by_hand: bool) -> io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};

        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let this = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = terminate.recv() => break,
                    _ = interrupt.recv() => if by_hand { break },
                }
            }
            this.end_within(AFTER_SIGNAL);
        });
        Ok(())
    }

    /// Takes over the interrupt, the one signal there is.
    #[cfg(not(unix))]
    pub(crate) fn watch_signals(&self, by_hand: bool) -> io::Result<()> {
        let this = self.clone();
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                if by_hand {
                    this.end_within(AFTER_SIGNAL);
                    break;
                }
            }
        });
        Ok(())
    }

    /// Ends a process whose CLI was killed and could not end it: its parent is another one, and nobody is
    /// connected any more.
    #[cfg(unix)]
    pub(crate) fn watch_parent(&self, mut open: watch::Receiver<usize>) {
        let parent = std::os::unix::process::parent_id();
        let this = self.clone();
        tokio::spawn(async move {
            while open.wait_for(|open| *open == 0).await.is_ok() {
                if std::os::unix::process::parent_id() != parent {
                    this.end_within(AFTER_SIGNAL);
                    break;
                }
                let connected = open.wait_for(|open| *open > 0);
                let _ = tokio::time::timeout(PARENT_CHECK, connected).await;
            }
        });
    }

    /// There is no cheap way to see that the parent is gone here.
    #[cfg(not(unix))]
    pub(crate) fn watch_parent(&self, _open: watch::Receiver<usize>) {}
}
