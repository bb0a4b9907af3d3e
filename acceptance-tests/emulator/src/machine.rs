//! The endpoints by which a machine gets tokens of its managed identity, plain HTTP on the loopback address: the instance
//! metadata service, App Service, Azure Arc, Cloud Shell, and compute of Azure Machine Learning.
//!
//! Each platform has a principal of its own, so that a token shows where it is from; what is user-assigned is the same
//! everywhere. Words of refusals that no public page has are marked (K).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::azure::TENANT_ID;
use crate::entra::application::random_secret;
use crate::entra::directory::{Principal, WORKER_ID};
use crate::entra::{Entra, Known};
use crate::http::{Request, Response};

/// Versions of the instance metadata service's tokens that clients ask for. (K)
const IMDS_VERSIONS: &[&str] =
    &["2018-02-01", "2018-10-01", "2019-08-01", "2019-11-01", "2020-06-01", "2021-02-01"];

/// Versions of Azure Arc's. (K)
const ARC_VERSIONS: &[&str] = &["2019-11-01", "2020-06-01"];

/// What the endpoints keep.
#[derive(Debug)]
pub struct Machine {
    base: String,
    files: PathBuf,
    header: String,
    keys: Mutex<Keys>,
}

/// The key files of Azure Arc.
#[derive(Debug)]
struct Keys {
    folder: PathBuf,
    // Where the folder is for whoever reads them, if elsewhere.
    seen_as: Option<PathBuf>,
    // Content of the keys that were handed out and not used yet.
    open: BTreeSet<String>,
}

/// A platform and how it speaks.
struct Platform<'a> {
    request: &'a Request,
    entra: &'a Entra,
    lifetime: u64,
    principal: &'static str,
}

impl Machine {
    /// The endpoints at a base URL, with a folder for files.
    pub fn new(base: &str, files: PathBuf) -> Self {
        let folder = files.join("arc");
        Self {
            base: base.to_owned(),
            files,
            header: random_secret(),
            keys: Mutex::new(Keys { folder, seen_as: None, open: BTreeSet::new() }),
        }
    }

    /// The folder for files that a test asks for, which exists then.
    pub fn files(&self) -> Result<&Path, String> {
        std::fs::create_dir_all(&self.files).map_err(|e| format!("{}: {e}", self.files.display()))?;
        Ok(&self.files)
    }

    /// Where Azure Arc writes its keys from now on, and where that folder is for whoever reads them.
    pub fn set_key_folder(&self, folder: &str, seen_as: Option<&str>) {
        let mut keys = self.lock();
        keys.folder = PathBuf::from(folder);
        keys.seen_as = seen_as.map(PathBuf::from);
    }

    /// What must show nowhere of the endpoints' own.
    pub fn secrets(&self) -> Vec<Known> {
        vec![Known { kind: "identity_header", value: self.header.clone() }]
    }

    /// What a test needs of each platform, with the environment variables that the platform sets.
    pub fn describe(&self) -> Value {
        let base = &self.base;
        let own = |name: &str| {
            let principal = Principal::named(name).unwrap_or_default();
            json!({"client_id": principal.client_id, "object_id": principal.object_id})
        };
        let mut worker = own("worker");
        worker["resource_id"] = json!(WORKER_ID);
        let arc = format!("{base}/arc");
        json!({
            "imds": {
                "authority": base,
                "endpoint": format!("{base}/metadata/identity/oauth2/token"),
                "system_assigned": own("imds"),
                "user_assigned": worker,
                "environment": {"AZURE_POD_IDENTITY_AUTHORITY_HOST": base},
            },
            "app_service": {
                "endpoint": format!("{base}/app-service/msi/token"),
                "header": self.header,
                "system_assigned": own("app_service"),
                "user_assigned": worker,
                "environment": {
                    "IDENTITY_ENDPOINT": format!("{base}/app-service/msi/token"),
                    "IDENTITY_HEADER": self.header,
                },
            },
            "arc": {
                "endpoint": format!("{arc}/metadata/identity/oauth2/token"),
                "key_folder": self.lock().folder,
                "system_assigned": own("arc"),
                "environment": {
                    "IDENTITY_ENDPOINT": format!("{arc}/metadata/identity/oauth2/token"),
                    "IMDS_ENDPOINT": arc,
                },
            },
            "cloud_shell": {
                "endpoint": format!("{base}/cloud-shell/oauth2/token"),
                "user": own("person"),
                "environment": {"MSI_ENDPOINT": format!("{base}/cloud-shell/oauth2/token")},
            },
            "azure_ml": {
                "endpoint": format!("{base}/azure-ml/MSI/auth"),
                "secret": self.header,
                "system_assigned": own("azure_ml"),
                "user_assigned": worker,
                "environment": {
                    "MSI_ENDPOINT": format!("{base}/azure-ml/MSI/auth"),
                    "MSI_SECRET": self.header,
                },
            },
        })
    }

