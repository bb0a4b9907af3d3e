//! An error as Resource Manager and the services behind it write it, read leniently.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use super::{ABSENT, MissingRegistration};
use crate::mask;

/// What a service said about a request, or about an operation that it had accepted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ServiceError {
    /// HTTP method of the request.
    pub method: String,
    /// Path of the request, without its query.
    pub path: String,
    /// HTTP status of the answer; of a failed operation, that of the answer that told so.
    pub status: u16,
    /// ARM's code, such as `ResourceNotFound`; `HTTP 502` where the answer had none.
    pub code: String,
    /// What happened, in the service's words.
    pub message: String,
    /// What the error is about, where the service says so.
    pub target: Option<String>,
    /// The registration that the request lacks, where that is why it was refused.
    pub missing_registration: Option<MissingRegistration>,
    /// The errors under this one.
    pub details: Vec<ErrorDetail>,
    /// Typed additions, such as the policies that refused a request.
    pub additional_info: Vec<Value>,
    /// The service's own inner error.
    pub inner_error: Option<Value>,
    /// The ID of the request in Azure's logs.
    pub request_id: Option<String>,
    /// The ID that Azure logs related requests under.
    pub correlation_id: Option<String>,
    /// The pause that the service asked for before anything else about it is asked.
    pub retry_after: Option<Duration>,
    /// Whether an accepted operation ended so, rather than the request being refused.
    pub operation: bool,
}

/// One error of a tree of errors.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ErrorDetail {
    /// The code.
    pub code: String,
    /// What happened, in the service's words.
    pub message: String,
    /// What the error is about.
    pub target: Option<String>,
    /// The errors under this one.
    pub details: Vec<ErrorDetail>,
    /// Typed additions.
    pub additional_info: Vec<Value>,
    /// The service's own inner error.
    pub inner_error: Option<Value>,
}

/// An error nested deeper than this is cut: nobody reads it, and the stack is finite.
const DEPTH: usize = 16;

impl ServiceError {
    /// Reads the error in the body of an answer, whatever the body is.
    pub(crate) fn read(method: &str, path: &str, status: u16, body: &[u8]) -> Self {
        let detail = match serde_json::from_slice::<Value>(body) {
            Ok(Value::Object(object)) => ErrorDetail::in_body(&object),
            _ => None,
        };
        let detail = detail.unwrap_or_else(|| foreign(status, body));
        let missing_registration = MissingRegistration::told(&detail, path);
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            status,
            code: detail.code,
            message: detail.message,
            target: detail.target,
            missing_registration,
            details: detail.details,
            additional_info: detail.additional_info,
            inner_error: detail.inner_error,
            request_id: None,
            correlation_id: None,
            retry_after: None,
            operation: false,
        }
    }

    /// Whether the answer was none of Resource Manager's, such as a proxy's page.
    pub fn is_foreign(&self) -> bool {
        self.code == foreign_code(self.status)
    }

    /// Whether this error or one under it has the code, in any casing.
    pub fn has_code(&self, code: &str) -> bool {
        self.code.eq_ignore_ascii_case(code) || self.details.iter().any(|detail| detail.has_code(code))
    }
}

impl ErrorDetail {
    /// The error of a body in any of the shapes in use: `{"error": {…}}`, `{"code": …}`, in any casing.
    pub(crate) fn in_body(body: &Map<String, Value>) -> Option<Self> {
        match member(body, "error") {
            Some(Value::Object(error)) => Some(Self::read(error, 0)),
            // Entra's shape: {"error": "invalid_client", "error_description": "…"}. It is not Resource Manager's, whose codes in it are
            // somebody else's words.
            Some(Value::String(code)) if !ABSENT.iter().any(|absent| absent.eq_ignore_ascii_case(code)) => {
                Some(Self { code: code.clone(), message: text(body, "error_description"), ..Self::default() })
            }
            _ if member(body, "code").is_some() || member(body, "message").is_some() => {
                Some(Self::read(body, 0))
            }
            _ => None,
        }
    }

    fn read(object: &Map<String, Value>, depth: usize) -> Self {
        let objects = |name: &str| match member(object, name) {
            Some(Value::Array(items)) => items.clone(),
            _ => Vec::new(),
        };
        let details = if depth < DEPTH { objects("details") } else { Vec::new() };
        let message = match member(object, "message") {
            // OData services wrap it: {"lang": "en-us", "value": "…"}.
            Some(Value::Object(wrapped)) => text(wrapped, "value"),
            _ => text(object, "message"),
        };
        Self {
            code: text(object, "code"),
            message,
            target: Some(text(object, "target")).filter(|target| !target.is_empty()),
            details: details
                .iter()
                .filter_map(Value::as_object)
                .map(|detail| Self::read(detail, depth + 1))
                .collect(),
            additional_info: objects("additionalInfo"),
            inner_error: member(object, "innererror").filter(|inner| !inner.is_null()).cloned(),
        }
    }

    /// Whether this error or one under it has the code, in any casing.
    pub fn has_code(&self, code: &str) -> bool {
        self.code.eq_ignore_ascii_case(code) || self.details.iter().any(|detail| detail.has_code(code))
    }
}

