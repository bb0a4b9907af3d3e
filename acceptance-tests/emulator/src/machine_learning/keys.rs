//! Keys of a workspace and of what it is attached to, and its notebooks.

use serde_json::{Map, Value, json};

use super::{answer, finish};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::operation::{Outcome, Start, Style};
use crate::service::{Call, Reply};
use crate::store::Document;

/// The workspace as its answers show it: a project with the resources of its hub.
fn shown(azure: &Azure, call: &Call) -> Result<Value, ArmError> {
    let document = super::found(azure, call)?;
    let newest = super::API_VERSIONS.last().copied().unwrap_or_default();
    Ok(answer::workspace(&azure.store, document, super::Version::new(newest)))
}

fn dependent<'a>(azure: &'a Azure, workspace: &Value, member: &str) -> Option<&'a Document> {
    workspace["properties"][member].as_str().and_then(|id| azure.store.find(id))
}

/// Answers `listKeys`. Recorded at 2024-04-01 with `userStorageArmId`, which that version calls otherwise.
pub(super) fn list(azure: &mut Azure, call: &Call) -> Reply {
    let workspace = shown(azure, call)?;
    let insights = dependent(azure, &workspace, "applicationInsights");
    let body = json!({
        "userStorageKey": dependent(azure, &workspace, "storageAccount").map(storage_key),
        "userStorageArmId": workspace["properties"]["storageAccount"],
        "appInsightsInstrumentationKey": insights.map(|d| d.at("/properties/InstrumentationKey").clone()),
        "containerRegistryCredentials": dependent(azure, &workspace, "containerRegistry").map(registry_credentials),
        "notebookAccessKeys": notebook_keys(super::found(azure, call)?),
    });
    Ok(answer::json(200, &body))
}

/// The first key of a storage account, as the storage service keeps it.
fn storage_key(account: &Document) -> Value {
    account.hidden.pointer("/keys/0/value").cloned().unwrap_or(Value::Null)
}

fn registry_credentials(registry: &Document) -> Value {
    let name = registry.text("/name");
    let password = |which: &str| {
        let kept = registry.hidden.pointer(&format!("/{which}")).filter(|p| p.is_string()).cloned();
        kept.unwrap_or_else(|| json!(super::guid_of(&registry.id.to_lowercase(), which).replace('-', "")))
    };
    json!({
        "location": registry.text("/location"),
        "username": name,
        "passwords": [
            { "name": "password", "value": password("password") },
            { "name": "password2", "value": password("password2") },
        ],
    })
}

fn notebook_keys(workspace: &Document) -> Value {
    json!({
        "primaryAccessKey": workspace.hidden["notebookKeys"]["primary"],
        "secondaryAccessKey": workspace.hidden["notebookKeys"]["secondary"],
    })
}

/// Answers `listNotebookKeys`.
pub(super) fn notebook(azure: &mut Azure, call: &Call) -> Reply {
    Ok(answer::json(200, &notebook_keys(super::found(azure, call)?)))
}

/// Answers `listStorageAccountKeys`.
pub(super) fn storage(azure: &mut Azure, call: &Call) -> Reply {
    let workspace = shown(azure, call)?;
    let key = dependent(azure, &workspace, "storageAccount").map(storage_key);
    Ok(answer::json(200, &json!({ "userStorageKey": key })))
}

/// Answers `listNotebookAccessToken`.
pub(super) fn access_token(azure: &mut Azure, call: &Call) -> Reply {
    let workspace = shown(azure, call)?;
    let info = &workspace["properties"]["notebookInfo"];
    let body = json!({
        "accessToken": azure.secret_key(96),
        "expiresIn": 28800,
        "hostName": "notebooks.azure.net",
        "notebookResourceId": info["resourceId"],
        "publicDns": info["fqdn"],
        "refreshToken": azure.secret_key(96),
        "scope": "aznb_identity",
        "tokenType": "Bearer",
    });
    Ok(answer::json(200, &body))
}

/// Answers `resyncKeys`: the workspace reads the keys of what it is attached to anew, which no answer shows.
pub(super) fn resync(azure: &mut Azure, call: &Call) -> Reply {
    // (K) At once in the contracts before 2021.
    if !super::Version::new(&call.api_version).from("2021-01-01") {
        return Ok(answer::standard(Response::empty(200)));
    }
    begin(azure, call, Outcome::Empty)
}

/// Answers `prepareNotebook`: the result is the workspace's notebook resource.
pub(super) fn prepare_notebook(azure: &mut Azure, call: &Call) -> Reply {
    let workspace = shown(azure, call)?;
    begin(azure, call, Outcome::Value(workspace["properties"]["notebookInfo"].clone()))
}

fn begin(azure: &mut Azure, call: &Call, outcome: Outcome) -> Reply {
    let document = super::found(azure, call)?;
    let id = ResourceId::parse(&document.id).unwrap_or_else(|| call.id().clone());
    let place = document.text("/location").to_owned();
    finish::refuse_while_running(azure, &id)?;
    let start = Start::new(Style::MachineLearning, &id, &place).outcome(outcome);
    Ok(azure.begin(call, start, answer::standard(Response::empty(202))))
}

/// The credentials of a workspace's own registry start with the registry itself.
pub(super) fn registry_secrets(azure: &Azure) -> Value {
    let mut hidden = Map::new();
    for name in ["password", "password2"] {
        hidden.insert(name.to_owned(), json!(azure.secret_key(32)));
    }
    Value::Object(hidden)
}