    /// Answers a request for a token.
    pub fn answer(&self, request: &Request, entra: &Entra, lifetime: u64) -> Response {
        let platform = |principal| Platform { request, entra, lifetime, principal };
        let path = request.path().trim_end_matches('/').to_lowercase();
        match (request.method.as_str(), path.as_str()) {
            ("GET", "/metadata/identity/oauth2/token") => imds(&platform("imds")),
            ("GET", "/app-service/msi/token") => self.app_service(&platform("app_service")),
            ("GET", "/arc/metadata/identity/oauth2/token") => self.arc(&platform("arc")),
            ("POST", "/cloud-shell/oauth2/token") => cloud_shell(&platform("person")),
            ("GET", "/azure-ml/msi/auth") => self.azure_ml(&platform("azure_ml")),
            _ => Response::empty(404),
        }
    }

    fn app_service(&self, platform: &Platform<'_>) -> Response {
        let refuse = |status: u16, text: &str| {
            let id = uuid::Uuid::new_v4().to_string();
            Response::json(status, &json!({"statusCode": status, "message": text, "correlationId": id}))
        };
        if platform.request.headers.get("x-identity-header") != Some(&self.header) {
            // (K)
            return refuse(401, "The X-IDENTITY-HEADER header is missing or wrong.");
        }
        if platform.request.query("api-version").as_deref() != Some("2019-08-01") {
            // (K)
            return refuse(400, "The api-version parameter is missing or not supported.");
        }
        let Some(resource) = platform.request.query("resource") else {
            // (K)
            return refuse(400, "The resource parameter is missing.");
        };
        let Some(principal) = platform.identity(&["client_id"], &["principal_id", "object_id"], "mi_res_id")
        else {
            return refuse(
                400,
                "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
            );
        };
        // (K: the words)
        let unknown = || refuse(400, &format!("The resource '{resource}' was not found."));
        platform.short_answer(principal, &resource).unwrap_or_else(unknown)
    }

    /// Azure Arc proves that the caller may read its key files: it names one, and wants its content back.
    fn arc(&self, platform: &Platform<'_>) -> Response {
        if let Some(refusal) = platform.metadata_refusal(ARC_VERSIONS) {
            return refusal;
        }
        let given = platform.request.headers.get("authorization").and_then(|h| h.strip_prefix("Basic "));
        // A key is good for one token.
        if given.is_none_or(|key| !self.lock().open.remove(key)) {
            return match self.challenge(platform.entra) {
                Ok(path) => Response::json(
                    401,
                    &json!({
                        "error": "unauthorized_client",
                        "error_description": "Missing Basic Authorization header",
                        "error_codes": [401],
                    }),
                )
                .header("Www-Authenticate", format!("Basic realm={}", path.display())),
                Err(error) => {
                    Response::json(500, &json!({"error": "server_error", "error_description": error}))
                }
            };
        }
        platform.metadata_answer(platform.own())
    }

    /// Writes a key for one request.
    fn challenge(&self, entra: &Entra) -> Result<PathBuf, String> {
        let mut keys = self.lock();
        let text = |e: std::io::Error| e.to_string();
        std::fs::create_dir_all(&keys.folder).map_err(text)?;
        let name = format!("{}.key", uuid::Uuid::new_v4());
        let key = random_secret();
        crate::state_file::write_atomically(&keys.folder.join(&name), key.as_bytes()).map_err(text)?;
        entra.secrets().add("arc_key", &key);
        keys.open.insert(key);
        Ok(keys.seen_as.as_ref().unwrap_or(&keys.folder).join(name))
    }

    /// Compute of Azure Machine Learning speaks App Service's first version.
    fn azure_ml(&self, platform: &Platform<'_>) -> Response {
        let refuse = |status: u16, text: &str| {
            // (K)
            Response::json(status, &json!({"error": {"code": "UserError", "message": text}}))
        };
        if platform.request.headers.get("secret") != Some(&self.header) {
            return refuse(401, "The secret header is missing or wrong.");
        }
        if platform.request.query("api-version").as_deref() != Some("2017-09-01") {
            return refuse(400, "The api-version parameter is missing or not supported.");
        }
        let Some(resource) = platform.request.query("resource") else {
            return refuse(400, "The resource parameter is missing.");
        };
        let Some(principal) = platform.identity(&["clientid", "client_id"], &[], "") else {
            return refuse(400, "Identity not found");
        };
        // (K: the words)
        let unknown = || refuse(400, &format!("The resource '{resource}' was not found."));
        platform.short_answer(principal, &resource).unwrap_or_else(unknown)
    }

