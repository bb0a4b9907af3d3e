//! Child processes: run to their end within a deadline, or interrupted as a terminal or a machine would.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal as Number, kill_process_group};

use crate::Output;
use crate::secrets::Printed;

/// How long a command may take before the scenario gives it up as hanging.
const DEADLINE: Duration = Duration::from_secs(900);

/// What to send to a running command and everything it started, as a terminal does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// A polite end.
    Terminate,
    /// No chance to clean up: a machine that goes away.
    Kill,
}

/// A command that runs in a process group of its own.
#[derive(Debug)]
pub struct Running {
    child: Child,
    command: String,
    started: Instant,
    stdout: Receiver<Vec<u8>>,
    stderr: Receiver<Vec<u8>>,
}

impl Running {
    /// Starts a command with an empty stdin and captured output.
    ///
    /// # Panics
    /// When the program cannot be started.
    pub fn start(command: Command) -> Self {
        Self::watched(command, &Arc::default())
    }

    /// The same, with all that is printed kept beside.
    pub(crate) fn watched(mut command: Command, printed: &Arc<Printed>) -> Self {
        let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
        let program = command.get_program().to_string_lossy().into_owned();
        let text = std::iter::once(program).chain(words).collect::<Vec<_>>().join(" ");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("`{text}` did not start: {error}"));
        let keep = |stream: &str| (printed.clone(), format!("the standard {stream} of `{text}`"));
        let stdout = collect(child.stdout.take(), keep("output"));
        let stderr = collect(child.stderr.take(), keep("error"));
        Self { child, command: text, started: Instant::now(), stdout, stderr }
    }

    /// Sends a signal to the command and all it started.
    ///
    /// # Panics
    /// When the group is gone already.
    pub fn signal(&self, signal: Signal) {
        let number = match signal {
            Signal::Interrupt => Number::INT,
            Signal::Terminate => Number::TERM,
            Signal::Kill => Number::KILL,
        };
        kill_process_group(self.group(), number)
            .unwrap_or_else(|error| panic!("`{}` cannot be sent {signal:?}: {error}", self.command));
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// When the command takes longer than a quarter of an hour: it and what it started are killed then.
    pub fn wait(self) -> Output {
        self.wait_at_most(DEADLINE)
    }

    /// Waits for the end, which must come within `limit`.
    ///
    /// # Panics
    /// When it does not; the command and what it started are killed then.
    pub fn wait_at_most(mut self, limit: Duration) -> Output {
        let end = Instant::now() + limit;
        let stdout = self.rest(true, end, limit);
        let stderr = self.rest(false, end, limit);
        let status = self.child.wait().unwrap_or_else(|error| panic!("`{}`: {error}", self.command));
        Output {
            command: self.command.clone(),
            code: status.code(),
            signal: status.signal(),
            stdout: String::from_utf8_lossy(&stdout).into_owned(),
            stderr: String::from_utf8_lossy(&stderr).into_owned(),
            took: self.started.elapsed(),
        }
    }

    /// All of one stream. Both streams end when the command and everything that inherited them has ended.
    fn rest(&mut self, stdout: bool, end: Instant, limit: Duration) -> Vec<u8> {
        let stream = if stdout { &self.stdout } else { &self.stderr };
        match stream.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(bytes) => bytes,
            Err(RecvTimeoutError::Disconnected) => panic!("the reader of `{}` died", self.command),
            Err(RecvTimeoutError::Timeout) => {
                let _ = kill_process_group(self.group(), Number::KILL);
                let rest = [&self.stdout, &self.stderr].map(|it| it.recv_timeout(Duration::from_secs(5)));
                let [stdout, stderr] =
                    rest.map(|it| String::from_utf8_lossy(&it.unwrap_or_default()).into_owned());
                panic!(
                    "`{}` did not end within {limit:?} and was killed; so far:\n{stdout}\n{stderr}",
                    self.command
                )
            }
        }
    }

    fn group(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = kill_process_group(self.group(), Number::KILL);
            let _ = self.child.wait();
        }
    }
}

/// Reads a stream to its end in a thread of its own, so that neither stream of a command can fill up.
fn collect(
    stream: Option<impl Read + Send + 'static>,
    (printed, place): (Arc<Printed>, String),
) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.read_to_end(&mut bytes);
        }
        printed.keep(place, &bytes);
        let _ = sender.send(bytes);
    });
    receiver
}
