//! The control interface: faults of each kind, throttling, the log, resources behind everyone's back.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Azure, SUB};

const GROUP: &str =
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-a?api-version=2024-11-01";

impl Azure {
    /// Arms a fault and returns its ID.
    async fn fault(&self, fault: Value) -> String {
        self.control("POST", "/faults", fault).await["id"].as_str().unwrap().to_owned()
    }

    async fn put_group(&self) -> Result<support::Got, reqwest::Error> {
        self.try_ask("PUT", GROUP, json!({"location": "eastus"})).await
    }

    async fn hits(&self, id: &str) -> u64 {
        self.control("GET", &format!("/faults/{id}"), Value::Null).await["hits"].as_u64().unwrap()
    }
}

#[tokio::test]
async fn a_status_fault_skips_counts_and_does_nothing() {
    let azure = Azure::start().await;
    let id = azure
        .fault(json!({
            "method": "PUT", "path": "/resourcegroups/rg-a$", "skip": 1, "count": 2, "kind": "status",
            "status": 429, "retry_after": 7, "code": "TooManyRequests", "message": "Slow down.",
        }))
        .await;
    assert_eq!(azure.put_group().await.unwrap().status, 201);
    for _ in 0..2 {
        let got = azure.put_group().await.unwrap();
        assert_eq!((got.status, got.header("retry-after"), got.code()), (429, "7", "TooManyRequests"));
        assert_eq!(got.body["error"]["message"], "Slow down.");
    }
    assert_eq!(azure.put_group().await.unwrap().status, 200);
    assert_eq!(azure.hits(&id).await, 2);
}

#[tokio::test]
async fn a_reset_comes_before_or_after_the_work() {
    let azure = Azure::start().await;
    azure.fault(json!({"kind": "reset_before", "method": "PUT"})).await;
    assert!(azure.put_group().await.is_err());
    assert_eq!(azure.get(GROUP).await.status, 404);
    azure.fault(json!({"kind": "reset_after", "method": "PUT"})).await;
    assert!(azure.put_group().await.is_err());
    assert_eq!(azure.get(GROUP).await.status, 200);
}

#[tokio::test]
async fn an_answer_is_cut_or_slow() {
    let azure = Azure::start().await;
    azure.fault(json!({"kind": "truncate", "method": "PUT"})).await;
    assert!(azure.put_group().await.is_err());
    assert_eq!(azure.get(GROUP).await.status, 200);
    azure.fault(json!({"kind": "truncate", "method": "HEAD"})).await;
    assert!(azure.try_ask("HEAD", GROUP, Value::Null).await.is_err());
    azure.fault(json!({"kind": "slow", "method": "GET", "delay_ms": 40})).await;
    let begin = std::time::Instant::now();
    assert_eq!(azure.get(GROUP).await.body["name"], "rg-a");
    assert!(begin.elapsed() >= std::time::Duration::from_millis(40));
}

#[tokio::test]
async fn an_operation_is_lost_endless_or_failed() {
    let azure = Azure::start().await;
    let group = azure.group("rg-a").await;
    let start = |name: &str| {
        let path = format!(
            "{group}/providers/Microsoft.OperationalInsights/workspaces/{name}?api-version=2023-09-01"
        );
        let azure = &azure;
        async move { (azure.ask("PUT", &path, json!({"location": "eastus"})).await, path) }
    };
    azure.fault(json!({"kind": "lose_operation", "method": "PUT"})).await;
    let (lost, path) = start("logs-lost").await;
    assert_eq!(azure.get(lost.header("azure-asyncoperation")).await.status, 404);
    assert_eq!(azure.get(&path).await.body["properties"]["provisioningState"], "Succeeded");

    azure.fault(json!({"kind": "lose_operation", "method": "PUT", "endless": true})).await;
    let (endless, path) = start("logs-endless").await;
    for _ in 0..3 {
        assert_eq!(azure.get(endless.header("azure-asyncoperation")).await.body["status"], "InProgress");
    }
    assert_eq!(azure.get(&path).await.body["properties"]["provisioningState"], "Creating");

    azure
        .fault(json!({"kind": "fail_operation", "code": "Broken", "message": "It broke.", "method": "PUT"}))
        .await;
    let (failed, path) = start("logs-failed").await;
    let end = azure.get(failed.header("azure-asyncoperation")).await.body;
    assert_eq!(
        (&end["status"], &end["error"]),
        (&json!("Failed"), &json!({"code": "Broken", "message": "It broke."}))
    );
    assert_eq!(azure.get(&path).await.body["properties"]["provisioningState"], "Failed");
}

