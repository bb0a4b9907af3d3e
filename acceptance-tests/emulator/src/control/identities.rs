//! `/identities` and `/secrets`: what a test needs to sign in in every way, and what must show nowhere afterwards.

use serde_json::{Value, json};

use super::{Refusal, not_found};
use crate::emulator::Core;
use crate::entra::application::Federated;
use crate::entra::certificate::Certificate;
use crate::entra::directory::{OTHER_TENANT_ID, SUBSCRIPTIONS};
use crate::entra::issuer::{AUDIENCE, Issuer, Job, Platform, SERVICE_CONNECTION};
use crate::state_file::write_atomically;
use crate::store::merge;

fn broken(text: String) -> Refusal {
    (500, text)
}

/// Everything, or the part of this name. A part makes only what it shows.
pub(super) fn describe(core: &Core, part: Option<&str>) -> Result<Value, Refusal> {
    const PARTS: &[&str] = &[
        "tenant_id",
        "other_tenant_id",
        "subscriptions",
        "applications",
        "github",
        "azure_devops",
        "gitlab",
        "aks",
        "imds",
        "app_service",
        "arc",
        "cloud_shell",
        "azure_ml",
        "cli",
    ];
    let machine = core.machine().describe();
    let one = |name: &str| -> Result<Value, Refusal> {
        match name {
            "tenant_id" => Ok(json!(crate::azure::TENANT_ID)),
            "other_tenant_id" => Ok(json!(OTHER_TENANT_ID)),
            "subscriptions" => Ok(SUBSCRIPTIONS
                .iter()
                .map(|(id, name, tenant)| json!({"id": id, "name": name, "tenant_id": tenant}))
                .collect()),
            "applications" => {
                let folder = core.machine().files().map_err(broken)?;
                core.entra().describe_applications(folder).map_err(broken)
            }
            "cli" => Ok(core.entra().describe_cli()),
            name => match core.entra().issuer_named(name) {
                Some(issuer) => describe_issuer(core, issuer),
                None => machine.get(name).cloned().ok_or_else(|| not_found("such part")),
            },
        }
    };
    match part {
        Some(name) => one(name),
        None => {
            let all: Result<serde_json::Map<String, Value>, Refusal> =
                PARTS.iter().map(|name| Ok(((*name).to_owned(), one(name)?))).collect();
            Ok(Value::Object(all?))
        }
    }
}

fn describe_issuer(core: &Core, issuer: &Issuer) -> Result<Value, Refusal> {
    let record = issuer.record();
    let mut shown = json!({
        "issuer": issuer.url,
        "subject": record.subject,
        "audience": record.audience,
        "client_id": crate::azure::CLIENT_ID,
    });
    let token = || {
        let token = issuer.token(AUDIENCE, &Value::Null, core.entra().secrets());
        token.ok_or_else(|| broken("the issuer has no key".to_owned()))
    };
    match issuer.platform {
        Platform::GitHub | Platform::AzureDevOps => {
            let job = issuer.first_job().ok_or_else(|| not_found("such job"))?;
            merge(&mut shown, &describe_job(issuer, &job));
        }
        Platform::Aks => {
            let path = core.machine().files().map_err(broken)?.join("aks-token");
            write_atomically(&path, token()?.as_bytes()).map_err(|e| broken(e.to_string()))?;
            shown["token_file"] = json!(path);
            shown["environment"] = json!({
                "AZURE_CLIENT_ID": crate::azure::CLIENT_ID,
                "AZURE_TENANT_ID": crate::azure::TENANT_ID,
                "AZURE_FEDERATED_TOKEN_FILE": path,
            });
        }
        Platform::GitLab => shown["token"] = json!(token()?),
    }
    Ok(shown)
}

/// What the platform hands to a job that may ask for tokens.
fn describe_job(issuer: &Issuer, job: &Job) -> Value {
    let (url, token) = (&job.request_url, &job.request_token);
    let mut shown = json!({"request_url": url, "request_token": token});
    if issuer.platform == Platform::GitHub {
        shown["environment"] =
            json!({"ACTIONS_ID_TOKEN_REQUEST_URL": url, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": token});
    } else {
        shown["service_connection_id"] = json!(SERVICE_CONNECTION);
        shown["environment"] = json!({"SYSTEM_OIDCREQUESTURI": url, "SYSTEM_ACCESSTOKEN": token});
    }
    shown
}

/// Changes something about a part: a token made to measure, a certificate or an issuer more, an issuer out of reach.
pub(super) fn change(core: &Core, words: &[&str], body: &Value) -> Result<Value, Refusal> {
    match words {
        ["arc"] => {
            let folder = body["key_folder"].as_str().ok_or((400, "'key_folder' is missing".to_owned()))?;
            core.machine().set_key_folder(folder, body["seen_as"].as_str());
            describe(core, Some("arc"))
        }
        ["applications", name, "certificates"] => {
            let application = core.entra().application(name).ok_or_else(|| not_found("such application"))?;
            let certificate = body["pem"].as_str().and_then(Certificate::read_pem);
            let certificate = certificate.ok_or((400, "'pem' has no certificate".to_owned()))?;
            let shown = json!({"thumbprint": certificate.thumbprint()});
            application.register(certificate);
            Ok(shown)
        }
        ["applications", name, "federated_credentials"] => {
            let application = core.entra().application(name).ok_or_else(|| not_found("such application"))?;
            let text = |name: &str| {
                body[name].as_str().map(str::to_owned).ok_or_else(|| (400, format!("'{name}' is missing")))
            };
            application.trust(Federated {
                name: text("name")?,
                issuer: text("issuer")?,
                subject: text("subject")?,
                audience: text("audience")?,
            });
            Ok(Value::Null)
        }
        [name, "token"] => {
            let issuer = core.entra().issuer_named(name).ok_or_else(|| not_found("such issuer"))?;
            let audience = body["audience"].as_str().unwrap_or(AUDIENCE);
            let token = issuer.token(audience, &body["claims"], core.entra().secrets());
            Ok(json!({ "token": token }))
        }
        [name @ ("github" | "azure_devops"), "jobs"] => {
            let issuer = core.entra().issuer_named(name).ok_or_else(|| not_found("such issuer"))?;
            let job = issuer.begin_job(&body["claims"], core.entra().secrets());
            Ok(describe_job(issuer, &job))
        }
        [name, "reachable"] => {
            let issuer = core.entra().issuer_named(name).ok_or_else(|| not_found("such issuer"))?;
            let reachable = body.as_bool().ok_or((400, "the body is no truth value".to_owned()))?;
            issuer.set_reachable(reachable);
            Ok(Value::Null)
        }
        _ => Err(not_found("such part")),
    }
}

/// Everything secret that was handed out or taken so far.
pub(super) fn secrets(core: &Core) -> Value {
    let all = core.entra().secrets().all().into_iter().chain(core.machine().secrets());
    json!({ "secrets": all.collect::<Vec<_>>() })
}
