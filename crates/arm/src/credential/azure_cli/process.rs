//! Runs a command-line tool to its end, or ends it with all that it has started.

use std::io;
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::process::Command;

use crate::clock::Clock;

/// Why there is no output.
#[derive(Debug)]
pub(super) enum Failure {
    /// The program could not be started, or read from.
    Start(io::Error),
    /// It did not end in time.
    Patience,
}

/// What the program printed. It has no input. Where nobody waits for it any more, or for too long, it is ended, and so is
/// what it has started: the Azure CLI is a script, and the work is done by its child.
pub(super) async fn run(
    program: &str,
    arguments: &[&str],
    patience: Duration,
    clock: &dyn Clock,
) -> Result<Output, Failure> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    // An interrupt of the terminal is for Terraform, which then asks us; az would die of it with a stack trace.
    #[cfg(unix)]
    command.process_group(0);
    let child = command.spawn().map_err(Failure::Start)?;
    let mut group = Group::of(&child);
    tokio::select! {
        output = child.wait_with_output() => {
            group.ended();
            output.map_err(Failure::Start)
        }
        () = clock.expire(clock.now() + patience) => Err(Failure::Patience),
    }
}

/// The processes of one run, which end with it. Where there are no process groups, the first of them alone is ended.
#[derive(Debug)]
struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

#[cfg(unix)]
impl Group {
    fn of(child: &tokio::process::Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self { leader: id.and_then(rustix::process::Pid::from_raw) }
    }

    /// The leader has ended and been waited for: its number may be another's soon.
    fn ended(&mut self) {
        self.leader = None;
    }
}

#[cfg(not(unix))]
impl Group {
    fn of(_: &tokio::process::Child) -> Self {
        Self {}
    }

    fn ended(&mut self) {}
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.leader {
            // Whoever has ended already needs no signal.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}
