//! What a command printed and how it ended, with the assertions that scenarios make about it.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

/// The end of a command.
#[derive(Clone)]
pub struct Output {
    /// The command line.
    pub command: String,
    /// The exit code, unless a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it, if one did.
    pub signal: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// From its start to its end.
    pub took: Duration,
}

/// A diagnostic of the provider or of the tool, as `-json` prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// `error` or `warning`.
    pub severity: String,
    /// The headline.
    pub summary: String,
    /// The text under it.
    pub detail: String,
    /// The resource it is about, if it is about one.
    pub address: String,
    /// The line of configuration it points at, trimmed; empty when it points at none.
    pub code: String,
}

impl Output {
    /// Insists on exit code 0.
    ///
    /// # Panics
    /// With all that the command printed, when it ended otherwise.
    #[track_caller]
    pub fn succeeds(&self) -> &Self {
        assert!(self.code == Some(0), "this should have succeeded: {self:?}");
        self
    }

    /// Insists on exit code 1.
    ///
    /// # Panics
    /// With all that the command printed, when it ended otherwise.
    #[track_caller]
    pub fn fails(&self) -> &Self {
        assert!(self.code == Some(1), "this should have failed: {self:?}");
        self
    }

    /// Insists that the output has this text; line breaks and the frames around diagnostics do not count.
    ///
    /// # Panics
    /// With all that the command printed, when it has not.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.flat().contains(&flatten(text)), "this should have said `{text}`: {self:?}");
        self
    }

    /// Insists that the output does not have this text; line breaks and frames do not count.
    ///
    /// # Panics
    /// With all that the command printed, when it has.
    #[track_caller]
    pub fn never_says(&self, text: &str) -> &Self {
        assert!(!self.flat().contains(&flatten(text)), "this should not have said `{text}`: {self:?}");
        self
    }

    /// Insists on exactly one error, and gives it.
    ///
    /// # Panics
    /// When there is none or more than one.
    #[track_caller]
    pub fn only_error(&self) -> Diagnostic {
        let mut errors = self.errors();
        assert!(errors.len() == 1, "this should have one error, not {}: {self:?}", errors.len());
        errors.remove(0)
    }

    /// The errors of a command that ran with `-json`.
    pub fn errors(&self) -> Vec<Diagnostic> {
        self.diagnostics().into_iter().filter(|diagnostic| diagnostic.severity == "error").collect()
    }

    /// The warnings of a command that ran with `-json`, but for the one that every run with `dev_overrides` gets.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        let ours = |diagnostic: &Diagnostic| {
            diagnostic.severity == "warning" && !diagnostic.summary.contains("development overrides")
        };
        self.diagnostics().into_iter().filter(ours).collect()
    }

    /// Every diagnostic of a command that ran with `-json`.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let read = |diagnostic: &Value| Diagnostic {
            severity: text(&diagnostic["severity"]),
            summary: text(&diagnostic["summary"]),
            detail: text(&diagnostic["detail"]),
            address: text(&diagnostic["address"]),
            code: text(&diagnostic["snippet"]["code"]).trim().to_owned(),
        };
        let in_lines = self.messages("diagnostic").into_iter().map(|message| read(&message["diagnostic"]));
        let whole: Value = serde_json::from_str(&self.stdout).unwrap_or_default();
        let in_whole = whole["diagnostics"].as_array().map(|all| all.iter().map(read).collect::<Vec<_>>());
        in_lines.chain(in_whole.unwrap_or_default()).collect()
    }

    /// The messages of one type that a command with `-json` printed, such as `planned_change`.
    pub fn messages(&self, kind: &str) -> Vec<Value> {
        let lines = self.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter(|message| message["type"] == kind).collect()
    }

    /// The whole of standard output as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        let parsed = serde_json::from_str(self.stdout.trim());
        parsed.unwrap_or_else(|error| panic!("this should have printed JSON ({error}): {self:?}"))
    }

    /// Both streams, whatever their order was.
    pub fn text(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }

    /// The texts of all diagnostics and both streams on one line.
    fn flat(&self) -> String {
        let spoken = self.diagnostics().into_iter().map(|one| format!("{}\n{}", one.summary, one.detail));
        flatten(&format!("{}\n{}", spoken.collect::<Vec<_>>().join("\n"), self.text()))
    }
}

/// One space between words, and no frames.
fn flatten(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !matches!(*word, "│" | "╷" | "╵"));
    words.collect::<Vec<_>>().join(" ")
}

impl fmt::Debug for Output {
    /// All that is needed to see what went wrong, with the JSON lines made readable.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "`{}` ended with {:?} (signal {:?}) in {:?}",
            self.command, self.code, self.signal, self.took
        )?;
        for line in self.stdout.lines() {
            match serde_json::from_str::<Value>(line) {
                // Progress, which buries the rest where there are many resources.
                Ok(message)
                    if matches!(message["type"].as_str(), Some("refresh_start" | "refresh_complete")) => {}
                Ok(message) if message["@message"].is_string() => {
                    writeln!(f, "  {}", message["@message"].as_str().unwrap_or_default())?;
                    if let Some(detail) = message["diagnostic"]["detail"].as_str() {
                        writeln!(f, "      {}", detail.replace('\n', "\n      "))?;
                    }
                }
                _ => writeln!(f, "  {line}")?,
            }
        }
        let errors: Vec<&str> = self.stderr.lines().collect();
        let skipped = errors.len().saturating_sub(60);
        if skipped > 0 {
            writeln!(f, "  stderr: ({skipped} lines left out)")?;
        }
        errors.iter().skip(skipped).try_for_each(|line| writeln!(f, "  stderr: {line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(stdout: &str) -> Output {
        let (command, stderr) = (String::from("tofu plan"), String::new());
        Output {
            command,
            code: Some(1),
            signal: None,
            stdout: stdout.to_owned(),
            stderr,
            took: Duration::ZERO,
        }
    }

    #[test]
    fn a_framed_diagnostic_reads_as_its_text() {
        output("╷\n│ Error: Not\n│ allowed here\n╵\n").says("Error: Not allowed here");
    }

    #[test]
    fn diagnostics_come_from_json_lines() {
        let line = r#"{"type":"diagnostic","@message":"Error: A","diagnostic":{"severity":"error","summary":"A","detail":"B","snippet":{"code":"  x = 1"}}}"#;
        let error = output(line).only_error();
        assert_eq!((error.summary.as_str(), error.detail.as_str(), error.code.as_str()), ("A", "B", "x = 1"));
    }

    #[test]
    fn the_warning_about_overrides_is_not_counted() {
        let line = r#"{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"Provider development overrides are in effect","detail":""}}"#;
        assert!(output(line).warnings().is_empty());
    }
}
