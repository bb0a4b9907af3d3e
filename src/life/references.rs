//! What a new resource refers to, looked at before the old one is destroyed for it.
//!
//! A replacement destroys first and creates afterwards: a typing mistake in the name of a group or in the ID of a storage account
//! would be found when there is nothing any more. So the plan of a replacement looks, and only Resource Manager's word that
//! something is absent counts: what cannot be read, for want of rights or time, is no finding. No other plan asks anything.

use std::time::Duration;

use arm::{Client, Context, Error, ResourceId, resources, subscriptions};
use futures::future::join_all;
use tfplugin::{Diagnostic, Diagnostics, Plan, Value};

use crate::kind;
use crate::life::{DESTROYING, Displaced, Managed, displaced};
use crate::session::Session;
use crate::{diagnostics, versions, view};

/// A plan waits so long for answers that it can do without.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// An attribute that refers to something that has to be there.
#[derive(Debug)]
pub(crate) struct Reference {
    /// Where the attribute is.
    pub(crate) path: &'static [&'static str],
    /// What its value means.
    to: To,
}

/// What the value of an attribute means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    /// The ID of a subscription.
    Subscription,
    /// The name of a resource group in the subscription of `subscription_id`.
    Group,
    /// The ID of a resource of any type, or a set of such.
    Resource,
}

const SUBSCRIPTION: &[&str] = &["subscription_id"];

impl Reference {
    /// The subscription that something is in that is in no group.
    pub(crate) const SUBSCRIPTION: Self = Self { path: SUBSCRIPTION, to: To::Subscription };
    /// The group that something is in, and with it the subscription.
    pub(crate) const GROUP: Self = Self { path: &["resource_group_name"], to: To::Group };

