//! Private endpoints: their life, their connection, and what they are refused for.

#![allow(clippy::unwrap_used, reason = "helpers of tests stop at what they did not expect")]

mod net;

use net::world::{SUBSCRIPTION, id, workspace};
use net::{Net, endpoint, manual, net as resource, refusal, subnet};
use serde_json::{Value, json};

fn endpoint_id(name: &str) -> String {
    resource("privateEndpoints", name)
}

fn to_workspace() -> Value {
    endpoint(&subnet("vnet"), &workspace("ws-1"), "amlworkspace")
}

#[test]
fn an_endpoint_gets_addresses_an_interface_and_names() {
    let mut net = Net::new();
    let pe = endpoint_id("pe");
    let accepted = net.done("PUT", &pe, &to_workspace());
    assert_eq!((accepted.status, accepted.headers.get("location")), (201, None));
    assert_eq!(accepted.value()["properties"]["provisioningState"], "Updating");
    assert_eq!(accepted.value()["properties"]["customDnsConfigs"], json!([]));

    let made = net.get(&pe);
    let ws = net.world.get(&workspace("ws-1"));
    let wsid = ws["properties"]["workspaceId"].as_str().unwrap();
    assert_eq!(
        made["properties"]["customDnsConfigs"],
        json!([
            {"fqdn": format!("{wsid}.workspace.eastus2.api.azureml.ms"), "ipAddresses": ["10.0.1.4"]},
            {"fqdn": format!("{wsid}.workspace.eastus2.cert.api.azureml.ms"), "ipAddresses": ["10.0.1.4"]},
            {"fqdn": ws["properties"]["notebookInfo"]["fqdn"], "ipAddresses": ["10.0.1.5"]},
            {"fqdn": format!("*.{wsid}.inference.eastus2.api.azureml.ms"), "ipAddresses": ["10.0.1.6"]},
        ])
    );
    let connection = &made["properties"]["privateLinkServiceConnections"][0];
    assert_eq!(
        connection["properties"]["privateLinkServiceConnectionState"],
        json!({"status": "Approved", "description": "Approved", "actionsRequired": "None"})
    );
    let nic = made["properties"]["networkInterfaces"][0]["id"].as_str().unwrap().to_owned();
    assert!(nic.contains("/networkInterfaces/pe.nic."), "{nic}");
    let nic = net.get(&nic);
    assert_eq!(nic["properties"]["privateEndpoint"]["id"], pe.as_str());
    assert_eq!(nic["properties"]["ipConfigurations"][1]["properties"]["privateIPAddress"], "10.0.1.5");

    let connections = ws_connections(&mut net);
    assert_eq!(
        connections[0]["properties"]["privateEndpoint"],
        json!({"id": pe, "subnetArmId": subnet("vnet")})
    );
    assert_eq!(net.get(&subnet("vnet"))["properties"]["privateEndpoints"], json!([{"id": pe}]));
    assert_eq!(
        net.refused("DELETE", &resource("virtualNetworks", "vnet"), &Value::Null).1,
        "InUseSubnetCannotBeDeleted"
    );

    net.done("DELETE", &pe, &Value::Null);
    assert_eq!(net.ask("GET", &pe, &Value::Null).status, 404);
    assert_eq!(net.ask("DELETE", &pe, &Value::Null).status, 204);
    assert_eq!(net.world.get(&workspace("ws-1"))["properties"].get("privateEndpointConnections"), None);
    net.done("DELETE", &resource("virtualNetworks", "vnet"), &Value::Null);
}

fn ws_connections(net: &mut Net) -> Value {
    net.world.get(&workspace("ws-1"))["properties"]["privateEndpointConnections"].clone()
}

