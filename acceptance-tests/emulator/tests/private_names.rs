//! Zone groups, private zones and links: which names resolve where.

#![allow(clippy::unwrap_used, reason = "helpers of tests stop at what they did not expect")]

mod net;

use net::world::workspace;
use net::{API, NOTEBOOKS, Net, endpoint, group, link, manual, net as resource, refusal, subnet};
use serde_json::{Value, json};

fn with_endpoint() -> (Net, String) {
    let mut net = Net::new();
    let pe = resource("privateEndpoints", "pe");
    net.done("PUT", &pe, &endpoint(&subnet("vnet"), &workspace("ws-1"), "amlworkspace"));
    (net, pe)
}

fn records(net: &mut Net, zone: &str) -> Vec<(String, String)> {
    let list = net.get(&format!("{zone}/A"));
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let all = list["value"].as_array().unwrap().iter();
    all.map(|r| (text(&r["name"]), text(&r["properties"]["aRecords"][0]["ipv4Address"]))).collect()
}

#[test]
fn a_zone_group_writes_records_and_takes_them_away() {
    let (mut net, pe) = with_endpoint();
    let (api, notebooks) = (net.zone(API), net.zone(NOTEBOOKS));
    let dns = format!("{pe}/privateDnsZoneGroups/default");
    assert_eq!(net.done("PUT", &dns, &group(&[("api", &api)])).status, 201);
    let made = net.get(&dns);
    let config = &made["properties"]["privateDnsZoneConfigs"][0];
    let sets = config["properties"]["recordSets"].as_array().unwrap();
    assert_eq!((sets.len(), &sets[0]["ipAddresses"], &sets[0]["ttl"]), (3, &json!(["10.0.1.4"]), &json!(10)));
    let endpoint = net.get(&pe);
    assert_eq!((&endpoint["etag"], &endpoint["properties"]["customDnsConfigs"]), (&made["etag"], &json!([])));
    assert_eq!(records(&mut net, &api).len(), 3);
    assert_eq!(net.get(&api)["properties"]["numberOfRecordSets"], 4);

    assert_eq!(net.done("PUT", &dns, &group(&[("api", &api), ("notebooks", &notebooks)])).status, 200);
    assert_eq!((records(&mut net, &api).len(), records(&mut net, &notebooks).len()), (3, 1));
    net.done("PUT", &dns, &group(&[("notebooks", &notebooks)]));
    assert_eq!((records(&mut net, &api).len(), records(&mut net, &notebooks).len()), (0, 1));

    let moved = net.refused("PUT", &dns, &group(&[("notebooks", &api)]));
    assert_eq!(moved.1, "PrivateDnsZoneIdCannotBeChanged");
    let twice = [("api", api.as_str()), ("again", &api.to_uppercase())].map(|(n, z)| (n, z.to_owned()));
    let twice: Vec<(&str, &str)> = twice.iter().map(|(n, z)| (*n, z.as_str())).collect();
    assert_eq!(net.refused("PUT", &dns, &group(&twice)).1, "InvalidRequestFormat");
    let second = net.refused("PUT", &format!("{pe}/privateDnsZoneGroups/more"), &group(&[("api", &api)]));
    assert_eq!(second.2, "Cannot create more than one private dns zone groups in the private endpoint pe.");
    let many: Vec<(String, &str)> = (0..6).map(|n| (format!("z{n}"), api.as_str())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(n, z)| (n.as_str(), *z)).collect();
    assert_eq!(net.refused("PUT", &dns, &group(&many)).1, "PrivateDnsZoneConfigsLimitExceeded");

    net.done("DELETE", &dns, &Value::Null);
    assert_eq!(records(&mut net, &notebooks).len(), 0);
    assert_eq!(net.get(&pe)["properties"]["customDnsConfigs"].as_array().unwrap().len(), 4);
    net.done("PUT", &dns, &group(&[("api", &api)]));
    net.done("DELETE", &pe, &Value::Null);
    assert_eq!((records(&mut net, &api).len(), net.ask("DELETE", &dns, &Value::Null).status), (0, 204));
}

