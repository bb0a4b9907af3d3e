//! The rules across attributes: one target and one connection, whichever attributes name them.

use tfplugin::{Diagnostics, Value};

use super::CONNECTION;
use crate::exactly_one::ExactlyOne;
use crate::target;

/// Either of the two says which connection it is.
const ONE: ExactlyOne = ExactlyOne {
    attributes: ["private_endpoint_id", CONNECTION],
    none: [
        "Missing Connection",
        "Set private_endpoint_id to the ID of the endpoint that it comes from, or connection_name to the name that the target has for it.",
    ],
    two: ["Two Connections", "Set private_endpoint_id, or connection_name, and remove the other."],
};

/// Everything that is wrong with a configuration as a whole.
pub(super) fn check(config: &Value, found: &mut Diagnostics) {
    target::check_one(config, "An approval is about a connection at one resource.", found);
    ONE.check(config, "An approval is about one connection.", found);
}
