//! Operations on the wire: their URLs, header fields and status bodies.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;

use super::{Operation, Start, State, Style};
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::network::{self, NetworkSettings};
use crate::private_dns;
use crate::service::Call;

impl Style {
    pub(super) fn has_status(self) -> bool {
        !matches!(self, Self::Location | Self::MachineLearningLocation)
    }

    fn is_machine_learning(self) -> bool {
        matches!(self, Self::MachineLearning | Self::MachineLearningNetwork | Self::MachineLearningLocation)
    }
}

pub(super) fn path_of(target: &str) -> &str {
    target.split_once('?').map_or(target, |(path, _)| path)
}

pub(super) fn tampered() -> ArmError {
    ArmError::new(
        403,
        "AuthorizationFailed",
        "The signature of the operation URL does not match: the URL must be requested exactly as it was received.",
    )
}

pub(super) fn forgotten(token: &str) -> ArmError {
    ArmError::new(404, "NotFound", format!("The operation '{token}' could not be found."))
}

/// Status and result targets of a new operation, and its token.
pub(super) fn targets(start: &Start, call: &Call, network: &NetworkSettings) -> (String, String, String) {
    let subscription = &start.resource.subscription;
    let namespace = start.resource.namespace.as_deref().unwrap_or("Microsoft.Resources");
    let location = crate::location::canonical(&start.location);
    let version = &call.api_version;
    let guid = uuid::Uuid::new_v4().to_string();
    let base = format!("/subscriptions/{subscription}/providers/{namespace}/locations/{location}");
    match start.style {
        Style::MachineLearning | Style::MachineLearningNetwork => {
            let token = random_text(32);
            let path = format!(
                "/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/locations/{location}/workspaceOperationsStatus/{token}?api-version={version}"
            );
            let signature = signature();
            (format!("{path}&type=async{signature}"), format!("{path}&type=location{signature}"), token)
        }
        Style::MachineLearningLocation => {
            let target =
                format!("{base}/workspaceOperationsStatus/{guid}?api-version={version}&type=location");
            (target.clone(), target, guid)
        }
        Style::Network | Style::NetworkDelete => (
            format!("{base}/operations/{guid}?api-version={version}"),
            format!("{base}/operationResults/{guid}?api-version={version}"),
            guid,
        ),
        Style::PrivateDns => private_dns_targets(start, version, guid, !network.unsigned_dns_operations),
        Style::Generic | Style::State => (
            format!("{base}/operationStatuses/{guid}?api-version={version}"),
            format!("{base}/operationResults/{guid}?api-version={version}"),
            guid,
        ),
        Style::Location => {
            let target = match start.resource.namespace {
                Some(_) => format!("{base}/asyncoperations/{guid}?monitor=true&api-version={version}"),
                None => {
                    format!("/subscriptions/{subscription}/operationresults/{guid}?api-version={version}")
                }
            };
            (target.clone(), target, guid)
        }
    }
}

/// Private DNS names its operations in base64 and signs both URLs; until 2021 it did not, and named them by one GUID instead of
/// two, so that the name ended in `=`. Both were recorded at one api-version.
fn private_dns_targets(start: &Start, version: &str, guid: String, signs: bool) -> (String, String, String) {
    let kind = match start.resource.segments.len() {
        1 => "PrivateDnsZone",
        _ => "VirtualNetworkLink",
    };
    let verb = if matches!(start.outcome, super::Outcome::Empty) { "Delete" } else { "Upsert" };
    let guid = if signs { format!("{guid}_{}", uuid::Uuid::new_v4()) } else { guid };
    let token = STANDARD.encode(format!("FrontEndAsyncOperation;{verb}{kind};{guid}"));
    let base = format!("{}/providers/Microsoft.Network", start.resource.group_id());
    let target = |word: &str| {
        let signature = if signs { signature() } else { String::new() };
        format!("{base}/{word}/{token}?api-version={version}{signature}")
    };
    (target("privateDnsOperationStatuses"), target("privateDnsOperationResults"), token)
}

/// Whether a URL is signed, so that each answer about it may sign it anew.
pub(super) fn is_signed(target: &str) -> bool {
    target.contains("&t=")
}

/// The same URL with a signature of its own.
pub(super) fn signed_anew(target: &str) -> String {
    let unsigned = target.split_once("&t=").map_or(target, |(unsigned, _)| unsigned);
    format!("{unsigned}{}", signature())
}

/// The signed part of an operation URL: time, certificate, signature and hash, about four kilobytes.
fn signature() -> String {
    let ticks = 638_000_000_000_000_000_u64 + u64::from(uuid::Uuid::new_v4().as_fields().0);
    format!("&t={ticks}&c={}&s={}&h={}", random_text(2700), random_text(256), random_text(32))
}