#[test]
fn records_come_with_the_approval() {
    let mut net = Net::new();
    let (pe, api) = (resource("privateEndpoints", "pe"), net.zone(API));
    net.done("PUT", &pe, &manual(&subnet("vnet"), &workspace("ws-1"), "amlworkspace"));
    net.done("PUT", &format!("{pe}/privateDnsZoneGroups/default"), &group(&[("api", &api)]));
    assert_eq!(records(&mut net, &api).len(), 0);
    let ws = net.world.get(&workspace("ws-1"));
    let connection = ws["properties"]["privateEndpointConnections"][0]["id"].as_str().unwrap().to_owned();
    let approved = json!({"properties": {"privateLinkServiceConnectionState": {"status": "Approved"}}});
    net.ask("PUT", &connection, &approved);
    assert_eq!(records(&mut net, &api).len(), 3);
}

#[test]
fn zones_and_links_live_their_lives() {
    let mut net = Net::new();
    let zone = resource("privateDnsZones", API);
    let accepted = net.done("PUT", &zone, &json!({"location": "Global", "tags": {"a": "b"}}));
    assert_eq!((accepted.status, accepted.body.as_slice()), (202, b"{}".as_slice()));
    let raw = net.ask("GET", &zone, &Value::Null);
    assert!(String::from_utf8(raw.body.clone()).unwrap().contains("\\/privateDnsZones\\/"));
    let made = raw.value();
    assert_eq!((&made["location"], &made["properties"]["numberOfRecordSets"]), (&json!("global"), &json!(1)));
    assert_eq!(made["etag"], raw.headers.get("ETag").unwrap());
    net.done("PATCH", &zone, &json!({"tags": {"c": "d"}}));
    assert_eq!(net.get(&zone)["tags"], json!({"c": "d"}));

    let first = format!("{zone}/virtualNetworkLinks/First");
    net.done("PUT", &first, &link("vnet"));
    let linked = net.get(&first);
    assert_eq!((&linked["name"], &linked["id"]), (&json!("First"), &json!(first)));
    assert_eq!(
        linked["properties"],
        json!({
            "registrationEnabled": false, "resolutionPolicy": "Default",
            "virtualNetwork": {"id": resource("virtualNetworks", "vnet")},
            "virtualNetworkLinkState": "Completed", "provisioningState": "Succeeded",
        })
    );
    let early = net.world.send("GET", &format!("{first}?api-version=2020-06-01"), None).value();
    assert_eq!(early["properties"].get("resolutionPolicy"), None);
    assert_eq!(net.get(&zone)["properties"]["numberOfVirtualNetworkLinks"], 1);
    let (status, code, message) = net.refused("DELETE", &zone, &Value::Null);
    assert_eq!((status, code.as_str()), (409, "CannotDeleteResource"));
    assert!(
        message.contains(&format!("'Microsoft.Network/privateDnsZones/{API}/virtualNetworkLinks/First'"))
    );
    net.done("PATCH", &first, &json!({"properties": {"resolutionPolicy": "NxDomainRedirect"}}));
    assert_eq!(net.get(&first)["properties"]["resolutionPolicy"], "NxDomainRedirect");
    net.done("DELETE", &first, &Value::Null);
    net.done("DELETE", &zone, &Value::Null);
    assert_eq!(net.ask("GET", &zone, &Value::Null).status, 404);
    assert_eq!(net.refused("PUT", &first, &link("vnet")).1, "ParentResourceNotFound");
}

#[test]
fn a_pause_is_asked_for_where_the_settings_say_so() {
    let mut net = Net::new();
    let (zone, body) = (resource("privateDnsZones", API), json!({"location": "global"}));
    assert_eq!(net.done("PUT", &zone, &body).headers.get("Retry-After"), None);
    net.world.azure.settings.network.dns_retry_after = 60;
    assert_eq!(net.done("PUT", &zone, &body).headers.get("Retry-After"), Some("60"));
    assert_eq!(net.done("DELETE", &zone, &Value::Null).headers.get("Retry-After"), Some("60"));
}

