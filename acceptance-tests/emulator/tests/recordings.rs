//! Recorded exchanges of Azure, distilled into `expectations/`, against the emulator on the wire.
//!
//! A file names its origin, what is there before (`given`), and steps of a request and its answer. In bodies, `$guid`, `$weak` (an etag of Network),
//! `$hex`, `$time`, `$text` and `$number` stand for any value of that form; with `=name` behind it the value is kept, and
//! `{name}` stands for it elsewhere. `body` is the whole answer, `some` a part of it (whole below `$all`). In header
//! fields `*` stands for any text, and names count with their casing; `text` is the body as it stood on the wire, written in the same
//! way, and `operation` what the ID in the URL of the operation's status says. `settings` are the emulator's. The targets `$status` and `$result` are those of
//! the operation that began last.

#![allow(clippy::unwrap_used, reason = "helpers of tests stop at what they did not expect")]

mod wire;

use std::collections::BTreeMap;

use azureml_emulator::emulator::{Emulator, Options};
use azureml_emulator::id::ResourceId;
use azureml_emulator::store::Document;
use base64::Engine;
use serde_json::{Value, json};
use wire::{Answer, Client};

type Kept = BTreeMap<String, Value>;

macro_rules! recordings {
    ($($name:ident),* $(,)?) => {$(
        #[tokio::test]
        async fn $name() {
            replay(include_str!(concat!("expectations/", stringify!($name), ".json"))).await;
        }
    )*};
}

recordings!(
    workspace_create_update,
    workspace_delete,
    list_keys,
    diagnose,
    user_assigned_identities,
    managed_network,
    private_endpoint,
    private_dns_zone_group,
    private_dns_zone_create,
);

