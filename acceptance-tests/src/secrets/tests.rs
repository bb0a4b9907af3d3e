//! A secret is found in every encoding, at every offset, whole or cut; and what is none is not.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::*;

const SECRET: &str = "s3cr3t~Q<&\"ö\\/ value";
const TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL21hbmFnZW1lbnQuYXp1cmUuY29tIn0.c2lnbmF0dXJlIG9mIHRoZSB0b2tlbiwgd2hpY2ggaXMgbG9uZyBlbm91Z2gtX19f";

fn found(value: &str, text: impl Into<Vec<u8>>) -> Option<&'static str> {
    let places = [("a place".to_owned(), text.into())];
    let leaks = search(&[Secret::new("thing", value)], &places);
    leaks.first().map(|leak| {
        assert_eq!((leak.kind.as_str(), leak.place.as_str(), leaks.len()), ("thing", "a place", 1));
        leak.encoding
    })
}

#[test]
fn every_encoding_is_known() {
    let json = serde_json::to_string(&format!("x{SECRET}x")).unwrap();
    assert_eq!(found(SECRET, format!("before {SECRET} after")), Some("plain text"));
    assert_eq!(found(SECRET, json.clone()), Some("JSON"));
    assert_eq!(found(SECRET, json.replace('<', "\\u003c").replace('&', "\\u0026")), Some("JSON"));
    let twice = serde_json::to_string(&json.replace('<', "\\u003c").replace('&', "\\u0026")).unwrap();
    assert_eq!(found(SECRET, twice), Some("JSON in JSON"));
    assert_eq!(found(SECRET, "a=s3cr3t~Q%3C%26%22%C3%B6%5C%2F%20value&b"), Some("URL"));
    assert_eq!(found(SECRET, "a=s3cr3t~Q%3c%26%22%c3%b6%5c%2f%20value&b"), Some("URL"));
    assert_eq!(found(SECRET, "a=s3cr3t~Q%3C%26%22%C3%B6%5C%2F+value&b"), Some("form"));
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(found(SECRET, hex.to_uppercase()), Some("hex"));
    assert_eq!(found(SECRET, hex), Some("hex"));
    for before in ["", "x", "xx", "xxx", "user:", "id:secret:"] {
        let text = format!("{before}{SECRET}after");
        assert!(found(SECRET, STANDARD.encode(&text)).is_some_and(|it| it.starts_with("base64")), "{before}");
        assert!(
            found(SECRET, URL_SAFE_NO_PAD.encode(&text)).is_some_and(|it| it.starts_with("base64")),
            "{before}"
        );
    }
}

#[test]
fn what_is_no_secret_is_not_found() {
    assert_eq!(found(SECRET, "s3cr3t~Q and its value"), None);
    assert_eq!(found("abc", "abcabc"), None, "too short to tell");
    let other = format!("{}.AAAA", TOKEN.rsplit_once('.').unwrap().0);
    assert_eq!(found(TOKEN, other), None, "another token begins alike");
}

#[test]
fn half_a_token_is_found() {
    assert_eq!(found(TOKEN, format!("Bearer {TOKEN}")), Some("plain text"));
    assert_eq!(found(TOKEN, format!("…{}", &TOKEN[TOKEN.len() - 40..])), Some("plain text"));
    assert_eq!(found(TOKEN, &TOKEN[..TOKEN.len() - 10]), Some("plain text"), "cut at the end");
    assert!(found(TOKEN, STANDARD.encode(TOKEN)).is_some());
}

#[test]
fn a_key_is_found_by_any_of_its_lines() {
    let line =
        |seed: u8| (0..64).map(|at| char::from(b'a' + (seed * 7 + at % 25 * 5) % 26)).collect::<String>();
    let key = format!("-----BEGIN PRIVATE KEY-----\n{}\n{}\n-----END PRIVATE KEY-----\n", line(1), line(2));
    assert_eq!(found(&key, line(2)), Some("plain text"));
    assert_eq!(found(&key, serde_json::to_string(&key).unwrap()), Some("plain text"));
    assert_eq!(found(&key, "-----BEGIN PRIVATE KEY-----"), None);
}

#[test]
fn a_leak_does_not_say_the_secret() {
    let leaks = search(&[Secret::new("client secret", SECRET)], &[("a log".to_owned(), SECRET.into())]);
    assert_eq!(
        report(&leaks),
        "secrets have leaked:\n  a client secret is in a log, written as plain text, at byte 0"
    );
    assert_eq!(format!("{:?}", Secret::new("client secret", SECRET)), "Secret(client secret)");
}

#[test]
fn programs_are_not_searched() {
    assert!(!is_made(Path::new("home/mirror/registry/x")));
    assert!(!is_made(Path::new(".terraform/providers/x")));
    assert!(is_made(Path::new("terraform.tfstate")));
    assert!(is_made(Path::new("home/provider.log")));
}

#[test]
#[should_panic(expected = "nothing can be searched for")]
fn an_emulator_that_is_gone_hides_nothing() {
    told(None);
}

#[test]
#[should_panic(expected = "nothing can be searched for")]
fn an_empty_list_hides_nothing() {
    told(Some(serde_json::json!({"secrets": []})));
}