#[test]
fn somebody_else_approves_or_rejects_at_the_workspace() {
    let mut net = Net::new();
    let pe = endpoint_id("pe");
    net.done("PUT", &pe, &manual(&subnet("vnet"), &workspace("ws-1"), "amlworkspace"));
    let state = |net: &mut Net| {
        let made = net.get(&pe);
        let connection = &made["properties"]["manualPrivateLinkServiceConnections"][0]["properties"];
        assert_eq!(connection["requestMessage"], "please");
        let names = made["properties"]["customDnsConfigs"].as_array().unwrap().len();
        (connection["privateLinkServiceConnectionState"].clone(), names)
    };
    assert_eq!(
        state(&mut net),
        (json!({"status": "Pending", "description": "Awaiting approval", "actionsRequired": "None"}), 0)
    );
    let pending = ws_connections(&mut net)[0].clone();
    assert_eq!(pending["properties"]["privateLinkServiceConnectionState"]["status"], "Pending");
    assert_eq!(net.world.get(&workspace("ws-1"))["properties"]["privateLinkCount"], 0);
    let connection = pending["id"].as_str().unwrap().to_owned();
    for (status, names) in [("Approved", 4), ("Rejected", 0)] {
        let body = json!({"properties": {"privateLinkServiceConnectionState": {"status": status, "description": "so be it"}}});
        assert_eq!(net.ask("PUT", &connection, &body).status, 200);
        let (now, shown) = state(&mut net);
        assert_eq!((&now["status"], &now["description"], shown), (&json!(status), &json!("so be it"), names));
        let count = u8::from(status == "Approved");
        assert_eq!(net.world.get(&workspace("ws-1"))["properties"]["privateLinkCount"], count);
    }
    assert_eq!(ws_connections(&mut net).as_array().unwrap().len(), 1);
    assert_eq!(net.ask("DELETE", &connection, &Value::Null).status, 200);
    assert_eq!(state(&mut net).0["status"], "Disconnected");
    assert_eq!(net.ask("DELETE", &connection, &Value::Null).status, 204);
    assert_eq!(net.ask("GET", &connection, &Value::Null).status, 404);
    assert_eq!(ws_connections(&mut net), Value::Null);
}

#[test]
fn names_may_show_before_the_approval() {
    let mut net = Net::new();
    net.world.azure.settings.network.names_while_pending = true;
    let pe = endpoint_id("pe");
    net.done("PUT", &pe, &manual(&subnet("vnet"), &workspace("ws-1"), "amlworkspace"));
    let made = net.get(&pe);
    let connection = &made["properties"]["manualPrivateLinkServiceConnections"][0]["properties"];
    assert_eq!(connection["privateLinkServiceConnectionState"]["status"], "Pending");
    assert_eq!(made["properties"]["customDnsConfigs"].as_array().unwrap().len(), 4);
}

#[test]
fn an_endpoint_whose_target_is_deleted_is_disconnected() {
    let mut net = Net::new();
    let (pe, storage) = (endpoint_id("pe"), id("Microsoft.Storage/storageAccounts", "st"));
    net.done("PUT", &pe, &endpoint(&subnet("vnet"), &storage, "blob"));
    assert_eq!(
        net.get(&pe)["properties"]["customDnsConfigs"],
        json!([{"fqdn": "st.blob.core.windows.net", "ipAddresses": ["10.0.1.4"]}])
    );
    let deleted = net.world.send("DELETE", &format!("{storage}?api-version=2023-05-01"), None);
    assert_eq!(deleted.status, 200);
    let made = net.get(&pe);
    let connection = &made["properties"]["privateLinkServiceConnections"][0]["properties"];
    assert_eq!(connection["privateLinkServiceConnectionState"]["status"], "Disconnected");
    assert_eq!(made["properties"]["customDnsConfigs"], json!([]));
}

