//! The one place that turns an error of Azure into what a user reads: what happened, what to do, and where in the
//! configuration, with the code and the IDs that Microsoft's support asks for.

use arm::{Error, ServiceError};
use tfplugin::Diagnostic;

use crate::registration::remedy;

mod remedies;
mod sign_in;
mod way;

pub(crate) use sign_in::{NOT_FOUND, UNUSABLE};

/// Says that something could not be done, why, and what to do about it.
pub(crate) fn failure(summary: &str, error: &Error) -> Diagnostic {
    let (summary, advice) = (sign_in::summary(error).unwrap_or(summary), advice(error));
    let diagnostic = Diagnostic::error(summary, composed(error, advice.remedy.as_deref()));
    match advice.attribute {
        Some(attribute) => diagnostic.at(attribute),
        None => diagnostic,
    }
}

/// The same with this to do about it.
pub(crate) fn advised(summary: &str, error: &Error, advice: &str) -> Diagnostic {
    Diagnostic::error(summary, composed(error, Some(advice)))
}

/// What happened and where to find it again, without advice: for messages that have their own.
pub(crate) fn account(error: &Error) -> String {
    composed(error, None)
}

/// What happened, what to do about it, and where to find it again: a paragraph each.
fn composed(error: &Error, advice: Option<&str>) -> String {
    let paragraphs = [Some(happened(error)), advice.map(str::to_owned), reference(error)];
    paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// What to do, and which attribute it is about.
#[derive(Default)]
struct Advice {
    remedy: Option<String>,
    attribute: Option<&'static str>,
}

impl Advice {
    fn to(remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), attribute: None }
    }

    fn at(self, attribute: &'static str) -> Self {
        Self { attribute: Some(attribute), ..self }
    }
}

/// What happened, as a sentence.
fn happened(error: &Error) -> String {
    match error {
        Error::Service(error) => words(error),
        Error::DeadlinePassed { request, retry_after, progress, last, .. } => {
            let mut text = format!("The timeout passed while waiting for {request}.");
            if let Some(wait) = retry_after {
                text.push_str(&format!(
                    " Azure asked to wait {} s more, which is beyond it.",
                    wait.as_secs()
                ));
            }
            if let Some(status) = progress.as_ref().and_then(|progress| progress.status.as_ref()) {
                text.push_str(&format!(" The last status was {status:?}."));
            }
            if let Some(last) = last {
                text.push_str(&format!(" Before that: {}", sentence(&last.to_string())));
            }
            text
        }
        Error::Cancelled { request, .. } => {
            format!("{request} was interrupted before its outcome was known.")
        }
        other => sentence(&other.to_string()),
    }
}

/// The service's own words, with those of the errors under its error.
pub(crate) fn words(error: &ServiceError) -> String {
    let mut text = sentence(if error.message.is_empty() { &error.code } else { &error.message });
    // Resource Manager says some errors twice: as the error, and as its only detail.
    let again = |detail: &&arm::ErrorDetail| {
        detail.details.is_empty() && !detail.message.is_empty() && detail.message == error.message
    };
    for detail in error.details.iter().filter(|detail| !again(detail)) {
        let detail = sentence(&detail.to_string());
        if !detail.is_empty() && !text.contains(detail.trim_end_matches('.')) {
            text.push_str("\n- ");
            text.push_str(&detail);
        }
    }
    text
}

/// The code and IDs by which a request can be found again.
fn reference(error: &Error) -> Option<String> {
    let Some(error) = error.service() else { return last_look(error) };
    let outcome =
        if error.operation { "accepted, then failed".to_owned() } else { format!("HTTP {}", error.status) };
    let mut text = format!("Azure: {} ({outcome}) to {} {}", error.code, error.method, error.path);
    text.push_str(&ids(error.request_id.as_ref(), error.correlation_id.as_ref()));
    Some(text)
}

/// The same where Azure's last word was no error.
fn last_look(error: &Error) -> Option<String> {
    let Error::DeadlinePassed { progress, last, .. } = error else { return None };
    let Some(progress) = progress else { return last.as_deref().and_then(last_look) };
    let text = ids(progress.request_id.as_ref(), progress.correlation_id.as_ref());
    (!text.is_empty()).then(|| format!("Azure's last answer: {}", text.trim_start_matches(", ")))
}

/// The IDs of a request, each after a comma.
fn ids(request_id: Option<&String>, correlation_id: Option<&String>) -> String {
    let request = request_id.map(|id| format!(", request ID {id}"));
    let related = correlation_id.filter(|id| request_id != Some(id));
    let related = related.map(|id| format!(", correlation ID {id}"));
    [request, related].into_iter().flatten().collect()
}

