//! The resolver, Resource Manager's own private link, and what Azure Policy and throttling do, over the wire.

#![allow(clippy::unwrap_used, reason = "helpers of tests stop at what they did not expect")]

mod support;

use serde_json::{Value, json};
use support::{Azure, Got, TENANT};

const API: &str = "privatelink.api.azureml.ms";
const NOTEBOOKS: &str = "privatelink.notebooks.azure.net";

/// A box with a workspace, two networks, an endpoint in the first, and a second subscription with both zones.
struct Place {
    azure: Azure,
    seeded: Value,
    workspace: String,
    endpoint: String,
}

const SECOND: &str = "/subscriptions/00000000-0000-0000-0000-000000000002";

impl Place {
    async fn new() -> Self {
        let azure = Azure::start().await;
        let dependents = azure.control("POST", "/seed", json!({"prefix": "res"})).await;
        let seeded = azure.control("POST", "/seed", json!({"scenario": "network", "prefix": "res"})).await;
        let group = seeded["resource_group"].as_str().unwrap().to_owned();
        let workspace = format!("{group}/providers/Microsoft.MachineLearningServices/workspaces/ws-1");
        let endpoint = format!("{group}/providers/Microsoft.Network/privateEndpoints/pe");
        let place = Self { azure, seeded, workspace, endpoint };
        let body = json!({
            "location": "eastus", "kind": "Default", "identity": {"type": "SystemAssigned"},
            "properties": {
                "storageAccount": dependents["storage_account"], "keyVault": dependents["key_vault"],
                "applicationInsights": dependents["application_insights"],
            },
        });
        assert_eq!(place.put(&place.workspace, "2025-12-01", body).await.status, 202);
        let body = place.to(&place.workspace, "amlworkspace");
        assert_eq!(place.put(&place.endpoint, "2024-01-01", body).await.status, 201);
        place.put(&format!("{SECOND}/resourceGroups/dns"), "2024-11-01", json!({"location": "eastus"})).await;
        place
    }

    fn to(&self, target: &str, group: &str) -> Value {
        json!({
            "location": "eastus",
            "properties": {
                "subnet": {"id": self.seeded["subnet"]},
                "privateLinkServiceConnections": [
                    {"name": "c", "properties": {"privateLinkServiceId": target, "groupIds": [group]}},
                ],
            },
        })
    }

    async fn put(&self, id: &str, version: &str, body: Value) -> Got {
        self.azure.ask("PUT", &format!("{id}?api-version={version}"), body).await
    }

    async fn zone(&self, name: &str, policy: &str) -> String {
        let zone = format!("{SECOND}/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/{name}");
        assert_eq!(self.put(&zone, "2024-06-01", json!({"location": "global"})).await.status, 202);
        let link = json!({
            "location": "global",
            "properties": {
                "virtualNetwork": {"id": self.seeded["virtual_network"]},
                "registrationEnabled": false, "resolutionPolicy": policy,
            },
        });
        let made = self.put(&format!("{zone}/virtualNetworkLinks/l"), "2024-06-01", link).await;
        assert_eq!(made.status, 202, "{made:?}");
        zone
    }

    /// What a name leads to inside of the first network, in the second, and outside.
    async fn resolve(&self, name: &str) -> [Value; 3] {
        let network = |member: &str| format!("&virtual_network={}", self.seeded[member].as_str().unwrap());
        let mut found = [Value::Null, Value::Null, Value::Null];
        let places = [network("virtual_network"), network("other_virtual_network"), String::new()];
        for (at, place) in places.iter().enumerate() {
            found[at] = self.azure.control("GET", &format!("/resolve?name={name}{place}"), Value::Null).await;
        }
        found
    }

    async fn names(&self) -> Vec<(String, String)> {
        let got = self.azure.get(&format!("{}?api-version=2024-01-01", self.endpoint)).await;
        let configs = got.body["properties"]["customDnsConfigs"].as_array().unwrap().clone();
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        configs.iter().map(|c| (text(&c["fqdn"]), text(&c["ipAddresses"][0]))).collect()
    }
}

