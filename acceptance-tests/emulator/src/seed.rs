//! Scenarios that a test can have planted instead of creating each resource itself.

use serde_json::{Value, json};

use crate::azure::{Azure, TENANT_ID};
use crate::entra::directory::SUBSCRIPTIONS;
use crate::http::Request;

/// Plants a scenario and returns the IDs of what it has made.
pub(crate) fn plant(azure: &mut Azure, order: &Value) -> Result<Value, (u16, String)> {
    let text = |name: &str, otherwise: &str| order[name].as_str().unwrap_or(otherwise).to_owned();
    let scenario = text("scenario", "dependents");
    if !["dependents", "network"].contains(&scenario.as_str()) {
        return Err((400, format!("there is no scenario '{scenario}', only 'dependents' and 'network'")));
    }
    let subscription = text("subscription_id", SUBSCRIPTIONS.first().map_or("", |(id, ..)| id));
    let (group, location, prefix) =
        (text("resource_group", "rg"), text("location", "eastus"), text("prefix", "seed"));
    let polls = std::mem::take(&mut azure.settings.operation_polls);
    let group = format!("/subscriptions/{subscription}/resourceGroups/{group}");
    let planted = match scenario.as_str() {
        "network" => network(azure, &group, &location, &prefix),
        _ => dependents(azure, &group, &location, &prefix),
    };
    azure.settings.operation_polls = polls;
    planted
}

fn dependents(azure: &mut Azure, group: &str, location: &str, prefix: &str) -> Result<Value, (u16, String)> {
    // Storage accounts and registries take letters and digits only.
    let bare: String = prefix.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    create(azure, group, "2024-11-01", &json!({ "location": location }))?;
    let provider = |rest: &str| format!("{group}/providers/{rest}");
    let storage = provider(&format!("Microsoft.Storage/storageAccounts/{bare}storage"));
    let body = json!({
        "location": location, "kind": "StorageV2", "sku": {"name": "Standard_LRS"},
        "properties": {"minimumTlsVersion": "TLS1_2", "allowBlobPublicAccess": false},
    });
    create(azure, &storage, "2023-05-01", &body)?;
    let vault = provider(&format!("Microsoft.KeyVault/vaults/{prefix}-vault"));
    let body = json!({
        "location": location,
        "properties": {
            "tenantId": TENANT_ID, "sku": {"family": "A", "name": "standard"}, "accessPolicies": [],
            "enableRbacAuthorization": true, "enablePurgeProtection": true,
        },
    });
    create(azure, &vault, "2023-07-01", &body)?;
    let logs = provider(&format!("Microsoft.OperationalInsights/workspaces/{prefix}-logs"));
    create(
        azure,
        &logs,
        "2023-09-01",
        &json!({ "location": location, "properties": {"sku": {"name": "PerGB2018"}} }),
    )?;
    let insights = provider(&format!("Microsoft.Insights/components/{prefix}-insights"));
    let body = json!({
        "location": location, "kind": "web",
        "properties": {"Application_Type": "web", "WorkspaceResourceId": logs},
    });
    create(azure, &insights, "2020-02-02", &body)?;
    let registry = provider(&format!("Microsoft.ContainerRegistry/registries/{bare}registry"));
    let body = json!({
        "location": location, "sku": {"name": "Premium"}, "properties": {"adminUserEnabled": true},
    });
    create(azure, &registry, "2023-07-01", &body)?;
    let identity = provider(&format!("Microsoft.ManagedIdentity/userAssignedIdentities/{prefix}-identity"));
    create(azure, &identity, "2023-01-31", &json!({ "location": location }))?;
    Ok(json!({
        "resource_group": group,
        "storage_account": storage,
        "key_vault": vault,
        "log_analytics": logs,
        "application_insights": insights,
        "container_registry": registry,
        "user_assigned_identity": identity,
    }))
}

/// A virtual network of 10.0.0.0/16 with a subnet of 10.0.1.0/24, another network of 10.1.0.0/16, and a security group.
fn network(azure: &mut Azure, group: &str, location: &str, prefix: &str) -> Result<Value, (u16, String)> {
    create(azure, group, "2024-11-01", &json!({ "location": location }))?;
    let provider = |rest: &str| format!("{group}/providers/Microsoft.Network/{rest}");
    let networks = [
        provider(&format!("virtualNetworks/{prefix}-vnet")),
        provider(&format!("virtualNetworks/{prefix}-other")),
    ];
    for (at, id) in networks.iter().enumerate() {
        let body = json!({
            "location": location,
            "properties": {
                "addressSpace": { "addressPrefixes": [format!("10.{at}.0.0/16")] },
                "subnets": [
                    { "name": "endpoints", "properties": { "addressPrefix": format!("10.{at}.1.0/24") } },
                ],
            },
        });
        create(azure, id, "2024-01-01", &body)?;
    }
    let security = provider(&format!("applicationSecurityGroups/{prefix}-group"));
    create(azure, &security, "2024-01-01", &json!({ "location": location }))?;
    Ok(json!({
        "resource_group": group,
        "virtual_network": networks[0],
        "subnet": format!("{}/subnets/endpoints", networks[0]),
        "other_virtual_network": networks[1],
        "other_subnet": format!("{}/subnets/endpoints", networks[1]),
        "application_security_group": security,
    }))
}

fn create(azure: &mut Azure, id: &str, version: &str, body: &Value) -> Result<(), (u16, String)> {
    let response = azure.answer(&Request::new("PUT", &format!("{id}?api-version={version}"), Some(body)));
    azure.settle();
    match response.status {
        200..300 => Ok(()),
        status => Err((status, format!("planting {id} failed: {}", response.value()))),
    }
}
