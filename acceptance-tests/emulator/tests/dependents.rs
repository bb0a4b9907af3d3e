//! The life of every dependent, over TLS.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Azure, Got, SUB};

/// A resource under test.
struct Thing<'a> {
    azure: &'a Azure,
    id: String,
    version: &'static str,
}

impl Thing<'_> {
    async fn ask(&self, method: &str, tail: &str, body: Value) -> Got {
        self.azure.ask(method, &format!("{}{tail}?api-version={}", self.id, self.version), body).await
    }

    async fn get(&self) -> Got {
        self.ask("GET", "", Value::Null).await
    }

    /// How many of its type the group and the subscription list.
    async fn listed(&self) -> (usize, usize) {
        let (collection, _) = self.id.rsplit_once('/').unwrap();
        let below = collection.split_once("/providers/").unwrap().1;
        let mut counts = Vec::new();
        for path in [collection.to_owned(), format!("{SUB}/providers/{below}")] {
            let got = self.azure.get(&format!("{path}?api-version={}", self.version)).await;
            counts.push(got.body["value"].as_array().unwrap().len());
        }
        (counts[0], counts[1])
    }
}

async fn thing<'a>(azure: &'a Azure, path: &str, version: &'static str) -> Thing<'a> {
    let group = azure.group("rg-a").await;
    Thing { azure, id: format!("{group}/providers/{path}"), version }
}