#[tokio::test]
async fn every_name_of_a_workspace_is_private_inside_and_public_outside() {
    let place = Place::new().await;
    let names = place.names().await;
    assert_eq!(names.len(), 4);
    for (name, _) in &names {
        let [inside, ..] = place.resolve(&name.replace('*', "any")).await;
        assert_eq!(inside["public"], true, "without zones all is public: {inside}");
    }
    let (api, notebooks) = (place.zone(API, "Default").await, place.zone(NOTEBOOKS, "Default").await);
    let [inside, other, _] = place.resolve(&names[0].0).await;
    assert_eq!(
        (&inside["addresses"], &inside["public"]),
        (&json!([]), &json!(false)),
        "a zone without the record hides the name"
    );
    assert_eq!(other["public"], true);

    let configs: Vec<Value> = [("api", &api), ("notebooks", &notebooks)]
        .iter()
        .map(|(name, zone)| json!({"name": name, "properties": {"privateDnsZoneId": zone}}))
        .collect();
    let group = json!({"properties": {"privateDnsZoneConfigs": configs}});
    let made =
        place.put(&format!("{}/privateDnsZoneGroups/default", place.endpoint), "2024-01-01", group).await;
    assert_eq!(made.status, 201, "{made:?}");
    for (name, address) in &names {
        let [inside, other, outside] = place.resolve(&name.replace('*', "any")).await;
        assert_eq!((&inside["addresses"], &inside["public"]), (&json!([address]), &json!(false)));
        let alias = inside["chain"][0]["cname"].as_str().unwrap();
        assert!(alias.ends_with(API) || alias.ends_with(NOTEBOOKS), "{alias}");
        assert_eq!((&other["public"], &outside["public"]), (&json!(true), &json!(true)));
        assert_eq!(other["addresses"], outside["addresses"]);
    }
    let [nobody, ..] = place.resolve("nobody.api.azureml.ms").await;
    assert_eq!((&nobody["addresses"], &nobody["public"]), (&json!([]), &json!(false)));
}

#[tokio::test]
async fn a_link_may_pass_on_what_its_zone_does_not_know() {
    let place = Place::new().await;
    place.zone(API, "NxDomainRedirect").await;
    let name = place.names().await[0].0.clone();
    let [inside, ..] = place.resolve(&name).await;
    assert_eq!(inside["public"], true);
}

#[tokio::test]
async fn azure_policy_makes_a_zone_group_and_the_log_tells() {
    let place = Place::new().await;
    let api = place.zone(API, "Default").await;
    let target = format!("{}/privateDnsZoneGroups/deployedByPolicy", place.endpoint);
    let body = json!({"properties": {"privateDnsZoneConfigs": [
        {"name": "api", "properties": {"privateDnsZoneId": api}},
    ]}});
    let order = json!({"method": "PUT", "target": format!("{target}?api-version=2024-01-01"), "body": body});
    let made = place.azure.control("POST", "/policy", order).await;
    assert_eq!(made["status"], 201, "{made}");
    assert_eq!(place.azure.get(&format!("{target}?api-version=2024-01-01")).await.status, 200);
    let log = place.azure.control("GET", "/requests", Value::Null).await;
    let mine: Vec<&Value> =
        log.as_array().unwrap().iter().filter(|e| e["headers"]["user-agent"] == "AzurePolicy").collect();
    assert_eq!((mine.len(), &mine[0]["status"]), (1, &json!(201)));
}

#[tokio::test]
async fn a_connection_is_decided_by_hand() {
    let place = Place::new().await;
    let path = format!("/connections?id={}", place.endpoint);
    place.azure.control("POST", &path, json!({"status": "Rejected", "description": "not you"})).await;
    let got = place.azure.get(&format!("{}?api-version=2024-01-01", place.endpoint)).await;
    let connection = &got.body["properties"]["privateLinkServiceConnections"][0]["properties"];
    assert_eq!(
        connection["privateLinkServiceConnectionState"],
        json!({"status": "Rejected", "description": "not you", "actionsRequired": "None"})
    );
    let ws = place.azure.get(&format!("{}?api-version=2025-12-01", place.workspace)).await;
    let there = &ws.body["properties"]["privateEndpointConnections"][0]["properties"];
    assert_eq!(there["privateLinkServiceConnectionState"]["status"], "Rejected");
    assert_eq!(place.names().await.len(), 0);
}

