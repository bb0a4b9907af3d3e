//! A request as a caller describes it, and the answer as the pipeline hands it back.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::error::Error;
use crate::id::ResourceId;
use crate::mask;

/// The query parameter that every request to Resource Manager has.
pub(crate) const API_VERSION: &str = "api-version";

/// The header by which a PUT overwrites nothing.
const IF_NONE_MATCH: &str = "if-none-match";

/// A request to Resource Manager, before it has a host, a token and its IDs.
#[derive(Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) target: Target,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Bytes>,
    pub(crate) repeatable: bool,
    pub(crate) persistent: bool,
    pub(crate) retry_codes: Vec<&'static str>,
    pub(crate) listed: bool,
    pub(crate) turn: Option<String>,
}

/// Shows neither the query nor the body, which may hold secrets.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({})", self.describe())
    }
}

/// Where a request goes.
#[derive(Clone)]
pub(crate) enum Target {
    /// A path under the cloud's Resource Manager.
    Path(String),
    /// A URL that Resource Manager gave, to be replayed as it is.
    Given(Url),
}

impl Target {
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Path(path) => path,
            Self::Given(url) => url.path(),
        }
    }
}

impl Request {
    /// A request for the path under Resource Manager, such as a resource's ID, in an API version.
    pub fn new(method: Method, path: impl Into<String>, api_version: &str) -> Self {
        let repeatable = method.is_safe();
        Self {
            method,
            target: Target::Path(path.into()),
            query: vec![(API_VERSION.to_owned(), api_version.to_owned())],
            headers: Vec::new(),
            body: None,
            repeatable,
            persistent: false,
            retry_codes: Vec::new(),
            listed: false,
            turn: None,
        }
    }

    /// Reads a resource.
    pub fn get(id: &ResourceId, api_version: &str) -> Self {
        Self::new(Method::GET, id.as_str(), api_version)
    }

    /// Creates a resource, or replaces it as a whole.
    pub fn put(id: &ResourceId, api_version: &str, body: &impl Serialize) -> Result<Self, Error> {
        Self::new(Method::PUT, id.as_str(), api_version).body(body)
    }

    /// Changes parts of a resource.
    pub fn patch(id: &ResourceId, api_version: &str, body: &impl Serialize) -> Result<Self, Error> {
        Self::new(Method::PATCH, id.as_str(), api_version).body(body)
    }

    /// Deletes a resource.
    pub fn delete(id: &ResourceId, api_version: &str) -> Self {
        Self::new(Method::DELETE, id.as_str(), api_version)
    }

    /// Calls an action of a resource, such as `listKeys`.
    pub fn post(id: &ResourceId, action: &str, api_version: &str) -> Self {
        Self::new(Method::POST, format!("{id}/{action}"), api_version)
    }

    /// A read of a URL that Resource Manager gave; only the client checks its host, so only the client makes one.
    pub(crate) fn given(url: Url) -> Self {
        Self {
            method: Method::GET,
            target: Target::Given(url),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            repeatable: true,
            persistent: true,
            retry_codes: Vec::new(),
            listed: false,
            turn: None,
        }
    }