/// A member in any casing, as the services differ in it.
fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object
        .get(name)
        .or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

fn text(object: &Map<String, Value>, name: &str) -> String {
    match member(object, name) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// An error of something on the way, such as a proxy's page.
fn foreign(status: u16, body: &[u8]) -> ErrorDetail {
    // Whoever is on the way may quote the URL that it was asked for, which may be signed.
    let quote = mask::plain_words(body);
    let message = if quote.is_empty() { "the answer has no body".to_owned() } else { quote };
    ErrorDetail { code: foreign_code(status), message, ..ErrorDetail::default() }
}

fn foreign_code(status: u16) -> String {
    format!("HTTP {status}")
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.method, self.path)?;
        if self.operation {
            f.write_str("the operation failed: ")?;
        } else if !self.code.starts_with("HTTP ") {
            write!(f, "HTTP {}: ", self.status)?;
        }
        let code = if self.code.is_empty() { "no code" } else { &self.code };
        write!(f, "{code}: {}", self.message)?;
        write_details(f, &self.details)?;
        if let Some(id) = &self.request_id {
            write!(f, " (request ID {id})")?;
        }
        Ok(())
    }
}

impl fmt::Display for ErrorDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code.as_str(), self.message.as_str()) {
            ("", message) => f.write_str(message)?,
            (code, "") => f.write_str(code)?,
            (code, message) => write!(f, "{code}: {message}")?,
        }
        write_details(f, &self.details)
    }
}

fn write_details(f: &mut fmt::Formatter<'_>, details: &[ErrorDetail]) -> fmt::Result {
    details.iter().try_for_each(|detail| write!(f, "; {detail}"))
}

impl std::error::Error for ServiceError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> ServiceError {
        ServiceError::read("PUT", "/subscriptions/s", status, body.as_bytes())
    }

    #[test]
    fn keeps_all_that_arm_says() {
        let error = read(
            409,
            r#"{"error":{"code":"MissingSubscriptionRegistration","message":"Not registered.","target":"t",
                "details":[{"code":"Inner","message":"Deep.","details":[{"code":"Deepest","message":""}]}],
                "additionalInfo":[{"type":"PolicyViolation","info":{"a":1}}],"innererror":{"code":"x"}}}"#,
        );
        assert_eq!(error.code, "MissingSubscriptionRegistration");
        assert_eq!(error.target.as_deref(), Some("t"));
        assert!(error.has_code("deepest"));
        assert_eq!(error.additional_info[0]["type"], "PolicyViolation");
        assert_eq!(error.inner_error.as_ref().unwrap()["code"], "x");
        assert_eq!(
            error.to_string(),
            "PUT /subscriptions/s: HTTP 409: MissingSubscriptionRegistration: Not registered.; Inner: Deep.; Deepest"
        );
    }

    #[test]
    fn reads_the_other_shapes() {
        assert_eq!(
            read(400, r#"{"Code":"Bad","Message":"No."}"#).to_string(),
            "PUT /subscriptions/s: HTTP 400: Bad: No."
        );
        assert_eq!(
            read(400, r#"{"error":{"code":"B","message":{"lang":"en","value":"No."}}}"#).message,
            "No."
        );
        assert_eq!(
            read(400, r#"{"error":"invalid_client","error_description":"AADSTS7000215: …"}"#).code,
            "invalid_client"
        );
        let error =
            ServiceError { request_id: Some("r-1".into()), ..read(404, r#"{"error":{"code":"NotFound"}}"#) };
        assert_eq!(error.to_string(), "PUT /subscriptions/s: HTTP 404: NotFound:  (request ID r-1)");
    }

    #[test]
    fn quotes_what_is_not_an_error_of_arm() {
        assert_eq!(
            read(502, "<html>\n <b>Bad gateway</b>").to_string(),
            "PUT /subscriptions/s: HTTP 502: <html> <b>Bad gateway</b>"
        );
        assert_eq!(
            read(502, "Cannot GET \"https://management.azure.com/o?t=1&amp;s=s1gned\">/o?s=s1gned, sorry?")
                .message,
            "Cannot GET \"https://management.azure.com/o?…\">/o?…, sorry?"
        );
        assert!(read(400, "<html>").is_foreign() && !read(400, r#"{"code":"Bad"}"#).is_foreign());
        assert_eq!(read(500, "").to_string(), "PUT /subscriptions/s: HTTP 500: the answer has no body");
        assert_eq!(read(500, &"é".repeat(400)).message.chars().count(), 301);
    }

    #[test]
    fn deep_nesting_is_cut() {
        let mut body = r#"{"code":"end"}"#.to_owned();
        for _ in 0..40 {
            body = format!(r#"{{"code":"c","details":[{body}]}}"#);
        }
        assert!(!read(400, &body).has_code("end"));
    }

    proptest::proptest! {
        #[test]
        fn any_body_is_read(status: u16, body: Vec<u8>, text: String, depth in 0usize..200) {
            let nested = format!("{}{text}{}", "{\"details\":[{\"error\":".repeat(depth), "}]}".repeat(depth));
            for body in [&body[..], text.as_bytes(), nested.as_bytes()] {
                let _ = ServiceError::read("GET", "/", status, body).to_string();
            }
        }
    }
}
