//! The rules across attributes: one target and one connection, whichever attributes name them.

use tfplugin::{Diagnostics, Value};

use super::CONNECTION;
use crate::target;
use crate::view;

const ENDPOINT: &str = "private_endpoint_id";

/// Everything that is wrong with a configuration as a whole.
pub(super) fn check(config: &Value, found: &mut Diagnostics) {
    target::check_one(config, "An approval is about a connection at one resource.", found);
    let set = |name: &str| !view::is_null(config, &[name]);
    let mut refuse = |attribute: &str, summary: &str, detail: &str| {
        found.error_at(view::path(&[attribute]), summary, detail);
    };
    match (set(ENDPOINT), set(CONNECTION)) {
        (true, true) => refuse(
            CONNECTION,
            "Two Connections",
            "An approval is about one connection. Set private_endpoint_id, or connection_name, and remove the other.",
        ),
        (false, false) => refuse(
            ENDPOINT,
            "Missing Connection",
            "An approval is about one connection. Set private_endpoint_id to the ID of the endpoint that it comes from, or connection_name to the name that the target has for it.",
        ),
        _ => {}
    }
}
