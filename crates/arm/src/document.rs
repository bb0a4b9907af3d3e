//! What is taken for a resource: a JSON object whose `id` is the one that was asked for.
//!
//! A proxy, a sign-in page or a service in trouble answers with a good status, too. What has no such envelope is an error of
//! the answer, and says nothing about the resource.

use serde_json::Value;

use crate::error::Error;
use crate::id::ResourceId;
use crate::request::{Response, trimmed};

/// The document of the resource with this path, in an answer.
pub(crate) fn of(response: &Response, path: &str) -> Result<Value, Error> {
    let Some(body) = response.value() else {
        let problem = if response.body.is_empty() { "it is empty" } else { "it is no JSON" };
        return Err(response.unusable(problem));
    };
    match id_of(&body) {
        _ if !body.is_object() => Err(response.unusable("it is no JSON object")),
        None => Err(response.unusable("it has no id, so it is not the resource")),
        Some(id) if !is_same(id, path) => {
            Err(response.unusable(&format!("it is of another resource, {:?}", crate::mask::words(id))))
        }
        Some(_) => Ok(body),
    }
}

/// Refuses an answer that has a body which is no JSON, such as a sign-in page.
pub(crate) fn refuse_page(response: &Response) -> Result<(), Error> {
    let is_page = !trimmed(&response.body).is_empty() && response.value().is_none();
    if is_page { Err(response.unusable("it is no JSON")) } else { Ok(()) }
}

/// Whether an answer is the document of the resource with this path.
pub(crate) fn is_of(body: &Value, path: &str) -> bool {
    id_of(body).is_some_and(|id| is_same(id, path))
}

fn id_of(body: &Value) -> Option<&str> {
    body.get("id")?.as_str()
}

/// Services differ in the casing of IDs, and in a slash at the end.
fn is_same(id: &str, path: &str) -> bool {
    let bare = |text: &str| text.trim_end_matches('/').to_lowercase();
    match (ResourceId::parse(id), ResourceId::parse(path)) {
        (Ok(id), Ok(path)) => id == path,
        _ => bare(id) == bare(path),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};

    use super::*;

    const PATH: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Search/searchServices/x";

    fn problem(content_type: &str, body: &str) -> Option<String> {
        let headers = HeaderMap::from_iter([(http::header::CONTENT_TYPE, content_type.parse().unwrap())]);
        let request = format!("GET {PATH}");
        let body = Bytes::from(body.to_owned());
        of(&Response { request, status: StatusCode::OK, headers, body }, PATH).err().map(|e| e.to_string())
    }

    #[test]
    fn a_document_has_the_id_that_was_asked_for() {
        for id in [PATH.to_owned(), PATH.to_uppercase(), format!("{PATH}/")] {
            assert_eq!(problem("application/json", &format!(r#"{{"id":"{id}"}}"#)), None, "{id}");
        }
        assert_eq!(problem("text/plain", &format!("\u{feff}{{\"id\":\"{PATH}\"}}")), None);
    }

    #[test]
    fn nothing_else_is_one_and_the_error_says_what_it_is() {
        for (content_type, body, expected) in [
            ("application/json", "", "it is empty (HTTP 200, application/json)"),
            (
                "text/html",
                "<html>\n Please sign in</html>",
                r#"it is no JSON (HTTP 200, text/html: "<html> Please sign in</html>")"#,
            ),
            ("application/json", "null", r#"it is no JSON object (HTTP 200, application/json: "null")"#),
            ("application/json", "[]", r#"it is no JSON object (HTTP 200, application/json: "[]")"#),
            (
                "application/json",
                "{}",
                r#"it has no id, so it is not the resource (HTTP 200, application/json: "{}")"#,
            ),
            (
                "application/json",
                r#"{"error":{"code":"Throttled","message":"later"}}"#,
                r#"it has no id, so it is not the resource (HTTP 200, application/json: "Throttled: later")"#,
            ),
            (
                "application/json",
                r#"{"id":null,"key":"s3cret"}"#,
                r#"it has no id, so it is not the resource (HTTP 200, application/json: "{\"id\":null,\"key\":\"<6 characters>\"}")"#,
            ),
            (
                "application/json",
                r#"{"id":"/subscriptions/s"}"#,
                r#"it is of another resource, "/subscriptions/s" (HTTP 200, application/json: "{\"id\":\"/subscriptions/s\"}")"#,
            ),
        ] {
            let said = problem(content_type, body).unwrap();
            let start = format!("GET {PATH} was answered with something that cannot be read: ");
            assert_eq!(said.strip_prefix(&start), Some(expected), "{said}");
        }
    }
}
