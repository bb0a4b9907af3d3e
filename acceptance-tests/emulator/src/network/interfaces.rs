//! Network interfaces. The box has those of private endpoints: they come and go with them.

use std::net::Ipv4Addr;

use serde_json::{Value, json};

use super::etag;
use crate::azure::Azure;
use crate::error::ArmError;
use crate::id::ResourceId;
use crate::service::{Call, Reply};
use crate::store::Document;

/// One address of an endpoint, and the member of its group that is reached there.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Name of the configuration.
    pub(super) name: String,
    /// Group of the target.
    pub(super) group: Option<String>,
    /// Member of the group.
    pub(super) member: String,
    /// Names by which it is reached.
    pub(super) fqdns: Vec<String>,
    /// Its address.
    pub(super) address: Ipv4Addr,
    /// Whether the request chose the address.
    pub(super) fixed: bool,
}

/// Answers requests for one interface.
pub(super) fn one(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    let document = azure.store.get(id).cloned();
    match (call.method.as_str(), document) {
        ("GET", Some(document)) => Ok(super::answer(200, &document.body)),
        ("GET", None) => Err(ArmError::resource_not_found(id)),
        // (K) Interfaces of one's own are not part of the box.
        ("DELETE", Some(document)) => Err(ArmError::new(
            400,
            "NicInUseWithPrivateEndpoint",
            format!(
                "Network interface {id} cannot be deleted because it is currently in use with an private endpoint ({}).",
                document.text("/properties/privateEndpoint/id")
            ),
        )),
        ("DELETE", None) => Ok(crate::http::Response::empty(204)),
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}

/// Makes or renews the interface of an endpoint.
pub(super) fn put(azure: &mut Azure, id: &ResourceId, endpoint: &Document, places: &[Place], groups: &Value) {
    let etag = etag(azure);
    let guid = match azure.store.get(id) {
        Some(there) => there.at("/properties/resourceGuid").clone(),
        None => json!(azure.guid()),
    };
    let configurations: Vec<Value> = places
        .iter()
        .enumerate()
        .map(|(at, place)| {
            let mut properties = json!({
                "provisioningState": "Succeeded",
                "privateIPAddress": place.address.to_string(),
                "privateIPAllocationMethod": if place.fixed { "Static" } else { "Dynamic" },
                "subnet": { "id": endpoint.at("/properties/subnet/id") },
                "primary": at == 0,
                "privateIPAddressVersion": "IPv4",
                "privateLinkConnectionProperties": {
                    "groupId": place.group.as_deref().unwrap_or_default(),
                    "requiredMemberName": place.member,
                    "fqdns": place.fqdns,
                },
            });
            if groups.as_array().is_some_and(|g| !g.is_empty()) {
                properties["applicationSecurityGroups"] = groups.clone();
            }
            json!({
                "name": place.name,
                "id": format!("{id}/ipConfigurations/{}", place.name),
                "etag": etag,
                "type": "Microsoft.Network/networkInterfaces/ipConfigurations",
                "properties": properties,
            })
        })
        .collect();
    let body = json!({
        "name": id.name(),
        "id": id.to_string(),
        "etag": etag,
        "type": super::INTERFACE,
        "location": endpoint.text("/location"),
        "properties": {
            "provisioningState": "Succeeded",
            "resourceGuid": guid,
            "ipConfigurations": configurations,
            "dnsSettings": { "dnsServers": [], "appliedDnsServers": [] },
            "macAddress": "",
            "enableAcceleratedNetworking": false,
            "vnetEncryptionSupported": false,
            "enableIPForwarding": false,
            "privateEndpoint": { "id": endpoint.id },
            "hostedWorkloads": [],
            "tapConfigurations": [],
            "nicType": "Standard",
        },
    });
    azure.store.put(Document::new(id, body));
}
