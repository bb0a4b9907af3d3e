//! Tenants, subscriptions and their regions.

use serde_json::{Value, json};

use crate::entra::Caller;
use crate::entra::directory::{SUBSCRIPTIONS, TENANTS};
use crate::error::ArmError;
use crate::http::Response;
use crate::location::{LOCATIONS, canonical};
use crate::service::{Call, Reply};

/// Answers paths above subscriptions: `/tenants` and `/subscriptions`.
pub fn root(caller: &Caller, call: &Call, path: &str) -> Reply {
    if call.method != "GET" {
        return Err(ArmError::method_not_allowed(&call.method));
    }
    let path = path.trim_end_matches('/').to_lowercase();
    match path.as_str() {
        "/tenants" => {
            let own = TENANTS.iter().filter(|t| caller.principal.is_some_and(|p| p.is_in(t.id)));
            let all: Vec<Value> = own
                .map(|t| {
                    json!({
                        "id": format!("/tenants/{}", t.id),
                        "tenantId": t.id,
                        "countryCode": "US",
                        "displayName": t.name,
                        "domains": [t.domain],
                        "tenantCategory": "Home",
                        "defaultDomain": t.domain,
                        "tenantType": "AAD",
                    })
                })
                .collect();
            Ok(Response::json(200, &json!({ "value": all })))
        }
        // Only what is of the token's own tenant and visible to its principal.
        "/subscriptions" => {
            let seen = SUBSCRIPTIONS.iter().filter(|(id, _, of)| *of == caller.tenant && caller.sees(id));
            let all: Vec<Value> = seen.map(|(id, name, of)| subscription(id, name, of)).collect();
            // Its OpenAPI document demands `nextLink` and has no `count`; public transcripts of the service show it the other
            // way round. The list of tenants is without `nextLink` too. (K)
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
            let found = SUBSCRIPTIONS.iter().find(|(s, ..)| s.eq_ignore_ascii_case(id));
            let (name, tenant) = found.map_or(("", ""), |(_, name, tenant)| (name, tenant));
            Ok(Response::json(200, &subscription(&id.to_lowercase(), name, tenant)))
        }
        Some(tail) if tail.eq_ignore_ascii_case("locations") && call.id().segments.is_empty() => {
            let all: Vec<Value> = LOCATIONS.iter().map(|name| location(id, name)).collect();
            Ok(Response::json(200, &json!({ "value": all })))
        }
        _ => Err(ArmError::new(404, "NotFound", "No route to this path.")),
    }
}

fn subscription(id: &str, name: &str, tenant: &str) -> Value {
    json!({
        "id": format!("/subscriptions/{id}"),
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": id,
        "tenantId": tenant,
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
