//! Microsoft.OperationalInsights/workspaces: Log Analytics, with soft delete.

use serde_json::{Value, json};

use super::engine::default;
use super::{Dependent, Flow, names};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::operation::Style;
use crate::service::{Call, Reply, ResourceType};
use crate::shape::Shape;
use crate::store::Document;

const TYPE: &str = "Microsoft.OperationalInsights/workspaces";

const VERSIONS: &[&str] = &[
    "2025-07-01",
    "2025-02-01",
    "2023-09-01",
    "2022-10-01",
    "2021-12-01-preview",
    "2021-06-01",
    "2020-10-01",
    "2020-08-01",
    "2020-03-01-preview",
    "2015-11-01-preview",
];

/// Log Analytics workspaces.
pub static LOG_WORKSPACES: Dependent = Dependent {
    namespace: "Microsoft.OperationalInsights",
    types: &[
        ResourceType { name: "workspaces", api_versions: VERSIONS, regional: true },
        ResourceType { name: "deletedWorkspaces", api_versions: VERSIONS, regional: false },
    ],
    put: BODY,
    patch: BODY,
    create: Flow::Accepted { status: 201, style: Style::Generic, body: true },
    delete: Flow::Accepted { status: 202, style: Style::Generic, body: false },
    creating: "Creating",
    check,
    fill,
    action,
    beside,
    soft_delete: true,
};

const SWITCH: Shape = Shape::OneOf(&["Enabled", "Disabled", "SecuredByPerimeter"]);

const SKUS: &[&str] = &[
    "Free",
    "Standard",
    "Premium",
    "PerNode",
    "PerGB2018",
    "Standalone",
    "CapacityReservation",
    "LACluster",
];

const BODY: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("etag", Shape::Text),
    ("location", Shape::Text),
    ("tags", Shape::Map(&Shape::Text)),
    (
        "identity",
        Shape::Object(&[("type", Shape::Text), ("userAssignedIdentities", Shape::Map(&Shape::Any))]),
    ),
    (
        "properties",
        Shape::Object(&[
            ("customerId", Shape::Text),
            ("createdDate", Shape::Text),
            ("modifiedDate", Shape::Text),
            ("defaultDataCollectionRuleResourceId", Shape::Text),
            ("failover", Shape::Any),
            ("features", Shape::Map(&Shape::Any)),
            ("forceCmkForQuery", Shape::Bool),
            ("privateLinkScopedResources", Shape::Any),
            ("provisioningState", Shape::Text),
            ("publicNetworkAccessForIngestion", SWITCH),
            ("publicNetworkAccessForQuery", SWITCH),
            ("replication", Shape::Any),
            ("retentionInDays", Shape::Integer),
            (
                "sku",
                Shape::Object(&[
                    ("name", Shape::OneOf(SKUS)),
                    ("capacityReservationLevel", Shape::Integer),
                    ("lastSkuUpdate", Shape::Text),
                ]),
            ),
            (
                "workspaceCapping",
                Shape::Object(&[
                    ("dailyQuotaGb", Shape::Any),
                    ("quotaNextResetTime", Shape::Text),
                    ("dataIngestionStatus", Shape::Text),
                ]),
            ),
        ]),
    ),
]);

fn check(_: &Azure, call: &Call, _: Option<&Document>) -> Result<(), ArmError> {
    let name = call.id().name();
    let good = names::fits(name, 4, 63, |c| c.is_ascii_alphanumeric() || c == '-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    if !good {
        return Err(ArmError::new(
            400,
            "InvalidParameter",
            format!(
                "'workspaceName' has an invalid value '{name}': it has to match '^[A-Za-z0-9][A-Za-z0-9-]+[A-Za-z0-9]$' and have 4 to 63 characters."
            ),
        ));
    }
    let days = call.at("/properties/retentionInDays").as_i64();
    if days.is_some_and(|d| !(7..=730).contains(&d)) {
        return Err(ArmError::new(
            400,
            "InvalidParameter",
            "'RetentionInDays' property doesn't match the SKU limits.",
        ));
    }
    Ok(())
}

fn fill(azure: &mut Azure, call: &Call, document: &mut Document) {
    // Creating a workspace that is soft-deleted recovers it.
    if let Some(dead) = azure.store.purge(call.id()) {
        document.hidden = json!({"keys": dead.hidden["keys"]});
        document.body["properties"]["customerId"] = dead.body["properties"]["customerId"].clone();
    }
    if document.hidden.is_null() {
        let keys = json!({
            "primarySharedKey": azure.secret_key(64), "secondarySharedKey": azure.secret_key(64),
        });
        document.hidden = json!({ "keys": keys });
    }
    let now = azure.now();
    document.body["etag"] = json!(format!("\"{}\"", azure.guid()));
    let customer = azure.guid();
    for (pointer, value) in [
        ("customerId", json!(customer)),
        ("sku/name", json!("PerGB2018")),
        ("sku/lastSkuUpdate", json!(now)),
        ("retentionInDays", json!(30)),
        ("features/legacy", json!(0)),
        ("features/searchVersion", json!(1)),
        ("features/enableLogAccessUsingOnlyResourcePermissions", json!(true)),
        ("workspaceCapping/dailyQuotaGb", json!(-1.0)),
        ("workspaceCapping/quotaNextResetTime", json!(now)),
        ("workspaceCapping/dataIngestionStatus", json!("RespectQuota")),
        ("publicNetworkAccessForIngestion", json!("Enabled")),
        ("publicNetworkAccessForQuery", json!("Enabled")),
        ("createdDate", json!(now)),
    ] {
        default(&mut document.body, &format!("/properties/{pointer}"), value);
    }
    document.body["properties"]["modifiedDate"] = json!(now);
    document.body["properties"]["provisioningState"] = json!("Succeeded");
}

fn action(azure: &mut Azure, document: &mut Document, action: &str, _: &Value) -> Option<Reply> {
    match action {
        "sharedkeys" => {}
        "regeneratesharedkey" => {
            document.hidden["keys"] = json!({
                "primarySharedKey": azure.secret_key(64), "secondarySharedKey": azure.secret_key(64),
            });
            azure.store.put(document.clone());
        }
        _ => return None,
    }
    Some(Ok(Response::json(200, &document.hidden["keys"])))
}

fn beside(azure: &mut Azure, call: &Call) -> Option<Reply> {
    if call.method != "GET" || !call.path.ends_in("deletedWorkspaces") {
        return None;
    }
    let scope = call.id().clone();
    let mine = |d: &&Document| {
        ResourceId::parse(&d.id).is_some_and(|id| {
            let group = scope.group.is_none() || id.group_id() == scope.group_id();
            id.is(TYPE) && id.subscription.eq_ignore_ascii_case(&scope.subscription) && group
        })
    };
    let all: Vec<&Value> = azure.store.tombstones().filter(mine).map(|d| &d.body).collect();
    Some(Ok(Response::json(200, &json!({ "value": all }))))
}
