//! Bodies for the trace log. What is shown is chosen; what is not chosen cannot leak.

use bytes::Bytes;
use serde_json::Value;
use serde_json::error::Category;

use crate::error::ErrorDetail;

/// Members whose texts are shown: they name things and states, and no service puts a secret in them.
const SHOWN: &[&str] = &["id", "kind", "location", "name", "provisioningState", "status", "type"];
/// Longer texts are not names.
const LONGEST: usize = 400;
/// A foreign text is quoted up to this many characters.
const QUOTE: usize = 300;
/// A longer body is not gone through for the sake of a message.
const READ: usize = 256 << 10;

/// A JSON body with all texts but the harmless ones replaced by their length; anything else as its length only.
pub(crate) fn body(body: &Bytes) -> String {
    match serde_json::from_slice::<Value>(crate::request::trimmed(body)) {
        Ok(mut value) => {
            mask(&mut value, false);
            value.to_string()
        }
        Err(_) => format!("<{} bytes>", body.len()),
    }
}

fn mask(value: &mut Value, shown: bool) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
        // A query in a text may be signed.
        Value::String(text) if shown && text.len() <= LONGEST && !text.contains('?') => {}
        Value::String(text) => *text = format!("<{} characters>", text.chars().count()),
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, false)),
        Value::Object(members) => {
            members.iter_mut().for_each(|(name, value)| mask(value, SHOWN.contains(&name.as_str())));
        }
    }
}

/// A word of a foreign text without what follows the question marks in it, as that may be the query of a signed URL.
pub(crate) fn queries(word: &str) -> String {
    let mut parts = word.split('?');
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // A URL in a page ends with a quote, a bracket, a comma or the word; entities are a part of it.
        let end = part.find(['"', '\'', '<', '>', '(', ')', ',']).unwrap_or(part.len());
        kept.push('?');
        kept.push_str(if end == 0 { "" } else { "…" });
        kept.push_str(&part[end..]);
    }
    kept
}

/// A foreign text on one line, without control characters and signed queries, cut where it is long.
pub(crate) fn words(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: String = plain.split_whitespace().map(queries).collect::<Vec<_>>().join(" ");
    let mut cut: String = words.chars().take(QUOTE).collect();
    if cut.len() < words.len() {
        cut.push('…');
    }
    cut
}

/// What a body begins with, for a message: the error that it has, or its JSON without the texts that may be secret, or its words.
pub(crate) fn first_words(body: &Bytes) -> String {
    if body.len() > READ {
        return format!("<{} bytes>", body.len());
    }
    match serde_json::from_slice::<Value>(crate::request::trimmed(body)) {
        Ok(Value::Object(object)) => match ErrorDetail::in_body(&object) {
            Some(error) => words(&error.to_string()),
            None => words(&self::body(body)),
        },
        Ok(_) => words(&self::body(body)),
        Err(_) => plain_words(body),
    }
}

/// What a body that is no JSON begins with. Of one that looks like JSON which was cut, or like a form, only the length: what is in it
/// cannot be told from a secret.
pub(crate) fn plain_words(body: &[u8]) -> String {
    let words = words(&String::from_utf8_lossy(crate::request::trimmed(&body[..body.len().min(READ)])));
    let is_data = words.starts_with(['{', '[', ')']) || !words.starts_with('<') && words.contains('=');
    if is_data { format!("<{} bytes>", body.len()) } else { words }
}

