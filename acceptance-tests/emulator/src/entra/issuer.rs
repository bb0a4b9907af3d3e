//! The issuers that pipelines and clusters get their tokens from: GitHub, Azure DevOps, GitLab and AKS, as far as a sign-in
//! reaches them. Their real addresses are of their own hosts; here each has a path of the box.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::{Value, json};

use super::application::{Federated, random_secret};
use super::keys::{Jwt, SigningKey};
use super::secrets::Secrets;
use crate::http::{Request, Response};

/// The audience that Entra ID wants unless somebody chose another.
pub const AUDIENCE: &str = "api://AzureADTokenExchange";

/// ID of the service connection that Azure DevOps has.
pub const SERVICE_CONNECTION: &str = "5f000000-0000-4000-8000-000000000001";

/// Where a token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// GitHub Actions.
    GitHub,
    /// Azure DevOps.
    AzureDevOps,
    /// GitLab.
    GitLab,
    /// Azure Kubernetes Service.
    Aks,
}

/// One issuer.
#[derive(Debug)]
pub struct Issuer {
    /// Which one it is.
    pub platform: Platform,
    /// The `iss` of its tokens.
    pub url: String,
    // What lets a job ask for tokens, and what its tokens say; the first one is there from the start.
    jobs: Mutex<Vec<Job>>,
    key: OnceLock<Option<SigningKey>>,
    unreachable: AtomicBool,
}

/// A job of a pipeline that may ask for tokens.
#[derive(Debug, Clone)]
pub struct Job {
    /// Where it asks.
    pub request_url: String,
    /// What it shows.
    pub request_token: String,
    path: String,
    claims: Value,
}

impl Platform {
    const ALL: [Self; 4] = [Self::GitHub, Self::AzureDevOps, Self::GitLab, Self::Aks];

    /// Its name on the control interface and in the box's paths.
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::AzureDevOps => "azure_devops",
            Self::GitLab => "gitlab",
            Self::Aks => "aks",
        }
    }

    /// The subject of the tokens that a job gets here.
    pub fn subject(self) -> &'static str {
        match self {
            Self::GitHub => "repo:example/infrastructure:ref:refs/heads/main",
            Self::AzureDevOps => "sc://example/infrastructure/azureml",
            Self::GitLab => "project_path:example/infrastructure:ref_type:branch:ref:main",
            Self::Aks => "system:serviceaccount:infrastructure:azureml",
        }
    }

    /// The claims that its tokens have beside those of every token.
    fn claims(self) -> Value {
        match self {
            Self::GitHub => json!({
                "ref": "refs/heads/main", "ref_type": "branch", "ref_protected": "true",
                "sha": "0123456789abcdef0123456789abcdef01234567",
                "repository": "example/infrastructure", "repository_id": "1000001",
                "repository_owner": "example", "repository_owner_id": "1001", "repository_visibility": "private",
                "run_id": "2000001", "run_number": "7", "run_attempt": "1", "runner_environment": "github-hosted",
                "actor": "someone", "actor_id": "1002", "workflow": "azureml", "event_name": "push",
                "head_ref": "", "base_ref": "",
                "workflow_ref": "example/infrastructure/.github/workflows/azureml.yml@refs/heads/main",
                "job_workflow_ref": "example/infrastructure/.github/workflows/azureml.yml@refs/heads/main",
            }),
            Self::AzureDevOps => json!({
                "org_id": "5f000000-0000-4000-8000-0000000000aa", "prj_id": "5f000000-0000-4000-8000-0000000000bb",
                "def_id": "7", "rpo_id": "5f000000-0000-4000-8000-0000000000cc", "rpo_ref": "refs/heads/main",
                "rpo_uri": "https://dev.azure.com/example/infrastructure/_git/infrastructure",
                "rpo_ver": "0123456789abcdef0123456789abcdef01234567", "run_id": "70",
            }),
            Self::GitLab => json!({
                "namespace_id": "1001", "namespace_path": "example", "project_id": "1000001",
                "project_path": "example/infrastructure", "user_id": "1002", "user_login": "someone",
                "user_email": "someone@example.com", "pipeline_id": "2000001", "pipeline_source": "push",
                "job_id": "3000001", "ref": "main", "ref_type": "branch", "ref_path": "refs/heads/main",
                "ref_protected": "true", "runner_environment": "gitlab-hosted",
                "sha": "0123456789abcdef0123456789abcdef01234567",
                "ci_config_ref_uri": "gitlab.com/example/infrastructure//.gitlab-ci.yml@refs/heads/main",
            }),
            Self::Aks => json!({
                "kubernetes.io": {
                    "namespace": "infrastructure",
                    "pod": {"name": "azureml-0", "uid": "5f000000-0000-4000-8000-0000000000dd"},
                    "serviceaccount": {"name": "azureml", "uid": "5f000000-0000-4000-8000-0000000000ee"},
                },
            }),
        }
    }

    /// Seconds that its tokens are good for.
    fn lifetime(self) -> i64 {
        match self {
            Self::GitHub => 300,
            Self::AzureDevOps => 600,
            Self::GitLab | Self::Aks => 3600,
        }
    }
}

