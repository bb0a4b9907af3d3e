//! Who there is: tenants, and the principals in them with the subscriptions that they see.

use crate::azure::TENANT_ID;

/// A second tenant, with a subscription of its own.
pub const OTHER_TENANT_ID: &str = "00000000-0000-0000-0000-0000000000bb";

/// The public client as which the Azure CLI signs its users in.
pub const AZURE_CLI_ID: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// A directory of identities.
#[derive(Debug, Clone, Copy)]
pub struct Tenant {
    /// ID.
    pub id: &'static str,
    /// Domain name, by which it may be named as well.
    pub domain: &'static str,
    /// Name for people.
    pub name: &'static str,
}

/// All tenants.
pub const TENANTS: &[Tenant] = &[
    Tenant { id: TENANT_ID, domain: "emulated.onmicrosoft.com", name: "Emulated tenant" },
    Tenant { id: OTHER_TENANT_ID, domain: "other.onmicrosoft.com", name: "Another tenant" },
];

/// What a principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A registered application, which signs in with a credential.
    Application,
    /// The identity that belongs to one machine.
    SystemAssigned,
    /// An identity of its own that a machine was given.
    UserAssigned,
    /// A person.
    User,
}

/// Somebody who can hold a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// The name by which the control interface knows it.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Application ID; for a person, the one of the client in use.
    pub client_id: &'static str,
    /// Object ID.
    pub object_id: &'static str,
    /// The tenants that know it.
    pub tenants: &'static [&'static str],
    /// The subscriptions on which it has a role.
    pub subscriptions: &'static [&'static str],
}

const FIRST: &str = "00000000-0000-0000-0000-000000000001";
const SECOND: &str = "00000000-0000-0000-0000-000000000002";
const ELSEWHERE: &str = "00000000-0000-0000-0000-000000000003";
const TWIN: &str = "00000000-0000-0000-0000-000000000004";
const OTHER_TWIN: &str = "00000000-0000-0000-0000-000000000005";

/// The subscriptions of the box: ID, display name and tenant.
pub const SUBSCRIPTIONS: &[(&str, &str, &str)] = &[
    (FIRST, "Emulated subscription", TENANT_ID),
    (SECOND, "Another emulated subscription", TENANT_ID),
    (ELSEWHERE, "Subscription of another tenant", OTHER_TENANT_ID),
    (TWIN, "Twin subscription", TENANT_ID),
    (OTHER_TWIN, "Twin subscription", TENANT_ID),
];

const HOME: &[&str] = &[TENANT_ID];
const BOTH: &[&str] = &[TENANT_ID, OTHER_TENANT_ID];

const fn principal(
    name: &'static str,
    kind: Kind,
    client_id: &'static str,
    object_id: &'static str,
    tenants: &'static [&'static str],
    subscriptions: &'static [&'static str],
) -> Principal {
    Principal { name, kind, client_id, object_id, tenants, subscriptions }
}

/// The application that the environment of the box names.
pub const MAIN: Principal = principal(
    "main",
    Kind::Application,
    crate::azure::CLIENT_ID,
    "00000000-0000-0000-0000-0000000000d1",
    BOTH,
    &[FIRST, SECOND, ELSEWHERE],
);

/// The person who is signed in to the Azure CLI.
pub const PERSON: Principal = principal(
    "person",
    Kind::User,
    AZURE_CLI_ID,
    "00000000-0000-0000-0000-0000000000e1",
    BOTH,
    &[FIRST, SECOND, ELSEWHERE],
);

/// All principals.
pub const PRINCIPALS: &[Principal] = &[
    MAIN,
    principal(
        "blind",
        Kind::Application,
        "00000000-0000-0000-0000-0000000000c2",
        "00000000-0000-0000-0000-0000000000d2",
        HOME,
        &[],
    ),
    principal(
        "twins",
        Kind::Application,
        "00000000-0000-0000-0000-0000000000c3",
        "00000000-0000-0000-0000-0000000000d3",
        HOME,
        &[FIRST, TWIN, OTHER_TWIN],
    ),
    principal(
        "pipeline",
        Kind::Application,
        "00000000-0000-0000-0000-0000000000c4",
        "00000000-0000-0000-0000-0000000000d4",
        HOME,
        &[FIRST],
    ),
    PERSON,
    principal(
        "imds",
        Kind::SystemAssigned,
        "00000000-0000-0000-0000-0000000000f1",
        "00000000-0000-0000-0000-00000000f101",
        HOME,
        &[FIRST],
    ),
    principal(
        "app_service",
        Kind::SystemAssigned,
        "00000000-0000-0000-0000-0000000000f2",
        "00000000-0000-0000-0000-00000000f102",
        HOME,
        &[FIRST],
    ),
    principal(
        "arc",
        Kind::SystemAssigned,
        "00000000-0000-0000-0000-0000000000f3",
        "00000000-0000-0000-0000-00000000f103",
        HOME,
        &[FIRST],
    ),
    principal(
        "azure_ml",
        Kind::SystemAssigned,
        "00000000-0000-0000-0000-0000000000f4",
        "00000000-0000-0000-0000-00000000f104",
        HOME,
        &[FIRST],
    ),
    principal(
        "worker",
        Kind::UserAssigned,
        "00000000-0000-0000-0000-0000000000f5",
        "00000000-0000-0000-0000-00000000f105",
        HOME,
        &[FIRST],
    ),
];

/// Resource ID of the user-assigned identity.
pub const WORKER_ID: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/worker";

/// The name of the person who is signed in to the Azure CLI.
pub const PERSON_NAME: &str = "someone@emulated.onmicrosoft.com";

impl Default for Principal {
    fn default() -> Self {
        MAIN
    }
}

impl Principal {
    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        PRINCIPALS.iter().find(|p| p.name == name).copied()
    }

    /// The one of this object ID.
    pub fn of_object(object_id: &str) -> Option<Self> {
        PRINCIPALS.iter().find(|p| p.object_id.eq_ignore_ascii_case(object_id)).copied()
    }

    /// The application of this client ID.
    pub fn application(client_id: &str) -> Option<Self> {
        let mut all = PRINCIPALS.iter().filter(|p| p.kind == Kind::Application);
        all.find(|p| p.client_id.eq_ignore_ascii_case(client_id)).copied()
    }

    /// Whether a tenant knows it.
    pub fn is_in(&self, tenant: &str) -> bool {
        self.tenants.contains(&tenant)
    }

    /// Whether it has a role on a subscription.
    pub fn sees(&self, subscription: &str) -> bool {
        self.subscriptions.iter().any(|s| s.eq_ignore_ascii_case(subscription))
    }
}

/// The tenant of this ID or domain name.
pub fn tenant(name: &str) -> Option<&'static Tenant> {
    TENANTS.iter().find(|t| t.id.eq_ignore_ascii_case(name) || t.domain.eq_ignore_ascii_case(name))
}

/// The tenant of a subscription, where there is such a subscription.
pub fn tenant_of(subscription: &str) -> Option<&'static str> {
    SUBSCRIPTIONS.iter().find(|(id, ..)| id.eq_ignore_ascii_case(subscription)).map(|(.., tenant)| *tenant)
}
