//! What an error tells, in its members and in its words, for the places of the table's texts.

use arm::{ErrorDetail, ResourceId, ServiceError};

/// What an error tells, by the names that the table's texts have for it. What it does not tell is shown as `<name>`.
pub(super) struct Facts(Vec<(&'static str, Option<String>)>);

/// How configurations refer to what may be missing.
const REFERENCES: [(&str, &str); 10] = [
    (
        "Microsoft.ContainerRegistry/registries",
        "container_registry_id = azurerm_container_registry.example.id",
    ),
    ("Microsoft.Insights/components", "application_insights_id = azurerm_application_insights.example.id"),
    ("Microsoft.KeyVault/vaults", "key_vault_id = azurerm_key_vault.example.id"),
    ("Microsoft.MachineLearningServices/workspaces", "workspace_id = azureml_workspace.example.id"),
    (
        "Microsoft.Network/applicationSecurityGroups",
        "application_security_group_ids = [azurerm_application_security_group.example.id]",
    ),
    ("Microsoft.Network/privateDnsZones", "private_dns_zone_id = azureml_private_dns_zone.example.id"),
    ("Microsoft.Network/privateEndpoints", "private_endpoint_id = azureml_private_endpoint.example.id"),
    ("Microsoft.Network/virtualNetworks", "virtual_network_id = azurerm_virtual_network.example.id"),
    ("Microsoft.Network/virtualNetworks/subnets", "subnet_id = azurerm_subnet.example.id"),
    ("Microsoft.Storage/storageAccounts", "storage_account_id = azurerm_storage_account.example.id"),
];
/// A zone group names zones in a list.
const OF_ZONE_GROUP: (&str, &str) = (
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    "private_dns_zone_ids = [azureml_private_dns_zone.example.id]",
);
/// What is shown where nothing is known.
const REFERENCE: &str = "<attribute> = <type of resource>.example.id";

impl Facts {
    /// The places that texts may have.
    #[cfg(test)]
    pub(super) const PLACES: [&str; 20] = [
        "action",
        "group",
        "group_id",
        "id",
        "kind",
        "linked",
        "location",
        "locations",
        "locked",
        "missing",
        "namespace",
        "parent",
        "policy",
        "principal",
        "reference",
        "region",
        "scope",
        "subscription",
        "type",
        "version",
    ];

    /// What an error tells: once for each scope that it refuses, and at least once.
    pub(super) fn all(error: &ServiceError) -> Vec<Self> {
        let refused = refused(error);
        if refused.is_empty() {
            return vec![Self::of(error, None, None)];
        }
        let of = |(action, scope): (String, Option<String>)| Self::of(error, Some(action), scope);
        refused.into_iter().map(of).collect()
    }

    fn of(error: &ServiceError, action: Option<String>, scope: Option<String>) -> Self {
        let id = subject(error);
        let id = id.as_ref();
        let after = |words: &str| quoted(&error.message, words);
        let locations =
            after("supported locations are").or_else(|| after("regions for the resource type is"));
        let regions: Vec<String> =
            locations.iter().flat_map(|text| text.split(',')).map(|one| one.trim().to_owned()).collect();
        let of_id = |value: Option<&str>| value.map(str::to_owned);
        let resource_type = id.map(ResourceId::resource_type);
        let (own, kind) = resource_type.as_deref().and_then(|text| text.split_once('/')).unzip();
        let registration = error.missing_registration.as_ref();
        let namespace = registration.map(|missing| missing.namespace.clone());
        let lacking = registration.and_then(|missing| missing.subscription.clone());
        let policy =
            error.additional_info.iter().find_map(|info| info["info"]["policyAssignmentId"].as_str());
        let missing = missing(error);
        let reference = missing.as_ref().and_then(|missing| {
            let (group, zones) = OF_ZONE_GROUP;
            let of_group = id.is_some_and(|id| id.is_type(group)).then_some(zones);
            let known = || REFERENCES.iter().find(|(kind, _)| missing.is_type(kind)).map(|(_, known)| *known);
            of_group.or_else(known)
        });
        Self(vec![
            ("action", action),
            ("group", of_id(id.and_then(ResourceId::resource_group_name))),
            ("group_id", id.and_then(ResourceId::resource_group_id).map(|group| group.to_string())),
            ("id", id.map(ToString::to_string)),
            ("kind", of_id(kind)),
            ("linked", after("linked subscription")),
            ("location", after("exists in location").or_else(|| after("location"))),
            ("locations", Some(regions.join(", ")).filter(|text| !text.is_empty())),
            ("locked", after("are locked:")),
            ("missing", missing.map(|missing| missing.to_string())),
            ("namespace", namespace.or_else(|| of_id(id.and_then(ResourceId::namespace).or(own)))),
            ("parent", after("parent resource").or_else(|| id?.parent().map(|parent| parent.to_string()))),
            ("policy", policy.map(str::to_owned)),
            ("principal", after("object id")),
            ("reference", Some(reference.unwrap_or(REFERENCE).to_owned())),
            ("region", regions.first().cloned().filter(|text| !text.is_empty())),
            ("scope", scope.map(|scope| grantable(error, scope))),
            ("subscription", lacking.or_else(|| of_id(id.and_then(ResourceId::subscription_id)))),
            ("type", resource_type),
            ("version", error.version_not_served().and_then(|refused| of_id(refused.best()))),
        ])
    }

    /// Nothing told: the texts as a page shows them.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        let shown = |place| (place, (place == "reference").then(|| REFERENCE.to_owned()));
        Self(Self::PLACES.into_iter().map(shown).collect())
    }

    /// A text with what is told in its places.
    pub(super) fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (place, value)| {
            let value = value.clone().unwrap_or_else(|| format!("<{place}>"));
            text.replace(&format!("{{{place}}}"), &value)
        })
    }
}