#[test]
fn conditions_of_requests_are_held() {
    let mut net = Net::new();
    let zone = net.zone(API);
    let body = json!({"location": "global"});
    let create = net.ask_with("PUT", &zone, &body, &[("If-None-Match", "*")]);
    assert_eq!(refusal(&create).1, "PreconditionFailed");
    let etag = net.get(&zone)["etag"].as_str().unwrap().to_owned();
    assert_eq!(net.ask_with("PUT", &zone, &body, &[("If-Match", &etag)]).status, 202);
    let stale = net.ask_with("DELETE", &zone, &Value::Null, &[("If-Match", &etag)]);
    assert_eq!((stale.status, refusal(&stale).1.as_str()), (412, "PreconditionFailed"));
    let somewhere = net.refused("PUT", &resource("privateDnsZones", "x.y"), &json!({"location": "eastus"}));
    assert_eq!(somewhere.1, "LocationNotAvailableForResourceType");
}

#[test]
fn a_network_sees_one_zone_of_a_name_and_registers_in_one() {
    let mut net = Net::new();
    let zone = net.linked(API, "vnet");
    let again = net.refused("PUT", &format!("{zone}/virtualNetworkLinks/again"), &link("vnet"));
    assert_eq!(
        again.2,
        format!(
            "A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual network with '{API}' and '{API}' zones."
        )
    );
    // One below another of its zones is another zone.
    net.linked(&format!("eastus.{API}"), "vnet");
    let moved = net.refused("PUT", &format!("{zone}/virtualNetworkLinks/vnet"), &link("other"));
    assert_eq!(moved.0, 400);
    let mut registering = link("vnet");
    registering["properties"]["registrationEnabled"] = json!(true);
    let (one, two) = (net.zone("one.example"), net.zone("two.example"));
    net.done("PUT", &format!("{one}/virtualNetworkLinks/l"), &registering);
    let second = net.refused("PUT", &format!("{two}/virtualNetworkLinks/l"), &registering);
    assert_eq!((second.0, second.1.as_str()), (409, "Conflict"));
    let mut policy = link("other");
    policy["properties"]["resolutionPolicy"] = json!("Default");
    assert_eq!(net.refused("PUT", &format!("{one}/virtualNetworkLinks/m"), &policy).0, 400);
    let gone = json!({"location": "global", "properties": {"virtualNetwork": {"id": resource("virtualNetworks", "none")}}});
    assert_eq!(net.refused("PUT", &format!("{one}/virtualNetworkLinks/n"), &gone).0, 400);
}

#[test]
fn what_is_gone_may_be_seen_for_a_while() {
    let mut net = Net::new();
    net.world.azure.settings.network.link_state_reads = 2;
    net.world.azure.settings.network.link_delete_reads = 2;
    net.world.azure.settings.network.zone_delete_refusals = 1;
    let zone = net.linked(API, "vnet");
    let id = format!("{zone}/virtualNetworkLinks/vnet");
    let state = |net: &mut Net| net.get(&id)["properties"]["virtualNetworkLinkState"].clone();
    assert_eq!(
        [state(&mut net), state(&mut net), state(&mut net)],
        ["InProgress", "InProgress", "Completed"]
    );
    net.done("DELETE", &id, &Value::Null);
    let reads: Vec<u16> = (0..3).map(|_| net.ask("GET", &id, &Value::Null).status).collect();
    assert_eq!(reads, [200, 200, 404]);
    assert_eq!(net.refused("DELETE", &zone, &Value::Null).1, "CannotDeleteResource");
    net.done("DELETE", &zone, &Value::Null);
}

#[test]
fn the_status_url_comes_anew_and_both_are_good() {
    let mut net = Net::new();
    net.world.azure.settings.operation_polls = 2;
    let accepted = net.ask("PUT", &resource("privateDnsZones", API), &json!({"location": "global"}));
    let url = |response: &azureml_emulator::http::Response| {
        net::world::target(response.headers.get("azure-asyncoperation").unwrap()).to_owned()
    };
    let first = url(&accepted);
    let running = net.world.send("GET", &first, None);
    assert_eq!(running.value(), json!({"status": "InProgress"}));
    let second = url(&running);
    assert_ne!(first, second);
    assert_eq!(net.world.send("GET", &second, None).value(), json!({"status": "InProgress"}));
    let forged = format!("{}&t=1", second.split("&t=").next().unwrap());
    assert_eq!(net.world.send("GET", &forged, None).status, 403);
    assert_eq!(net.world.send("GET", &first, None).value(), json!({"status": "Succeeded"}));
}