fn advice(error: &Error) -> Advice {
    if let Some(remedy) = remedy::of_wait(error) {
        return Advice::to(remedy);
    }
    match error {
        Error::Service(service) => service_advice(service),
        Error::Credential(error) => sign_in::advice(error),
        // A read changes nothing wherever it was lost.
        Error::Network(error) if error.method == "GET" => Advice::to(way::remedy_of_read(error.kind)),
        Error::Network(error) => Advice::to(way::remedy(error.kind)),
        // What was asked again until the end is what has to be mended.
        Error::DeadlinePassed { last: Some(last), .. }
            if last.service().is_some_and(|error| remedies::find(error).is_some()) =>
        {
            advice(last)
        }
        Error::DeadlinePassed { under_way: true, .. } => Advice::to(
            "If Azure is merely slow, give it more time in the timeouts block, and apply again: what has been done so far is kept.",
        ),
        Error::DeadlinePassed { .. } => {
            Advice::to("If Azure is merely slow, give it more time in the timeouts block, and apply again.")
        }
        Error::OperationLost { .. } => Advice::to(
            "Look at the resource in Azure, then run plan again: it reads what became of the operation.",
        ),
        _ => Advice::default(),
    }
}

fn service_advice(error: &ServiceError) -> Advice {
    if let Some(refused) = error.version_not_served() {
        return Advice::to(remedies::another_version(error, &way::another_version(&refused)));
    }
    if let Some(remedy) = remedies::find(error) {
        let advice = Advice::to(remedy.text(error));
        return match remedy.attribute {
            Some(attribute) => advice.at(attribute),
            None => advice,
        };
    }
    Advice::default()
}

/// A text as a sentence of its own.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    let mut sentence: String = first.to_uppercase().chain(chars).collect();
    if !sentence.ends_with(['.', '!', '?', ')'])
        && !sentence.rsplit(' ').next().is_some_and(|word| word.contains("://"))
    {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use arm::credential::CredentialError;

    use super::*;
    use serde_json::json;

    fn service(status: u16, body: serde_json::Value) -> Error {
        let detail = |value: &serde_json::Value| arm::ErrorDetail {
            code: value["code"].as_str().unwrap_or_default().to_owned(),
            message: value["message"].as_str().unwrap_or_default().to_owned(),
            target: value["target"].as_str().map(str::to_owned),
            ..arm::ErrorDetail::default()
        };
        let top = detail(&body);
        Error::Service(Box::new(ServiceError {
            method: "PUT".to_owned(),
            path: "/subscriptions/s".to_owned(),
            status,
            code: top.code,
            message: top.message,
            target: top.target,
            missing_registration: None,
            details: body["details"].as_array().into_iter().flatten().map(detail).collect(),
            additional_info: Vec::new(),
            inner_error: None,
            request_id: Some("r-1".to_owned()),
            correlation_id: Some("c-1".to_owned()),
            retry_after: None,
            operation: false,
        }))
    }

    #[test]
    fn a_group_that_is_missing() {
        let error = service(
            404,
            json!({"code": "ResourceGroupNotFound", "message": "Resource group 'rg' could not be found."}),
        );
        let diagnostic = failure("Workspace Not Created", &error);
        assert_eq!(diagnostic.summary, "Workspace Not Created");
        assert_eq!(
            diagnostic.detail,
            "Resource group 'rg' could not be found.\n\nCreate the resource group first, or correct its name or the subscription. Where it is in this configuration, refer to its name, so that it comes first by itself.\n\nIn a configuration:\n\n    resource \"azureml_resource_group\" \"example\" {\n      name     = \"<group>\"\n      location = \"westeurope\"\n    }\n\n    resource_group_name = azureml_resource_group.example.name # not its name as text\n\nAs a command: az group create --name <group> --location westeurope --subscription s\n\nAzure: ResourceGroupNotFound (HTTP 404) to PUT /subscriptions/s, request ID r-1, correlation ID c-1"
        );
        assert_eq!(diagnostic.path, Some("resource_group_name".into()));
    }

    #[test]
    fn a_timeout_says_what_was_waited_for() {
        let error = Error::DeadlinePassed {
            request: "PUT /subscriptions/s".to_owned(),
            under_way: true,
            retry_after: None,
            progress: Some(Box::new(arm::Progress {
                status: Some("InProgress".to_owned()),
                request_id: Some("r-1".to_owned()),
                correlation_id: Some("c-1".to_owned()),
            })),
            last: None,
        };
        assert_eq!(
            failure("x", &error).detail,
            "The timeout passed while waiting for PUT /subscriptions/s. The last status was \"InProgress\".\n\nIf Azure is merely slow, give it more time in the timeouts block, and apply again: what has been done so far is kept.\n\nAzure's last answer: request ID r-1, correlation ID c-1"
        );
    }

    #[test]
    fn a_secret_that_entra_refuses() {
        let error = Error::Credential(CredentialError::Refused {
            credential: "client secret",
            code: Some("AADSTS7000215".to_owned()),
            message: "AADSTS7000215: Invalid client secret provided.".to_owned(),
        });
        assert_eq!(
            failure("x", &error).detail,
            "Entra ID refused the client secret: AADSTS7000215: Invalid client secret provided.\n\nUse the value of the client secret, which the portal shows once when the secret is made, and not its ID; and see that it is a secret of this application."
        );
    }

    #[test]
    fn sentences() {
        assert_eq!(sentence(" it broke"), "It broke.");
        assert_eq!(sentence("See https://aka.ms/x"), "See https://aka.ms/x");
        assert_eq!(sentence(""), "");
    }
}
