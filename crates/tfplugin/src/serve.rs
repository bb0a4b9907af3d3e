//! The program that a provider is: what its arguments mean, and how the parts of [`crate::go_plugin`]
//! become a process that a CLI can talk to.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use tokio::runtime::{self, Handle};
use tokio::sync::watch;
use tonic::service::RoutesBuilder;

use crate::go_plugin::handshake::{self, Environment};
use crate::go_plugin::lifecycle::Lifecycle;
use crate::go_plugin::listener::Listener;
use crate::go_plugin::tls::{ServerTls, TlsError};
use crate::go_plugin::{reattach, services};
use crate::proto::tfplugin6::provider_server::ProviderServer;
use crate::provider::Server;
use crate::stop::Stop;
use crate::wire::Service;
use crate::{log, panic};

/// Threads that run the provider's own code. Its work is waiting; a few are enough, and each costs a little
/// at start.
const WORKERS: usize = 4;

/// The largest message either way.
const MAX_MESSAGE: usize = 256 << 20;

/// What a program says of itself.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// The provider's address in a registry, as `registry.terraform.io/namespace/name`.
    pub(crate) address: String,
    /// Its version.
    pub(crate) version: String,
    /// Crates whose details belong into the log.
    pub(crate) log_crates: Vec<&'static str>,
}

impl Server {
    /// The whole of a provider program's `main`: serves the CLI that started it, or does what its arguments
    /// say. `crates` are those whose own log lines are of interest, as in `module_path!()`; libraries are
    /// heard from warnings up only.
    pub fn main(self, crates: &[&'static str]) -> ExitCode {
        let program = Program {
            address: self.address().to_owned(),
            version: self.version().to_owned(),
            log_crates: crates.to_vec(),
        };
        program.run(std::env::args_os().skip(1), |routes, stop, workers| {
            let service = ProviderServer::new(Service::new(Arc::new(self), stop, workers))
                .max_decoding_message_size(MAX_MESSAGE)
                .max_encoding_message_size(MAX_MESSAGE);
            routes.add_service(service);
        })
    }
}

/// Why a provider could not serve.
#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error("cannot listen for the CLI's connection")]
    Listen(#[source] io::Error),
    #[error("cannot set up the connection's TLS")]
    Tls(#[from] TlsError),
    #[error("cannot start the runtime")]
    Runtime(#[source] io::Error),
    #[error("cannot write to standard output")]
    Announce(#[source] io::Error),
    #[error("the server failed")]
    Server(#[from] tonic::transport::Error),
}

impl Program {
    /// The provider's type: what its resources' names begin with.
    fn name(&self) -> &str {
        self.address.rsplit('/').next().unwrap_or(&self.address)
    }

    /// Runs the process to its end. `add_provider` adds the provider's service; what it gets to stop with is
    /// what a CLI's interrupt reaches.
    pub(crate) fn run(
        &self,
        arguments: impl Iterator<Item = OsString>,
        add_provider: impl FnOnce(&mut RoutesBuilder, Arc<Stop>, Handle),
    ) -> ExitCode {
        let environment = Environment::read(|name| std::env::var_os(name));
        let name = self.name();
        let mut by_hand = false;
        for argument in arguments {
            match argument.to_str() {
                Some("--debug" | "-debug") => by_hand = true,
                Some("--version" | "-version" | "-V") => {
                    let text = format!("terraform-provider-{name} {}\n", self.version);
                    return exit_code(handshake::announce(&text).map_err(ServeError::Announce));
                }
                Some("--help" | "-help" | "-h") => {
                    return exit_code(handshake::announce(&self.usage()).map_err(ServeError::Announce));
                }
                _ => {
                    complain(&format!("Unknown argument {}.\n\n{}", argument.display(), self.usage()));
                    return ExitCode::FAILURE;
                }
            }
        }
        if !environment.started_by_cli && !by_hand {
            complain(&self.usage());
            return ExitCode::FAILURE;
        }
        panic::install_hook();
        log::install(name, &self.log_crates);
        exit_code(self.serve(&environment, by_hand, add_provider))
    }

    /// What the program says when it is run by mistake.
    fn usage(&self) -> String {
        let name = self.name();
        format!(
            "This is the provider {name} {version} for Terraform and OpenTofu. It does nothing by itself: \
             terraform and\ntofu start it when a configuration needs it.\n\n\
             Options:\n  \
             --debug    run until interrupted, for a debugger, and say how the CLIs find this process\n  \
             --version  print the version\n  \
             --help     print this\n",
            version = self.version,
        )
    }

    fn serve(
        &self,
        environment: &Environment,
        by_hand: bool,
        add_provider: impl FnOnce(&mut RoutesBuilder, Arc<Stop>, Handle),
    ) -> Result<(), ServeError> {
        let certificate = environment.client_certificate.as_deref();
        // CLIs speak without TLS to a process that they did not start.
        let tls = certificate.filter(|_| !by_hand).map(ServerTls::new).transpose()?;
        let folder = environment.socket_dir.as_deref();
        let mut listener =
            Listener::bind(folder, environment.ports, tls.is_some()).map_err(ServeError::Listen)?;
        let folder = listener.take_folder();
        // The connection has this thread to itself: a provider that blocks its workers cannot keep the CLI
        // from stopping it.
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(ServeError::Runtime)?;
        // Its threads start once the CLI knows where to connect, which is what the CLI waits for.
        let mut pool = None;
        let served = runtime.block_on(async {
            let stop = Arc::new(Stop::default());
            let lifecycle =
                Lifecycle::new(stop.clone(), folder.as_ref().map(|folder| folder.path().to_owned()));
            lifecycle.watch_signals(by_hand).map_err(ServeError::Runtime)?;
            let said = if by_hand {
                reattach::instructions(&self.address, &listener.address)
            } else {
                let certificate = tls.as_ref().map(|tls| tls.certificate.as_ref());
                let multiplexing = environment.asks_for_multiplexing;
                handshake::line(&listener.address, certificate, multiplexing)
            };
            let (open, connected) = watch::channel(0);
            let connections = listener.accept(tls.map(|tls| tls.config), open).map_err(ServeError::Listen)?;
            // Before the CLI knows that this process is there: afterwards it may be killed at any time.
            if !by_hand {
                lifecycle.watch_parent(connected);
            }
            handshake::announce(&said).map_err(ServeError::Announce)?;
            let ending = lifecycle.ending();
            let mut services = RoutesBuilder::default();
            let workers = runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
            let workers = pool.insert(workers.map_err(ServeError::Runtime)?).handle().clone();
            add_provider(&mut services, stop, workers);
            services::add_to(&mut services, &lifecycle, by_hand);
            tonic::transport::Server::builder()
                .add_routes(services.routes())
                .serve_with_incoming_shutdown(connections, ending.cancelled_owned())
                .await?;
            Ok(())
        });
        // Work that is still there was cancelled and has nobody to report to.
        if let Some(pool) = pool {
            pool.shutdown_background();
        }
        runtime.shutdown_background();
        drop(folder);
        served
    }
}

fn exit_code(result: Result<(), ServeError>) -> ExitCode {
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    complain(&format!("The provider cannot start: {text}.\n"));
    ExitCode::FAILURE
}

/// Says something on standard error, whether or not anyone hears it.
fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
