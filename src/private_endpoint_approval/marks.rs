//! What the marks of the approval's fields name beyond those that all resources share.

use crate::kind::Kind;
pub(crate) use crate::marks::*;

text_checks! {
    private_endpoint_id => |text| Kind::PrivateEndpoint.check(text).map(drop);
    connection_name => name;
}

/// A name that a target may have for a connection: they make these themselves, by rules of their own.
fn name(text: &str) -> Result<(), String> {
    let fits = |c: char| !c.is_control() && !c.is_whitespace() && !"/?#%\\".contains(c);
    if !text.is_empty() && text.chars().all(fits) {
        return Ok(());
    }
    Err(format!(
        "must be the name of a connection such as \"endpoint.00000000-0000-0000-0000-000000000000\", not its ID; it is {text:?}"
    ))
}
