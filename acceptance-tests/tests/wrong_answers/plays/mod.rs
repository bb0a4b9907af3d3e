//! Whose answers are wrong: one play for each life of a resource. A new type needs a file here and its name in `all`.

mod management_link;
mod management_link_association;
mod private_dns_link;
mod private_dns_zone;
mod private_endpoint;
mod private_endpoint_approval;
mod private_endpoint_asked_for;
mod registration;
mod resource_group;
mod workspace;

use serde_json::Value;

use crate::world::World;

/// One resource that is created, changed and deleted.
#[derive(Clone, Copy)]
pub(crate) struct Play {
    /// Its name in what is printed.
    pub(crate) name: &'static str,
    /// The type of the resource.
    pub(crate) kind: &'static str,
    /// What exists before, beside what every world has.
    pub(crate) prepare: fn(&World),
    /// The configuration that creates it, and the one that changes it.
    pub(crate) before: fn(&World) -> Value,
    pub(crate) after: fn(&World) -> Value,
    /// The path at which Azure has it.
    pub(crate) id: fn(&World) -> String,
    /// What Azure has of it; null when it has nothing.
    pub(crate) in_azure: fn(&World) -> Value,
    /// The value in that by which the change is known, and what it is then.
    pub(crate) shows: (&'static str, &'static str),
    /// The members of its document that the provider reads.
    pub(crate) members: &'static [Member],
}

/// A member of a document that becomes an attribute: where it is, what it means, and what is to be there.
pub(crate) type Member = (&'static str, Role, Shape);

/// What it means that a member is gone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is required, or another value makes another resource: the state keeps what it had.
    Fixed,
    /// It can be set again: that is drift.
    Settable,
    /// The service's own: nothing is to be done about it.
    Computed,
    /// No attribute: nothing is to be made of it.
    Unread,
}

/// What is to be in a member.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    /// A text of an enumeration.
    Word,
    Bool,
    Number,
    List,
    Object,
}

/// All plays.
pub(crate) fn all() -> Vec<Play> {
    vec![
        // Its waits are long: it goes first.
        registration::play(),
        workspace::play(),
        private_endpoint::play(),
        private_endpoint_asked_for::play(),
        private_dns_link::play(),
        private_endpoint_approval::play(),
        private_dns_zone::play(),
        resource_group::play(),
        management_link_association::play(),
        management_link::play(),
    ]
}