#[tokio::test]
async fn an_answer_is_another_one_or_bent() {
    let azure = Azure::start().await;
    let page = json!({
        "kind": "answer", "method": "PUT", "content_type": "text/html", "body": "[\"page\"]", "headers": {"Location": "/x"},
    });
    azure.fault(page).await;
    let got = azure.put_group().await.unwrap();
    assert_eq!((got.status, got.header("content-type"), got.header("location")), (200, "text/html", "/x"));
    assert_eq!(got.body, json!(["page"]));
    assert_eq!(azure.get(GROUP).await.status, 404);
    azure
        .fault(json!({"kind": "answer", "status": 404, "body": "{}", "content_type": "", "after": true}))
        .await;
    let got = azure.put_group().await.unwrap();
    assert_eq!((got.status, got.header("content-type"), got.body.clone()), (404, "", json!({})));
    let truth = azure.get(GROUP).await.body;
    let bend =
        json!({"kind": "bend", "set": {"/tags": null}, "remove": ["/id"], "rename": {"/name": "Name"}});
    azure.fault(bend).await;
    let bent = azure.get(GROUP).await.body;
    assert_eq!((&bent["id"], &bent["tags"], &bent["Name"]), (&Value::Null, &Value::Null, &truth["name"]));
    assert_eq!(bent["properties"], truth["properties"]);
    assert_eq!(azure.get(GROUP).await.body, truth);
}

#[tokio::test]
async fn a_held_request_waits_for_its_release() {
    let azure = Azure::start().await;
    let id = azure.fault(json!({"kind": "hold", "method": "PUT"})).await;
    let put = azure.put_group();
    let release = async {
        let seen = azure.control("GET", &format!("/faults/{id}/wait"), Value::Null).await;
        assert_eq!(seen["hits"], 1);
        let state = azure.control("GET", "/state", Value::Null).await;
        assert_eq!(state, json!({}));
        azure.control("POST", &format!("/faults/{id}/release"), Value::Null).await;
    };
    let (put, ()) = tokio::join!(put, release);
    assert_eq!(put.unwrap().status, 201);

    // Removing all faults releases too.
    azure.fault(json!({"kind": "hold", "method": "GET", "path": "rg-a"})).await;
    let remove = async {
        while azure.control("GET", "/requests", Value::Null).await.as_array().unwrap().last().unwrap()["fault"]
            != "hold"
        {}
        azure.control("DELETE", "/faults", Value::Null).await;
    };
    let (got, ()) = tokio::join!(azure.get(GROUP), remove);
    assert_eq!(got.status, 200);
}

#[tokio::test]
async fn empty_buckets_refuse() {
    let azure = Azure::start().await;
    let buckets = json!({"buckets": {"writes": {"size": 1, "refill_per_second": 0}}});
    let settings = azure.control("PUT", "/settings", buckets).await;
    assert_eq!(settings["buckets"]["reads"], json!({"size": 250, "refill_per_second": 25}));
    let made = azure.put_group().await.unwrap();
    assert_eq!(made.header("x-ms-ratelimit-remaining-subscription-writes"), "0");
    assert_eq!(made.header("x-ms-ratelimit-remaining-subscription-global-writes"), "14");
    let refused = azure.put_group().await.unwrap();
    assert_eq!((refused.status, refused.code()), (429, "SubscriptionRequestsThrottled"));
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(azure.get(GROUP).await.status, 200);
}