#[test]
fn addresses_names_and_groups_can_be_chosen() {
    let mut net = Net::new();
    let asg = resource("applicationSecurityGroups", "asg");
    net.done("PUT", &asg, &json!({"location": "eastus2"}));
    let mut body = to_workspace();
    let fixed = |name: &str, member: &str, address: &str| {
        json!({"name": name, "properties": {
            "groupId": "amlworkspace", "memberName": member, "privateIPAddress": address,
        }})
    };
    body["properties"]["customNetworkInterfaceName"] = json!("my-nic");
    body["properties"]["applicationSecurityGroups"] = json!([{"id": asg}]);
    body["properties"]["ipConfigurations"] =
        json!([fixed("a", "default", "10.0.1.20"), fixed("b", "models", "10.0.1.21")]);
    body["tags"] = json!({"a": "b"});
    net.done("PUT", &endpoint_id("pe"), &body);
    let nic = net.get(&resource("networkInterfaces", "my-nic"));
    let addresses: Vec<&str> = nic["properties"]["ipConfigurations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["properties"]["privateIPAddress"].as_str().unwrap())
        .collect();
    assert_eq!(addresses, ["10.0.1.20", "10.0.1.4", "10.0.1.5", "10.0.1.21"]);
    let made = net.get(&endpoint_id("pe"));
    assert_eq!(
        (&made["tags"], &made["properties"]["applicationSecurityGroups"]),
        (&json!({"a": "b"}), &json!([{"id": asg}]))
    );

    let mut same_name = to_workspace();
    same_name["properties"]["customNetworkInterfaceName"] = json!("my-nic");
    assert_eq!(net.refused("PUT", &endpoint_id("two"), &same_name).1, "CustomNetworkInterfaceNameInUse");

    // Tags and groups change; the rest does not.
    body["tags"] = json!({"c": "d"});
    body["properties"]["applicationSecurityGroups"] = json!([]);
    assert_eq!(net.done("PUT", &endpoint_id("pe"), &body).status, 200);
    let changed = net.get(&endpoint_id("pe"));
    assert_eq!(
        (&changed["tags"], changed["properties"].get("applicationSecurityGroups")),
        (&json!({"c": "d"}), None)
    );
    assert_eq!(changed["properties"]["networkInterfaces"], made["properties"]["networkInterfaces"]);
    body["properties"]["ipConfigurations"] = json!([]);
    let refused = net.refused("PUT", &endpoint_id("pe"), &body);
    assert_eq!(refused.2, "Changing property 'ipConfigurations' is not allowed.");
    assert_eq!(net.ask("PATCH", &endpoint_id("pe"), &json!({"tags": {}})).status, 405);
}

/// Changes a body at a pointer and answers the code it is refused with.
fn code(net: &mut Net, pointer: &str, value: Value) -> String {
    let mut body = to_workspace();
    *body.pointer_mut(pointer).unwrap() = value;
    net.refused("PUT", &endpoint_id("bad"), &body).1
}

#[test]
fn what_cannot_be_is_refused() {
    let mut net = Net::new();
    let connection = "/properties/privateLinkServiceConnections/0";
    let group = format!("{connection}/properties/groupIds");
    let target = format!("{connection}/properties/privateLinkServiceId");
    assert_eq!(code(&mut net, &group, json!([])), "MissingParameterOnPrivateLinkServiceConnection");
    assert_eq!(code(&mut net, &group, json!(["blob"])), "InvalidGroupIdOnPrivateLinkServiceConnection");
    assert_eq!(code(&mut net, &group, json!(["amlworkspace", "blob"])), "OnlyOneGroupIdPermitted");
    assert_eq!(code(&mut net, &target, json!(workspace("none"))), "InvalidPrivateLinkServiceId");
    assert_eq!(code(&mut net, &target, json!(subnet("vnet"))), "InvalidPrivateLinkServiceIdType");
    assert_eq!(code(&mut net, &format!("{connection}/name"), Value::Null), "InvalidRequestFormat");
    assert_eq!(code(&mut net, "/properties/subnet/id", json!(subnet("none"))), "InvalidResourceReference");
    assert_eq!(code(&mut net, "/location", json!("westus")), "InvalidResourceReference");
    let full = json!({"name": "a", "properties": {
        "groupId": "amlworkspace", "memberName": "default", "privateIPAddress": "10.0.1.3",
    }});
    for (member, value, wanted) in [
        ("privateIPAddress", "10.0.1.3", "PrivateIPAddressInReservedRange"),
        ("privateIPAddress", "10.0.2.4", "PrivateIPAddressNotInSubnet"),
        ("memberName", "door", "InvalidMemberNameOnIpConfiguration"),
        ("groupId", "blob", "InvalidGroupIdOnIpConfiguration"),
    ] {
        let mut body = to_workspace();
        body["properties"]["ipConfigurations"] = json!([full]);
        body["properties"]["ipConfigurations"][0]["properties"][member] = json!(value);
        assert_eq!(net.refused("PUT", &endpoint_id("bad"), &body).1, wanted);
    }
    let long = json!("x".repeat(141));
    let mut body = manual(&subnet("vnet"), &workspace("ws-1"), "amlworkspace");
    body["properties"]["manualPrivateLinkServiceConnections"][0]["properties"]["requestMessage"] = long;
    assert_eq!(net.refused("PUT", &endpoint_id("bad"), &body).1, "RequestMessageTooLong");
    assert_eq!(net.refused("PUT", &endpoint_id("-bad"), &to_workspace()).1, "InvalidResourceName");
    assert_eq!(net.refused("GET", &endpoint_id("bad"), &Value::Null).1, "ResourceNotFound");
}

#[test]
fn a_workspace_that_is_not_ready_yet_cannot_be_reached() {
    let mut net = Net::new();
    net.world.azure.settings.operation_polls = 2;
    net.world.call("PUT", &workspace("ws-2"), Some(&net::world::minimal()));
    let body = endpoint(&subnet("vnet"), &workspace("ws-2"), "amlworkspace");
    let (status, _, message) = net.refused("PUT", &endpoint_id("pe"), &body);
    assert_eq!(status, 400);
    assert!(message.starts_with("PrivateLinkServiceId Invalid private link service id"), "{message}");
}

#[test]
fn a_small_subnet_is_full_at_once() {
    let mut net = Net::new();
    net.done("PUT", &resource("virtualNetworks", "tiny"), &net::network("10.9.0.0/24", "10.9.0.0/29"));
    let body = endpoint(&subnet("tiny"), &workspace("ws-1"), "amlworkspace");
    net.done("PUT", &endpoint_id("one"), &body);
    assert_eq!(net.refused("PUT", &endpoint_id("two"), &body).1, "SubnetIsFull");
}

#[test]
fn two_endpoints_of_one_subnet_may_get_into_each_others_way() {
    let mut net = Net::new();
    net.world.azure.settings.operation_polls = 1;
    net.ask("PUT", &endpoint_id("first"), &to_workspace());
    for (contention, status, code) in [
        ("another_operation", 429, "RetryableErrorDueToAnotherOperation"),
        ("refused", 429, "RetryableError"),
        ("not_provisioned", 400, "ReferencedResourceNotProvisioned"),
    ] {
        net.world.azure.settings.network.subnet_contention =
            serde_json::from_value(json!(contention)).unwrap();
        let refused = net.ask("PUT", &endpoint_id("second"), &to_workspace());
        assert_eq!((refused.status, refusal(&refused).1.as_str()), (status, code));
        // Another subnet is free.
        let other = endpoint(&subnet("other"), &workspace("ws-1"), "amlworkspace");
        assert_eq!(
            net.ask("PUT", &endpoint_id(&format!("other-{contention}").replace('_', "-")), &other).status,
            201
        );
        net.world.azure.settings.network.subnet_contention = azureml_emulator::network::Contention::None;
        net.world.azure.settings.operation_polls = 0;
        net.world.azure.settle();
        net.world.azure.settings.operation_polls = 1;
        for operation in &mut net.world.azure.operations {
            if operation.resource.ends_with(&format!("other-{}", contention.replace('_', "-"))) {
                operation.polls_left = 0;
            }
        }
        net.world.azure.settle();
    }
    net.world.azure.settings.network.subnet_contention = azureml_emulator::network::Contention::Fails;
    let (accepted, ended) = net.ended("PUT", &endpoint_id("second"), &to_workspace());
    assert_eq!((accepted.status, &ended["status"]), (201, &json!("Failed")));
    assert_eq!(ended["error"]["code"], "RetryableError");
    assert_eq!(ended["error"]["details"][0]["code"], "ReferencedResourceNotProvisioned");
    assert_eq!(net.get(&endpoint_id("second"))["properties"]["provisioningState"], "Failed");
    let first = net.ask("PUT", &endpoint_id("first"), &to_workspace());
    assert_eq!(refusal(&first).1, "AnotherOperationInProgress");
    net.world.azure.operations.iter_mut().for_each(|o| o.polls_left = 0);
    assert_eq!(net.done("PUT", &endpoint_id("second"), &to_workspace()).status, 200);
    assert_eq!(
        net.get(&endpoint_id("second"))["properties"]["customDnsConfigs"].as_array().unwrap().len(),
        4
    );
}

#[test]
fn a_target_may_come_back_in_another_casing() {
    let mut net = Net::new();
    net.world.azure.settings.network.respell_targets = true;
    net.done("PUT", &endpoint_id("pe"), &to_workspace());
    let made = net.get(&endpoint_id("pe"));
    let target =
        &made["properties"]["privateLinkServiceConnections"][0]["properties"]["privateLinkServiceId"];
    assert_eq!(*target, workspace("ws-1").to_lowercase());
    assert_eq!(ws_connections(&mut net).as_array().unwrap().len(), 1);
}

#[test]
fn deleting_the_group_takes_the_endpoint_off_its_target() {
    let mut net = Net::new();
    let elsewhere = format!("{SUBSCRIPTION}/resourceGroups/elsewhere");
    net.world.send(
        "PUT",
        &format!("{elsewhere}?api-version=2024-11-01"),
        Some(&json!({"location": "eastus2"})),
    );
    let pe = format!("{elsewhere}/providers/Microsoft.Network/privateEndpoints/pe");
    net.done("PUT", &pe, &to_workspace());
    assert_eq!(ws_connections(&mut net).as_array().unwrap().len(), 1);
    net.world.send("DELETE", &format!("{elsewhere}?api-version=2024-11-01"), None);
    assert_eq!(ws_connections(&mut net), Value::Null);
}

#[test]
fn the_owner_of_a_vault_decides_too() {
    let mut net = Net::new();
    let (pe, vault) = (endpoint_id("pe"), id("Microsoft.KeyVault/vaults", "kv"));
    net.done("PUT", &pe, &manual(&subnet("vnet"), &vault, "vault"));
    let at = |tail: &str| format!("{vault}/{tail}?api-version=2023-07-01");
    let list = net.world.send("GET", &at("privateEndpointConnections"), None).value();
    let name = list["value"][0]["name"].as_str().unwrap().to_owned();
    let one = at(&format!("privateEndpointConnections/{name}"));
    assert_eq!(net.world.send("GET", &one, None).value()["properties"]["privateEndpoint"]["id"], pe.as_str());
    let body = json!({"properties": {"privateLinkServiceConnectionState": {"status": "Approved", "description": "ok"}}});
    let approved = net.world.send("PUT", &one, Some(&body));
    assert_eq!(
        approved.value()["properties"]["privateLinkServiceConnectionState"],
        json!({"status": "Approved", "description": "ok", "actionsRequired": "None"})
    );
    assert_eq!(net.get(&pe)["properties"]["customDnsConfigs"][0]["fqdn"], "kv.vault.azure.net");
    let resources = net.world.send("GET", &at("privateLinkResources"), None).value();
    assert_eq!(
        resources["value"][0]["properties"],
        json!({"groupId": "vault", "requiredMembers": ["default"]})
    );
    assert_eq!(net.world.send("DELETE", &one, None).status, 200);
    assert_eq!(net.world.send("DELETE", &one, None).status, 204);
    let connection = &net.get(&pe)["properties"]["manualPrivateLinkServiceConnections"][0]["properties"];
    assert_eq!(connection["privateLinkServiceConnectionState"]["status"], "Disconnected");
    assert_eq!(net.world.send("GET", &one, None).status, 404);
}