/// What the request was about: the resource itself, also where it asked for an action of it.
pub(super) fn subject(error: &ServiceError) -> Option<ResourceId> {
    let of_action = || ResourceId::parse(error.path.rsplit_once('/')?.0).ok();
    ResourceId::parse(&error.path).ok().or_else(of_action)
}

/// Where a role can be given that a request lacks at a scope: what it creates is not there yet to have one, so what that lies in.
fn grantable(error: &ServiceError, scope: String) -> String {
    let own = subject(error).filter(|own| error.method == "PUT" && own.as_str().eq_ignore_ascii_case(&scope));
    let Some(own) = own else { return scope };
    let group = own.resource_group_id().filter(|group| *group != own);
    let around =
        group.or_else(|| ResourceId::parse(&format!("/subscriptions/{}", own.subscription_id()?)).ok());
    around.map_or(scope, |around| around.to_string())
}

/// The actions that were refused, each with its scope.
pub(super) fn refused(error: &ServiceError) -> Vec<(String, Option<String>)> {
    let split = |text: String| text.split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>();
    let after = |words: &str| quoted(&error.message, words);
    let Some(actions) = refused_on_links(&error.message) else {
        return after("perform action").map(|action| (action, after("over scope"))).into_iter().collect();
    };
    let actions = split(actions);
    let scopes = after("linked scope(s)").or_else(|| after("linked scope")).map(split).unwrap_or_default();
    let action = |index: usize| actions.get(index).or(actions.last()).cloned().unwrap_or_default();
    let all = 0..actions.len().max(scopes.len());
    all.map(|index| (action(index), scopes.get(index).or(scopes.last()).cloned())).collect()
}

/// The actions that are not allowed on linked scopes: the last ones before that. The first one is what is allowed.
fn refused_on_links(message: &str) -> Option<String> {
    let (before, _) = message.split_once("on the linked scope")?;
    before.rsplit('\'').nth(1).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The resource that was not found, where the error says which.
pub(super) fn missing(error: &ServiceError) -> Option<ResourceId> {
    let subscription = subject(error).and_then(|id| id.subscription_id().map(str::to_owned));
    named(&error.message, subscription.as_deref())
        .or_else(|| error.details.iter().find_map(|detail| named_below(detail, subscription.as_deref())))
}

fn named_below(detail: &ErrorDetail, subscription: Option<&str>) -> Option<ResourceId> {
    let below = || detail.details.iter().find_map(|detail| named_below(detail, subscription));
    named(&detail.message, subscription).or_else(below)
}

/// The first ID in a text; or what it calls "the Resource 'TYPE/NAME' under resource group 'GROUP'", in the subscription.
fn named(message: &str, subscription: Option<&str>) -> Option<ResourceId> {
    let apart = |c: char| c.is_whitespace() || "'\"(),;".contains(c);
    let words = message.split(apart).map(|word| word.trim_end_matches(['.', ':']));
    let mut ids = words.filter(|word| word.starts_with('/')).filter_map(|word| ResourceId::parse(word).ok());
    let described = || {
        let (resource, group) = (quoted(message, "Resource")?, quoted(message, "under resource group")?);
        let (subscription, resource) = (subscription?, resource.trim_matches('/'));
        let id = format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/{resource}");
        ResourceId::parse(&id).ok()
    };
    ids.next().or_else(described)
}

/// The text in quotes after some words, with or without a letter in between.
fn quoted(message: &str, words: &str) -> Option<String> {
    let rest = message.get(message.find(words)? + words.len()..)?;
    let mut parts = rest.split('\'');
    let before = parts.next()?;
    parts.next().filter(|_| before.trim().is_empty()).map(str::to_owned).filter(|text| !text.is_empty())
}