#[tokio::test]
async fn the_log_tells_all_but_secrets() {
    let azure = Azure::start().await;
    let group = azure.group("rg-a").await;
    let path =
        format!("{group}/providers/Microsoft.OperationalInsights/workspaces/logs-a?api-version=2023-09-01");
    let made = azure.ask("PUT", &path, json!({"location": "eastus"})).await;
    azure.get(made.header("azure-asyncoperation")).await;
    let log = azure.control("GET", "/requests", Value::Null).await;
    let log = log.as_array().unwrap();
    let brief: Vec<Value> =
        log.iter().map(|e| json!([e["seq"], e["method"], e["status"], e["operation_poll"]])).collect();
    assert_eq!(
        brief,
        [
            json!([1, "POST", 200, false]),
            json!([2, "PUT", 201, false]),
            json!([3, "PUT", 201, false]),
            json!([4, "GET", 200, true])
        ]
    );
    assert_eq!(log[2]["body"], json!({"location": "eastus"}));
    assert_eq!(log[2]["api_version"], "2023-09-01");
    assert_eq!(log[0]["body"]["client_secret"], "(elided)");
    let text = json!(log).to_string();
    assert!(!text.contains(azure.emulator.variable("ARM_CLIENT_SECRET")));
    assert!(!text.contains(&azure.token) && !text.to_lowercase().contains("authorization"));
    azure.control("DELETE", "/requests", Value::Null).await;
    assert_eq!(azure.control("GET", "/requests", Value::Null).await, json!([]));
}

#[tokio::test]
async fn resources_change_behind_everyones_back() {
    let azure = Azure::start().await;
    let id = format!("{SUB}/resourceGroups/rg-a");
    let by_id = format!("/resources?id={id}");
    azure
        .control(
            "PUT",
            &by_id,
            json!({"location": "eastus", "properties": {"provisioningState": "Succeeded"}}),
        )
        .await;
    let got = azure.get(GROUP).await.body;
    assert_eq!((&got["name"], &got["type"]), (&json!("rg-a"), &json!("Microsoft.Resources/resourceGroups")));
    azure
        .control(
            "PATCH",
            &by_id.to_uppercase().replace("/RESOURCES?ID", "/resources?id"),
            json!({"tags": {"a": "b"}}),
        )
        .await;
    assert_eq!(azure.get(GROUP).await.body["tags"], json!({"a": "b"}));
    let state = azure.control("GET", "/state", Value::Null).await;
    assert_eq!(state[&id]["tags"], json!({"a": "b"}));
    azure.control("DELETE", &by_id, Value::Null).await;
    assert_eq!(azure.get(GROUP).await.status, 404);

    azure.group("rg-b").await;
    azure.control("PUT", "/settings", json!({"operation_polls": 3})).await;
    azure.control("POST", "/reset", Value::Null).await;
    assert_eq!(azure.control("GET", "/state", Value::Null).await, json!({}));
    assert_eq!(azure.control("GET", "/settings", Value::Null).await["operation_polls"], 0);
}

#[tokio::test]
async fn misspelt_orders_are_refused() {
    let azure = Azure::start().await;
    let control = azure.emulator.variable("AZUREML_EMULATOR_CONTROL").to_owned();
    for (path, body, status) in [
        ("/faults", json!({"kind": "hold", "mehtod": "PUT"}), 400),
        ("/faults", json!({"kind": "explode"}), 400),
        ("/faults", json!({"kind": "hold", "path": "("}), 400),
        ("/seed", json!({"scenario": "everything"}), 400),
        ("/nothing", json!({}), 404),
    ] {
        let got = support::read(azure.http.post(format!("{control}{path}")).json(&body)).await.unwrap();
        assert_eq!((got.status, got.body["error"].is_string()), (status, true), "{path}");
    }
    let put = azure.http.put(format!("{control}/settings")).json(&json!({"latency": 1}));
    assert_eq!(support::read(put).await.unwrap().status, 400);
}

#[tokio::test]
async fn everything_is_put_back_to_a_snapshot() {
    let azure = Azure::start().await;
    let before = azure.control("GET", "/snapshot", Value::Null).await;
    azure.put_group().await.unwrap();
    let unregister = format!("{SUB}/providers/Microsoft.Search/unregister?api-version=2022-09-01");
    assert_eq!(azure.ask("POST", &unregister, Value::Null).await.status, 200);
    azure.control("PUT", "/snapshot", before.clone()).await;
    assert_eq!(azure.get(GROUP).await.status, 404);
    assert_eq!(azure.control("GET", "/snapshot", Value::Null).await, before);
}
