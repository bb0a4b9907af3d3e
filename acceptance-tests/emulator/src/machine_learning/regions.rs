//! What the service says of a region and of the outside world: usages, quotas, machine sizes, hosts and features. The
//! numbers are those of an empty subscription.

use serde_json::{Value, json};

use super::answer;
use crate::azure::Azure;
use crate::error::ArmError;
use crate::location;
use crate::service::{Call, Reply};

/// Families of machines, with the cores that a subscription may use.
const FAMILIES: &[(&str, u32)] = &[
    ("Standard D Family Cluster Dedicated vCPUs", 48),
    ("Standard DSv2 Family Cluster Dedicated vCPUs", 24),
    ("Standard NC Family Cluster Dedicated vCPUs", 12),
];

/// Machine sizes: name, family, cores, graphics processors, gigabytes of memory and megabytes of disk.
const SIZES: &[(&str, &str, u32, u32, f64, u32)] = &[
    ("Standard_DS3_v2", "standardDSv2Family", 4, 0, 14.0, 28672),
    ("Standard_D4s_v3", "standardDSv3Family", 4, 0, 16.0, 32768),
    ("Standard_NC6", "standardNCFamily", 6, 1, 56.0, 389120),
];

/// Hosts that a workspace talks to: category, and names with their ports.
const HOSTS: &[(&str, &[(&str, u16)])] = &[
    ("Azure Active Directory", &[("login.microsoftonline.com", 443)]),
    ("Azure portal", &[("management.azure.com", 443)]),
    ("Azure Machine Learning", &[("{location}.api.azureml.ms", 443), ("studio.{location}.azureml.ms", 443)]),
    ("Docker images", &[("mcr.microsoft.com", 443)]),
];

/// Answers what is asked of a region.
pub(super) fn answer(azure: &mut Azure, call: &Call, tail: &str) -> Reply {
    let place = call.id().name();
    if !location::is_known(place) {
        return Err(ArmError::new(
            400,
            "LocationNotAvailable",
            format!("The provided location '{place}' is not available."),
        ));
    }
    match (call.method.as_str(), tail) {
        ("GET", "usages") => Ok(answer::json(200, &usages(azure, call))),
        ("GET", "quotas") => Ok(answer::json(200, &quotas(call))),
        ("GET", "vmsizes") => Ok(answer::json(200, &sizes())),
        ("POST", "updatequotas") => update_quotas(call),
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}

fn name(text: &str) -> Value {
    json!({ "value": text, "localizedValue": text })
}

fn usages(azure: &Azure, call: &Call) -> Value {
    let base = format!("/subscriptions/{}/usages", call.id().subscription);
    let scope = crate::id::ResourceId {
        subscription: call.id().subscription.clone(),
        ..crate::id::ResourceId::default()
    };
    let place = location::canonical(call.id().name());
    let workspaces = azure.store.list(&scope, super::WORKSPACE);
    let here = workspaces.iter().filter(|d| d.text("/location") == place).count();
    let usage = |kind: &str, word: &str, now: usize, limit: u32| {
        json!({
            "id": base,
            "type": format!("Microsoft.MachineLearningServices/{kind}/usages"),
            "currentValue": now,
            "limit": limit,
            "name": name(word),
            "unit": "Count",
        })
    };
    let mut all = vec![
        usage("workspaces", "Workspaces", here, 100),
        usage("totalCores", "Clusters", 0, 100),
        usage("dedicatedCores", "Total Cluster Dedicated Regional vCPUs", 0, 24),
    ];
    for (family, limit) in FAMILIES {
        let mut one = usage("vmFamily", family, 0, *limit);
        one["id"] = json!(format!("{base}/{}", family.replace(' ', "_")));
        all.push(one);
    }
    json!({ "value": all })
}

fn quotas(call: &Call) -> Value {
    let base = format!("/subscriptions/{}/quotas", call.id().subscription);
    let quota = |(family, limit): &(&str, u32)| {
        json!({
            "id": format!("{base}/{}", family.replace(' ', "_")),
            "type": "Microsoft.MachineLearningServices/vmFamily/quotas",
            "limit": limit,
            "name": name(family),
            "unit": "Count",
        })
    };
    json!({ "value": FAMILIES.iter().map(quota).collect::<Vec<_>>() })
}

fn update_quotas(call: &Call) -> Reply {
    let Some(wanted) = call.at("/value").as_array() else {
        return Err(ArmError::bad_request("A list of quotas is required.").target("value"));
    };
    let set = |quota: &Value| {
        json!({
            "id": quota["id"],
            "type": quota["type"],
            "limit": quota["limit"],
            "unit": "Count",
            "status": "Success",
        })
    };
    Ok(answer::json(200, &json!({ "value": wanted.iter().map(set).collect::<Vec<_>>() })))
}

fn sizes() -> Value {
    let size = |(name, family, cores, gpus, memory, disk): &(&str, &str, u32, u32, f64, u32)| {
        json!({
            "name": name,
            "family": family,
            "vCPUs": cores,
            "gpus": gpus,
            "osVhdSizeMB": 1_047_552,
            "maxResourceVolumeMB": disk,
            "memoryGB": memory,
            "lowPriorityCapable": true,
            "premiumIO": true,
            "supportedComputeTypes": ["AmlCompute", "ComputeInstance"],
        })
    };
    json!({ "value": SIZES.iter().map(size).collect::<Vec<_>>() })
}

/// Answers the hosts that a workspace must be able to reach.
pub(super) fn outbound_endpoints(azure: &mut Azure, call: &Call) -> Reply {
    let document = super::found(azure, call)?;
    let place = document.text("/location");
    let endpoint = |(host, port): &(&str, u16)| {
        json!({
            "domainName": host.replace("{location}", place),
            "endpointDetails": [{ "port": port }],
        })
    };
    let category = |(category, hosts): &(&str, &[(&str, u16)])| {
        let endpoints: Vec<Value> = hosts.iter().map(endpoint).collect();
        json!({ "properties": { "category": category, "endpoints": endpoints } })
    };
    Ok(answer::json(200, &json!({ "value": HOSTS.iter().map(category).collect::<Vec<_>>() })))
}

/// The features of every workspace.
pub(super) fn features() -> Value {
    let feature = |id: &str, name: &str, description: &str| json!({ "id": id, "displayName": name, "description": description });
    json!({ "value": [
        feature("automatedml_createeditexperimentsui", "Create and edit experiments", "Automated ML experiments in the studio"),
        feature("workspace_managednetwork", "Managed network", "Networks that the service manages for a workspace"),
    ]})
}
