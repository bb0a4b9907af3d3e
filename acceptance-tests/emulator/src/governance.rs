//! What a subscription's owner has decided: locks, policies, missing rights, a subscription that takes nothing. A test sets it
//! by the control interface; every request to Resource Manager is held against it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::azure::Azure;
use crate::error::ArmError;
use crate::id::ResourceId;
use crate::service::Call;

/// All of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Governance {
    /// Locks.
    locks: Vec<Lock>,
    /// Policies that deny.
    policies: Vec<Policy>,
    /// Rights that the caller does not have.
    denials: Vec<Denial>,
    /// Subscriptions that are not registered with Resource Manager. (K)
    unregistered_subscriptions: Vec<String>,
}

/// A lock on a scope and all below it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lock {
    scope: String,
    level: Level,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Level {
    CanNotDelete,
    ReadOnly,
}

/// A policy that lets nothing of a type be written in a scope.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Policy {
    scope: String,
    #[serde(rename = "type")]
    resource_type: String,
    name: String,
}

/// A right that is missing in a scope.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Denial {
    scope: String,
    /// The action; a `*` at its end stands for anything.
    action: String,
    /// Whether it is asked for because a body refers to the scope, not because the request goes there.
    #[serde(default)]
    linked: bool,
}

impl Denial {
    fn covers(&self, action: &str) -> bool {
        let (action, own) = (action.to_lowercase(), self.action.to_lowercase());
        own.strip_suffix('*').map_or(action == own, |start| action.starts_with(start))
    }
}

