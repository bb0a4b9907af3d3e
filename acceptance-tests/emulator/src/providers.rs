//! Provider registrations: which namespaces there are, and whether a subscription may use them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::location::{LOCATIONS, canonical as short};
use crate::service::{self, Call, Reply};

/// Namespaces that can be registered but have no service here.
const UNSERVED: &[&str] = &[
    "Microsoft.Cache",
    "Microsoft.Compute",
    "Microsoft.ContainerService",
    "Microsoft.DocumentDB",
    "Microsoft.KubernetesConfiguration",
    "Microsoft.Notebooks",
    "Microsoft.Resources",
    "Microsoft.Search",
];

/// Namespaces that need no registration.
const FREE: &[&str] = &["Microsoft.Authorization", "Microsoft.Resources"];

/// Where a registration that is not plainly registered stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// The state's word.
    pub state: String,
    /// How many reads still show this state before it moves on.
    #[serde(default)]
    pub polls_left: u32,
    /// How many reads a registration takes once it is asked for; as many as an operation unless said.
    #[serde(default)]
    pub reads: Option<u32>,
    /// How often reads still show that it is on its way after one has shown that it is there.
    #[serde(default)]
    pub flaps: u32,
}

/// Regions that lack a namespace. (K)
const LACKING: &[(&str, &[&str])] = &[("Microsoft.MachineLearningServices", &["South India"])];

/// Types of namespaces that have no service here: name and versions. (K)
const UNSERVED_TYPES: &[(&str, &str, &[&str])] = &[
    ("Microsoft.ContainerService", "managedClusters", &["2025-05-01", "2024-09-01"]),
    ("Microsoft.DocumentDB", "databaseAccounts", &["2025-04-15", "2024-11-15"]),
    ("Microsoft.KubernetesConfiguration", "extensions", &["2024-11-01", "2023-05-01"]),
    ("Microsoft.Notebooks", "NotebookProxies", &["2019-10-11-preview"]),
    ("Microsoft.Search", "searchServices", &["2025-05-01", "2023-11-01"]),
];

/// The regions that have a namespace, by their display names.
pub fn locations(namespace: &str) -> impl Iterator<Item = &'static str> {
    let lacking = LACKING.iter().find(|(name, _)| name.eq_ignore_ascii_case(namespace));
    let lacking = lacking.map_or(&[][..], |(_, regions)| regions);
    LOCATIONS.iter().copied().filter(move |location| !lacking.contains(location))
}

/// Whether a region, in either spelling, has a namespace.
pub fn offers(namespace: &str, location: &str) -> bool {
    locations(namespace).any(|known| short(known) == short(location))
}

/// The canonical spelling of a namespace of the box.
fn canonical(namespace: &str) -> Option<&'static str> {
    let served = service::all().iter().map(|s| s.namespace());
    served.chain(UNSERVED.iter().copied()).find(|n| n.eq_ignore_ascii_case(namespace))
}

/// Whether there is such a namespace.
pub fn is_known(namespace: &str) -> bool {
    canonical(namespace).is_some()
}

/// The error for a namespace that does not exist.
pub fn invalid_namespace(namespace: &str) -> ArmError {
    ArmError::new(
        404,
        "InvalidResourceNamespace",
        format!("The resource namespace '{namespace}' is invalid."),
    )
}

fn key(subscription: &str, namespace: &str) -> String {
    format!("{subscription}/{namespace}").to_lowercase()
}

/// The word for where a registration stands, without counting a read.
pub fn state(azure: &Azure, subscription: &str, namespace: &str) -> String {
    azure
        .registrations
        .get(&key(subscription, namespace))
        .map_or_else(|| "Registered".to_owned(), |r| r.state.clone())
}

/// Refuses when a subscription has not registered a namespace. Services call this for the subscriptions of resources
/// that a body refers to.
pub fn require_registered(azure: &Azure, subscription: &str, namespace: &str) -> Result<(), ArmError> {
    let name = canonical(namespace).unwrap_or(namespace);
    if FREE.contains(&name)
        || matches!(state(azure, subscription, name).as_str(), "Registered" | "Registering")
    {
        return Ok(());
    }
    let message = match state(azure, subscription, name).as_str() {
        // As reported for a subscription that had the namespace before; `Unregistering` in its place is (K).
        state @ ("Unregistered" | "Unregistering") => format!(
            "The subscription registration is in '{state}' state. The subscription must be registered to use namespace '{name}'. See https://aka.ms/rps-not-found for how to register subscriptions."
        ),
        _ => format!(
            "The subscription is not registered to use namespace '{name}'. See https://aka.ms/rps-not-found for how to register subscriptions."
        ),
    };
    let detail = json!({"code": "MissingSubscriptionRegistration", "target": name, "message": message});
    Err(ArmError::new(409, "MissingSubscriptionRegistration", message).detail(detail))
}

/// Answers the list of a subscription's providers.
pub fn list(azure: &mut Azure, call: &Call) -> Reply {
    if call.method != "GET" {
        return Err(ArmError::method_not_allowed(&call.method));
    }
    let subscription = call.id().subscription.clone();
    let served = service::all().iter().map(|s| s.namespace());
    let names: Vec<&'static str> = served.chain(UNSERVED.iter().copied()).collect();
    let all: Vec<Value> = names.into_iter().map(|n| describe(azure, &subscription, n)).collect();
    Ok(Response::json(200, &json!({ "value": all })))
}