impl Issuer {
    /// All of them, at a base URL.
    pub fn all(base: &str, secrets: &Secrets) -> Vec<Self> {
        Platform::ALL
            .into_iter()
            .map(|platform| {
                let issuer = Self {
                    platform,
                    url: format!("{base}/issuers/{}", platform.name()),
                    jobs: Mutex::default(),
                    key: OnceLock::new(),
                    unreachable: AtomicBool::new(false),
                };
                issuer.begin_job(&Value::Null, secrets);
                issuer
            })
            .collect()
    }

    /// Begins a job whose tokens have these claims in place of the usual ones.
    pub fn begin_job(&self, claims: &Value, secrets: &Secrets) -> Job {
        let request_token = random_secret();
        secrets.add("request_token", &request_token);
        let mut jobs = self.lock();
        let number = jobs.len() + 1;
        // GitHub's has a query already; that of Azure DevOps has none.
        let (path, query) = match self.platform {
            Platform::GitHub => (format!("idtoken/2000001/300000{number}"), "?api-version=2.0"),
            _ => (format!("plans/7/jobs/{number}/oidctoken"), ""),
        };
        let request_url = format!("{}/{path}{query}", self.url);
        let job = Job { request_url, request_token, path, claims: claims.clone() };
        jobs.push(job.clone());
        job
    }