async fn replay(text: &str) {
    let file: Value = serde_json::from_str(text).unwrap();
    assert!(file["origin"].as_str().is_some_and(|o| o.contains('@')), "an expectation names its origin");
    let emulator = Emulator::start(&Options { strict: true, ..Options::default() }).await.unwrap();
    prepare(&emulator, &file);
    let mut client = Client::connect(&emulator).await;
    let (mut status, mut result) = (String::new(), String::new());
    let mut kept = Kept::new();
    for (at, step) in file["steps"].as_array().unwrap().iter().enumerate() {
        let request = &step["request"];
        let target = match request["target"].as_str().unwrap() {
            "$status" => status.clone(),
            "$result" => result.clone(),
            target => target.to_owned(),
        };
        let method = request["method"].as_str().unwrap();
        let headers: Vec<(&str, &str)> = request["headers"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let body = request.get("body").filter(|b| !b.is_null());
        let answer = client.ask(method, &target, &headers, body).await;
        let faults = compare(&step["answer"], &answer, &mut kept);
        assert!(faults.is_empty(), "step {at}, {method} {target}:\n{}\n{answer:#?}", faults.join("\n"));
        let issued = |name: &str| answer.header(name).map(|url| wire::target(url).to_owned());
        status = issued("Azure-AsyncOperation").unwrap_or(status);
        result = issued("Location").unwrap_or(result);
    }
}

fn prepare(emulator: &Emulator, file: &Value) {
    let mut azure = emulator.core().azure();
    let mut settings = json!(azure.settings);
    azureml_emulator::store::merge(
        &mut settings,
        &json!(file["settings"].as_object().cloned().unwrap_or_default()),
    );
    azure.settings = serde_json::from_value(settings).unwrap();
    azure.settings.operation_polls = u32::try_from(file["operation_polls"].as_u64().unwrap_or(0)).unwrap();
    for given in file["given"].as_array().unwrap() {
        let id = ResourceId::parse(given["id"].as_str().unwrap()).unwrap();
        let mut body = given["body"].clone();
        body["id"] = json!(id.to_string());
        body["name"] = json!(id.name());
        azure.store.put(Document { id: id.to_string(), body, hidden: given["hidden"].clone() });
    }
}

/// What is wrong with an answer, nothing when it is as expected.
fn compare(expected: &Value, answer: &Answer, kept: &mut Kept) -> Vec<String> {
    let mut faults = Vec::new();
    if expected["status"] != answer.status {
        faults.push(format!("status {} instead of {}", answer.status, expected["status"]));
    }
    for (name, pattern) in expected["headers"].as_object().unwrap() {
        let pattern = pattern.as_str().unwrap();
        match answer.headers.iter().find(|(n, _)| n == name) {
            Some((_, value)) if fits(pattern, value) => {}
            Some((_, value)) => faults.push(format!("{name}: {value:.200} instead of {pattern}")),
            None => faults.push(format!("no header field spelled {name}")),
        }
    }
    for name in expected["absent"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap();
        if let Some(value) = answer.header(name) {
            faults.push(format!("{name}: {value}, where there was none"));
        }
    }
    if let Some(pattern) = expected["text"].as_str().filter(|pattern| !fits(pattern, &answer.text)) {
        faults.push(format!("the text {:?} instead of {pattern:?}", answer.text));
    }
    if let Some(pattern) = expected["operation"].as_str() {
        let told = operation(answer);
        if !is_made_of_guids(pattern, &told) {
            faults.push(format!("the operation {told:?} instead of {pattern:?}"));
        }
    }
    let (wanted, whole) = match expected.get("some") {
        Some(some) => (some, false),
        None => (&expected["body"], true),
    };
    // Values are kept first, for they may be named before the member that holds them.
    keep(wanted, &answer.body, kept);
    check(wanted, &answer.body, whole, kept, "body", &mut faults);
    faults
}

/// What the ID in the URL of an operation's status says.
fn operation(answer: &Answer) -> String {
    let url = answer.header("azure-asyncoperation").unwrap_or_default();
    let path = url.split('?').next().unwrap_or_default();
    let id = base64::engine::general_purpose::STANDARD.decode(path.rsplit('/').next().unwrap_or_default());
    id.ok().and_then(|id| String::from_utf8(id).ok()).unwrap_or_default()
}

/// Whether a text is a pattern in which each `$guid` is a GUID.
fn is_made_of_guids(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once("$guid") else { return pattern == text };
    let rest = text.strip_prefix(before);
    let parts = rest.and_then(|rest| rest.split_at_checked(36));
    parts.is_some_and(|(guid, rest)| uuid::Uuid::try_parse(guid).is_ok() && is_made_of_guids(after, rest))
}

/// Whether a text is an etag of Network.
fn is_weak(text: &str) -> bool {
    let guid = text.strip_prefix("W/\"").and_then(|rest| rest.strip_suffix('"'));
    guid.is_some_and(|guid| uuid::Uuid::try_parse(guid).is_ok())
}

/// Whether a header field's value fits a pattern.
fn fits(pattern: &str, value: &str) -> bool {
    match pattern {
        "$number" => value.parse::<u64>().is_ok(),
        "$guid" => uuid::Uuid::try_parse(value).is_ok(),
        "$weak" => is_weak(value),
        _ => {
            let parts: Vec<&str> = pattern.split('*').collect();
            let mut rest = value;
            for (at, part) in parts.iter().enumerate() {
                match rest.find(part) {
                    Some(0) => rest = &rest[part.len()..],
                    Some(found) if at > 0 => rest = &rest[found + part.len()..],
                    _ => return false,
                }
            }
            rest.is_empty() || pattern.ends_with('*')
        }
    }
}

fn keep(wanted: &Value, found: &Value, kept: &mut Kept) {
    match (wanted, found) {
        (Value::String(pattern), found) => {
            if let Some((_, name)) = pattern.strip_prefix('$').and_then(|p| p.split_once('=')) {
                kept.entry(name.to_owned()).or_insert_with(|| found.clone());
            }
        }
        (Value::Object(wanted), Value::Object(there)) => {
            for (name, wanted) in wanted {
                match name.as_str() {
                    "$all" => keep(wanted, found, kept),
                    name => keep(wanted, there.get(name).unwrap_or(&Value::Null), kept),
                }
            }
        }
        (Value::Array(wanted), Value::Array(found)) => {
            wanted.iter().zip(found).for_each(|(wanted, found)| keep(wanted, found, kept));
        }
        _ => {}
    }
}

fn check(wanted: &Value, found: &Value, whole: bool, kept: &Kept, path: &str, faults: &mut Vec<String>) {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(there)) => {
            if let Some(all) = wanted.get("$all") {
                return check(all, found, true, kept, path, faults);
            }
            for (name, wanted) in wanted {
                match there.get(name) {
                    Some(found) => check(wanted, found, whole, kept, &format!("{path}.{name}"), faults),
                    None => faults.push(format!("{path}.{name} is absent")),
                }
            }
            for name in there.keys().filter(|name| whole && !wanted.contains_key(*name)) {
                faults.push(format!("{path}.{name} was not answered"));
            }
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            for (at, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                check(wanted, found, whole, kept, &format!("{path}[{at}]"), faults);
            }
        }
        (Value::String(pattern), found) => {
            if !fits_value(pattern, found, kept) {
                faults.push(format!("{path} is {found} instead of {pattern}"));
            }
        }
        (wanted, found) => {
            if wanted != found {
                faults.push(format!("{path} is {found} instead of {wanted}"));
            }
        }
    }
}

