//! Microsoft.Insights/components: Application Insights.

use serde_json::json;

use super::engine::default;
use super::{Dependent, Flow};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::id::ResourceId;
use crate::providers;
use crate::service::{Call, Reply, ResourceType};
use crate::shape::Shape;
use crate::store::Document;

/// Application Insights components.
pub static COMPONENTS: Dependent = Dependent {
    namespace: "Microsoft.Insights",
    types: &[ResourceType {
        name: "components",
        api_versions: &["2020-02-02", "2020-02-02-preview", "2018-05-01-preview", "2015-05-01"],
        regional: true,
    }],
    put: BODY,
    patch: TAGS,
    create: Flow::Sync(200, 200),
    delete: Flow::Sync(200, 200),
    creating: "Creating",
    check,
    fill,
    action: |_, _, _, _| None,
    beside: |_: &mut Azure, _: &Call| -> Option<Reply> { None },
    soft_delete: false,
};

const SWITCH: Shape = Shape::OneOf(&["Enabled", "Disabled"]);

const TAGS: Shape = Shape::Object(&[("tags", Shape::Map(&Shape::Text))]);

const BODY: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("etag", Shape::Text),
    ("location", Shape::Text),
    ("kind", Shape::Text),
    ("tags", Shape::Map(&Shape::Text)),
    (
        "properties",
        Shape::Object(&[
            ("AppId", Shape::Text),
            ("ApplicationId", Shape::Text),
            ("Application_Type", Shape::OneOf(&["web", "other"])),
            ("ConnectionString", Shape::Text),
            ("CreationDate", Shape::Text),
            ("DisableIpMasking", Shape::Bool),
            ("DisableLocalAuth", Shape::Bool),
            ("Flow_Type", Shape::Text),
            ("ForceCustomerStorageForProfiler", Shape::Bool),
            ("HockeyAppId", Shape::Text),
            ("HockeyAppToken", Shape::Text),
            ("ImmediatePurgeDataOn30Days", Shape::Bool),
            (
                "IngestionMode",
                Shape::OneOf(&[
                    "ApplicationInsights",
                    "ApplicationInsightsWithDiagnosticSettings",
                    "LogAnalytics",
                ]),
            ),
            ("InstrumentationKey", Shape::Text),
            ("Name", Shape::Text),
            ("PrivateLinkScopedResources", Shape::Any),
            ("publicNetworkAccessForIngestion", SWITCH),
            ("publicNetworkAccessForQuery", SWITCH),
            ("provisioningState", Shape::Text),
            ("Request_Source", Shape::Text),
            ("RetentionInDays", Shape::Integer),
            ("SamplingPercentage", Shape::Any),
            ("TenantId", Shape::Text),
            ("Ver", Shape::Text),
            ("WorkspaceResourceId", Shape::Text),
        ]),
    ),
]);

fn check(azure: &Azure, call: &Call, existing: Option<&Document>) -> Result<(), ArmError> {
    if existing.is_none() && call.at("/kind").is_null() {
        return Err(ArmError::bad_request("The value of parameter kind is missing or invalid."));
    }
    let Some(logs) = call.at("/properties/WorkspaceResourceId").as_str().filter(|w| !w.is_empty()) else {
        return Ok(());
    };
    let id = ResourceId::parse(logs).filter(|id| id.is("Microsoft.OperationalInsights/workspaces"));
    let id =
        id.ok_or_else(|| ArmError::bad_request(format!("The workspace resource ID '{logs}' is invalid.")))?;
    providers::require_registered(azure, &id.subscription, "Microsoft.OperationalInsights")?;
    match azure.store.get(&id) {
        Some(_) => Ok(()),
        None => Err(ArmError::resource_not_found(&id)),
    }
}

fn fill(azure: &mut Azure, call: &Call, document: &mut Document) {
    // This service answers its namespace in lower case.
    document.body["id"] = json!(document.id.replacen("Microsoft.Insights", "microsoft.insights", 1));
    document.body["type"] = json!("microsoft.insights/components");
    document.body["etag"] = json!(format!("\"{}\"", azure.guid()));
    let place = document.text("/location").to_owned();
    let (key, app) = (azure.guid(), azure.guid());
    let name = call.id().name();
    let attached = !document.at("/properties/WorkspaceResourceId").is_null();
    let connection = format!(
        "InstrumentationKey={key};IngestionEndpoint=https://{place}-0.in.applicationinsights.azure.com/;LiveEndpoint=https://{place}.livediagnostics.monitor.azure.com/;ApplicationId={app}"
    );
    for (pointer, value) in [
        ("Ver", json!("v2")),
        ("ApplicationId", json!(name)),
        ("AppId", json!(app)),
        ("Application_Type", json!("web")),
        ("Flow_Type", json!("Bluefield")),
        ("Request_Source", json!("rest")),
        ("InstrumentationKey", json!(key)),
        ("ConnectionString", json!(connection)),
        ("Name", json!(name)),
        ("CreationDate", json!(azure.now())),
        ("TenantId", json!(call.id().subscription)),
        ("provisioningState", json!("Succeeded")),
        ("RetentionInDays", json!(90)),
        ("IngestionMode", json!(if attached { "LogAnalytics" } else { "ApplicationInsights" })),
        ("publicNetworkAccessForIngestion", json!("Enabled")),
        ("publicNetworkAccessForQuery", json!("Enabled")),
    ] {
        default(&mut document.body, &format!("/properties/{pointer}"), value);
    }
}
