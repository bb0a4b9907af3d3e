//! Logging, as the CLIs take it from a plugin: one JSON object per line on standard error, in the form
//! of Go's hclog. What goes through `tracing` lands there, with the fields of the spans around it; the
//! server opens one span per request.
//!
//! The CLI that reads the lines dies of an `@` field that is no string, reads a line of more than 64 KiB
//! as several, and takes one that begins with `panic: ` for a crash. [`mod@line`] makes lines that avoid all
//! three, [`filter`] decides which are written, and [`layer`] is what `tracing` sees.

pub(crate) mod filter;
pub(crate) mod layer;
pub(crate) mod line;

use std::io::Write as _;

use tracing_subscriber::layer::SubscriberExt as _;

use self::filter::Filter;
use self::layer::Hclog;

/// Sends what the process logs from now on to standard error. `name` is the provider's, as in
/// `TF_LOG_PROVIDER_<NAME>`; `own` are the crates whose details are worth a log line.
pub(crate) fn install(name: &str, own: &[&'static str]) {
    let filter = Filter::from_env(name, own, |name| std::env::var(name).ok());
    let subscriber = tracing_subscriber::registry().with(Hclog::new(filter, write));
    // Fails if the program has set up logging of its own, which then is what it wants.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Writes one whole line. Each is a single write, so that lines of other processes that share the pipe
/// do not end up inside; a reader that is gone is no reason to fail.
pub(crate) fn write(line: &[u8]) {
    let _ = std::io::stderr().lock().write_all(line);
}
