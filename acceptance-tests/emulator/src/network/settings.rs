//! What a test can set of the network's behaviour.

use serde::{Deserialize, Serialize};

/// Settings of Network and Private DNS, all with defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NetworkSettings {
    /// Whether endpoints show the ID of what they lead to in lower case, as some services make it.
    pub respell_targets: bool,
    /// Whether the owner of a target approves a connection as soon as a read has shown that it waits for that.
    pub approve_when_read: bool,
    /// What becomes of an endpoint while another one of its subnet is in the way.
    pub subnet_contention: Contention,
    /// How long an endpoint is in the way of another one.
    pub subnet_contention_span: Span,
    /// Whether subnets with network policies for endpoints refuse endpoints, as all did before 2022.
    pub refuse_network_policies: bool,
    /// How many reads still show a link as in progress after the operation that made it has ended.
    pub link_state_reads: u32,
    /// How many reads still find a link after the operation that deleted it has ended.
    pub link_delete_reads: u32,
    /// How many deletions of a zone are still refused after its last link is gone.
    pub zone_delete_refusals: u32,
    /// Whether an endpoint lists its names while its connection is pending, as the examples of the OpenAPI documents have it.
    pub names_while_pending: bool,
    /// Whether the operations of Private DNS have URLs without a signature, as they had until 2021.
    pub unsigned_dns_operations: bool,
    /// Seconds that Private DNS asks to wait when it accepts a change, as the examples of its OpenAPI document have it; none is
    /// asked for when this is 0, as in every recording.
    pub dns_retry_after: u32,
    /// Requests in one window of time, by service and kind.
    pub limits: Limits,
}

impl Default for NetworkSettings {
    fn default() -> Self {
        Self {
            respell_targets: false,
            approve_when_read: false,
            subnet_contention: Contention::None,
            subnet_contention_span: Span::Operation,
            refuse_network_policies: false,
            link_state_reads: 0,
            link_delete_reads: 0,
            zone_delete_refusals: 0,
            names_while_pending: false,
            unsigned_dns_operations: false,
            dns_retry_after: 0,
            limits: Limits::default(),
        }
    }
}

/// How long an endpoint is in the way of another one of its subnet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Until its operation has ended.
    #[default]
    Operation,
    /// Until its request is answered.
    Request,
}

/// What becomes of an endpoint while another one of its subnet is in the way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contention {
    /// Nothing: both are made.
    #[default]
    None,
    /// Resource Manager refuses the request with 429 and `RetryableErrorDueToAnotherOperation`.
    AnotherOperation,
    /// The service refuses the request with 429 and `RetryableError`.
    Refused,
    /// The service refuses the request with 400 and `ReferencedResourceNotProvisioned`.
    NotProvisioned,
    /// The request is accepted, and its operation ends with `RetryableError`.
    Fails,
}

/// Requests in one window of time, by service and kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Network's GET requests.
    pub network_reads: Window,
    /// Network's other requests.
    pub network_writes: Window,
    /// Private DNS's GET requests, polls of its operations included.
    pub private_dns_reads: Window,
    /// Private DNS's other requests.
    pub private_dns_writes: Window,
    /// Whether others have used up the windows that are open at first, so that the first request of each kind is refused
    /// however slowly requests come.
    pub used_up: bool,
}

/// So many requests in so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Requests.
    pub requests: u32,
    /// Seconds.
    pub seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        let window = |requests| Window { requests, seconds: 300 };
        Self {
            network_reads: window(10_000),
            network_writes: window(1_000),
            private_dns_reads: window(500),
            private_dns_writes: window(12_000),
            used_up: false,
        }
    }
}
