//! The network as tests see and change it: names resolved, connections decided, and what Azure Policy does.

use serde_json::{Value, json};

use super::{Control, Refusal, not_found};
use crate::http::Request;
use crate::network;

/// What Azure Policy's requests say they come from.
const POLICY: &str = "AzurePolicy";

impl Control {
    /// The owner of what an endpoint leads to decides about its connection.
    pub(super) fn decide(&self, request: &Request, body: &Value) -> Result<Value, Refusal> {
        let id = request.query("id").ok_or((400, "the parameter 'id' is missing".to_owned()))?;
        let status = body["status"].as_str().unwrap_or_default();
        if !["Pending", "Approved", "Rejected", "Disconnected"].contains(&status) {
            return Err((400, format!("a connection cannot be '{status}'")));
        }
        let text = |name: &str, otherwise: &str| body[name].as_str().unwrap_or(otherwise).to_owned();
        let state = json!({
            "status": status,
            "description": text("description", ""),
            "actionsRequired": text("actions_required", "None"),
        });
        self.changed(|azure| match network::decide(azure, &id, &state) {
            true => Ok(state),
            false => Err(not_found("such private endpoint")),
        })
    }

    /// What a name leads to, inside of a virtual network or outside.
    pub(super) fn resolve(&self, request: &Request) -> Result<Value, Refusal> {
        let name = request.query("name").ok_or((400, "the parameter 'name' is missing".to_owned()))?;
        let virtual_network = request.query("virtual_network");
        self.settled(|azure| network::resolve(azure, &name, virtual_network.as_deref()))
            .map_err(|text| (404, text))
    }

    /// Sends a request as Azure Policy does when it remedies what a configuration lacks; the log shows by whom it came.
    pub(super) fn policy(&self, order: &Value) -> Result<Value, Refusal> {
        let text = |name: &str| order[name].as_str().ok_or((400, format!("the member '{name}' is missing")));
        let (method, target) = (text("method")?, text("target")?);
        let mut request = Request::new(method, target, order.get("body").filter(|b| !b.is_null()));
        request.headers.push("User-Agent", POLICY);
        let place = self.core.log().begin(&request);
        let response = self.changed(|azure| Ok(azure.answer(&request)))?;
        self.core.log().update(place, |entry| {
            entry.status = Some(response.status);
            entry.code = response.value()["error"]["code"].as_str().map(str::to_owned);
        });
        Ok(json!({ "status": response.status, "body": response.value() }))
    }
}