#[tokio::test]
async fn private_dns_refuses_what_is_beyond_its_window() {
    let place = Place::new().await;
    let zone = place.zone(API, "Default").await;
    let limits = json!({"network": {"limits": {"private_dns_reads": {"requests": 2, "seconds": 300}}}});
    place.azure.control("PUT", "/settings", limits).await;
    let links = format!("{zone}/virtualNetworkLinks?api-version=2024-06-01");
    let first = place.azure.get(&links).await;
    assert_eq!(
        (first.status, first.header("x-ms-ratelimit-remaining-subscription-resource-requests")),
        (200, "1")
    );
    place.azure.get(&links).await;
    let refused = place.azure.get(&links).await;
    assert_eq!((refused.status, refused.code()), (429, "ResourceRequestsThrottled"));
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((290..=300).contains(&wait), "{wait}");
    // The network itself has a window of its own.
    assert_eq!(place.azure.get(&format!("{}?api-version=2024-01-01", place.endpoint)).await.status, 200);
}

#[tokio::test]
async fn the_two_services_are_told_apart_by_their_headers() {
    const LEFT: &str = "x-ms-ratelimit-remaining-subscription-resource-entities-read";
    const ID: &str = "x-ms-arm-service-request-id";
    let place = Place::new().await;
    let zone = place.zone(API, "Default").await;
    for left in ["59999", "59998"] {
        let links = place.azure.get(&format!("{zone}/virtualNetworkLinks?api-version=2024-06-01")).await;
        assert_eq!(links.body["value"].as_array().unwrap().len(), 1);
        assert_eq!((links.header(LEFT), links.header("cache-control")), (left, "private"));
        assert_eq!((links.header("pragma"), links.header(ID)), ("", ""));
    }
    let zone = place.azure.get(&format!("{zone}?api-version=2024-06-01")).await;
    assert_eq!((zone.status, zone.header(LEFT), zone.header("cache-control")), (200, "", "private"));
    let path = format!("{}?api-version=2024-01-01", place.endpoint);
    for answer in [place.azure.get(&path).await, place.azure.get(&path.replace('?', "-none?")).await] {
        assert_eq!((answer.header(LEFT), answer.header("cache-control")), ("", "no-cache"));
        assert_eq!(answer.header(ID).len(), 36, "{answer:?}");
    }
}

