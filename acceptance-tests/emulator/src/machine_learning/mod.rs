//! Microsoft.MachineLearningServices: workspaces and what is below them.
//!
//! A request comes in at [`MachineLearning::handle`] with its subscription, group, api-version and location checked, and
//! goes to the file of its verb: `create`, `update`, `remove`, or to one of the actions. A workspace is stored in
//! the form of the newest api-version; `answer` shows it through the one that was asked for. What is known from
//! recordings and public reports is done as they show it; a choice that rests on general knowledge alone is marked `(K)`.

mod answer;
mod create;
mod dependents;
mod diagnose;
mod encryption;
mod endpoints;
mod envelope;
mod finish;
mod identity;
mod keys;
mod members;
mod network;
mod outbound;
mod refusal;
mod regions;
mod registry;
mod remove;
mod rules;
mod settings;
mod shape;
mod update;
mod version;

use serde_json::{Value, json};

pub(crate) use endpoints::keep_connections;
pub use registry::appear as appear_registry;
pub use version::API_VERSIONS;

use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::service::{Call, Reply, ResourceType, Service};
use crate::store::Document;
use version::Version;

/// Canonical spelling of the namespace.
pub(crate) const NAMESPACE: &str = "Microsoft.MachineLearningServices";

/// Full type of a workspace.
pub(crate) const WORKSPACE: &str = "Microsoft.MachineLearningServices/workspaces";

/// Workspaces in one page of a list. (K)
const PAGE: usize = 30;

/// The resource provider.
#[derive(Debug)]
pub struct MachineLearning;

const fn kind(name: &'static str, regional: bool) -> ResourceType {
    ResourceType { name, api_versions: version::NEWEST_FIRST, regional }
}

impl Service for MachineLearning {
    fn namespace(&self) -> &'static str {
        NAMESPACE
    }

    fn types(&self) -> &'static [ResourceType] {
        const {
            &[
                kind("workspaces", true),
                kind("workspaces/outboundRules", false),
                kind("workspaces/privateEndpointConnections", false),
                kind("workspaces/privateLinkResources", false),
                kind("workspaces/features", false),
                kind("locations/usages", false),
                kind("locations/vmSizes", false),
                kind("locations/quotas", false),
                kind("locations/updateQuotas", false),
            ]
        }
    }

    fn handle(&self, azure: &mut Azure, call: &Call) -> Reply {
        let words: Vec<String> = call.id().segments.iter().map(|(kind, _)| kind.to_lowercase()).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match (words.as_slice(), call.path.tail.as_deref()) {
            ([], Some(_)) => list(azure, call),
            (["workspaces"], None) => workspace(azure, call),
            (["workspaces"], Some(tail)) => below(azure, call, &tail.to_lowercase()),
            (["workspaces", "outboundrules"], None) => outbound::one(azure, call),
            (["workspaces", "privateendpointconnections"], None) => endpoints::one(azure, call),
            (["locations"], Some(tail)) => regions::answer(azure, call, &tail.to_lowercase()),
            _ => Err(not_there(call)),
        }
    }

    fn show(&self, azure: &Azure, document: &Document, api_version: &str) -> Value {
        answer::workspace(&azure.store, document, Version::new(api_version))
    }

    /// (K) With its group a workspace is gone for good: nobody could recover it there.
    fn group_deleted(&self, azure: &mut Azure, id: &ResourceId) {
        finish::group_deleted(azure, id);
    }

    fn step(&self, azure: &mut Azure, name: &str, argument: &Value) -> Result<Value, ArmError> {
        finish::step(azure, name, argument)
    }
}

fn not_there(call: &Call) -> ArmError {
    ArmError::new(404, "NotFound", format!("There is nothing at '{}'.", call.path.collection_type()))
}