/// Whether an ID is a scope or lies below it.
fn within(id: &str, scope: &str) -> bool {
    let (id, scope) = (id.to_lowercase(), scope.trim_end_matches('/').to_lowercase());
    id.strip_prefix(&scope).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The action that a request asks a right for.
pub fn action(call: &Call) -> String {
    let id = call.id();
    if let (Some(namespace), None, true) = (&id.namespace, &id.group, id.segments.is_empty()) {
        let verb = call.path.tail.as_deref().map_or("read".to_owned(), |tail| format!("{tail}/action"));
        return format!("{namespace}/{verb}");
    }
    let kind = match (&id.namespace, &id.group) {
        (Some(_), _) => call.path.collection_type(),
        (None, Some(_)) => "Microsoft.Resources/subscriptions/resourceGroups".to_owned(),
        (None, None) => "Microsoft.Resources/subscriptions".to_owned(),
    };
    let verb = match (call.method.as_str(), call.path.tail.as_deref()) {
        ("GET" | "HEAD", _) => "read".to_owned(),
        ("DELETE", _) => "delete".to_owned(),
        ("POST", Some(tail)) => format!("{tail}/action"),
        _ => "write".to_owned(),
    };
    format!("{kind}/{verb}")
}

impl Azure {
    /// The error for a caller who has no right to an action.
    pub fn no_right(&self, action: &str, scope: &str) -> ArmError {
        let (client, object) = self.caller.principal.map_or(("", ""), |p| (p.client_id, p.object_id));
        ArmError::new(
            403,
            "AuthorizationFailed",
            format!(
                "The client '{client}' with object id '{object}' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials."
            ),
        )
    }

    /// Refuses what the subscription's owner does not want, in the order in which Resource Manager does.
    pub fn check_governance(&self, call: &Call) -> Result<(), ArmError> {
        let subscription = &call.id().subscription;
        let unregistered = &self.governance.unregistered_subscriptions;
        if unregistered.iter().any(|one| one.eq_ignore_ascii_case(subscription)) {
            // (K): code and status are known, the words are not.
            return Err(ArmError::new(
                409,
                "SubscriptionNotRegistered",
                format!("The subscription '{subscription}' is not registered."),
            ));
        }
        let (action, scope) = (action(call), call.id().to_string());
        let denials = &self.governance.denials;
        if denials.iter().any(|d| !d.linked && d.covers(&action) && within(&scope, &d.scope)) {
            return Err(self.no_right(&action, &scope));
        }
        if matches!(call.method.as_str(), "PUT" | "PATCH") {
            self.check_links(&call.body, &action, &scope)?;
        }
        self.check_locks(call, &scope)?;
        self.check_policies(call, &scope)
    }

    /// Refuses all references at once that the caller may not make. (K)
    fn check_links(&self, body: &Value, action: &str, scope: &str) -> Result<(), ArmError> {
        let mut denied = Vec::new();
        self.denied_links(body, &mut denied);
        if denied.is_empty() {
            return Ok(());
        }
        let (client, object) = self.caller.principal.map_or(("", ""), |p| (p.client_id, p.object_id));
        let (actions, scopes): (Vec<&str>, Vec<&str>) = denied.into_iter().unzip();
        Err(ArmError::new(
            403,
            "LinkedAuthorizationFailed",
            format!(
                "The client '{client}' with object id '{object}' has permission to perform action '{action}' on scope '{scope}'; however, it does not have permission to perform action(s) '{}' on the linked scope(s) '{}' (respectively) or the linked scope(s) are invalid.",
                actions.join(","),
                scopes.join(",")
            ),
        ))
    }

    /// The references in a body that are denied: each action with its scope.
    fn denied_links<'a>(&'a self, body: &'a Value, found: &mut Vec<(&'a str, &'a str)>) {
        match body {
            Value::String(text) if text.starts_with('/') && ResourceId::parse(text).is_some() => {
                let denied = self.governance.denials.iter().find(|d| d.linked && within(text, &d.scope));
                found.extend(denied.map(|denied| (denied.action.as_str(), text.as_str())));
            }
            Value::Array(items) => items.iter().for_each(|item| self.denied_links(item, found)),
            Value::Object(members) => members.values().for_each(|member| self.denied_links(member, found)),
            _ => {}
        }
    }

    fn check_locks(&self, call: &Call, scope: &str) -> Result<(), ArmError> {
        let operation = match call.method.as_str() {
            "DELETE" => "delete",
            "PUT" | "PATCH" | "POST" => "write",
            _ => return Ok(()),
        };
        let holds = |lock: &&Lock| match operation {
            // What is locked within keeps what it lies in.
            "delete" => within(scope, &lock.scope) || within(&lock.scope, scope),
            _ => lock.level == Level::ReadOnly && within(scope, &lock.scope),
        };
        let Some(lock) = self.governance.locks.iter().find(holds) else { return Ok(()) };
        // (K)
        Err(ArmError::new(
            409,
            "ScopeLocked",
            format!(
                "The scope '{scope}' cannot perform {operation} operation because following scope(s) are locked: '{}'. Please remove the lock and try again.",
                lock.scope
            ),
        ))
    }

    fn check_policies(&self, call: &Call, scope: &str) -> Result<(), ArmError> {
        if !matches!(call.method.as_str(), "PUT" | "PATCH") {
            return Ok(());
        }
        let id = call.id();
        let kind = match &id.namespace {
            Some(_) => id.resource_type(),
            None => "Microsoft.Resources/subscriptions/resourceGroups".to_owned(),
        };
        let denies = |policy: &&Policy| {
            within(scope, &policy.scope) && policy.resource_type.eq_ignore_ascii_case(&kind)
        };
        let Some(policy) = self.governance.policies.iter().find(denies) else { return Ok(()) };
        let (name, within) = (&policy.name, &policy.scope);
        let assignment = format!("{within}/providers/Microsoft.Authorization/policyAssignments/{name}");
        let definition = format!("/providers/Microsoft.Authorization/policyDefinitions/{name}");
        let identifiers = json!([{
            "policyAssignment": {"name": name, "id": assignment},
            "policyDefinition": {"name": name, "id": definition},
        }]);
        let resource = id.name();
        // (K)
        let error = ArmError::new(
            403,
            "RequestDisallowedByPolicy",
            format!("Resource '{resource}' was disallowed by policy. Policy identifiers: '{identifiers}'."),
        );
        Err(error.target(resource).info(
            "PolicyViolation",
            json!({"policyAssignmentName": name, "policyAssignmentId": assignment, "policyDefinitionId": definition, "policyDefinitionEffect": "deny"}),
        ))
    }
}
