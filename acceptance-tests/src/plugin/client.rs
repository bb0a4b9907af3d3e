//! The provider's service, one method for each request.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use serde_json::Value;
use tonic::transport::Channel;

use super::connection::{Identity, connect};
use super::process::Process;
use super::proto::provider_client::ProviderClient;
use super::proto::schema::Block;
use super::proto::{self, diagnostic};
use super::value::{decode, decode_identity, encode, identity};
use super::{Held, Said, Severity, rules, runtime, schema};
use crate::{Emulator, Provider};

/// The largest message on either side.
const MAX_MESSAGE: usize = 256 << 20;

/// The schemas, by type.
type Schemas = BTreeMap<String, Block>;

/// A provider's program and what it is started with. Its schemas are asked for once.
#[derive(Debug, Clone)]
pub struct Program {
    binary: PathBuf,
    environment: BTreeMap<String, String>,
    schemas: Arc<OnceLock<Schemas>>,
}

/// A running provider that has been configured.
#[derive(Debug)]
pub struct Plugin {
    client: ProviderClient<Channel>,
    process: Process,
    schemas: Arc<OnceLock<Schemas>>,
}

/// What a provider planned.
pub(super) struct PlanAnswer {
    pub(super) value: Value,
    pub(super) private: Vec<u8>,
    pub(super) identity: Option<Value>,
    pub(super) replace: Vec<proto::AttributePath>,
}

impl Program {
    /// The provider, pointed at an emulator by the variables that it documents.
    pub fn in_azure(provider: &Provider, azure: &Emulator) -> Self {
        let documented = |name: &str| name.starts_with("ARM_") || name == "SSL_CERT_FILE";
        let environment = azure.environment().iter().filter(|(name, _)| documented(name));
        Self {
            binary: provider.binary.clone(),
            environment: environment.map(|(name, value)| (name.clone(), value.clone())).collect(),
            schemas: Arc::default(),
        }
    }

    /// The same with one more variable in its environment.
    #[must_use]
    pub fn with_env(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Starts the provider, and configures it with an empty provider block.
    ///
    /// # Panics
    /// When it does not start, or refuses the configuration.
    pub fn start(&self) -> Plugin {
        let (client, process) = runtime().block_on(async {
            let identity = Identity::get();
            let (process, handshake) = Process::start(&self.binary, &self.environment, &identity.pem).await;
            let client = ProviderClient::new(connect(&handshake).await)
                .max_decoding_message_size(MAX_MESSAGE)
                .max_encoding_message_size(MAX_MESSAGE);
            (client, process)
        });
        let plugin = Plugin { client, process, schemas: self.schemas.clone() };
        let said = plugin.configure(&Value::Object(serde_json::Map::new()));
        assert!(!super::failed(&said), "the provider was not configured: {said:?}");
        plugin
    }
}

/// One request: its answer, and a panic with all that the provider wrote when there is none.
macro_rules! ask {
    ($plugin:expr, $method:ident, $request:expr) => {{
        let mut client = $plugin.client.clone();
        let answer = runtime().block_on(async move { client.$method($request).await });
        match answer {
            Ok(answer) => answer.into_inner(),
            Err(status) => panic!("{}: {status}: {}", stringify!($method), $plugin.process.errors()),
        }
    }};
}

impl Plugin {
    /// The schemas of the resources by type, and that of the provider by an empty one.
    fn schemas(&self) -> &Schemas {
        self.schemas.get_or_init(|| {
            let answer = ask!(self, get_provider_schema, proto::get_provider_schema::Request {});
            let provider = answer.provider.map(|schema| (String::new(), schema));
            let all = answer.resource_schemas.into_iter().chain(provider);
            all.map(|(name, schema)| (name, schema.block.unwrap_or_default())).collect()
        })
    }

    pub(super) fn block(&self, kind: &str) -> &Block {
        self.schemas().get(kind).unwrap_or_else(|| panic!("the provider has no {kind}"))
    }

    /// A configuration with every attribute of the type.
    pub(super) fn complete(&self, kind: &str, config: &Value) -> Value {
        schema::complete(self.block(kind), config)
    }

    fn configure(&self, config: &Value) -> Vec<Said> {
        let request = proto::configure_provider::Request {
            terraform_version: "1.13.0".to_owned(),
            config: encode(&self.complete("", config)),
            client_capabilities: capabilities(),
        };
        said(&ask!(self, configure_provider, request).diagnostics)
    }