/// Answers requests for one workspace.
fn workspace(azure: &mut Azure, call: &Call) -> Reply {
    match call.method.as_str() {
        "GET" => {
            let document = found(azure, call)?;
            Ok(answer::json(200, &answer::workspace(&azure.store, document, Version::new(&call.api_version))))
        }
        "HEAD" => Ok(Response::empty(if azure.store.get(call.id()).is_some() { 204 } else { 404 })),
        "PUT" => create::put(azure, call),
        "PATCH" => update::patch(azure, call),
        "DELETE" => remove::delete(azure, call),
        method => Err(ArmError::method_not_allowed(method)),
    }
}

/// Answers what is asked of a workspace or below it.
fn below(azure: &mut Azure, call: &Call, tail: &str) -> Reply {
    found(azure, call)?;
    match (call.method.as_str(), tail) {
        ("POST", "listkeys") => keys::list(azure, call),
        ("POST", "resynckeys") => keys::resync(azure, call),
        ("POST", "listnotebookkeys") => keys::notebook(azure, call),
        ("POST", "listnotebookaccesstoken") => keys::access_token(azure, call),
        ("POST", "liststorageaccountkeys") => keys::storage(azure, call),
        ("POST", "preparenotebook") => keys::prepare_notebook(azure, call),
        ("POST", "diagnose") => diagnose::run(azure, call),
        ("POST", "provisionmanagednetwork") => outbound::provision(azure, call),
        ("GET", "outboundrules") => outbound::list(azure, call),
        ("GET", "privateendpointconnections") => endpoints::list(azure, call),
        ("GET", "privatelinkresources") => endpoints::resources(azure, call),
        ("GET", "outboundnetworkdependenciesendpoints") => regions::outbound_endpoints(azure, call),
        ("GET", "features") => Ok(answer::json(200, &regions::features())),
        (method, _) if method == "GET" || method == "POST" => Err(not_there(call)),
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}

/// The workspace that a call is about.
fn found<'a>(azure: &'a Azure, call: &Call) -> Result<&'a Document, ArmError> {
    let id = workspace_id(call);
    azure.store.get(&id).ok_or_else(|| ArmError::resource_not_found(&id))
}

/// The ID of the workspace that a call is about or below.
fn workspace_id(call: &Call) -> ResourceId {
    let mut id = call.id().clone();
    id.segments.truncate(1);
    id
}

/// Answers the list of a group's or subscription's workspaces, of some kinds or all, a page at a time.
fn list(azure: &mut Azure, call: &Call) -> Reply {
    if call.method != "GET" {
        return Err(ArmError::method_not_allowed(&call.method));
    }
    let kinds: Option<Vec<String>> = call
        .parameter("kind")
        .filter(|k| !k.is_empty())
        .map(|kinds| kinds.split(',').map(|k| k.trim().to_lowercase()).collect());
    let skip: usize = match call.parameter("$skip").filter(|s| !s.is_empty()) {
        Some(text) => text.parse().map_err(|_| {
            ArmError::bad_request(format!("'{text}' is no continuation of a list.")).target("$skip")
        })?,
        None => 0,
    };
    let version = Version::new(&call.api_version);
    let matching = azure.store.list(&call.id().group_id(), WORKSPACE).into_iter().filter(|document| {
        kinds.as_ref().is_none_or(|kinds| kinds.contains(&document.text("/kind").to_lowercase()))
    });
    let mut page: Vec<Value> = matching
        .skip(skip)
        .take(PAGE + 1)
        .map(|document| answer::workspace(&azure.store, document, version))
        .collect();
    let more = page.len() > PAGE;
    page.truncate(PAGE);
    let mut body = json!({ "value": page });
    if more {
        body["nextLink"] = json!(next_link(azure, call, skip + PAGE));
    }
    Ok(answer::json(200, &body))
}

fn next_link(azure: &Azure, call: &Call, skip: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in call.query.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("$skip")) {
        query.append_pair(name, value);
    }
    query.append_pair("$skip", &skip.to_string());
    let tail = call.path.tail.as_deref().unwrap_or_default();
    format!("{}{}/{tail}?{}", azure.base_url, call.id(), query.finish())
}

/// A GUID made from two texts: the same each time.
fn guid_of(key: &str, salt: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, format!("{salt}:{key}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
