//! What a subscription's owner has decided, and how registrations come about.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Azure, SUB};

const SEARCH: &str = "/providers/Microsoft.Search";

impl Azure {
    async fn put_logs(&self, group: &str) -> support::Got {
        let path =
            format!("{group}/providers/Microsoft.OperationalInsights/workspaces/logs?api-version=2023-09-01");
        self.ask("PUT", &path, json!({"location": "eastus"})).await
    }
}

#[tokio::test]
async fn owners_decide() {
    let azure = Azure::start().await;
    let group = azure.group("rg-a").await;
    let logs = "Microsoft.OperationalInsights/workspaces";
    let decided = [
        (json!({"denials": [{"scope": group, "action": format!("{logs}/*")}]}), (403, "AuthorizationFailed")),
        (json!({"locks": [{"scope": group, "level": "ReadOnly"}]}), (409, "ScopeLocked")),
        (
            json!({"policies": [{"scope": SUB, "type": logs, "name": "no-logs"}]}),
            (403, "RequestDisallowedByPolicy"),
        ),
        (
            json!({"unregistered_subscriptions": ["00000000-0000-0000-0000-000000000001"]}),
            (409, "SubscriptionNotRegistered"),
        ),
    ];
    for (governance, (status, code)) in decided {
        azure.control("PUT", "/governance", governance).await;
        let got = azure.put_logs(&group).await;
        assert_eq!((got.status, got.code()), (status, code));
    }
    azure.control("PUT", "/governance", json!({})).await;
    assert_eq!(azure.put_logs(&group).await.status, 201);
    azure.control("PUT", "/governance", json!({"locks": [{"scope": group, "level": "CanNotDelete"}]})).await;
    assert_eq!(azure.put_logs(&group).await.status, 200);
    let got = azure.ask("DELETE", &format!("{group}?api-version=2024-11-01"), Value::Null).await;
    assert_eq!((got.status, got.code()), (409, "ScopeLocked"));
}

#[tokio::test]
async fn a_registration_takes_reads_and_flaps() {
    let azure = Azure::start().await;
    let order = json!({
        "subscription_id": "00000000-0000-0000-0000-000000000001", "namespace": "microsoft.search",
        "state": "NotRegistered", "reads": 1, "flaps": 1,
    });
    azure.control("PUT", "/registrations", order).await;
    let path = |action: &str| format!("{SUB}{SEARCH}{action}?api-version=2024-07-01");
    let read = async || azure.get(&path("")).await.body["registrationState"].as_str().unwrap().to_owned();
    assert_eq!(read().await, "NotRegistered");
    let asked = azure.ask("POST", &path("/register"), Value::Null).await;
    assert_eq!(asked.body["registrationState"], "Registering");
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(read().await);
    }
    assert_eq!(seen, ["Registering", "Registered", "Registering", "Registered", "Registered"]);
    let asked = azure.ask("POST", &path("/unregister"), Value::Null).await;
    assert_eq!(asked.body["registrationState"], "Unregistering");
    assert_eq!(read().await, "Unregistered");
}

#[tokio::test]
async fn a_region_may_lack_a_service() {
    let azure = Azure::start().await;
    let group = azure.group("rg-a").await;
    let path =
        format!("{group}/providers/Microsoft.MachineLearningServices/workspaces/ws-1?api-version=2025-12-01");
    let got = azure.ask("PUT", &path, json!({"location": "southindia"})).await;
    assert_eq!((got.status, got.code()), (400, "LocationNotAvailableForResourceType"));
    assert!(!got.body["error"]["message"].as_str().unwrap().contains("southindia,"));
}