    /// `UpgradeResourceState` of a state of the schema's own version.
    pub(super) fn upgrade(&self, kind: &str, state: &Value) -> (Value, Vec<Said>) {
        let raw = proto::RawState { json: state.to_string().into_bytes(), flatmap: Default::default() };
        let request = proto::upgrade_resource_state::Request {
            type_name: kind.to_owned(),
            version: 0,
            raw_state: Some(raw),
        };
        let answer = ask!(self, upgrade_resource_state, request);
        (decode(answer.upgraded_state.as_ref()), said(&answer.diagnostics))
    }

    /// `ReadResource`.
    pub(super) fn read(&self, kind: &str, held: &Held) -> (Held, Vec<Said>) {
        let request = proto::read_resource::Request {
            type_name: kind.to_owned(),
            current_state: encode(&held.value),
            private: held.private.clone(),
            provider_meta: None,
            client_capabilities: capabilities(),
            current_identity: identity(held.identity.as_ref()),
        };
        let answer = ask!(self, read_resource, request);
        let read = Held {
            value: decode(answer.new_state.as_ref()),
            private: answer.private,
            identity: decode_identity(answer.new_identity.as_ref()),
            tainted: held.tainted,
        };
        (read, said(&answer.diagnostics))
    }

    /// `PlanResourceChange` of what is held to this configuration; both may be null.
    pub(super) fn plan(&self, kind: &str, held: &Held, config: &Value) -> (PlanAnswer, Vec<Said>) {
        let proposed = schema::proposed(self.block(kind), &held.value, config);
        let request = proto::plan_resource_change::Request {
            type_name: kind.to_owned(),
            prior_state: encode(&held.value),
            proposed_new_state: encode(&proposed),
            config: encode(config),
            prior_private: held.private.clone(),
            provider_meta: None,
            client_capabilities: capabilities(),
            prior_identity: identity(held.identity.as_ref()),
            planned_private: Vec::new(),
        };
        let answer = ask!(self, plan_resource_change, request);
        let planned = PlanAnswer {
            value: decode(answer.planned_state.as_ref()),
            private: answer.planned_private,
            identity: decode_identity(answer.planned_identity.as_ref()),
            replace: answer.requires_replace,
        };
        (planned, said(&answer.diagnostics))
    }

    /// `ApplyResourceChange` of what is held to what is planned; either may be null.
    pub(super) fn apply(
        &self,
        kind: &str,
        held: &Value,
        config: &Value,
        planned: &PlanAnswer,
    ) -> (Held, Vec<Said>) {
        let request = proto::apply_resource_change::Request {
            type_name: kind.to_owned(),
            prior_state: encode(held),
            planned_state: encode(&planned.value),
            config: encode(config),
            planned_private: planned.private.clone(),
            provider_meta: None,
            planned_identity: identity(planned.identity.as_ref()),
        };
        let answer = ask!(self, apply_resource_change, request);
        let applied = Held {
            value: decode(answer.new_state.as_ref()),
            private: answer.private,
            identity: decode_identity(answer.new_identity.as_ref()),
            tainted: false,
        };
        (applied, said(&answer.diagnostics))
    }

    /// `ImportResourceState` by ID; none without one imported resource of the type.
    pub(super) fn import(&self, kind: &str, id: &str) -> (Option<Held>, Vec<Said>) {
        let request = proto::import_resource_state::Request {
            type_name: kind.to_owned(),
            id: id.to_owned(),
            client_capabilities: capabilities(),
            identity: None,
        };
        let answer = ask!(self, import_resource_state, request);
        let imported = answer.imported_resources.into_iter().find(|one| one.type_name == kind);
        let held = imported.map(|one| Held {
            value: decode(one.state.as_ref()),
            private: one.private,
            identity: decode_identity(one.identity.as_ref()),
            tainted: false,
        });
        (held, said(&answer.diagnostics))
    }
}

/// What a current tool can do.
fn capabilities() -> Option<proto::ClientCapabilities> {
    Some(proto::ClientCapabilities { write_only_attributes_allowed: true, ..Default::default() })
}

fn said(diagnostics: &[proto::Diagnostic]) -> Vec<Said> {
    let one = |diagnostic: &proto::Diagnostic| Said {
        severity: match diagnostic.severity() {
            diagnostic::Severity::Warning => Severity::Warning,
            diagnostic::Severity::Error => Severity::Error,
            diagnostic::Severity::Invalid => Severity::Breach,
        },
        summary: diagnostic.summary.clone(),
        detail: diagnostic.detail.clone(),
        path: rules::text(diagnostic.attribute.as_ref()),
    };
    diagnostics.iter().map(one).collect()
}
