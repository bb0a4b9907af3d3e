//! An emulator process of one's own: started, asked, and gone when it is dropped.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::secrets::Keeper;
use crate::{Control, Fault, Injected, Requests, Secret, built_binary};

/// How long an emulator may take to serve.
const START: Duration = Duration::from_secs(180);

/// Azure Resource Manager and Entra ID in one process, `--strict`, on ports of its own.
#[derive(Debug)]
pub struct Emulator {
    process: Arc<Process>,
    environment: BTreeMap<String, String>,
    control: Arc<Control>,
}

/// The running program, until the last of those goes who need it.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    _folder: TempDir,
}

/// A resource group with everything that a workspace depends on.
#[derive(Debug, Clone)]
pub struct Dependents {
    /// Name of the group.
    pub group: String,
    /// The group's location.
    pub location: String,
    /// What the seed answered: the IDs by kind.
    pub ids: BTreeMap<String, String>,
}

impl Emulator {
    /// The subscription that the environment names.
    pub const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000001";
    /// The tenant of both subscriptions.
    pub const TENANT: &str = "00000000-0000-0000-0000-0000000000aa";
    /// Another subscription of the same tenant.
    pub const OTHER_SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000002";

    /// Starts one and waits until it serves.
    ///
    /// # Panics
    /// With what it printed, when it does not.
    pub fn start() -> Self {
        let folder =
            tempfile::Builder::new().prefix("azureml-emulator-").tempdir().expect("a temporary folder");
        let ready = folder.path().join("ready.json");
        let mut process = Command::new(built_binary("azureml-emulator", Some("AZUREML_EMULATOR_BIN")))
            .args(["run", "--strict", "--ready"])
            .arg(&ready)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the emulator starts");
        let lines = lines(process.stdout.take());
        let end = Instant::now() + START;
        // It says that it serves by the file; a closed stdout says that it will not.
        let mut said = Vec::new();
        let environment: BTreeMap<String, String> = loop {
            if let Some(parsed) =
                std::fs::read(&ready).ok().and_then(|text| serde_json::from_slice(&text).ok())
            {
                break parsed;
            }
            match lines.recv_timeout(Duration::from_millis(5)) {
                Ok(line) => said.push(line),
                Err(RecvTimeoutError::Timeout) if Instant::now() < end => {}
                Err(_) => {
                    let _ = process.kill();
                    panic!("the emulator did not get ready; it printed: {}", said.join("\n"))
                }
            }
        };
        let control = environment.get("AZUREML_EMULATOR_CONTROL").cloned().unwrap_or_default();
        let process = Arc::new(Process { child: process, _folder: folder });
        Self { process, environment, control: Arc::new(Control::new(&control)) }
    }

    /// The variables that point a client at it.
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    /// The client secret, which must show nowhere.
    pub fn secret(&self) -> &str {
        self.environment.get("ARM_CLIENT_SECRET").map_or("", String::as_str)
    }

    /// What the emulator has to sign in with, by the names of its `/identities`: `applications`, `github`, `imds`.
    pub fn identity(&self, part: &str) -> Value {
        self.control.get(&format!("/identities/{part}"))
    }

    /// What a working directory needs to look for this Azure's secrets, even after the scenario has let go of it.
    pub(crate) fn keeper(&self) -> Keeper {
        let given = vec![Secret::new("client_secret", self.secret())];
        Keeper { control: self.control.clone(), given, _process: self.process.clone() }
    }

    /// The control interface, for what has no method here.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Makes a resource group in eastus with storage, vault, Application Insights, Log Analytics and registry.
    pub fn seed_dependents(&self, group: &str, prefix: &str) -> Dependents {
        self.seed("dependents", group, prefix)
    }

    /// Has a scenario planted in a group in eastus.
    pub(crate) fn seed(&self, scenario: &str, group: &str, prefix: &str) -> Dependents {
        let location = "eastus";
        let seed = json!({
            "scenario": scenario, "resource_group": group, "location": location, "prefix": prefix,
        });
        let answer = self.control.post("/seed", &seed);
        let mut ids = BTreeMap::new();
        collect_ids(&answer, &mut ids);
        Dependents { group: group.to_owned(), location: location.to_owned(), ids }
    }

    /// Every resource there is, by ID.
    pub fn state(&self) -> Value {
        self.control.get("/state")
    }