#[tokio::test]
async fn a_storage_account_lives() {
    let azure = Azure::start().await;
    let account = thing(&azure, "Microsoft.Storage/storageAccounts/first", "2023-05-01").await;
    let body = json!({"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}});
    let made = account.ask("PUT", "", body.clone()).await;
    assert_eq!((made.status, made.header("retry-after"), &made.body), (202, "1", &Value::Null));
    assert!(
        made.header("location").contains("/providers/Microsoft.Storage/locations/eastus/asyncoperations/")
    );
    let done = azure.get(made.header("location")).await;
    assert_eq!((done.status, &done.body["properties"]["provisioningState"]), (200, &json!("Succeeded")));
    let got = account.get().await.body;
    assert_eq!(got["sku"], json!({"name": "Standard_LRS", "tier": "Standard"}));
    assert_eq!(got["properties"]["primaryEndpoints"]["blob"], "https://first.blob.core.windows.net/");
    assert_eq!(got["properties"]["networkAcls"]["defaultAction"], "Allow");
    assert!(got["properties"].get("isHnsEnabled").is_none());

    assert_eq!(account.ask("PUT", "", body).await.status, 200);
    let patch = json!({"tags": {"a": "b"}, "properties": {"allowBlobPublicAccess": true}});
    let patched = account.ask("PATCH", "", patch).await;
    assert_eq!((patched.status, &patched.body["tags"]["a"]), (200, &json!("b")));
    assert_eq!(patched.body["properties"]["allowBlobPublicAccess"], true);
    let refused = account.ask("PATCH", "", json!({"properties": {"isHnsEnabled": true}})).await;
    assert_eq!((refused.status, refused.code()), (409, "AccountPropertyCannotBeUpdated"));

    let keys = account.ask("POST", "/listKeys", Value::Null).await.body;
    let again = account.ask("POST", "/regenerateKey", json!({"keyName": "key2"})).await.body;
    assert_eq!(keys["keys"][0], again["keys"][0]);
    assert_ne!(keys["keys"][1]["value"], again["keys"][1]["value"]);
    assert_eq!(account.listed().await, (1, 1));
    assert_eq!(account.ask("DELETE", "", Value::Null).await.status, 200);
    assert_eq!(account.ask("DELETE", "", Value::Null).await.status, 204);
    assert_eq!((account.get().await.code(), account.listed().await), ("ResourceNotFound", (0, 0)));
}

#[tokio::test]
async fn storage_refuses_what_azure_refuses() {
    let azure = Azure::start().await;
    let account = thing(&azure, "Microsoft.Storage/storageAccounts/first", "2023-05-01").await;
    let body = json!({"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}});
    assert_eq!(account.ask("PUT", "", body.clone()).await.status, 202);
    let other = azure.group("rg-b").await;
    let path = |name: &str, version: &str| {
        format!("{other}/providers/Microsoft.Storage/storageAccounts/{name}?api-version={version}")
    };
    let with = |name: &str, value: Value| {
        let mut body = body.clone();
        body[name] = value;
        body
    };
    for (path, body, status, code) in [
        (path("first", "2023-05-01"), body.clone(), 409, "StorageAccountInAnotherResourceGroup"),
        (path("No-Good", "2023-05-01"), body.clone(), 400, "AccountNameInvalid"),
        (path("second", "2023-05-01"), with("sku", json!({"name": "Gold"})), 400, "InvalidSkuName"),
        (path("second", "2023-05-01"), with("kind", Value::Null), 400, "InvalidValuesForRequestParameters"),
        (path("second", "2023-05-01"), with("location", Value::Null), 400, "LocationRequired"),
        (
            path("second", "2023-05-01"),
            with("location", json!("moon")),
            400,
            "LocationNotAvailableForResourceType",
        ),
        (path("second", "2001-01-01"), body.clone(), 400, "NoRegisteredProviderFound"),
        (
            path("second", "2023-05-01"),
            with("properties", json!({"isHns": true})),
            400,
            "InvalidRequestContent",
        ),
    ] {
        let got = azure.ask("PUT", &path, body).await;
        assert_eq!((got.status, got.code()), (status, code), "{got:?}");
    }
    let moved = account.ask("PUT", "", with("location", json!("westeurope"))).await;
    assert_eq!((moved.status, moved.code()), (409, "InvalidResourceLocation"));
    let ask = format!("{SUB}/providers/Microsoft.Storage/checkNameAvailability?api-version=2023-05-01");
    let free = |name: &str| {
        azure.ask("POST", &ask, json!({"name": name, "type": "Microsoft.Storage/storageAccounts"}))
    };
    assert_eq!(free("first").await.body["reason"], "AlreadyExists");
    assert_eq!(free("other").await.body, json!({"nameAvailable": true}));
    assert_eq!(free("-").await.body["reason"], "AccountNameInvalid");
}

fn vault_body() -> Value {
    json!({"location": "eastus", "properties": {
        "tenantId": support::TENANT, "sku": {"family": "A", "name": "standard"}, "accessPolicies": [],
    }})
}

#[tokio::test]
async fn a_vault_lives_dies_and_comes_back() {
    let azure = Azure::start().await;
    let vault = thing(&azure, "Microsoft.KeyVault/vaults/vault-a", "2023-07-01").await;
    let made = vault.ask("PUT", "", vault_body()).await;
    assert_eq!((made.status, &made.body["properties"]["provisioningState"]), (200, &json!("RegisteringDns")));
    let got = vault.get().await.body;
    assert_eq!(got["properties"]["provisioningState"], "Succeeded");
    assert_eq!(got["properties"]["vaultUri"], "https://vault-a.vault.azure.net/");
    assert_eq!(got["systemData"]["createdByType"], "Application");
    assert_eq!(vault.listed().await, (1, 1));
    let patched = vault.ask("PATCH", "", json!({"properties": {"publicNetworkAccess": "Disabled"}})).await;
    assert_eq!(patched.body["properties"]["publicNetworkAccess"], "Disabled");

    let policy = |object: &str, word: &str| {
        let policy =
            json!({"tenantId": support::TENANT, "objectId": object, "permissions": {"keys": [word]}});
        json!({"properties": {"accessPolicies": [policy]}})
    };
    for (operation, object, word, left) in
        [("add", "a", "get", 1), ("add", "b", "get", 2), ("add", "a", "list", 2), ("remove", "b", "get", 1)]
    {
        let got = vault.ask("PUT", &format!("/accessPolicies/{operation}"), policy(object, word)).await;
        assert_eq!(got.body["properties"]["accessPolicies"].as_array().map(Vec::len), Some(left), "{got:?}");
    }
    let kept = vault.get().await.body["properties"]["accessPolicies"].clone();
    assert_eq!(kept, policy("a", "list")["properties"]["accessPolicies"]);
    assert_eq!(vault.ask("DELETE", "", Value::Null).await.status, 200);
    assert_eq!(vault.ask("DELETE", "", Value::Null).await.status, 204);
    assert_eq!(vault.get().await.status, 404);
    let taken = vault.ask("PUT", "", vault_body()).await;
    assert_eq!((taken.status, taken.code()), (409, "ConflictError"));
    let mut recover = vault_body();
    recover["properties"]["createMode"] = json!("recover");
    let back = vault.ask("PUT", "", recover).await;
    assert_eq!((back.status, &back.body["properties"]["publicNetworkAccess"]), (200, &json!("Disabled")));
    assert_eq!(vault.ask("DELETE", "", Value::Null).await.status, 200);

    let provider = format!("{SUB}/providers/Microsoft.KeyVault");
    let dead = azure.get(&format!("{provider}/deletedVaults?api-version=2023-07-01")).await.body;
    assert_eq!(dead["value"][0]["properties"]["vaultId"], json!(vault.id));
    let one = format!("{provider}/locations/eastus/deletedVaults/vault-a");
    assert_eq!(azure.get(&format!("{one}?api-version=2023-07-01")).await.status, 200);
    let purge = azure.ask("POST", &format!("{one}/purge?api-version=2023-07-01"), Value::Null).await;
    assert_eq!((purge.status, azure.get(purge.header("location")).await.status), (202, 200));
    assert_eq!(azure.get(&format!("{one}?api-version=2023-07-01")).await.code(), "DeletedVaultNotFound");
    assert_eq!(vault.ask("PUT", "", vault_body()).await.status, 200);
}

#[tokio::test]
async fn a_vault_refuses_what_azure_refuses() {
    let azure = Azure::start().await;
    let vault = thing(&azure, "Microsoft.KeyVault/vaults/vault-a", "2023-07-01").await;
    for (pointer, value, code) in [
        ("/properties/tenantId", Value::Null, "BadRequest"),
        ("/properties/accessPolicies", Value::Null, "BadRequest"),
        ("/properties/sku/name", json!("gold"), "InvalidRequestContent"),
        ("/properties/sku/family", json!(1), "InvalidRequestContent"),
    ] {
        let mut body = vault_body();
        *body.pointer_mut(pointer).unwrap() = value;
        let got = vault.ask("PUT", "", body).await;
        assert_eq!((got.status, got.code()), (400, code), "{pointer}");
    }
    let mut body = vault_body();
    body["properties"]["enablePurgeProtection"] = json!(true);
    assert_eq!(vault.ask("PUT", "", body).await.status, 200);
    let off = vault.ask("PATCH", "", json!({"properties": {"enablePurgeProtection": false}})).await;
    assert_eq!(off.code(), "BadRequest");
    assert_eq!(vault.ask("DELETE", "", Value::Null).await.status, 200);
    let purge = format!("{SUB}/providers/Microsoft.KeyVault/locations/eastus/deletedVaults/vault-a/purge");
    let purge = azure.ask("POST", &format!("{purge}?api-version=2023-07-01"), Value::Null).await;
    assert_eq!((purge.status, purge.code()), (405, "MethodNotAllowed"));
}

#[tokio::test]
async fn log_analytics_and_application_insights_live() {
    let azure = Azure::start().await;
    let logs = thing(&azure, "Microsoft.OperationalInsights/workspaces/logs-a", "2023-09-01").await;
    let insights_id = format!("{SUB}/resourceGroups/rg-a/providers/Microsoft.Insights/components/insights-a");
    let insights = Thing { azure: &azure, id: insights_id, version: "2020-02-02" };
    let body = json!({"location": "eastus", "kind": "web", "properties": {
        "Application_Type": "web", "WorkspaceResourceId": logs.id,
    }});
    assert_eq!(insights.ask("PUT", "", body.clone()).await.code(), "ResourceNotFound");

    let made = logs.ask("PUT", "", json!({"location": "eastus"})).await;
    assert_eq!((made.status, &made.body["properties"]["provisioningState"]), (201, &json!("Creating")));
    let end = azure.get(made.header("azure-asyncoperation")).await.body;
    assert_eq!((&end["status"], end["endTime"].is_string()), (&json!("Succeeded"), true));
    let got = logs.get().await.body;
    assert_eq!(
        (&got["properties"]["sku"]["name"], &got["properties"]["retentionInDays"]),
        (&json!("PerGB2018"), &json!(30))
    );
    let keys = logs.ask("POST", "/sharedKeys", Value::Null).await.body;
    assert!(keys["primarySharedKey"].is_string());
    assert_eq!(logs.listed().await, (1, 1));

    let made = insights.ask("PUT", "", body).await;
    assert_eq!(made.status, 200);
    assert!(made.body["id"].as_str().unwrap().contains("/providers/microsoft.insights/components/"));
    assert!(made.body["properties"]["ConnectionString"].as_str().unwrap().starts_with("InstrumentationKey="));
    let patched = insights.ask("PATCH", "", json!({"tags": {"a": "b"}})).await;
    assert_eq!(
        patched.body["properties"]["InstrumentationKey"],
        made.body["properties"]["InstrumentationKey"]
    );
    assert_eq!(insights.listed().await, (1, 1));
    assert_eq!(insights.ask("DELETE", "", Value::Null).await.status, 200);

    let gone = logs.ask("DELETE", "", Value::Null).await;
    assert_eq!(gone.status, 202);
    assert_eq!(azure.get(gone.header("azure-asyncoperation")).await.body["status"], "Succeeded");
    assert_eq!(logs.get().await.status, 404);
    let dead =
        format!("{SUB}/providers/Microsoft.OperationalInsights/deletedWorkspaces?api-version=2023-09-01");
    assert_eq!(azure.get(&dead).await.body["value"].as_array().unwrap().len(), 1);
    let back = logs.ask("PUT", "", json!({"location": "eastus"})).await;
    assert_eq!(back.body["properties"]["customerId"], got["properties"]["customerId"]);
    assert_eq!(azure.get(&dead).await.body["value"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn a_registry_lives() {
    let azure = Azure::start().await;
    let registry = thing(&azure, "Microsoft.ContainerRegistry/registries/registrya", "2023-07-01").await;
    let body = json!({"location": "eastus", "sku": {"name": "basic"}});
    let made = registry.ask("PUT", "", body.clone()).await;
    assert_eq!((made.status, &made.body["sku"]), (201, &json!({"name": "Basic", "tier": "Basic"})));
    assert_eq!(azure.get(made.header("azure-asyncoperation")).await.body["status"], "Succeeded");
    assert_eq!(registry.get().await.body["properties"]["loginServer"], "registrya.azurecr.io");
    let refused = registry.ask("POST", "/listCredentials", Value::Null).await;
    assert_eq!((refused.status, refused.code()), (400, "UnAuthorizedForCredentialOperations"));
    let patched = registry.ask("PATCH", "", json!({"properties": {"adminUserEnabled": true}})).await;
    assert_eq!(patched.status, 200);
    let first = registry.ask("POST", "/listCredentials", Value::Null).await.body;
    assert_eq!(first["username"], "registrya");
    let second = registry.ask("POST", "/regenerateCredential", json!({"name": "password2"})).await.body;
    assert_eq!(first["passwords"][0], second["passwords"][0]);
    assert_ne!(first["passwords"][1], second["passwords"][1]);
    let rules = json!({"properties": {"networkRuleSet": {"defaultAction": "Deny"}}});
    assert_eq!(registry.ask("PATCH", "", rules).await.code(), "BadRequest");
    let other = azure.group("rg-b").await;
    let path =
        format!("{other}/providers/Microsoft.ContainerRegistry/registries/registryA?api-version=2023-07-01");
    assert_eq!(azure.ask("PUT", &path, body).await.code(), "AlreadyInUse");
    assert_eq!(registry.listed().await, (1, 1));
    let gone = registry.ask("DELETE", "", Value::Null).await;
    assert_eq!((gone.status, azure.get(gone.header("location")).await.status), (202, 200));
    assert_eq!(registry.get().await.status, 404);
}

#[tokio::test]
async fn an_identity_lives() {
    let azure = Azure::start().await;
    let identity =
        thing(&azure, "Microsoft.ManagedIdentity/userAssignedIdentities/identity-a", "2023-01-31").await;
    let made = identity.ask("PUT", "", json!({"location": "eastus"})).await;
    assert_eq!(made.status, 201);
    assert!(made.body["id"].as_str().unwrap().contains("/resourcegroups/rg-a/"));
    let again = identity.ask("PUT", "", json!({"location": "East US", "tags": {"a": "b"}})).await;
    assert_eq!((again.status, &again.body["properties"]), (200, &made.body["properties"]));
    assert_eq!(identity.ask("PATCH", "", json!({"tags": {}})).await.body["tags"], json!({}));
    assert_eq!(identity.listed().await, (1, 1));
    assert_eq!(identity.ask("HEAD", "", Value::Null).await.status, 204);
    assert_eq!(identity.ask("DELETE", "", Value::Null).await.status, 200);
    assert_eq!(identity.ask("DELETE", "", Value::Null).await.status, 204);
    assert_eq!(identity.ask("HEAD", "", Value::Null).await.status, 404);
}

#[tokio::test]
async fn a_group_takes_its_content_with_it() {
    let azure = Azure::start().await;
    let seeded = azure
        .control("POST", "/seed", json!({"resource_group": "rg-a", "location": "eastus", "prefix": "a"}))
        .await;
    assert_eq!(
        seeded["storage_account"],
        json!(format!("{SUB}/resourceGroups/rg-a/providers/Microsoft.Storage/storageAccounts/astorage"))
    );
    let group = format!("{SUB}/resourceGroups/rg-a");
    let inside = azure.get(&format!("{group}/resources?api-version=2024-11-01")).await.body;
    assert_eq!(inside["value"].as_array().unwrap().len(), 6);
    let gone = azure.ask("DELETE", &format!("{group}?api-version=2024-11-01"), Value::Null).await;
    assert_eq!(gone.status, 202);
    assert_eq!(azure.get(gone.header("location")).await.status, 200);
    assert_eq!(azure.control("GET", "/state", Value::Null).await, json!({}));
    // Vaults and Log Analytics workspaces are soft-deleted with it.
    let dead = azure.control("GET", "/state/deleted", Value::Null).await;
    assert_eq!(dead.as_object().unwrap().len(), 2);
}
