//! The ways in which a secret can stand in a text.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{GeneralPurpose, general_purpose::NO_PAD};

/// Shorter secrets would be found by chance.
const SHORTEST: usize = 6;
/// So much of a long secret gives it away, and is still found where the rest was cut off.
const WINDOW: usize = 24;
/// What is shorter than this is looked for as a whole.
const LONG: usize = 2 * WINDOW;

const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, NO_PAD);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, NO_PAD);

/// What to look for, with the name of its encoding.
pub(super) fn all(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut needles: Vec<(&'static str, Vec<u8>)> = Vec::new();
    for part in parts(secret).into_iter().filter(|part| part.len() >= SHORTEST) {
        let mut add = |encoding, needle: Vec<u8>| {
            if needle.len() >= SHORTEST && !needles.iter().any(|(_, known)| *known == needle) {
                needles.push((encoding, needle));
            }
        };
        let json = serde_json::Value::from(part).to_string();
        let json = json.trim_start_matches('"').strip_suffix('"').unwrap_or_default();
        add("plain text", part.into());
        add("JSON", json.into());
        // As the tools, which are written in Go, escape what could end a tag.
        let tags = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
        add("JSON", tags.clone().into());
        // JSON inside a log line of JSON.
        let twice = serde_json::Value::from(tags).to_string();
        add("JSON in JSON", twice.trim_matches('"').into());
        add("URL", escaped(part, "", false).into());
        add("URL", escaped(part, "", true).into());
        add("form", escaped(part, " ", false).replace(' ', "+").into());
        add("hex", part.bytes().map(|byte| format!("{byte:02x}")).collect::<String>().into());
        add("hex", part.bytes().map(|byte| format!("{byte:02X}")).collect::<String>().into());
        for offset in 0..3 {
            add("base64", inside(&STANDARD, part, offset));
            add("base64url", inside(&URL_SAFE, part, offset));
        }
    }
    needles
}

/// The parts of a secret that give it away, each by itself.
fn parts(secret: &str) -> Vec<&str> {
    let secret = secret.trim();
    if let Some((_, signature)) = secret.rsplit_once('.').filter(|_| secret.starts_with("eyJ")) {
        // The head of a token is the same in all of them; it is the signature that makes it one.
        return windows(signature);
    }
    if secret.contains('\n') {
        // A key: its lines are long, and begin alike in all keys.
        let lines =
            secret.lines().map(str::trim).filter(|line| line.len() > WINDOW && !line.starts_with('-'));
        return lines.filter_map(|line| line.get(line.len() - WINDOW..)).collect();
    }
    windows(secret)
}

/// The whole of a short text, the middle and the end of a long one.
fn windows(text: &str) -> Vec<&str> {
    if text.len() < LONG || !text.is_ascii() {
        return vec![text];
    }
    let middle = (text.len() - WINDOW) / 2;
    vec![&text[middle..middle + WINDOW], &text[text.len() - WINDOW..]]
}

/// Percent-encoded, but for the unreserved characters and those in `kept`.
fn escaped(text: &str, kept: &str, lower: bool) -> String {
    let one = |byte: u8| {
        let plain =
            byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.as_bytes().contains(&byte);
        match (plain, lower) {
            (true, _) => char::from(byte).to_string(),
            (false, false) => format!("%{byte:02X}"),
            (false, true) => format!("%{byte:02x}"),
        }
    };
    text.bytes().map(one).collect()
}

/// The characters that are certain when the text stands in something encoded, `offset` bytes after a group's begin.
fn inside(engine: &GeneralPurpose, text: &str, offset: usize) -> Vec<u8> {
    let mut bytes = vec![0; offset];
    bytes.extend(text.bytes());
    let encoded = engine.encode(&bytes);
    let (start, end) = ((offset * 8).div_ceil(6), bytes.len() * 8 / 6);
    encoded.as_bytes()[start..end].to_vec()
}