    /// The job that is there from the start.
    pub fn first_job(&self) -> Option<Job> {
        self.lock().first().cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The record by which an application trusts it.
    pub fn record(&self) -> Federated {
        Federated {
            name: self.platform.name().to_owned(),
            issuer: self.url.clone(),
            subject: self.platform.subject().to_owned(),
            audience: AUDIENCE.to_owned(),
        }
    }

    /// Lets Entra ID reach it, or not.
    pub fn set_reachable(&self, reachable: bool) {
        self.unreachable.store(!reachable, Ordering::Relaxed);
    }

    /// Whether Entra ID reaches it.
    pub fn is_reachable(&self) -> bool {
        !self.unreachable.load(Ordering::Relaxed)
    }

    /// Whether it has signed a token.
    pub fn signed(&self, jwt: &Jwt, token: &str) -> bool {
        jwt.header["alg"] == "RS256" && self.key().is_some_and(|key| key.verify(token).is_some())
    }

    /// A token for an audience. Claims given replace those it would have; a null takes one away.
    pub fn token(&self, audience: &str, claims: &Value, secrets: &Secrets) -> Option<String> {
        let now = jiff::Timestamp::now().as_second();
        let mut all = json!({
            "jti": uuid::Uuid::new_v4().to_string(),
            "sub": self.platform.subject(),
            "aud": audience,
            "iss": self.url,
            "nbf": now - 5,
            "iat": now,
            "exp": now + self.platform.lifetime(),
        });
        if self.platform == Platform::Aks {
            all["aud"] = json!([audience]);
        }
        let more = self.platform.claims();
        for (name, value) in more.as_object().into_iter().chain(claims.as_object()).flatten() {
            all[name] = value.clone();
        }
        if let Some(members) = all.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        let token = self.key()?.sign(&all).ok()?;
        secrets.add("id_token", &token);
        Some(token)
    }

    fn key(&self) -> Option<&SigningKey> {
        self.key.get_or_init(|| SigningKey::make().ok()).as_ref()
    }

    /// Answers a request below its URL.
    pub fn answer(&self, request: &Request, words: &[&str], secrets: &Secrets) -> Response {
        match (request.method.as_str(), words) {
            ("GET", [".well-known", "openid-configuration"]) => self.configuration(),
            ("GET", [".well-known", "jwks"]) => {
                Response::json(200, &self.key().map(SigningKey::key_set).unwrap_or_default())
            }
            (method, words) => {
                let job = self.lock().iter().find(|job| job.path == words.join("/")).cloned();
                match (self.platform, method, job) {
                    (Platform::GitHub, "GET", Some(job)) => self.for_github(request, &job, secrets),
                    (Platform::AzureDevOps, "POST", Some(job)) => {
                        self.for_azure_devops(request, &job, secrets)
                    }
                    _ => Response::empty(404),
                }
            }
        }
    }

    fn configuration(&self) -> Response {
        Response::json(
            200,
            &json!({
                "issuer": self.url,
                "jwks_uri": format!("{}/.well-known/jwks", self.url),
                "subject_types_supported": ["public", "pairwise"],
                "response_types_supported": ["id_token"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid"],
            }),
        )
    }

    /// A token for a job of GitHub Actions; its audience is the owner's page unless the job asks for another.
    fn for_github(&self, request: &Request, job: &Job, secrets: &Secrets) -> Response {
        // (K) The words of the refusals; the statuses are those that actions have been seen to report.
        if request.headers.get("authorization").is_none() {
            return Response::json(401, &json!({"message": "The request carries no token."}));
        }
        if !job.is_asking(request) {
            return Response::json(403, &json!({"message": "The token may not ask for ID tokens."}));
        }
        let audience = request.query("audience").unwrap_or_else(|| "https://github.com/example".to_owned());
        match self.token(&audience, &job.claims, secrets) {
            Some(token) => Response::json(200, &json!({"count": token.len(), "value": token})),
            None => Response::empty(500),
        }
    }

    /// A token for a service connection of Azure DevOps.
    fn for_azure_devops(&self, request: &Request, job: &Job, secrets: &Secrets) -> Response {
        if !job.is_asking(request) {
            // Without this header the service takes the caller for a browser, and shows the way to its sign-in page.
            let suppressed = request.headers.get("x-tfs-fedauthredirect") == Some("Suppress");
            return match suppressed {
                true => Response::empty(401),
                false => Response::empty(302).header("Location", format!("{}/_signin", self.url)),
            };
        }
        let refuse = |status, text: String, kind: &str| {
            Response::json(
                status,
                &json!({
                    "$id": "1", "innerException": null, "message": text, "typeName": kind, "typeKey": kind,
                    "errorCode": 0, "eventId": 3000,
                }),
            )
        };
        if request.query("api-version").is_none() {
            // (K)
            let text = "No api-version was supplied for the \"POST\" request. The version must be supplied either as part of the Accept header (e.g. \"application/json; api-version=1.0\") or as a query parameter (e.g. \"?api-version=1.0\").";
            return refuse(400, text.to_owned(), "VssVersionNotSpecifiedException");
        }
        match request.query("serviceConnectionId").unwrap_or_default() {
            id if id.eq_ignore_ascii_case(SERVICE_CONNECTION) => {}
            id => {
                // (K)
                let text = format!("No service connection found with identifier {id}.");
                return refuse(404, text, "ServiceEndpointNotFoundException");
            }
        }
        match self.token(AUDIENCE, &job.claims, secrets) {
            Some(token) => Response::json(200, &json!({ "oidcToken": token })),
            None => Response::empty(500),
        }
    }
}

impl Job {
    /// Whether it is this job that asks.
    fn is_asking(&self, request: &Request) -> bool {
        let header = request.headers.get("authorization").unwrap_or_default();
        let (scheme, token) = header.split_once(' ').unwrap_or_default();
        scheme.eq_ignore_ascii_case("bearer") && token.trim() == self.request_token
    }
}