    /// One resource by ID, in any casing; null when there is none.
    pub fn resource(&self, id: &str) -> Value {
        let state = self.state();
        let all = state.get("resources").unwrap_or(&state).as_object().cloned().unwrap_or_default();
        all.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(id)).map_or(Value::Null, |(_, value)| value)
    }

    /// Whether there is such a resource, or the tombstone of one.
    pub fn has_known(&self, id: &str) -> bool {
        let dead = self.control.get("/state/deleted");
        let keys = dead.as_object().into_iter().flat_map(serde_json::Map::keys);
        !self.resource(id).is_null() || keys.into_iter().any(|key| key.eq_ignore_ascii_case(id))
    }

    /// Changes a resource behind the back of everyone, by JSON merge patch.
    pub fn drift(&self, id: &str, patch: &Value) {
        self.control.patch(&by_id(id), patch);
    }

    /// Puts a resource there as if someone had made it.
    pub fn place(&self, id: &str, document: &Value) {
        self.control.put(&by_id(id), document);
    }

    /// Sends a request as Azure Policy does: what comes of it is real, and not by anybody's configuration.
    pub fn by_policy(&self, method: &str, id: &str, api_version: &str, body: &Value) -> Value {
        let target = format!("{id}?api-version={api_version}");
        let answer = self.control.post("/policy", &json!({"method": method, "target": target, "body": body}));
        let status = answer["status"].as_u64().unwrap_or_default();
        assert!((200..300).contains(&status), "{method} {id} was refused: {answer}");
        answer["body"].clone()
    }

    /// Makes a virtual network, with a subnet named `endpoints`.
    pub fn make_network(&self, id: &str) {
        let subnet = json!({"name": "endpoints", "properties": {"addressPrefix": "10.7.1.0/24"}});
        let properties = json!({"addressSpace": {"addressPrefixes": ["10.7.0.0/16"]}, "subnets": [subnet]});
        self.by_policy("PUT", id, "2024-01-01", &json!({"location": "eastus", "properties": properties}));
    }

    /// Makes a private DNS zone.
    pub fn make_zone(&self, id: &str) {
        self.by_policy("PUT", id, "2024-06-01", &json!({"location": "global"}));
    }

    /// Links a virtual network to a private DNS zone.
    pub fn make_link(&self, zone: &str, name: &str, network: &str) {
        let properties = json!({"virtualNetwork": {"id": network}, "registrationEnabled": false});
        let body = json!({"location": "global", "properties": properties});
        self.by_policy("PUT", &format!("{zone}/virtualNetworkLinks/{name}"), "2024-06-01", &body);
    }

    /// Takes a resource away without a trace.
    pub fn vanish(&self, id: &str) {
        self.control.delete(&by_id(id));
    }

    /// Everything that is there, registrations and operations included, to be put back by [`Emulator::restore`].
    pub fn snapshot(&self) -> Value {
        self.control.get("/snapshot")
    }

    /// Puts everything back to a snapshot.
    pub fn restore(&self, snapshot: &Value) {
        self.control.put("/snapshot", snapshot);
    }

    /// Changes settings: `latency_ms`, `operation_polls`, `buckets`.
    pub fn settings(&self, settings: &Value) {
        self.control.put("/settings", settings);
    }

    /// Arms a fault.
    pub fn inject(&self, fault: Fault) -> Injected<'_> {
        Injected::new(&self.control, &fault)
    }

    /// Disarms all faults.
    pub fn heal(&self) {
        self.control.delete("/faults");
    }

    /// What Azure was asked since the last [`Emulator::forget`].
    pub fn requests(&self) -> Requests {
        Requests::read(&self.control.get("/requests"))
    }

    /// Empties the log of requests.
    pub fn forget(&self) {
        self.control.delete("/requests");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Dependents {
    /// The ID of one kind: `storage_account`, `key_vault`, `application_insights`, `log_analytics`, `container_registry`.
    ///
    /// # Panics
    /// When the seed has no such kind.
    pub fn id(&self, kind: &str) -> &str {
        self.ids.get(kind).unwrap_or_else(|| panic!("the seed has no {kind}, but {:?}", self.ids.keys()))
    }
}

/// The path of the control interface for one resource.
fn by_id(id: &str) -> String {
    format!("/resources?id={id}")
}

/// Every string member that is an ID, wherever the answer has it, by its name without an `_id` at the end.
fn collect_ids(answer: &Value, ids: &mut BTreeMap<String, String>) {
    for (name, value) in answer.as_object().into_iter().flatten() {
        match value.as_str() {
            Some(id) if id.starts_with('/') => {
                ids.insert(name.trim_end_matches("_id").to_owned(), id.to_owned());
            }
            _ => collect_ids(value, ids),
        }
    }
}

/// The lines of a stream, read in a thread of their own so that the emulator never blocks on a full pipe.
fn lines(stream: Option<ChildStdout>) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let reader = stream.map(BufReader::new);
        for line in reader.into_iter().flat_map(BufRead::lines).map_while(Result::ok) {
            // Nobody listens any more once it serves; reading goes on all the same.
            let _ = sender.send(line);
        }
    });
    receiver
}