/// Base64url text of this many random bytes.
fn random_text(bytes: usize) -> String {
    let mut raw = Vec::with_capacity(bytes + 16);
    while raw.len() < bytes {
        raw.extend_from_slice(uuid::Uuid::new_v4().as_bytes());
    }
    raw.truncate(bytes);
    URL_SAFE_NO_PAD.encode(raw)
}

pub(super) fn headers(operation: &Operation, base: &str, response: Response) -> Response {
    let status = format!("{base}{}", operation.status_target);
    let result = format!("{base}{}", operation.result_target);
    let response = match operation.style.is_machine_learning() {
        true => response.header("x-ms-operation-identifier", identifier(operation)),
        false => response,
    };
    match operation.style {
        Style::State => response,
        Style::MachineLearning => response.header("Location", result).header("Azure-AsyncOperation", status),
        Style::MachineLearningNetwork => {
            response.header("Location", result).header("azure-asyncoperation", status)
        }
        Style::MachineLearningLocation => response.header("Location", result),
        Style::Network => notified(operation, response).header("azure-asyncoperation", status),
        Style::NetworkDelete => {
            notified(operation, response).header("azure-asyncoperation", status).header("location", result)
        }
        Style::PrivateDns => response.header("azure-asyncoperation", status).header("location", result),
        Style::Generic => response.header("Azure-AsyncOperation", status).header("Retry-After", "1"),
        Style::Location => response.header("Location", result).header("Retry-After", "1"),
    }
}

/// Network tells of notifications for a resource, and not for what is below one: subnets, zone groups.
fn notified(operation: &Operation, response: Response) -> Response {
    let below = ResourceId::parse(&operation.resource).is_some_and(|id| id.segments.len() > 1);
    if below { response } else { response.header("azure-asyncnotification", "Enabled") }
}

/// Who asked for an operation and where it is carried out, as Resource Manager notes it.
fn identifier(operation: &Operation) -> String {
    let mut words = operation.status_target.split('/').skip_while(|word| *word != "locations");
    let location = words.nth(1).unwrap_or_default();
    let (tenant, object) = (crate::azure::TENANT_ID, crate::azure::CLIENT_ID);
    format!("tenantId={tenant},objectId={object}/{location}/{}", uuid::Uuid::new_v4())
}

/// Adds what every answer about an operation of this style has.
pub(super) fn answered(style: Style, response: Response) -> Response {
    match style {
        Style::PrivateDns => {
            // A slash stands in JSON only inside of texts.
            let body = String::from_utf8_lossy(&response.body).replace('/', "\\/");
            private_dns::marked(response.body(body))
        }
        Style::Network | Style::NetworkDelete => network::marked(response),
        style if style.is_machine_learning() => response.header("x-ms-response-type", "standard"),
        _ => response,
    }
}

/// JSON as Network writes it: indented, with both characters at the ends of lines.
fn indented(body: &serde_json::Value) -> String {
    serde_json::to_string_pretty(body).unwrap_or_default().replace('\n', "\r\n")
}

pub(super) fn status_answer(operation: &Operation, base: &str, now: &str) -> Response {
    let (word, error) = match &operation.state {
        State::Running => ("InProgress", None),
        State::Succeeded => ("Succeeded", None),
        State::Failed(error) => ("Failed", Some(error)),
    };
    let mut body = json!({ "status": word });
    if operation.style == Style::Generic {
        body["id"] = json!(path_of(&operation.status_target));
        body["name"] = json!(operation.token);
        body["startTime"] = json!(operation.started);
        if operation.state != State::Running {
            body["endTime"] = json!(now);
        }
    }
    let measured = matches!(operation.style, Style::MachineLearning | Style::MachineLearningNetwork);
    if measured && operation.state == State::Succeeded {
        body["percentComplete"] = json!(100.0);
    }
    if let Some(error) = error {
        body["error"] = error.clone();
    }
    let mut response = Response::json(200, &body);
    if operation.style == Style::MachineLearning {
        response = response.header("x-ms-response-type", "standard");
    }
    match (operation.style, &operation.state) {
        (Style::Network | Style::NetworkDelete, _) => response.body(indented(&body)),
        (Style::PrivateDns, State::Running) if is_signed(&operation.status_target) => {
            let target = operation.reissued.last().unwrap_or(&operation.status_target);
            response.header("azure-asyncoperation", format!("{base}{target}"))
        }
        (Style::Generic, State::Running) => response
            .header("Azure-AsyncOperation", format!("{base}{}", operation.status_target))
            .header("Retry-After", "1"),
        _ => response,
    }
}
