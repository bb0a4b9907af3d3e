//! The emulator's command line.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use azureml_emulator::emulator::{Emulator, Options, StartError};
use azureml_emulator::environment::exports;
use lexopt::prelude::*;
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

const HELP: &str = "\
Azure in a box: Resource Manager and Entra ID in one process, for tests of Azure Machine Learning configurations.

Usage:
  azureml-emulator run [options]              serve until interrupted; print the environment to export
  azureml-emulator exec [options] -- CMD...   run a command inside that environment, and exit as it does

Options:
  --strict             refuse request members that no version of a service knows
  --state FILE         keep all resources in FILE
  --address HOST:PORT  where Resource Manager and Entra ID listen (127.0.0.1:0)
  --control HOST:PORT  where the control interface listens (127.0.0.1:0)
  --ready FILE         write the environment as JSON to FILE once serving; the authority's certificate lies beside it,
                       and so does what GET /identities makes
  --help, --version
";

/// What the command line asks for.
#[derive(Default)]
struct Arguments {
    options: Options,
    ready: Option<PathBuf>,
    command: Option<Vec<OsString>>,
}

/// Why the program ends early.
#[derive(Debug, thiserror::Error)]
enum Failure {
    // Without a source: it would say the same again.
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("{what}")]
    Io { what: String, source: std::io::Error },
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Failure {
    let what = what.into();
    move |source| Failure::Io { what, source }
}

fn main() -> ExitCode {
    let run = || -> Result<ExitCode, Failure> {
        let Some(arguments) = parse(lexopt::Parser::from_env())? else { return Ok(ExitCode::SUCCESS) };
        let runtime = tokio::runtime::Runtime::new().map_err(io("the runtime does not start"))?;
        let code = runtime.block_on(start(arguments));
        // Held requests may still wait for a release that never comes.
        runtime.shutdown_background();
        code
    };
    run().unwrap_or_else(|failure| {
        let mut text = format!("azureml-emulator: {failure}");
        let mut cause = std::error::Error::source(&failure);
        while let Some(error) = cause {
            text.push_str(&format!(": {error}"));
            cause = error.source();
        }
        eprintln!("{text}");
        ExitCode::from(if matches!(failure, Failure::Usage(_)) { 2 } else { 1 })
    })
}

/// Reads the command line; none when all it wanted was said.
fn parse(mut parser: lexopt::Parser) -> Result<Option<Arguments>, Failure> {
    let mut arguments = Arguments::default();
    let mut exec = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("strict") => arguments.options.strict = true,
            Long("state") => arguments.options.state = Some(parser.value()?.into()),
            Long("address") => arguments.options.address = parser.value()?.string()?,
            Long("control") => arguments.options.control = parser.value()?.string()?,
            Long("ready") => arguments.ready = Some(parser.value()?.into()),
            Long("help") | Short('h') => return say(HELP).map(|()| None),
            Long("version") => {
                return say(&format!("azureml-emulator {}\n", env!("CARGO_PKG_VERSION"))).map(|()| None);
            }
            Value(word) if exec.is_none() && word == "run" => exec = Some(false),
            Value(word) if exec.is_none() && word == "exec" => exec = Some(true),
            Value(word) if exec == Some(true) => {
                let mut command = vec![word];
                command.extend(parser.raw_args()?);
                arguments.command = Some(command);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    match (exec, &arguments.command) {
        (None, _) => Err(lexopt::Error::from("say 'run' or 'exec'; --help explains").into()),
        (Some(true), None) => Err(lexopt::Error::from("'exec' needs a command: exec -- CMD...").into()),
        _ => {
            arguments.options.authority_file = arguments.ready.as_ref().map(|p| p.with_extension("ca.pem"));
            arguments.options.folder = arguments.ready.as_ref().map(|p| p.with_extension("identities"));
            Ok(Some(arguments))
        }
    }
}

fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(io("cannot write to standard output"))
}

async fn start(arguments: Arguments) -> Result<ExitCode, Failure> {
    let mut interrupt = signal(SignalKind::interrupt()).map_err(io("cannot listen for signals"))?;
    let mut terminate = signal(SignalKind::terminate()).map_err(io("cannot listen for signals"))?;
    let emulator = Emulator::start(&arguments.options).await?;
    if let Some(path) = &arguments.ready {
        let all: serde_json::Map<String, serde_json::Value> =
            emulator.environment.iter().map(|(n, v)| ((*n).to_owned(), v.clone().into())).collect();
        let text = serde_json::Value::Object(all).to_string();
        azureml_emulator::environment::write_file(path, text.as_bytes())
            .map_err(io(format!("cannot write {}", path.display())))?;
    }
    let Some(command) = arguments.command else {
        say(&exports(&emulator.environment))?;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        return Ok(ExitCode::SUCCESS);
    };
    let mut words = command.iter();
    let program = words.next().cloned().unwrap_or_default();
    let mut child = Command::new(&program)
        .args(words)
        .envs(emulator.environment.iter().map(|(n, v)| (*n, v.as_str())))
        .spawn()
        .map_err(io(format!("cannot run {}", program.display())))?;
    loop {
        let status = tokio::select! {
            // A terminal sends an interrupt to the command too: all there is to do is to outlive it.
            _ = interrupt.recv() => continue,
            _ = terminate.recv() => {
                forward(&child, Signal::TERM);
                continue;
            }
            status = child.wait() => status.map_err(io("the command's end was missed"))?,
        };
        use std::os::unix::process::ExitStatusExt;
        let code = status.code().or(status.signal().map(|s| 128 + s)).unwrap_or(1);
        return Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)));
    }
}

fn forward(child: &Child, signal: Signal) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(pid) = pid {
        // A child that is gone already needs no signal.
        let _ = kill_process(pid, signal);
    }
}