fn fits_value(pattern: &str, found: &Value, kept: &Kept) -> bool {
    let text = found.as_str().unwrap_or_default();
    let (form, name) = match pattern.strip_prefix('$') {
        Some(form) => form.split_once('=').unwrap_or((form, "")),
        None => {
            let mut wanted = pattern.to_owned();
            for (name, value) in kept {
                wanted = wanted.replace(&format!("{{{name}}}"), value.as_str().unwrap_or_default());
            }
            return found.as_str() == Some(&wanted);
        }
    };
    let good = match form {
        "guid" => uuid::Uuid::try_parse(text).is_ok_and(|u| u.hyphenated().to_string() == text),
        "weak" => is_weak(text),
        "hex" => text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()),
        "time" => {
            text.len() == "2025-11-04T09:09:55.7028648Z".len() && text.parse::<jiff::Timestamp>().is_ok()
        }
        "text" => !text.is_empty(),
        "number" => found.is_number(),
        _ => false,
    };
    good && (name.is_empty() || kept.get(name) == Some(found))
}

#[test]
fn a_wrong_answer_is_found() {
    let answer = Answer {
        status: 200,
        headers: vec![("location".to_owned(), "https://h/x".to_owned())],
        body: json!({"a": "11111111-2222-4333-8444-555555555555", "more": 1}),
        text: String::new(),
    };
    let expected = json!({
        "status": 202, "headers": {"Location": "https://*"}, "absent": ["Location"],
        "body": {"b": "x-{id}", "a": "$guid=id"},
    });
    assert_eq!(
        compare(&expected, &answer, &mut Kept::new()),
        [
            "status 200 instead of 202",
            "no header field spelled Location",
            "Location: https://h/x, where there was none",
            "body.b is absent",
            "body.more was not answered",
        ]
    );
    let wire = json!({
        "status": 200, "headers": {"location": "$weak"}, "text": "{\r\n*", "operation": "Made;$guid", "some": {"a": "$weak"},
    });
    assert_eq!(
        compare(&wire, &answer, &mut Kept::new()),
        [
            "location: https://h/x instead of $weak",
            "the text \"\" instead of \"{\\r\\n*\"",
            "the operation \"\" instead of \"Made;$guid\"",
            "body.a is \"11111111-2222-4333-8444-555555555555\" instead of $weak",
        ]
    );
    let some = json!({"status": 200, "headers": {}, "some": {"a": "$hex"}});
    assert_eq!(
        compare(&some, &answer, &mut Kept::new()),
        ["body.a is \"11111111-2222-4333-8444-555555555555\" instead of $hex"]
    );
}
