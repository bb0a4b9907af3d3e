//! A registration that a request lacks, as Resource Manager and the services behind it say it in several ways.

use uuid::Uuid;

use super::ErrorDetail;
use crate::id::namespace_of;

/// The codes by which they say it: Resource Manager by the first, services that keep account of subscriptions themselves by the
/// second.
const CODES: [&str; 2] = ["MissingSubscriptionRegistration", "SubscriptionNotRegistered"];
/// The words by which an error of another code says it.
const WORDS: &str = "registered to use namespace '";
/// How the Network service names itself where a subscription is unknown to it.
const NETWORK: (&str, &str) = ("registered with NRP", "Microsoft.Network");

/// A registration that a request lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingRegistration {
    /// The namespace that is not registered.
    pub namespace: String,
    /// The subscription that lacks it, where that is known: the answer names it, or the client has looked. It need not be the one
    /// of the request, which may refer to others.
    pub subscription: Option<String>,
    /// Whether the client registers what is missing, and the request was refused nevertheless.
    pub in_vain: bool,
}

impl MissingRegistration {
    /// What an error of a request to this path says of one.
    pub(super) fn told(error: &ErrorDetail, path: &str) -> Option<Self> {
        let mut all = Vec::new();
        flatten(error, &mut all);
        let says = |one: &&&ErrorDetail| {
            CODES.iter().any(|code| one.code.eq_ignore_ascii_case(code)) || one.message.contains(WORDS)
        };
        let saying: Vec<&ErrorDetail> = all.iter().filter(says).copied().collect();
        if saying.is_empty() {
            return None;
        }
        let namespace = saying.iter().find_map(|one| namespace(one));
        let subscription = saying
            .iter()
            .find_map(|one| subscription(&one.message).or_else(|| subscription(one.target.as_deref()?)));
        Some(Self {
            namespace: namespace.unwrap_or_else(|| namespace_of(path)).to_owned(),
            subscription: subscription.map(str::to_owned),
            in_vain: false,
        })
    }
}

fn flatten<'a>(error: &'a ErrorDetail, all: &mut Vec<&'a ErrorDetail>) {
    all.push(error);
    error.details.iter().for_each(|detail| flatten(detail, all));
}

/// The namespace that an error names, as its target or in words.
fn namespace(error: &ErrorDetail) -> Option<&str> {
    let quoted = || error.message.split(WORDS).nth(1)?.split('\'').next();
    let of_network = || error.message.contains(NETWORK.0).then_some(NETWORK.1);
    let is_namespace = |text: &&str| text.contains('.') && !text.contains(['/', ' ']);
    error.target.as_deref().filter(is_namespace).or_else(quoted).or_else(of_network)
}

/// The ID after the word "subscription", or in a path.
fn subscription(text: &str) -> Option<&str> {
    let words =
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|word| !word.is_empty());
    let mut before = "";
    for word in words {
        let announced = ["subscription", "subscriptions"].iter().any(|one| one.eq_ignore_ascii_case(before));
        if announced && word.contains('-') && Uuid::try_parse(word).is_ok() {
            return Some(word);
        }
        before = word;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::ServiceError;
    use super::*;

    const MISSING: &str = CODES[0];
    const LINKED: &str = "00000000-0000-0000-0000-000000000002";

    fn told(error: &str) -> Option<(String, Option<String>)> {
        let path = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Path/things/t";
        let body = format!(r#"{{"error":{error}}}"#);
        let told = ServiceError::read("PUT", path, 409, body.as_bytes()).missing_registration?;
        Some((told.namespace, told.subscription))
    }

    fn namespace(error: &str) -> Option<String> {
        told(error).map(|(namespace, _)| namespace)
    }

    #[test]
    fn the_namespace_is_told_by_target_or_words() {
        let detail = format!(
            r#"{{"code":"{MISSING}","message":"No.","details":[{{"code":"{MISSING}","target":"Microsoft.A","message":"No."}}]}}"#
        );
        assert_eq!(namespace(&detail).as_deref(), Some("Microsoft.A"));
        for words in [
            "The subscription is not registered to use namespace 'Microsoft.B'. See x.",
            "The subscription registration is in 'Unregistered' state. The subscription must be registered to use namespace 'Microsoft.B'. See x.",
        ] {
            for code in [MISSING, "BadRequest"] {
                let error = format!(r#"{{"code":"{code}","message":"{words}"}}"#);
                assert_eq!(told(&error), Some(("Microsoft.B".to_owned(), None)));
            }
        }
        assert_eq!(
            namespace(&format!(r#"{{"code":"{MISSING}","message":"No."}}"#)).as_deref(),
            Some("Microsoft.Path")
        );
        assert_eq!(namespace(r#"{"code":"Other","message":"to use namespace 'Microsoft.B'"}"#), None);
    }

    #[test]
    fn the_subscription_is_told_where_the_answer_names_it() {
        for (code, words, namespace) in [
            ("SubscriptionNotRegistered", "Subscription {} is not registered with NRP.", "Microsoft.Network"),
            ("SubscriptionNotRegistered", "The subscription '{}' is not registered.", "Microsoft.Path"),
            (
                "BadRequest",
                "/subscriptions/{}/resourceGroups/g: the subscription is not registered to use namespace 'Microsoft.B'.",
                "Microsoft.B",
            ),
        ] {
            let words = words.replace("{}", LINKED);
            let error = format!(r#"{{"code":"{code}","message":"{words}"}}"#);
            assert_eq!(told(&error), Some((namespace.to_owned(), Some(LINKED.to_owned()))));
        }
    }
}
