//! Diagnosing a workspace: the resources that it names, and whether they are still there.

use serde_json::{Map, Value, json};

use super::answer;
use crate::azure::Azure;
use crate::http::Response;
use crate::id::ResourceId;
use crate::operation::{Outcome, Start, Style};
use crate::service::{Call, Reply};
use crate::shape::Shape;

/// What can be asked for, where its results stand, and the member of the workspace that it looks at.
const SECTIONS: &[(&str, &str, &str)] = &[
    ("udr", "userDefinedRouteResults", ""),
    ("nsg", "networkSecurityRuleResults", ""),
    ("resourceLock", "resourceLockResults", ""),
    ("dnsResolution", "dnsResolutionResults", ""),
    ("storageAccount", "storageAccountResults", "storageAccount"),
    ("keyVault", "keyVaultResults", "keyVault"),
    ("containerRegistry", "containerRegistryResults", "containerRegistry"),
    ("applicationInsights", "applicationInsightsResults", "applicationInsights"),
    ("requiredResourceProviders", "requiredResourceProvidersResults", ""),
    ("others", "otherResults", ""),
];

const ANY: Shape = Shape::Map(&Shape::Any);

const BODY: Shape = Shape::Object(&[(
    "value",
    Shape::Object(&[
        ("udr", ANY),
        ("nsg", ANY),
        ("resourceLock", ANY),
        ("dnsResolution", ANY),
        ("storageAccount", ANY),
        ("keyVault", ANY),
        ("containerRegistry", ANY),
        ("applicationInsights", ANY),
        ("requiredResourceProviders", ANY),
        ("others", ANY),
    ]),
)]);

/// Answers `diagnose`: only a Location, and behind it the results of the sections asked for, of all without a question.
/// Both recorded.
pub(super) fn run(azure: &mut Azure, call: &Call) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    let document = super::found(azure, call)?;
    let asked = call.at("/value").as_object().filter(|asked| !asked.is_empty());
    let mut results = Map::new();
    for (question, section, member) in SECTIONS {
        let wanted = asked.is_none_or(|asked| asked.keys().any(|k| k.eq_ignore_ascii_case(question)));
        // Recent versions ask for providers as well; their results were not seen, so that none are given.
        if wanted && *question != "requiredResourceProviders" {
            let found = problems(azure, document.text(&format!("/properties/{member}")), question);
            results.insert((*section).to_owned(), Value::Array(found));
        }
    }
    let id = ResourceId::parse(&document.id).unwrap_or_else(|| call.id().clone());
    let place = document.text("/location").to_owned();
    let start = Start::new(Style::MachineLearningLocation, &id, &place)
        .outcome(Outcome::Value(json!({ "value": results })));
    Ok(azure.begin(call, start, answer::standard(Response::empty(202))))
}

/// A resource that is gone is an error. (K)
fn problems(azure: &Azure, id: &str, question: &str) -> Vec<Value> {
    if id.is_empty() || azure.store.find(id).is_some() {
        return Vec::new();
    }
    vec![json!({
        "code": "ResourceNotFound",
        "level": "Error",
        "message": format!("The {question} '{id}' of the workspace was not found."),
    })]
}
