//! The running box: every request goes through here, with its faults, its sign-in and its note in the log.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::azure::Azure;
use crate::certificates::{CertificateError, Certificates};
use crate::control::Control;
use crate::entra::{Caller, Entra, KeyError, cloud_metadata};
use crate::fault::{Faults, Kind};
use crate::finish::finish;
use crate::http::{Answer, Delivery, Handler, Request, Response, serve};
use crate::id::ArmPath;
use crate::log::{Log, Place};
use crate::machine::Machine;
use crate::network::{Flights, Windows};
use crate::state_file::{StateError, StateFile, write_atomically};
use crate::throttle::Throttle;

/// How to start a box.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether unknown members are refused.
    pub strict: bool,
    /// The file that keeps the box between runs.
    pub state: Option<PathBuf>,
    /// Address of Resource Manager and Entra ID.
    pub address: String,
    /// Address of the control interface.
    pub control: String,
    /// Where the authority's certificate is written; a temporary folder unless said.
    pub authority_file: Option<PathBuf>,
    /// Folder for the files that a test asks for: certificates, tokens, keys. A temporary one unless said.
    pub folder: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        let any = "127.0.0.1:0".to_owned();
        Self {
            strict: false,
            state: None,
            address: any.clone(),
            control: any,
            authority_file: None,
            folder: None,
        }
    }
}

