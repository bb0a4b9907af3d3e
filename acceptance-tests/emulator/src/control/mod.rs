//! The control interface: plain HTTP with JSON on a port of its own, by which tests look inside and make things go wrong.

mod identities;
mod network;
mod resources;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::azure::Azure;
use crate::emulator::Core;
use crate::fault::Order;
use crate::http::{Answer, Handler, Request, Response};
use crate::id::ResourceId;
use crate::machine_learning::appear_registry;
use crate::providers;
use crate::seed;
use crate::settings::Settings;
use crate::store::merge;

/// Answers requests to the control interface.
pub(crate) struct Control {
    core: Arc<Core>,
}

/// Why a request to the control interface is refused: status and sentence.
type Refusal = (u16, String);

fn not_found(what: &str) -> Refusal {
    (404, format!("there is no {what}"))
}

impl Control {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    async fn answer(&self, request: &Request) -> Result<Value, Refusal> {
        let path = request.path().trim_matches('/').to_owned();
        let words: Vec<&str> = path.split('/').collect();
        let body = || serde_json::from_slice::<Value>(&request.body).map_err(|e| (400, e.to_string()));
        match (request.method.as_str(), words.as_slice()) {
            ("GET", ["state"]) => Ok(self.settled(resources::dump)),
            ("GET", ["state", "deleted"]) => Ok(self.settled(resources::dump_deleted)),
            ("GET", ["state", "operations"]) => Ok(self.settled(|azure| json!(azure.operations))),
            ("GET", ["snapshot"]) => Ok(self.settled(|azure| json!(azure))),
            ("PUT", ["snapshot"]) => {
                let saved: Azure = serde_json::from_value(body()?).map_err(|e| (400, e.to_string()))?;
                self.changed(|azure| {
                    azure.restore(saved);
                    Ok(Value::Null)
                })
            }
            ("PUT", ["governance"]) => {
                let order = serde_json::from_value(body()?).map_err(|e| (400, e.to_string()))?;
                self.changed(|azure| {
                    azure.governance = order;
                    azure.store.touch();
                    Ok(Value::Null)
                })
            }
            ("PUT", ["registrations"]) => {
                let order = body()?;
                self.changed(|azure| {
                    providers::set(azure, &order).map_err(|e| (400, e)).map(|()| Value::Null)
                })
            }
            ("GET", ["requests"]) => Ok(json!(self.core.log().entries())),
            ("DELETE", ["requests"]) => {
                self.core.log().clear();
                Ok(Value::Null)
            }
            ("GET", ["settings"]) => Ok(json!(self.core.azure().settings)),
            ("PUT" | "PATCH", ["settings"]) => self.set(&body()?),
            ("POST", ["faults"]) => {
                let order = Order::read(&body()?).map_err(|e| (400, e))?;
                let id = self.core.faults().add(order).map_err(|e| (400, e.to_string()))?;
                Ok(json!({ "id": id }))
            }
            ("DELETE", ["faults"]) => {
                self.core.faults().clear();
                Ok(Value::Null)
            }
            ("GET", ["faults", id]) => self.core.faults().describe(id).ok_or_else(|| not_found("such fault")),
            ("GET", ["faults", id, "wait"]) => self.wait(id).await,
            ("POST", ["faults", id, "release"]) => match self.core.faults().release(id) {
                true => Ok(Value::Null),
                false => Err(not_found("such fault")),
            },
            ("GET", ["identities"]) => identities::describe(&self.core, None),
            ("GET", ["identities", part]) => identities::describe(&self.core, Some(part)),
            ("POST" | "PUT", ["identities", rest @ ..]) => identities::change(&self.core, rest, &body()?),
            ("GET", ["secrets"]) => Ok(identities::secrets(&self.core)),
            (method, ["resources"]) => self.resource(method, request),
            ("POST", ["workspaces", "registry"]) => self.registry(request),
            ("POST", ["connections"]) => self.decide(request, &body()?),
            ("GET", ["resolve"]) => self.resolve(request),
            ("POST", ["policy"]) => self.policy(&body()?),
            ("POST", ["seed"]) => self.changed(|azure| seed::plant(azure, &body()?)),
            ("POST", ["reset"]) => {
                self.reset();
                Ok(Value::Null)
            }
            (method, _) => Err(not_found(&format!("{method} /{path}"))),
        }
    }

    /// Reads the box after everything that has no polls left has ended.
    fn settled<T>(&self, read: impl FnOnce(&Azure) -> T) -> T {
        let mut azure = self.core.azure();
        azure.settle();
        self.core.keep(&azure);
        read(&azure)
    }

    fn changed<T>(&self, change: impl FnOnce(&mut Azure) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let mut azure = self.core.azure();
        azure.settle();
        let result = change(&mut azure);
        self.core.keep(&azure);
        result
    }

    fn set(&self, patch: &Value) -> Result<Value, Refusal> {
        let mut azure = self.core.azure();
        let mut wanted = json!(azure.settings);
        merge(&mut wanted, patch);
        let settings: Settings = serde_json::from_value(wanted).map_err(|e| (400, e.to_string()))?;
        if settings.buckets != azure.settings.buckets
            || settings.network.limits != azure.settings.network.limits
        {
            self.core.reset_throttle();
        }
        if settings.storm != azure.settings.storm {
            self.core.faults().calm();
        }
        azure.settings = settings;
        Ok(json!(azure.settings))
    }

    async fn wait(&self, id: &str) -> Result<Value, Refusal> {
        let mut hits = self.core.faults().watch(id).ok_or_else(|| not_found("such fault"))?;
        // An error means that the fault was removed meanwhile; what is known of it is then that it is gone.
        let _ = hits.wait_for(|hits| *hits > 0).await;
        self.core.faults().describe(id).ok_or_else(|| not_found("such fault any more"))
    }

    fn resource(&self, method: &str, request: &Request) -> Result<Value, Refusal> {
        let id = request.query("id").ok_or((400, "the parameter 'id' is missing".to_owned()))?;
        let body = || serde_json::from_slice::<Value>(&request.body).map_err(|e| (400, e.to_string()));
        match method {
            "GET" => self.settled(|azure| resources::read(azure, &id)),
            "PUT" => self.changed(|azure| resources::put(azure, &id, &body()?)),
            "PATCH" => self.changed(|azure| resources::patch(azure, &id, &body()?)),
            "DELETE" => self.changed(|azure| resources::delete(azure, &id)),
            _ => Err((405, format!("/resources has no {method}"))),
        }
    }

    /// Lets the registry of a workspace appear, as the service does on first use.
    fn registry(&self, request: &Request) -> Result<Value, Refusal> {
        let id = request.query("id").ok_or((400, "the parameter 'id' is missing".to_owned()))?;
        let id = ResourceId::parse(&id).ok_or((400, format!("'{id}' is no resource ID")))?;
        self.changed(|azure| appear_registry(azure, &id).map_err(|e| (e.status, e.message)))
    }

    fn reset(&self) {
        self.core.faults().clear();
        self.core.faults().calm();
        self.core.log().clear();
        self.core.reset_throttle();
        let mut azure = self.core.azure();
        azure.clear();
        self.core.keep(&azure);
    }
}

impl Handler for Control {
    async fn handle(&self, request: Request) -> Answer {
        match self.answer(&request).await {
            Ok(Value::Null) => Response::empty(204).into(),
            Ok(value) => Response::json(200, &value).into(),
            Err((status, text)) => Response::json(status, &json!({ "error": text })).into(),
        }
    }
}