    /// What makes the read of a later page of this list: the same but for the URL, which a page gives.
    pub(crate) fn next_page(&self) -> impl FnOnce(Url) -> Self + use<> {
        let headers = self.headers.clone();
        move |url| Self { headers, persistent: false, ..Self::given(url) }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Makes a PUT create only: the service refuses it with 412 where there is something already.
    #[must_use]
    pub fn create_only(self) -> Self {
        self.header(IF_NONE_MATCH, "*")
    }

    /// The same request, which overwrites what is there.
    pub(crate) fn overwriting(mut self) -> Self {
        self.headers.retain(|(name, _)| *name != IF_NONE_MATCH);
        self
    }

    /// Whether what is there already is a reason to refuse the request.
    pub(crate) fn is_create_only(&self) -> bool {
        self.headers.iter().any(|(name, value)| *name == IF_NONE_MATCH && value == "*")
    }

    /// Sets the JSON body.
    pub fn body(mut self, body: &impl Serialize) -> Result<Self, Error> {
        let text = serde_json::to_vec(body).map_err(|error| Error::Configuration {
            problem: format!("{}: the body cannot be written as JSON: {error}", self.describe()),
            source: None,
        })?;
        self.body = Some(text.into());
        Ok(self)
    }

    /// Says that repeating the request does no harm, as with a POST that only reads.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Names error codes of the service that mean "not now": the request is sent again after a growing pause, or the one
    /// that Azure asks for, until the deadline.
    ///
    /// Meant for refusals that prove that nothing was accepted because something else is being changed, such as
    /// [`BUSY`](crate::operation::BUSY). The operations that [`operation`](crate::operation) follows to their end are begun
    /// again too when they end with such a code. Compared in any casing, also with the errors under the first.
    #[must_use]
    pub fn retry_codes(mut self, codes: &[&'static str]) -> Self {
        self.retry_codes.extend(codes);
        self
    }

    /// Sends requests of the same key one after the other, each when the one before it is answered.
    ///
    /// For services that refuse to be asked for two changes of one thing at the same time, but then carry them out beside one
    /// another. The wait for the turn does not count against the deadline.
    #[must_use]
    pub fn in_turn(mut self, key: impl Into<String>) -> Self {
        self.turn = Some(key.into());
        self
    }

    /// Says that the service has no read of such a resource: it is looked up in the list of its kind.
    #[must_use]
    pub fn listed(mut self) -> Self {
        self.listed = true;
        self
    }

    /// The read of the list that has the resource.
    pub(crate) fn list(&self) -> Option<Self> {
        let (list, _) = self.target.path().rsplit_once('/')?;
        Some(Self { target: Target::Path(list.to_owned()), listed: false, ..self.clone() })
    }

    /// Keeps asking until the deadline, as a wait does.
    pub(crate) fn persistent(mut self) -> Self {
        self.persistent = true;
        self
    }

    /// Method and path, for messages; never the query, which may be signed.
    pub fn describe(&self) -> String {
        format!("{} {}", self.method, self.target.path())
    }

    /// The URL under a Resource Manager.
    pub(crate) fn url(&self, resource_manager: &Url) -> Url {
        match &self.target {
            Target::Given(url) => url.clone(),
            Target::Path(path) => {
                let mut url = resource_manager.clone();
                let prefix = url.path().trim_end_matches('/').to_owned();
                url.set_path(&format!("{prefix}{path}"));
                url.query_pairs_mut().extend_pairs(&self.query);
                url
            }
        }
    }

    /// The API version that this request names.
    pub(crate) fn api_version(&self) -> Option<&str> {
        self.query.iter().find(|(name, _)| name == API_VERSION).map(|(_, value)| value.as_str())
    }
}

/// An answer that Resource Manager gave, with a status that means success.
#[derive(Clone)]
pub struct Response {
    /// Method and path of the request.
    pub(crate) request: String,
    /// HTTP status.
    pub status: StatusCode,
    /// Headers; their names compare in any casing.
    pub headers: HeaderMap,
    /// The whole body, which may be empty.
    pub body: Bytes,
}

/// Shows neither headers nor the body, which may hold signed URLs and keys.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({}: {})", self.request, self.status.as_u16())
    }
}

impl Response {
    /// The answer to a read that the service itself does not offer.
    pub(crate) fn made(request: &Request, body: &Value) -> Self {
        let (status, body) = (StatusCode::OK, Bytes::from(body.to_string()));
        Self { request: request.describe(), status, headers: HeaderMap::new(), body }
    }

    /// The body as a type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(trimmed(&self.body)).map_err(|error| {
            self.unusable(&if self.body.is_empty() {
                "it is empty".to_owned()
            } else {
                mask::problem(&error)
            })
        })
    }

    /// The error that this answer is, with its status, its content type and its first words.
    pub(crate) fn unusable(&self, problem: &str) -> Error {
        let kind = self.header("content-type").map(|kind| format!(", {}", mask::words(kind)));
        let words = mask::first_words(&self.body);
        let words = if words.is_empty() { words } else { format!(": {words:?}") };
        let problem = format!("{problem} (HTTP {}{}{words})", self.status.as_u16(), kind.unwrap_or_default());
        Error::Answer { request: self.request.clone(), problem, request_id: self.request_id() }
    }

    /// The document of the resource with this path as a type; what is none is an error.
    pub(crate) fn document<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let document = crate::document::of(self, path)?;
        T::deserialize(document).map_err(|error| self.unusable(&mask::problem(&error)))
    }

    /// The body as JSON, or nothing where it is empty or no JSON.
    pub fn value(&self) -> Option<Value> {
        serde_json::from_slice(trimmed(&self.body)).ok()
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The ID of the request in Azure's logs.
    pub fn request_id(&self) -> Option<String> {
        self.header("x-ms-request-id").map(str::to_owned)
    }

    /// The ID that Azure logs related requests under.
    pub fn correlation_id(&self) -> Option<String> {
        self.header("x-ms-correlation-request-id").map(str::to_owned)
    }
}

/// The bytes without a byte order mark, which some of Azure's services put before JSON.
pub(crate) fn trimmed(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}
