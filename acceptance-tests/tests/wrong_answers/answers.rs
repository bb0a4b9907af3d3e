//! The table of wrong answers: what is answered, what it is, and the words by which an error has to name it.

use acceptance_tests::Fault;

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A good status and no document.
    NoDocument,
    /// Word of a failure behind a good status.
    Failure,
    /// No list, where one is asked for.
    NoList,
    /// Another status, which is no word on the resource.
    Refusal,
    /// A status after which a reader asks again.
    Passing,
}

/// An answer: its name, what it is, status, content type, body, and the words that an error about it has to have.
pub(crate) struct Answer {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    status: u16,
    content_type: &'static str,
    body: &'static str,
    pub(crate) says: &'static [&'static str],
}

const JSON: &str = "application/json; charset=utf-8";
const HTML: &str = "text/html";
const SIGN_IN: &str = "<html><title>Please sign in</title></html>";
const GONE: &str = "<html><h1>No such page</h1></html>";
const SORRY: &str = "<html><h1>We are sorry</h1></html>";

/// Words of Resource Manager that say nothing about the resource.
const NO_TYPE: &str = r#"{"error":{"code":"InvalidResourceType","message":"No such type here."}}"#;
const NO_NAMESPACE: &str = r#"{"error":{"code":"InvalidResourceNamespace","message":"No such namespace."}}"#;
const NO_VERSION: &str = r#"{"error":{"code":"NoRegisteredProviderFound","message":"Not in this version."}}"#;
const NO_SUBSCRIPTION: &str =
    r#"{"error":{"code":"SubscriptionNotFound","message":"No such subscription."}}"#;
const THROTTLED: &str = r#"{"error":{"code":"Throttled","message":"come back later"}}"#;
const BROKEN: &str = r#"{"status":"Failed","error":{"code":"Broken","message":"it broke"}}"#;

const fn answer(
    name: &'static str,
    kind: Kind,
    (status, content_type, body): (u16, &'static str, &'static str),
    says: &'static [&'static str],
) -> Answer {
    Answer { name, kind, status, content_type, body, says }
}

use Kind::{Failure, NoDocument, NoList, Passing, Refusal};