/// Why a box does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address could not be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// The certificates could not be made.
    #[error(transparent)]
    Certificates(#[from] CertificateError),
    /// The token key could not be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The state file could not be read.
    #[error(transparent)]
    State(#[from] StateError),
    /// The authority's certificate could not be written.
    #[error("cannot write the authority's certificate")]
    Authority(#[source] std::io::Error),
}

/// A box that serves until it is dropped or stopped.
#[derive(Debug)]
pub struct Emulator {
    /// The environment that points clients at it.
    pub environment: Vec<(&'static str, String)>,
    /// The authority's certificate.
    pub authority_pem: String,
    core: Arc<Core>,
    stop: CancellationToken,
    _folder: Option<tempfile::TempDir>,
}

impl Emulator {
    /// Starts a box.
    pub async fn start(options: &Options) -> Result<Self, StartError> {
        let (state, saved) = match &options.state {
            Some(path) => {
                let (file, saved) = StateFile::open(path)?;
                (Some(file), saved)
            }
            None => (None, None),
        };
        let certificates = Certificates::make()?;
        let (folder, files, authority_file) =
            write_authority(options, &certificates).map_err(StartError::Authority)?;
        let (listener, port) = listen(&options.address).await?;
        let (control_listener, control_port) = listen(&options.control).await?;
        // Plain HTTP on the loopback address, as the endpoints of machines are by nature.
        let (machine_listener, machine_port) = listen("127.0.0.1:0").await?;
        let base = format!("https://localhost:{port}");
        let control = format!("http://127.0.0.1:{control_port}");
        let secret = format!("{}~{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
        let azure = Azure { strict: options.strict, base_url: base.clone(), ..saved.unwrap_or_default() };
        let core = Arc::new(Core {
            azure: Mutex::new(azure),
            entra: Entra::new(&base, &secret)?,
            throttle: Mutex::default(),
            windows: Mutex::default(),
            flights: Flights::default(),
            faults: Faults::default(),
            log: Log::default(),
            state: Mutex::new(state),
            base: base.clone(),
            machine: Machine::new(&format!("http://127.0.0.1:{machine_port}"), files),
        });
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, Some(certificates.server), Arc::clone(&core), stop.clone()));
        let handler = Arc::new(Control::new(Arc::clone(&core)));
        tokio::spawn(serve(control_listener, None, handler, stop.clone()));
        let handler = Arc::new(MachineSide(Arc::clone(&core)));
        tokio::spawn(serve(machine_listener, None, handler, stop.clone()));
        let environment = crate::environment::variables(&base, &control, &secret, &authority_file);
        Ok(Self { environment, authority_pem: certificates.authority_pem, core, stop, _folder: folder })
    }

    /// A variable of the environment.
    pub fn variable(&self, name: &str) -> &str {
        self.environment.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }

    /// The parts, for tests in the same process.
    pub fn core(&self) -> &Core {
        &self.core
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn listen(address: &str) -> Result<(TcpListener, u16), StartError> {
    let failed = |source| StartError::Listen { address: address.to_owned(), source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    Ok((listener, port))
}

/// Writes the authority's certificate where the options say, or into a folder that goes with the box. That folder, if there
/// is one, the one for further files, and the certificate's path.
fn write_authority(
    options: &Options,
    certificates: &Certificates,
) -> std::io::Result<(Option<tempfile::TempDir>, PathBuf, PathBuf)> {
    let folder = match (&options.authority_file, &options.folder) {
        (Some(_), Some(_)) => None,
        _ => Some(tempfile::Builder::new().prefix("azureml-emulator-").tempdir()?),
    };
    let own = |name: &str| folder.as_ref().map(|f| f.path().join(name)).unwrap_or_default();
    let path = match &options.authority_file {
        Some(path) => std::path::absolute(path)?,
        None => own("ca.pem"),
    };
    let files = match &options.folder {
        Some(path) => std::path::absolute(path)?,
        None => own("identities"),
    };
    write_atomically(Path::new(&path), certificates.authority_pem.as_bytes())?;
    Ok((folder, files, path))
}

/// What requests and the control interface share.
#[derive(Debug)]
pub struct Core {
    azure: Mutex<Azure>,
    entra: Entra,
    throttle: Mutex<Throttle>,
    windows: Mutex<Windows>,
    flights: Flights,
    faults: Faults,
    log: Log,
    state: Mutex<Option<StateFile>>,
    base: String,
    machine: Machine,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Core {
    /// The box itself, locked.
    pub fn azure(&self) -> MutexGuard<'_, Azure> {
        lock(&self.azure)
    }

    /// The identity platform.
    pub fn entra(&self) -> &Entra {
        &self.entra
    }

    /// The endpoints of machines.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The faults.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The log of requests.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Fills the throttling buckets.
    pub fn reset_throttle(&self) {
        lock(&self.throttle).reset();
        lock(&self.windows).reset();
    }

    /// Writes the state file if there is one and the box has changed.
    pub fn keep(&self, azure: &Azure) {
        if let Some(file) = lock(&self.state).as_mut()
            && let Err(error) = file.keep(azure)
        {
            // Whoever uses the box goes on with what is in memory, and has to know that it will not last.
            eprintln!("azureml-emulator: {error}");
        }
    }

    /// Answers a request without faults and delays.
    fn respond(&self, request: &Request, kind: Option<&Kind>, place: Place) -> Response {
        if let Some(response) = cloud_metadata(request, &self.base) {
            return response;
        }
        let lifetime = self.azure().settings.token_lifetime_seconds;
        if let Some(response) = self.entra.answer(request, lifetime) {
            return response;
        }
        let caller = match self.entra.authorize(request) {
            Ok(caller) => caller,
            Err(error) => return finish(error.into(), request),
        };
        self.log.update(place, |entry| {
            entry.client_id = caller.principal.map(|p| p.client_id);
            entry.tenant = Some(caller.tenant.clone());
            entry.auxiliary_tenants.clone_from(&caller.auxiliary);
        });
        let mut azure = self.azure();
        azure.caller = caller;
        let subscription = ArmPath::parse(request.path()).map(|p| p.id.subscription).unwrap_or_default();
        let taken = lock(&self.throttle).take(
            &subscription,
            &request.method,
            &azure.settings.buckets,
            Instant::now(),
        );
        let remaining = match taken {
            Ok(remaining) => remaining,
            Err(error) => return finish(error.into(), request),
        };
        let counted = lock(&self.windows).take(
            &subscription,
            &request.method,
            request.path(),
            &azure.settings.network.limits,
            Instant::now(),
        );
        let left = match counted {
            Ok(left) => left,
            Err(error) => return finish(remaining.describe(error.into()), request),
        };
        let poll = azure.is_poll(request);
        self.log.update(place, |entry| entry.operation_poll = poll);
        azure.next_fate = kind.map(Kind::fate).unwrap_or_default();
        azure.is_behind = self.flights.is_behind(place);
        let response = azure.answer(request);
        azure.next_fate = crate::operation::Fate::Normal;
        azure.caller = Caller::default();
        self.keep(&azure);
        self.note_secrets(&response);
        let response = lock(&self.windows).tell_entities(
            &subscription,
            request,
            &azure.settings.network.limits,
            response,
        );
        finish(left.describe(remaining.describe(response)), request)
    }
}

impl Core {
    /// Remembers what is secret in an answer.
    fn note_secrets(&self, response: &Response) {
        let secrets = self.entra.secrets();
        for (name, value) in response.headers.iter() {
            if ["location", "azure-asyncoperation"].iter().any(|n| n.eq_ignore_ascii_case(name)) {
                secrets.add_signature(value);
            }
        }
        secrets.add_members(&response.value());
    }

    /// Notes a request, lets faults happen to it, and has it answered otherwise.
    async fn serve(
        &self,
        request: Request,
        respond: impl FnOnce(&Request, Option<&Kind>, Place) -> Response,
    ) -> Answer {
        let place = self.log.begin(&request);
        let _flight = self.flights.begin(&request, place);
        let (latency, weather) = {
            let settings = &self.azure().settings;
            (settings.latency_ms, settings.storm.clone())
        };
        if latency > 0 {
            tokio::time::sleep(Duration::from_millis(latency)).await;
        }
        let mut hit = self.faults.hit(&request.method, request.path());
        if let Some(hit) = hit.as_mut().filter(|hit| matches!(hit.kind, Kind::Hold)) {
            self.log.update(place, |entry| entry.fault = Some(hit.kind.name()));
            hit.hold().await;
        }
        let by_storm = || self.faults.by_storm(&weather, &request.method, request.path());
        let kind = hit.map(|hit| hit.kind).or_else(by_storm);
        self.log.update(place, |entry| entry.fault = kind.as_ref().map(Kind::name));
        if matches!(kind, Some(Kind::ResetBefore)) {
            return Answer { response: Response::empty(500), delivery: Delivery::Reset };
        }
        let response = match kind.as_ref().and_then(Kind::response) {
            Some(refusal) => finish(refusal, &request),
            None => {
                let response = respond(&request, kind.as_ref(), place);
                let instead = kind.as_ref().and_then(Kind::response_after);
                let response = instead.map_or(response, |error| finish(error, &request));
                kind.iter().fold(response, |response, kind| kind.sent(response))
            }
        };
        self.log.update(place, |entry| {
            entry.answered(&response);
            entry.status = Some(response.status);
            entry.code = response.value()["error"]["code"].as_str().map(str::to_owned);
        });
        let delivery = match &kind {
            Some(Kind::ResetAfter) => Delivery::Reset,
            Some(Kind::Truncate) => Delivery::Truncate,
            Some(slow) => slow.slowness().map_or(Delivery::Whole, Delivery::Slow),
            None => Delivery::Whole,
        };
        Answer { response, delivery }
    }
}

impl Handler for Core {
    async fn handle(&self, request: Request) -> Answer {
        self.serve(request, |request, kind, place| self.respond(request, kind, place)).await
    }
}

/// The side of the box that a machine sees: the endpoints that hand out tokens of its identity.
struct MachineSide(Arc<Core>);

impl Handler for MachineSide {
    async fn handle(&self, request: Request) -> Answer {
        let core = &self.0;
        let lifetime = core.azure().settings.token_lifetime_seconds;
        core.serve(request, |request, _, _| core.machine.answer(request, &core.entra, lifetime)).await
    }
}