/// Answers one provider: read, register, unregister.
pub fn one(azure: &mut Azure, call: &Call) -> Reply {
    let given = call.id().namespace.as_deref().unwrap_or_default();
    let name = canonical(given).ok_or_else(|| invalid_namespace(given))?;
    let subscription = call.id().subscription.clone();
    match (call.method.as_str(), call.path.tail.as_deref()) {
        ("GET", None) => advance(azure, &subscription, name),
        ("POST", Some(tail)) => {
            let (on, going) = match tail.eq_ignore_ascii_case("register") {
                true => ("Registered", "Registering"),
                false => ("Unregistered", "Unregistering"),
            };
            if on == "Unregistered" {
                check_unused(azure, &subscription, name)?;
            }
            let now = state(azure, &subscription, name);
            let settled = now == on || (now == "NotRegistered" && on == "Unregistered");
            if !settled && !FREE.contains(&name) {
                let before = azure.registrations.get(&key(&subscription, name));
                let (reads, flaps) = before.map_or((None, 0), |before| (before.reads, before.flaps));
                let polls_left = reads.unwrap_or(azure.settings.operation_polls);
                let state = going.to_owned();
                let registration = Registration { state, polls_left, reads, flaps };
                azure.registrations.insert(key(&subscription, name), registration);
                azure.store.touch();
            }
        }
        (method, _) => return Err(ArmError::method_not_allowed(method)),
    }
    Ok(Response::json(200, &describe(azure, &subscription, name)))
}

/// Keeps a registration while the subscription has resources of the provider. (K: code and words)
fn check_unused(azure: &Azure, subscription: &str, namespace: &str) -> Result<(), ArmError> {
    let uses = |id: &ResourceId| {
        id.subscription.eq_ignore_ascii_case(subscription)
            && id.namespace.as_deref().is_some_and(|used| used.eq_ignore_ascii_case(namespace))
    };
    match azure.store.iter().filter_map(|document| ResourceId::parse(&document.id)).find(uses) {
        None => Ok(()),
        Some(id) => Err(ArmError::conflict(format!(
            "The resource provider '{namespace}' cannot be unregistered while the subscription has resources of it, such as '{id}'."
        ))),
    }
}

/// Counts a read of a registration that is on its way.
fn advance(azure: &mut Azure, subscription: &str, namespace: &str) {
    let key = key(subscription, namespace);
    let Some(registration) = azure.registrations.get_mut(&key) else { return };
    if registration.polls_left > 0 {
        registration.polls_left -= 1;
    } else if registration.state == "Unregistering" {
        registration.state = "Unregistered".to_owned();
    } else if registration.state == "Registered" {
        // Another replica answers, which does not know yet.
        registration.state = "Registering".to_owned();
    } else if registration.state == "Registering" && registration.flaps > 0 {
        registration.flaps -= 1;
        registration.state = "Registered".to_owned();
    } else if registration.state == "Registering" {
        azure.registrations.remove(&key);
    }
    azure.store.touch();
}

/// Sets where a registration stands: `subscription_id`, `namespace`, and the members of [`Registration`].
pub fn set(azure: &mut Azure, order: &Value) -> Result<(), String> {
    let text = |name: &str| order[name].as_str().ok_or_else(|| format!("the member '{name}' is missing"));
    let (subscription, namespace) = (text("subscription_id")?, text("namespace")?);
    let name = canonical(namespace).ok_or_else(|| format!("there is no namespace '{namespace}'"))?;
    let registration: Registration = serde_json::from_value(order.clone()).map_err(|e| e.to_string())?;
    azure.registrations.insert(key(subscription, name), registration);
    azure.store.touch();
    Ok(())
}

fn describe(azure: &Azure, subscription: &str, namespace: &str) -> Value {
    let of_service =
        service::find(namespace).map(|s| s.types().iter().map(|t| describe_type(namespace, t)).collect());
    let types: Vec<Value> = of_service.unwrap_or_else(|| {
        let unserved = UNSERVED_TYPES.iter().filter(|(name, _, _)| *name == namespace);
        let types = unserved.map(|(_, name, api_versions)| service::ResourceType {
            name,
            api_versions,
            regional: true,
        });
        types.map(|t| describe_type(namespace, &t)).collect()
    });
    let policy = if FREE.contains(&namespace) { "RegistrationFree" } else { "RegistrationRequired" };
    json!({
        "id": format!("/subscriptions/{subscription}/providers/{namespace}"),
        "namespace": namespace,
        "resourceTypes": types,
        "registrationState": state(azure, subscription, namespace),
        "registrationPolicy": policy,
    })
}

fn describe_type(namespace: &str, kind: &service::ResourceType) -> Value {
    let regions: Vec<&str> = match kind.regional {
        true => locations(namespace).collect(),
        // Private DNS lives nowhere, and says so.
        false if kind.name.starts_with("privateDnsZones") => vec!["global"],
        false => Vec::new(),
    };
    let mut described = json!({
        "resourceType": kind.name,
        "locations": regions,
        "apiVersions": kind.api_versions,
    });
    // A type of previews alone has none.
    if let Some(version) = kind.api_versions.iter().find(|v| !v.contains("preview")) {
        described["defaultApiVersion"] = json!(version);
    }
    described["capabilities"] = json!(if kind.regional { "SupportsTags, SupportsLocation" } else { "None" });
    described
}