/// All answers that take the place of the true one.
pub(crate) const ANSWERS: &[Answer] = &[
    answer("200 and nothing", NoDocument, (200, JSON, ""), &["HTTP 200", "empty"]),
    answer("200 null", NoDocument, (200, JSON, "null"), &["HTTP 200", "null"]),
    answer("200 {}", NoDocument, (200, JSON, "{}"), &["HTTP 200", "{}"]),
    answer("200 []", NoDocument, (200, JSON, "[]"), &["HTTP 200", "[]"]),
    answer("200 a text", NoDocument, (200, JSON, "\"later\""), &["HTTP 200"]),
    answer("200 a number", NoDocument, (200, JSON, "7"), &["HTTP 200", "7"]),
    answer("200 true", NoDocument, (200, JSON, "true"), &["HTTP 200", "true"]),
    answer("200 a page", NoDocument, (200, HTML, SIGN_IN), &["HTTP 200", "Please sign in", HTML]),
    answer("200 a page as JSON", NoDocument, (200, JSON, SIGN_IN), &["HTTP 200", "Please sign in"]),
    answer("200 words", NoDocument, (200, "text/plain", "OK then"), &["HTTP 200", "OK then"]),
    answer("200 half a document", NoDocument, (200, JSON, "{\"id\":\"/subsc"), &["HTTP 200", "<13 bytes>"]),
    answer("200 a BOM alone", NoDocument, (200, JSON, "\u{feff}"), &["HTTP 200"]),
    answer("200 an error", Failure, (200, JSON, THROTTLED), &["Throttled", "come back later"]),
    answer("200 a failure", Failure, (200, JSON, BROKEN), &["Broken", "it broke"]),
    answer("200 a success", NoDocument, (200, JSON, r#"{"status":"Succeeded"}"#), &["HTTP 200", "Succeeded"]),
    answer("200 a page of a list", NoDocument, (200, JSON, r#"{"value":[]}"#), &["HTTP 200", "value"]),
    answer(
        "200 properties alone",
        NoDocument,
        (200, JSON, r#"{"properties":{}}"#),
        &["HTTP 200", "properties"],
    ),
    answer("200 a list without a list", NoList, (200, JSON, r#"{"value":null}"#), &["HTTP 200", "value"]),
    answer("200 a list that is an object", NoList, (200, JSON, r#"{"value":{}}"#), &["HTTP 200", "value"]),
    answer("200 a list of nothing", NoList, (200, JSON, r#"{"value":[null]}"#), &["HTTP 200", "null"]),
    answer("200 a list of texts", NoList, (200, JSON, r#"{"value":["a"]}"#), &["HTTP 200", "a"]),
    answer("201 {}", NoDocument, (201, JSON, "{}"), &["HTTP 201", "{}"]),
    answer("201 a page", NoDocument, (201, HTML, SIGN_IN), &["HTTP 201", "Please sign in"]),
    answer("202 and nothing", NoDocument, (202, JSON, ""), &["202"]),
    answer("202 a page", NoDocument, (202, HTML, SIGN_IN), &["202"]),
    answer("202 []", NoDocument, (202, JSON, "[]"), &["202"]),
    answer("204", NoDocument, (204, "", ""), &["204"]),
    answer("302", Refusal, (302, HTML, SIGN_IN), &["302"]),
    answer("307", Refusal, (307, HTML, SIGN_IN), &["307"]),
    answer("400 a page", Refusal, (400, HTML, SORRY), &["400", "We are sorry"]),
    answer("403 a page", Refusal, (403, HTML, SORRY), &["403", "We are sorry"]),
    answer("403 and nothing", Refusal, (403, "", ""), &["403"]),
    answer("404 and nothing", Refusal, (404, "", ""), &["404"]),
    answer("404 a page", Refusal, (404, HTML, GONE), &["404", "No such page"]),
    answer("404 words", Refusal, (404, "text/plain", "nothing here"), &["404", "nothing here"]),
    answer("404 {}", Refusal, (404, JSON, "{}"), &["404"]),
    answer("404 an empty error", Refusal, (404, JSON, r#"{"error":{}}"#), &["404"]),
    answer("404 no such type", Refusal, (404, JSON, NO_TYPE), &["InvalidResourceType", "No such type here."]),
    answer("404 no such namespace", Refusal, (404, JSON, NO_NAMESPACE), &["InvalidResourceNamespace"]),
    answer("404 no such version", Refusal, (404, JSON, NO_VERSION), &["NoRegisteredProviderFound"]),
    answer("404 no such subscription", Refusal, (404, JSON, NO_SUBSCRIPTION), &["SubscriptionNotFound"]),
    answer("405 a page", Refusal, (405, HTML, SORRY), &["405", "We are sorry"]),
    answer("409 a page", Refusal, (409, HTML, SORRY), &["409", "We are sorry"]),
    answer("410 a page", Refusal, (410, HTML, GONE), &["410", "No such page"]),
    // For a creation that must not overwrite, this means that there is something.
    answer("412 a page", Refusal, (412, HTML, SORRY), &[]),
    answer("500 a page", Passing, (500, HTML, SORRY), &["500", "We are sorry"]),
    answer("503 a page", Passing, (503, HTML, SORRY), &["503", "We are sorry"]),
];

impl Answer {
    /// The fault that gives it, `after` all was done or instead.
    pub(crate) fn arm(&self, at: Fault, after: bool) -> Fault {
        let fault = at.answer(self.status, self.content_type, self.body);
        let fault =
            if (300..400).contains(&self.status) { fault.header("Location", "/sign-in") } else { fault };
        if after { fault.after_all() } else { fault }
    }

    /// Whether it begins an operation where it comes in answer to a change.
    pub(crate) fn is_acceptance(&self) -> bool {
        self.status == 202
    }
}
