//! Azure's errors, and for each what is the matter and what helps, in a configuration and as a command.
//!
//! `table` has them. Its texts have places in braces, which `facts` fills from the error. The page `docs/guides/errors.md` is that
//! table.

use arm::ServiceError;

mod cases;
mod facts;
mod table;

use facts::Facts;
use table::TABLE;

/// How a code came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// In recorded answers, or in public reports of them.
    Recorded,
    /// It is general knowledge: nobody has recorded it for us.
    Known,
}

/// What there is to say about one code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Remedy {
    /// Azure's code; empty where the case tells by something else.
    code: &'static str,
    /// The case of the code that it is for, where the code has several remedies.
    case: Option<Case>,
    /// How it came to be known.
    #[cfg_attr(not(test), expect(dead_code, reason = "only the page tells it"))]
    seen: Seen,
    /// The attribute that it is about, where it is one that most resources have.
    pub(super) attribute: Option<&'static str>,
    /// What is the matter, and what to do.
    words: &'static str,
    /// What helps in a configuration; nothing where no configuration does.
    hcl: &'static str,
    /// The command that helps; nothing where none does.
    command: &'static str,
}

/// One case of a code.
#[derive(Debug, Clone, Copy)]
struct Case {
    /// What the page calls it.
    #[cfg_attr(not(test), expect(dead_code, reason = "only the page tells it"))]
    title: &'static str,
    /// What tells it from the others.
    fits: fn(&ServiceError) -> bool,
}

/// The code whose remedies are also for errors that say the same under another one.
const NOT_REGISTERED: &str = "MissingSubscriptionRegistration";

/// The remedy for an error. The error's own code comes before those of what lies under it, and any code before what has none.
pub(super) fn find(error: &ServiceError) -> Option<&'static Remedy> {
    let fitting = || TABLE.iter().filter(|remedy| remedy.case.is_none_or(|case| (case.fits)(error)));
    let of = |code: &str| fitting().find(|remedy| remedy.code.eq_ignore_ascii_case(code));
    of(&error.code)
        .or_else(|| fitting().find(|remedy| error.has_code(remedy.code)))
        .or_else(|| error.missing_registration.as_ref().and_then(|_| of(NOT_REGISTERED)))
        .or_else(|| fitting().find(|remedy| remedy.code.is_empty()))
}

/// What a user reads about an API version that is not served: these words, and how to ask for another one.
pub(super) fn another_version(error: &ServiceError, words: &str) -> String {
    let facts = &Facts::all(error)[0];
    lay_out(words, &facts.fill(table::VERSION), &facts.fill(table::VERSIONS))
}

impl Remedy {
    /// What a user reads.
    pub(super) fn text(&self, error: &ServiceError) -> String {
        let (mut words, mut hcl, mut command) = (String::new(), Vec::new(), Vec::new());
        for (index, facts) in Facts::all(error).iter().enumerate() {
            words.push_str(&facts.fill(if index == 0 { self.words } else { table::LIKEWISE }));
            let block = facts.fill(self.hcl);
            // No two blocks have the same address.
            hcl.push(match index {
                0 => block,
                _ => block.replace("\"example\"", &format!("\"example_{}\"", index + 1)),
            });
            command.push(facts.fill(self.command));
        }
        lay_out(&words, &hcl.join("\n\n"), &command.join("\n"))
    }
}

fn lay_out(words: &str, hcl: &str, command: &str) -> String {
    let indented = |text: &str| {
        let indent = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
        text.lines().map(indent).collect::<String>()
    };
    let mut text = words.to_owned();
    if !hcl.is_empty() {
        text.push_str(&format!("\n\nIn a configuration:\n\n{}", indented(hcl).trim_end()));
    }
    match command {
        "" => {}
        several if several.contains('\n') => {
            text.push_str(&format!("\n\nAs commands:\n\n{}", indented(several).trim_end()));
        }
        one => text.push_str(&format!("\n\nAs a command: {one}")),
    }
    text
}

#[cfg(test)]
mod tests;