    fn lock(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn imds(platform: &Platform<'_>) -> Response {
    if let Some(refusal) = platform.metadata_refusal(IMDS_VERSIONS) {
        return refusal;
    }
    // (K) The second name of the resource's ID.
    let by = if platform.request.query("mi_res_id").is_some() { "mi_res_id" } else { "msi_res_id" };
    match platform.identity(&["client_id"], &["object_id", "principal_id"], by) {
        Some(principal) => platform.metadata_answer(principal),
        None => invalid_request("Identity not found"),
    }
}

/// Cloud Shell has no identity of a machine: its tokens are for the person who uses it.
fn cloud_shell(platform: &Platform<'_>) -> Response {
    if let Some(refusal) = platform.header_refusal() {
        return refusal;
    }
    let form = url::form_urlencoded::parse(&platform.request.body);
    let Some(resource) = form.into_owned().find(|(name, _)| name == "resource").map(|(_, value)| value)
    else {
        // (K)
        return invalid_request("Required audience parameter not specified");
    };
    platform.answer_for(platform.own(), &resource)
}

fn invalid_request(text: &str) -> Response {
    Response::json(400, &json!({"error": "invalid_request", "error_description": text}))
}

impl Platform<'_> {
    /// The answer of App Service and its kin; none for a resource that there is no token for.
    fn short_answer(&self, principal: Principal, resource: &str) -> Option<Response> {
        let (token, expires) = self.token(principal, resource)?;
        let body = json!({
            "access_token": token,
            "expires_on": expires.to_string(),
            "resource": resource,
            "token_type": "Bearer",
            "client_id": principal.client_id,
        });
        Some(Response::json(200, &body))
    }

    /// The identity that belongs to the machine.
    fn own(&self) -> Principal {
        Principal::named(self.principal).unwrap_or_default()
    }

    /// The identity that the request names, or the machine's own where it names none.
    fn identity(&self, client: &[&str], object: &[&str], resource: &str) -> Option<Principal> {
        let given = |names: &[&str]| names.iter().find_map(|name| self.request.query(name));
        let worker = Principal::named("worker")?;
        let (client, object) = (given(client), given(object));
        let resource = if resource.is_empty() { None } else { self.request.query(resource) };
        if client.is_none() && object.is_none() && resource.is_none() {
            return Some(self.own());
        }
        let fits =
            |given: &Option<String>, own: &str| given.as_ref().is_none_or(|g| g.eq_ignore_ascii_case(own));
        (fits(&client, worker.client_id) && fits(&object, worker.object_id) && fits(&resource, WORKER_ID))
            .then_some(worker)
    }

    /// A token, and when it ends.
    fn token(&self, principal: Principal, resource: &str) -> Option<(String, i64)> {
        let known = self.entra.knows(resource);
        let token = self.entra.access_token(&principal, TENANT_ID, resource, self.lifetime).ok();
        let expires = jiff::Timestamp::now().as_second().saturating_add_unsigned(self.lifetime);
        token.filter(|_| known).map(|token| (token, expires))
    }

    /// A request without this header may come from a page in a browser, or be forwarded from afar.
    fn header_refusal(&self) -> Option<Response> {
        let header = self.request.headers.get("metadata").unwrap_or_default();
        (!header.eq_ignore_ascii_case("true"))
            .then(|| invalid_request("Required metadata header not specified"))
    }

    fn metadata_refusal(&self, versions: &[&str]) -> Option<Response> {
        self.header_refusal().or_else(|| match self.request.query("api-version") {
            Some(version) if versions.contains(&version.as_str()) => None,
            // (K)
            Some(version) => Some(invalid_request(&format!("The api-version '{version}' is not supported"))),
            // (K)
            None => Some(invalid_request("Required query variable 'api-version' is missing")),
        })
    }

    fn metadata_answer(&self, principal: Principal) -> Response {
        match self.request.query("resource") {
            Some(resource) => self.answer_for(principal, &resource),
            // (K)
            None => invalid_request("Required audience parameter not specified"),
        }
    }

    fn answer_for(&self, principal: Principal, resource: &str) -> Response {
        let Some((token, expires)) = self.token(principal, resource) else {
            let text = format!(
                "AADSTS500011: The resource principal named {resource} was not found in the tenant named {TENANT_ID}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant."
            );
            return Response::json(400, &json!({"error": "invalid_resource", "error_description": text}));
        };
        let lifetime = self.lifetime.to_string();
        Response::json(
            200,
            &json!({
                "access_token": token,
                "client_id": principal.client_id,
                "expires_in": lifetime,
                "expires_on": expires.to_string(),
                "ext_expires_in": lifetime,
                "not_before": (expires - i64::try_from(self.lifetime).unwrap_or_default()).to_string(),
                "resource": resource,
                "token_type": "Bearer",
            }),
        )
    }
}