    /// A resource of any type, or several.
    pub(crate) const fn resource(path: &'static [&'static str]) -> Self {
        Self { path, to: To::Resource }
    }

    /// The IDs that a plan has for it, as far as they are known. What is not configured follows from something else.
    fn ids(&self, plan: &Plan) -> Vec<ResourceId> {
        let planned = plan.planned_value();
        let subscription = view::text(planned, SUBSCRIPTION);
        match (self.to, view::member(planned, self.path)) {
            (To::Subscription, Value::String(id)) => ResourceId::subscription(id).into_iter().collect(),
            (To::Group, Value::String(name)) => {
                let id = subscription.and_then(|id| ResourceId::resource_group(id, name).ok());
                id.into_iter().collect()
            }
            (To::Resource, _) if view::is_null(plan.config_value(), self.path) => Vec::new(),
            (To::Resource, Value::String(id)) => ResourceId::parse(id).into_iter().collect(),
            (To::Resource, Value::Set(ids) | Value::List(ids)) => {
                ids.iter().filter_map(Value::as_str).filter_map(|id| ResourceId::parse(id).ok()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What Azure says of the absence of this ID, if it does.
    async fn absence(&self, client: &Client, id: &ResourceId, cx: &Context) -> Option<Error> {
        let version = match self.to {
            To::Subscription => subscriptions::API_VERSION.to_owned(),
            To::Group => resources::API_VERSION.to_owned(),
            To::Resource => versions::of(client, id, cx).await.ok()??,
        };
        let error = resources::look(client, id, &version, cx).await.err()?;
        // A subscription that Azure does not show may be another tenant's, and what lies in it may be there: but nothing can be
        // made in it.
        let counts = error.is_absent() || self.to != To::Resource && is_no_subscription(&error);
        counts.then_some(error)
    }
}

fn is_no_subscription(error: &Error) -> bool {
    error.status() == Some(404) && error.code().is_some_and(|code| code == "SubscriptionNotFound")
}

/// Refuses the plan of a replacement whose new resource could not be made, for it refers to what is not there.
pub(crate) async fn check<T: Managed>(session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
    let old = displaced::<T>(session, plan);
    let wanted = wanted::<T>(session, plan, &old);
    let (Some(first), false) = (old.first(), wanted.is_empty()) else { return Ok(()) };
    let context = Context::default().with_timeout(PATIENCE);
    let Ok(azure) = session.azure(&context).await else { return Ok(()) };
    let looks = wanted
        .iter()
        .map(|(reference, id)| session.absence(id, reference.absence(&azure.client, id, &context)));
    let found: Diagnostics = join_all(looks)
        .await
        .into_iter()
        .zip(&wanted)
        .filter_map(|(absence, (reference, id))| Some(leads_nowhere::<T>(reference, id, first, &absence?)))
        .collect();
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// What is to be looked at: each ID once, without what a plan of this process makes, and without what the old resource lies in.
fn wanted<T: Managed>(
    session: &Session,
    plan: &Plan,
    old: &[Displaced],
) -> Vec<(&'static Reference, ResourceId)> {
    let mut wanted: Vec<(&Reference, ResourceId)> = Vec::new();
    for reference in T::REFERENCES {
        for id in reference.ids(plan) {
            let is_there =
                old.iter().filter_map(|old| view::text(&old.object, &["id"])).any(|old| lies_in(old, &id));
            let is_made = std::iter::successors(Some(id.clone()), ResourceId::parent)
                .any(|id| session.plans().makes(&id));
            if !is_there && !is_made && !wanted.iter().any(|(_, other)| *other == id) {
                wanted.push((reference, id));
            }
        }
    }
    wanted
}

/// Whether an ID lies in another.
fn lies_in(id: &str, outer: &ResourceId) -> bool {
    let (id, outer) = (id.to_lowercase(), outer.as_str().to_lowercase());
    id.strip_prefix(&outer).is_some_and(|rest| rest.starts_with('/'))
}

fn leads_nowhere<T: Managed>(
    reference: &Reference,
    id: &ResourceId,
    old: &Displaced,
    error: &Error,
) -> Diagnostic {
    let at = if is_no_subscription(error) { SUBSCRIPTION } else { reference.path };
    let (attribute, name) = (view::path(at), id.name());
    let subscription = id.subscription_id().unwrap_or_default();
    let what = match reference.to {
        _ if is_no_subscription(error) => {
            format!(
                "the subscription {subscription}, which does not exist, or which whoever runs this cannot see"
            )
        }
        To::Group => {
            format!("the resource group {name:?}, which does not exist in the subscription {subscription}")
        }
        _ => format!("{} that does not exist, {id}", kind::words_of(id)),
    };
    let noun = T::WORDS.noun;
    let noun = match view::text(&old.object, &["name"]) {
        Some(name) => format!("the {noun} {name:?}"),
        None => format!("the {noun}"),
    };
    let detail = format!(
        "{attribute} names {what}. A replacement would have destroyed {noun} first, and then found that the new one cannot be made; nothing was destroyed. Correct {attribute}, or make what it names before. What another provider, or another configuration (alias) of this one, makes in the same apply has to be made first, by an apply with \"-target\" and its address. {DESTROYING}\n\n{}",
        diagnostics::account(error)
    );
    Diagnostic::error("Replacement Leads Nowhere", detail).at(attribute)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tfplugin::schema::Field;

    use super::*;

    /// Attributes that look like references and are none that is looked at, with the reason.
    const OTHERS: &[(&str, &str)] = &[
        ("azureml_private_endpoint.group_ids", "names of the target's groups"),
        ("azureml_private_endpoint.ip_configurations.group_id", "one of them"),
        (
            "azureml_workspace.customer_managed_key.key_id",
            "a URL of the vault's own, which Resource Manager does not serve",
        ),
        ("azureml_private_endpoint_approval.private_endpoint_id", "another tenant's, as often as not"),
        (
            "azureml_resource_management_private_link_association.management_group_id",
            "the root of the tenant, which is always there, and which hardly anybody may read",
        ),
    ];

    fn leaves(fields: &[Field], prefix: &str, found: &mut BTreeSet<String>) {
        for field in fields.iter().filter(|field| field.configurable()) {
            let path = format!("{prefix}{}", field.name);
            match field.nested() {
                Some((_, fields)) => leaves(fields, &format!("{path}."), found),
                None => drop(found.insert(path)),
            }
        }
    }

    fn check_table<T: Managed>() {
        let (mut all, mut named) = (BTreeSet::new(), BTreeSet::new());
        leaves(T::FIELDS, &format!("{}.", T::WORDS.type_name), &mut all);
        for reference in T::REFERENCES {
            let paths = if reference.to == To::Group {
                vec![SUBSCRIPTION, reference.path]
            } else {
                vec![reference.path]
            };
            named.extend(paths.into_iter().map(|path| format!("{}.{}", T::WORDS.type_name, path.join("."))));
        }
        let stale: Vec<_> = named.difference(&all).collect();
        assert!(stale.is_empty(), "there are no attributes {stale:?}");
        let refers = |path: &&String| {
            ["_id", "_ids", ".resource_group_name"].iter().any(|end| path.ends_with(end))
                && !OTHERS.iter().any(|(other, _)| other == path)
        };
        let missing: Vec<_> = all.difference(&named).filter(refers).collect();
        assert!(missing.is_empty(), "neither among REFERENCES nor among OTHERS: {missing:?}");
    }

    #[test]
    fn the_tables_name_each_attribute_that_refers_to_something() {
        check_table::<crate::workspace::Workspace>();
        check_table::<crate::private_endpoint::PrivateEndpoint>();
        check_table::<crate::private_endpoint_approval::Approval>();
        check_table::<crate::private_dns_zone::PrivateDnsZone>();
        check_table::<crate::private_dns_link::PrivateDnsLink>();
        check_table::<crate::resource_group::ResourceGroup>();
        check_table::<crate::resource_management::PrivateLink>();
        check_table::<crate::resource_management::Association>();
        check_table::<crate::registration::Registration>();
    }

    #[test]
    fn what_something_lies_in_is_above_it() {
        let group = ResourceId::resource_group("s", "rg").unwrap();
        let of = |group: &str| ResourceId::workspace("s", group, "w").unwrap().as_str().to_uppercase();
        assert!(lies_in(&of("rg"), &group));
        assert!(!lies_in(&of("rg-2"), &group), "a name that begins alike");
        assert!(!lies_in(group.as_str(), &group));
    }
}
