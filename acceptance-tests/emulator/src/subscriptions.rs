//! Tenants, subscriptions and their regions.

use serde_json::{Value, json};

use crate::azure::{SUBSCRIPTIONS, TENANT_ID};
use crate::error::ArmError;
use crate::http::Response;
use crate::location::{LOCATIONS, canonical};
use crate::service::{Call, Reply};

/// Answers paths above subscriptions: `/tenants` and `/subscriptions`.
pub fn root(call: &Call, path: &str) -> Reply {
    if call.method != "GET" {
        return Err(ArmError::method_not_allowed(&call.method));
    }
    let path = path.trim_end_matches('/').to_lowercase();
    match path.as_str() {
        "/tenants" => Ok(Response::json(
            200,
            &json!({"value": [{
                "id": format!("/tenants/{TENANT_ID}"),
                "tenantId": TENANT_ID,
                "countryCode": "US",
                "displayName": "Emulated tenant",
                "domains": ["emulated.onmicrosoft.com"],
                "tenantCategory": "Home",
                "defaultDomain": "emulated.onmicrosoft.com",
                "tenantType": "AAD",
            }]}),
        )),
        "/subscriptions" => {
            let all: Vec<Value> = SUBSCRIPTIONS.iter().map(|(id, name)| subscription(id, name)).collect();
            Ok(Response::json(200, &json!({"value": all, "count": {"type": "Total", "value": all.len()}})))
        }
        _ => Err(ArmError::new(404, "NotFound", format!("No route to '{path}'."))),
    }
}

/// Answers one subscription and its locations.
pub fn one(call: &Call) -> Reply {
    if call.method != "GET" {
        return Err(ArmError::method_not_allowed(&call.method));
    }
    let id = &call.id().subscription;
    match &call.path.tail {
        None if call.id().segments.is_empty() => {
            let name = SUBSCRIPTIONS.iter().find(|(s, _)| s.eq_ignore_ascii_case(id)).map_or("", |(_, n)| n);
            Ok(Response::json(200, &subscription(&id.to_lowercase(), name)))
        }
        Some(tail) if tail.eq_ignore_ascii_case("locations") && call.id().segments.is_empty() => {
            let all: Vec<Value> = LOCATIONS.iter().map(|name| location(id, name)).collect();
            Ok(Response::json(200, &json!({ "value": all })))
        }
        _ => Err(ArmError::new(404, "NotFound", "No route to this path.")),
    }
}

fn subscription(id: &str, name: &str) -> Value {
    json!({
        "id": format!("/subscriptions/{id}"),
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": id,
        "tenantId": TENANT_ID,
        "displayName": name,
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    })
}

fn location(subscription: &str, name: &str) -> Value {
    let short = canonical(name);
    json!({
        "id": format!("/subscriptions/{subscription}/locations/{short}"),
        "name": short,
        "type": "Region",
        "displayName": name,
        "regionalDisplayName": name,
        "metadata": {"regionType": "Physical", "regionCategory": "Recommended"},
    })
}
