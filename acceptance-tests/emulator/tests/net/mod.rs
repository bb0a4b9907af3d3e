//! A box with two virtual networks beside what a workspace needs, and requests to all of it.

#![allow(dead_code, clippy::unwrap_used, reason = "a test helper; each test binary uses its own part")]

#[path = "../world/mod.rs"]
pub(crate) mod world;

use azureml_emulator::http::{Request, Response};
use serde_json::{Value, json};
use world::{World, id, target};

pub(crate) const API: &str = "privatelink.api.azureml.ms";
pub(crate) const NOTEBOOKS: &str = "privatelink.notebooks.azure.net";

/// A box and what is in it.
pub(crate) struct Net {
    pub(crate) world: World,
}

/// The ID of a network's resource in the group.
pub(crate) fn net(kind: &str, name: &str) -> String {
    id(&format!("Microsoft.Network/{kind}"), name)
}

/// The ID of the subnet of one of the two networks.
pub(crate) fn subnet(network: &str) -> String {
    format!("{}/subnets/endpoints", net("virtualNetworks", network))
}

/// The body of a virtual network.
pub(crate) fn network(block: &str, subnet: &str) -> Value {
    json!({
        "location": "eastus2",
        "properties": {
            "addressSpace": {"addressPrefixes": [block]},
            "subnets": [{"name": "endpoints", "properties": {"addressPrefix": subnet}}],
        },
    })
}

/// The body of an endpoint in a subnet that leads to a group of a resource.
pub(crate) fn endpoint(subnet: &str, target: &str, group: &str) -> Value {
    json!({
        "location": "eastus2",
        "properties": {
            "subnet": {"id": subnet},
            "privateLinkServiceConnections": [
                {"name": "to-it", "properties": {"privateLinkServiceId": target, "groupIds": [group]}},
            ],
        },
    })
}

/// The same, for somebody to approve.
pub(crate) fn manual(subnet: &str, target: &str, group: &str) -> Value {
    let mut body = endpoint(subnet, target, group);
    let properties = body["properties"].as_object_mut().unwrap();
    let mut connections = properties.shift_remove("privateLinkServiceConnections").unwrap();
    connections[0]["properties"]["requestMessage"] = json!("please");
    properties.insert("manualPrivateLinkServiceConnections".to_owned(), connections);
    body
}

/// The body of a zone group with a configuration for each zone.
pub(crate) fn group(zones: &[(&str, &str)]) -> Value {
    let configs: Vec<Value> = zones
        .iter()
        .map(|(name, zone)| json!({"name": name, "properties": {"privateDnsZoneId": zone}}))
        .collect();
    json!({"properties": {"privateDnsZoneConfigs": configs}})
}

impl Net {
    /// A box with workspace `ws-1` and the networks `vnet` (10.0.0.0/16) and `other` (10.1.0.0/16).
    pub(crate) fn new() -> Self {
        let mut net_ = Self { world: World::new() };
        net_.world.create("ws-1");
        for (at, name) in ["vnet", "other"].into_iter().enumerate() {
            let body = network(&format!("10.{at}.0.0/16"), &format!("10.{at}.1.0/24"));
            net_.done("PUT", &net("virtualNetworks", name), &body);
        }
        net_
    }

    /// A zone that exists, by its ID.
    pub(crate) fn zone(&mut self, name: &str) -> String {
        let zone = net("privateDnsZones", name);
        self.done("PUT", &zone, &json!({"location": "global"}));
        zone
    }

    /// A zone that exists and is linked to a network, by its ID.
    pub(crate) fn linked(&mut self, name: &str, network: &str) -> String {
        let zone = self.zone(name);
        self.done("PUT", &format!("{zone}/virtualNetworkLinks/{network}"), &link(network));
        zone
    }

    pub(crate) fn ask(&mut self, method: &str, id: &str, body: &Value) -> Response {
        self.ask_with(method, id, body, &[])
    }

    pub(crate) fn ask_with(
        &mut self,
        method: &str,
        id: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Response {
        let lower = id.to_lowercase();
        let version = if lower.contains("privatednszones/") {
            "2024-06-01"
        } else if lower.contains("microsoft.network/") {
            "2024-01-01"
        } else if lower.contains("microsoft.authorization/") {
            "2020-05-01"
        } else if lower.contains("microsoft.management/") {
            "2021-04-01"
        } else {
            world::VERSION
        };
        let mut request =
            Request::new(method, &format!("{id}?api-version={version}"), Some(body).filter(|b| !b.is_null()));
        for (name, value) in headers {
            request.headers.push(*name, *value);
        }
        self.world.azure.answer(&request)
    }

    /// Sends a request that begins an operation, and waits for its end.
    pub(crate) fn done(&mut self, method: &str, id: &str, body: &Value) -> Response {
        let (accepted, ended) = self.ended(method, id, body);
        assert_eq!(ended["status"], "Succeeded", "{method} {id}: {ended}");
        accepted
    }

    /// Sends a request that begins an operation; its answer and how the operation ended.
    pub(crate) fn ended(&mut self, method: &str, id: &str, body: &Value) -> (Response, Value) {
        let accepted = self.ask(method, id, body);
        assert!(accepted.status < 300, "{method} {id}: {}", accepted.value());
        let url = accepted.headers.get("azure-asyncoperation").unwrap().to_owned();
        loop {
            let status = self.world.send("GET", target(&url), None).value();
            if status["status"] != "InProgress" {
                return (accepted, status);
            }
        }
    }

    pub(crate) fn get(&mut self, id: &str) -> Value {
        let response = self.ask("GET", id, &Value::Null);
        assert_eq!(response.status, 200, "{id}: {}", response.value());
        response.value()
    }

    /// Sends a request that is refused, and answers status, code and message.
    pub(crate) fn refused(&mut self, method: &str, id: &str, body: &Value) -> (u16, String, String) {
        refusal(&self.ask(method, id, body))
    }
}

/// Status, code and message of a refusal.
pub(crate) fn refusal(response: &Response) -> (u16, String, String) {
    let error = response.value()["error"].clone();
    assert!(response.status >= 400, "not refused: {}", response.status);
    let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
    (response.status, text("code"), text("message"))
}

/// The body of a link to a network of the group.
pub(crate) fn link(network: &str) -> Value {
    json!({
        "location": "global",
        "properties": {"virtualNetwork": {"id": net("virtualNetworks", network)}, "registrationEnabled": false},
    })
}
