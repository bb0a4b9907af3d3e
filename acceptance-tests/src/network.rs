//! The network of an Azure: networks to put endpoints into, names to resolve, and what others do to endpoints.

use serde_json::{Value, json};

use crate::{Dependents, Emulator};

impl Emulator {
    /// Makes a resource group in eastus with the networks `virtual_network` and `other_virtual_network`, in each a subnet
    /// (`subnet`, `other_subnet`), and an `application_security_group`.
    pub fn seed_network(&self, group: &str, prefix: &str) -> Dependents {
        self.seed("network", group, prefix)
    }

    /// What a name leads to, inside of a virtual network or outside: `addresses` (none when there is no such name),
    /// `public`, `chain`, `zone` and `link`.
    pub fn resolve(&self, name: &str, virtual_network: Option<&str>) -> Value {
        let network = virtual_network.map(|id| format!("&virtual_network={id}")).unwrap_or_default();
        self.control().get(&format!("/resolve?name={name}{network}"))
    }

    /// The owner of what a private endpoint leads to decides about its connection: `Approved`, `Rejected`, …
    pub fn decide(&self, endpoint: &str, status: &str, description: &str) {
        let body = json!({ "status": status, "description": description });
        self.control().post(&format!("/connections?id={endpoint}"), &body);
    }

    /// Azure Policy sends a request of its own; its status and body.
    pub fn policy(&self, method: &str, target: &str, body: &Value) -> Value {
        let order = json!({ "method": method, "target": target, "body": body });
        self.control().post("/policy", &order)
    }
}
