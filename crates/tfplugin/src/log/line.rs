//! One log line in hclog's JSON.

use jiff::Timestamp;
use serde_json::Value;
use tracing::Level;

/// Longest line. Clients read lines of 64 KiB at most.
const MAX_LINE: usize = 60 * 1024;
/// Longest message, in bytes of its JSON form. Leaves room for the fields.
const MAX_MESSAGE: usize = 32 * 1024;
/// Room for what every line ends with.
const TAIL: usize = 64;

/// A line that is being put together.
#[derive(Debug)]
pub(crate) struct Line {
    text: String,
    left_out: usize,
}

impl Line {
    /// A line with what each must have. The CLI insists that these are strings, and that the time has six
    /// digits after the point.
    pub(crate) fn new(level: Level, module: &str, message: &str, time: Timestamp) -> Self {
        let time = time.strftime("%Y-%m-%dT%H:%M:%S%.6fZ");
        let mut text = format!("{{\"@level\":\"{}\",\"@message\":", level_name(level));
        text.push_str(&shortened(message));
        text.push_str(",\"@module\":");
        text.push_str(&quoted(module));
        text.push_str(&format!(",\"@timestamp\":\"{time}\""));
        Self { text, left_out: 0 }
    }

    /// Adds a field, or counts it as left out when the line has no room for it. Names that begin with
    /// `@` are the format's own and are set by [`Line::new`] alone.
    pub(crate) fn field(&mut self, name: &str, value: &Value) {
        let field = format!(",{}:{value}", quoted(name.trim_start_matches('@')));
        if self.text.len() + field.len() + TAIL <= MAX_LINE {
            self.text.push_str(&field);
        } else {
            self.left_out += 1;
        }
    }

    /// The bytes to write, with the line's end.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        if self.left_out > 0 {
            let note = format!(",\"log_fields_left_out\":{}", self.left_out);
            self.text.push_str(&note);
        }
        self.text.push_str("}\n");
        self.text.into_bytes()
    }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::TRACE => "trace",
        Level::DEBUG => "debug",
        Level::INFO => "info",
        Level::WARN => "warn",
        Level::ERROR => "error",
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A string in JSON, cut to the longest that a message may have.
fn shortened(message: &str) -> String {
    let whole = quoted(message);
    if whole.len() <= MAX_MESSAGE {
        return whole;
    }
    // A byte takes six in JSON at most.
    let mut end = MAX_MESSAGE / 6 - TAIL;
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    let rest = message.len() - end;
    quoted(&format!("{} ... ({rest} more bytes)", &message[..end]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn time() -> Timestamp {
        Timestamp::from_microsecond(1_700_000_000_000_010).unwrap_or_default()
    }

    fn line(message: &str, fields: &[(&str, Value)]) -> String {
        let mut line = Line::new(Level::WARN, "provider", message, time());
        for (name, value) in fields {
            line.field(name, value);
        }
        String::from_utf8(line.finish()).unwrap_or_default()
    }

    #[test]
    fn a_line_is_one_object_with_the_formats_fields_first() {
        assert_eq!(
            line("two\nlines", &[("tf_rpc", json!("ReadResource")), ("count", json!(2))]),
            "{\"@level\":\"warn\",\"@message\":\"two\\nlines\",\"@module\":\"provider\",\
             \"@timestamp\":\"2023-11-14T22:13:20.000010Z\",\"tf_rpc\":\"ReadResource\",\"count\":2}\n"
        );
    }

    #[test]
    fn the_time_has_six_digits_even_when_they_are_zero() {
        let whole = Timestamp::from_second(1_700_000_000).unwrap_or_default();
        let line = Line::new(Level::INFO, "m", "", whole).finish();
        let line = String::from_utf8(line).unwrap_or_default();
        assert!(line.contains("\"2023-11-14T22:13:20.000000Z\""), "{line}");
    }

    #[test]
    fn a_field_cannot_pass_for_one_of_the_formats_own() {
        assert!(line("m", &[("@level", json!(7))]).ends_with(",\"level\":7}\n"));
    }

    #[test]
    fn a_line_is_never_too_long_for_the_reader() {
        let long = "\u{1}é".repeat(100_000);
        let fields = [("small", json!(1)), ("large", json!(long)), ("last", json!("x"))];
        let line = line(&long, &fields);
        assert!(line.len() < 64 * 1024);
        let value: Value = serde_json::from_str(&line).unwrap_or_default();
        assert_eq!(value["small"], 1);
        assert_eq!(value["last"], "x");
        assert_eq!(value["log_fields_left_out"], 1);
        let message = value["@message"].as_str().unwrap_or_default();
        assert!(message.ends_with("more bytes)"), "{message}");
    }
}