#[tokio::test]
async fn a_tenant_reaches_resource_manager_privately() {
    let place = Place::new().await;
    let group = place.seeded["resource_group"].as_str().unwrap();
    let link = format!("{group}/providers/Microsoft.Authorization/resourceManagementPrivateLinks/rmpl");
    let made = place.put(&link, "2020-05-01", json!({"location": "eastus"})).await;
    assert_eq!((made.status, &made.body["properties"]["privateEndpointConnections"]), (200, &json!([])));
    let endpoint = format!("{group}/providers/Microsoft.Network/privateEndpoints/to-arm");
    assert_eq!(place.put(&endpoint, "2024-01-01", place.to(&link, "ResourceManagement")).await.status, 201);
    let read = place.azure.get(&format!("{link}?api-version=2020-05-01")).await;
    let connection = &read.body["properties"]["privateEndpointConnections"][0];
    assert!(
        connection["id"].as_str().unwrap().starts_with(&format!("{link}/privateEndpointConnections/to-arm."))
    );
    assert_eq!(connection["properties"]["privateEndpoint"]["id"], *endpoint);

    let root = format!("/providers/Microsoft.Management/managementGroups/{TENANT}");
    let all = format!("{root}/providers/Microsoft.Authorization/privateLinkAssociations");
    let one = format!("{all}/11111111-2222-4333-8444-555555555555");
    let body = json!({"properties": {"privateLink": link, "publicNetworkAccess": "Enabled"}});
    let first = place.put(&one, "2020-05-01", body.clone()).await;
    assert_eq!((first.status, &first.body["properties"]["tenantID"]), (201, &json!(TENANT)));
    assert_eq!(place.put(&one, "2020-05-01", body.clone()).await.status, 200);
    let list = place.azure.get(&format!("{all}?api-version=2020-05-01")).await;
    assert_eq!(list.body["value"], json!([first.body]));
    assert_eq!(place.azure.get(&format!("{one}?api-version=2020-05-01")).await.status, 405);
    assert_eq!(place.azure.get(&format!("{root}?api-version=2021-04-01")).await.body["name"], TENANT);
    let used = place.azure.ask("DELETE", &format!("{link}?api-version=2020-05-01"), Value::Null).await;
    assert_eq!(used.status, 409, "{used:?}");

    let named = place.put(&format!("{all}/name"), "2020-05-01", body.clone()).await;
    assert_eq!(named.status, 400);
    let lost = json!({"properties": {"privateLink": format!("{link}x"), "publicNetworkAccess": "Enabled"}});
    assert_eq!(place.put(&one, "2020-05-01", lost).await.status, 400);
    let elsewhere = one.replace(TENANT, "another");
    assert_eq!(place.put(&elsewhere, "2020-05-01", body.clone()).await.status, 400);

    place.azure.control("PUT", "/settings", json!({"root_access": false})).await;
    let refused = place.put(&one, "2020-05-01", body).await;
    assert_eq!((refused.status, refused.code()), (403, "AuthorizationFailed"));
    assert!(
        refused.body["error"]["message"]
            .as_str()
            .unwrap()
            .contains("'Microsoft.Authorization/privateLinkAssociations/write'")
    );
    place.azure.control("PUT", "/settings", json!({"root_access": true})).await;
    for status in [200, 204] {
        assert_eq!(
            place.azure.ask("DELETE", &format!("{one}?api-version=2020-05-01"), Value::Null).await.status,
            status
        );
    }
    assert_eq!(
        place.azure.ask("DELETE", &format!("{link}?api-version=2020-05-01"), Value::Null).await.status,
        200
    );
    let read = place.azure.get(&format!("{endpoint}?api-version=2024-01-01")).await;
    let connection = &read.body["properties"]["privateLinkServiceConnections"][0]["properties"];
    assert_eq!(connection["privateLinkServiceConnectionState"]["status"], "Disconnected");
}

#[tokio::test]
async fn of_two_requests_for_one_subnet_the_second_is_refused() {
    let place = Place::new().await;
    let network = json!({"subnet_contention": "another_operation", "subnet_contention_span": "request"});
    place.azure.control("PUT", "/settings", json!({"network": network, "operation_polls": 1})).await;
    let hold = json!({"method": "PUT", "path": "privateEndpoints/first", "kind": "hold"});
    let hold = place.azure.control("POST", "/faults", hold).await["id"].as_str().unwrap().to_owned();
    let sibling = |name: &str| place.endpoint.replace("/pe", &format!("/{name}"));
    let body = place.to(&place.workspace, "amlworkspace");
    let second = async {
        place.azure.control("GET", &format!("/faults/{hold}/wait"), Value::Null).await;
        let refused = place.put(&sibling("second"), "2024-01-01", body.clone()).await;
        place.azure.control("POST", &format!("/faults/{hold}/release"), Value::Null).await;
        refused
    };
    let first = sibling("first");
    let (first, second) = tokio::join!(place.put(&first, "2024-01-01", body.clone()), second);
    assert_eq!(
        (first.status, second.status, second.code()),
        (201, 429, "RetryableErrorDueToAnotherOperation")
    );
    // Once the first is accepted, its operation is in nobody's way.
    assert_eq!(place.put(&sibling("second"), "2024-01-01", body.clone()).await.status, 201);
}