/// Why a body cannot be read as a type, without the text that did not fit, which the library quotes.
pub(crate) fn problem(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Data => format!("it is not of the expected form at line {line}, column {column}"),
        Category::Eof => "it ends too early".to_owned(),
        Category::Syntax | Category::Io => format!("it is no JSON at line {line}, column {column}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_names_and_states_and_nothing_else() {
        let text = r#"{"id":"/subscriptions/s","properties":{"provisioningState":"Succeeded","primaryKey":"s3cret","count":2,"ok":true,
            "list":["a","b"]},"name":"w?sig=x","tags":{"owner":"me"}}"#;
        assert_eq!(
            body(&Bytes::from(text)),
            r#"{"id":"/subscriptions/s","properties":{"provisioningState":"Succeeded","primaryKey":"<6 characters>","count":2,"#.to_owned()
                + r#""ok":true,"list":["<1 characters>","<1 characters>"]},"name":"<7 characters>","tags":{"owner":"<2 characters>"}}"#
        );
        assert_eq!(body(&Bytes::from("access_token=abc")), "<16 bytes>");
        assert_eq!(body(&Bytes::new()), "<0 bytes>");
    }

    #[test]
    fn a_body_that_does_not_fit_is_not_quoted() {
        let text = |text: &str| problem(&serde_json::from_str::<Vec<u8>>(text).unwrap_err());
        assert_eq!(text(r#"["s3cret"]"#), "it is not of the expected form at line 1, column 9");
        assert_eq!(text("s3cret"), "it is no JSON at line 1, column 1");
        assert_eq!(text("[1"), "it ends too early");
    }

    #[test]
    fn the_first_words_of_a_body_are_those_that_hold_no_secret() {
        let words = |body: &str| first_words(&Bytes::from(body.to_owned()));
        for (body, shown) in [
            ("<html>\n Sign in", "<html> Sign in"),
            ("no such page", "no such page"),
            ("go to https://h/o?s=s3cret please", "go to https://h/o?… please"),
            (r#"{"key":"s3cret"}"#, r#"{"key":"<6 characters>"}"#),
            (r#"{"error":{"code":"Bad","message":"No."},"key":"s3cret"}"#, "Bad: No."),
            (r#"{"key":"s3cret""#, "<15 bytes>"),
            (r#")]}'{"key":"s3cret"}"#, "<20 bytes>"),
            ("access_token=s3cret", "<19 bytes>"),
            ("\"s3cret\"", "\"<6 characters>\""),
        ] {
            assert_eq!(words(body), shown, "{body}");
        }
    }

    /// A document with the secret as a text somewhere under names of its own.
    fn planted(path: &[String], secret: &str) -> Value {
        path.iter().rev().fold(Value::from(secret), |inner, name| match name.as_str() {
            "" => serde_json::json!([inner]),
            name => serde_json::json!({ "name": "n", name: inner, "properties": {"count": 1} }),
        })
    }

    proptest::proptest! {
        #[test]
        fn a_secret_stays_hidden_at_any_depth(
            path in proptest::collection::vec("[a-zA-Z]{0,10}", 1..8),
            secret in "s3cret-[a-zA-Z0-9+/=]{8,40}",
        ) {
            // Where the way ends in a name that is shown, what stands there is no secret.
            let shown = path.last().is_some_and(|name| SHOWN.contains(&name.as_str()));
            let text = body(&Bytes::from(planted(&path, &secret).to_string()));
            proptest::prop_assert!(shown || !text.contains(&secret), "{}", text);
        }

        #[test]
        fn a_signed_url_is_shown_nowhere(signature in "s1g[a-zA-Z0-9%+/=]{8,40}", name in "[a-z]{1,8}", quote in "[\"'<(]?") {
            let url = format!("https://management.azure.com/o/{name}?api-version=1&t=2&s={signature}");
            for member in SHOWN {
                let text = body(&Bytes::from(serde_json::json!({*member: url}).to_string()));
                proptest::prop_assert!(!text.contains(&signature), "{}", text);
            }
            let text = queries(&format!("{quote}{url}{quote}"));
            proptest::prop_assert!(!text.contains(&signature) && text.contains(&name), "{}", text);
        }

        #[test]
        fn a_text_under_any_other_name_stays_hidden(name in "[a-zA-Z_]{0,12}", deep: bool) {
            let secret = "planted-s3cret";
            let hidden = !SHOWN.contains(&name.as_str());
            let inner = serde_json::json!({ name.as_str(): secret });
            let value = if deep { serde_json::json!({"id": [inner], "name": {"x": secret}}) } else { inner };
            let shown = body(&Bytes::from(value.to_string()));
            proptest::prop_assert!(!hidden || !shown.contains(secret), "{}", shown);
        }
    }
}
