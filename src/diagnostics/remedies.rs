//! The table of Azure's errors: for each code what is the matter, and what helps, in a configuration and as a command.
//!
//! The texts have places in braces, which the error fills: see [`Facts`]. The page `docs/guides/errors.md` is this table.

use arm::ServiceError;

/// How a code came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// In recorded answers, or in Microsoft's documentation and issues.
    Recorded,
    /// It is general knowledge: nobody has recorded it for us.
    Known,
}

/// What there is to say about one code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Remedy {
    /// Azure's code.
    pub(super) code: &'static str,
    /// The case of the code that it is for, where the code has several remedies.
    pub(super) case: Option<Case>,
    /// How it came to be known.
    #[cfg_attr(not(test), expect(dead_code, reason = "only the page tells it"))]
    pub(super) seen: Seen,
    /// The attribute that it is about, where it is one that most resources have.
    pub(super) attribute: Option<&'static str>,
    /// What is the matter, and what to do.
    pub(super) words: &'static str,
    /// What helps in a configuration.
    pub(super) hcl: &'static str,
    /// The command that helps.
    pub(super) command: &'static str,
}

/// One case of a code, which the message tells from the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    /// What the page calls it.
    #[cfg_attr(not(test), expect(dead_code, reason = "only the page tells it"))]
    pub(super) title: &'static str,
    /// What the message says.
    pub(super) says: &'static str,
}

const REGISTER: &str = "resource \"azureml_resource_provider_registration\" \"example\" {\n  namespace       = \"{namespace}\"\n  subscription_id = \"{subscription}\"\n}";
const REGISTER_COMMAND: &str =
    "az provider register --namespace {namespace} --subscription {subscription} --wait";
const WHERE: &str =
    "{type} is not available in {location}. Available regions: {locations}. Choose one of them.";
const WHERE_COMMAND: &str = "az provider show --namespace {namespace} --query \"resourceTypes[?resourceType=='{kind}'].locations[]\" --output table";
const ROLE: &str = "resource \"azurerm_role_assignment\" \"example\" {\n  scope                = \"{scope}\"\n  role_definition_name = \"Contributor\"\n  principal_id         = \"{principal}\"\n}";
const ROLE_COMMAND: &str =
    "az role assignment create --assignee-object-id {principal} --role Contributor --scope {scope}";
const SUBSCRIPTION: &str =
    "provider \"azureml\" {\n  subscription_id = \"00000000-0000-0000-0000-000000000000\"\n}";
const ACCOUNTS: &str = "az account list --all --output table";
const LOCKS: &str = "az lock list --resource-group {group} --subscription {subscription} --output table\naz lock delete --ids <lock ID>";
const VERSION: &str = "provider \"azureml\" {\n  api_versions = { \"{namespace}\" = \"{version}\" }\n}";
const VERSIONS: &str = "az provider show --namespace {namespace} --query \"resourceTypes[?resourceType=='{kind}'].apiVersions[]\" --output table";

const fn remedy(
    code: &'static str,
    seen: Seen,
    words: &'static str,
    hcl: &'static str,
    command: &'static str,
) -> Remedy {
    Remedy { code, case: None, seen, attribute: None, words, hcl, command }
}

const fn when(says: &'static str, title: &'static str, remedy: Remedy) -> Remedy {
    Remedy { case: Some(Case { title, says }), ..remedy }
}

const fn at(attribute: &'static str, remedy: Remedy) -> Remedy {
    Remedy { attribute: Some(attribute), ..remedy }
}

/// The table. Where an error has several codes, the first of them here is its remedy; a code's cases come before the rest of it.
pub(super) const TABLE: &[Remedy] = &[
    remedy(
        "MissingSubscriptionRegistration",
        Seen::Recorded,
        "The subscription {subscription} has not registered the resource provider {namespace}. Register it, or set resource_provider_registrations = \"on_demand\" in the provider block, which registers such providers along the way.",
        REGISTER,
        REGISTER_COMMAND,
    ),
    remedy(
        "SubscriptionNotRegistered",
        Seen::Known,
        "The subscription {subscription} is not registered for what it is asked for. Register the resource provider {namespace} in it; if that is refused too, the subscription is disabled or still being set up.",
        REGISTER,
        REGISTER_COMMAND,
    ),
    at(
        "location",
        remedy("NoRegisteredProviderFound", Seen::Recorded, WHERE, "location = \"{region}\"", WHERE_COMMAND),
    ),
    at(
        "location",
        remedy(
            "LocationNotAvailableForResourceType",
            Seen::Known,
            WHERE,
            "location = \"{region}\"",
            WHERE_COMMAND,
        ),
    ),
    at(
        "subscription_id",
        remedy(
            "SubscriptionNotFound",
            Seen::Known,
            "Correct the subscription, or sign in to the tenant that it belongs to.",
            SUBSCRIPTION,
            ACCOUNTS,
        ),
    ),
    at(
        "subscription_id",
        remedy(
            "InvalidSubscriptionId",
            Seen::Known,
            "Correct the subscription, or sign in to the tenant that it belongs to.",
            SUBSCRIPTION,
            ACCOUNTS,
        ),
    ),
    when(
        "is not authorized to access linked subscription",
        "in another tenant",
        remedy(
            "LinkedAuthorizationFailed",
            Seen::Known,
            "The subscription {linked} does not exist, or it belongs to a tenant that the provider has no token for. Add that tenant to auxiliary_tenant_ids in the provider block; the identity has to be known in it. A role alone does not help.",
            "provider \"azureml\" {\n  auxiliary_tenant_ids = [\"00000000-0000-0000-0000-000000000000\"]\n}",
            "az account list --all --query \"[?id=='{linked}'].tenantId\" --output tsv",
        ),
    ),
    remedy(
        "LinkedAuthorizationFailed",
        Seen::Known,
        "The identity may write this resource but may not use a resource that it refers to. A role with the permission {action} on {scope} is needed, such as Contributor.",
        ROLE,
        ROLE_COMMAND,
    ),
    remedy(
        "AuthorizationFailed",
        Seen::Known,
        "Whoever runs this needs a role with the permission {action}, such as Contributor. A new role assignment takes some minutes to be seen.",
        ROLE,
        ROLE_COMMAND,
    ),
    remedy(
        "RequestDisallowedByPolicy",
        Seen::Known,
        "Change the configuration to what the policy {policy} allows, or have its owner exempt what is made here.",
        "resource \"azurerm_resource_group_policy_exemption\" \"example\" {\n  name                 = \"example\"\n  resource_group_id    = \"{group_id}\"\n  policy_assignment_id = \"{policy}\"\n  exemption_category   = \"Waiver\"\n}",
        "az policy exemption create --name example --policy-assignment {policy} --exemption-category Waiver --scope {group_id}",
    ),
    when(
        "cannot perform delete operation",
        "on a delete",
        remedy(
            "ScopeLocked",
            Seen::Known,
            "A lock on {locked} prevents the deletion. Remove the lock, and apply again.",
            "# Where a configuration has the lock, remove its azurerm_management_lock with\n# scope = \"{locked}\"",
            LOCKS,
        ),
    ),
    remedy(
        "ScopeLocked",
        Seen::Known,
        "A lock on {locked} keeps this from being done. Remove it, apply, and put it back; to protect against deletion only, the lock level CanNotDelete is enough.",
        "resource \"azurerm_management_lock\" \"example\" {\n  name       = \"example\"\n  scope      = \"{locked}\"\n  lock_level = \"CanNotDelete\" # not \"ReadOnly\"\n}",
        LOCKS,
    ),
    remedy(
        "AnotherOperationInProgress",
        Seen::Known,
        "Something else is changing the resource. Apply again when that has ended; if it is another resource of this configuration, let one wait for the other.",
        "depends_on = [azureml_workspace.example]",
        "az resource wait --updated --ids {id}",
    ),
    remedy(
        "InvalidApiVersionParameter",
        Seen::Known,
        "Resource Manager does not know the API version that is asked for. Name one that this cloud serves in the provider block.",
        VERSION,
        VERSIONS,
    ),
    remedy(
        "InvalidResourceNamespace",
        Seen::Known,
        "This cloud has no resource provider {namespace}, or not under this name.",
        "provider \"azureml\" {\n  environment = \"public\" # or \"usgovernment\", \"china\"\n}",
        "az provider list --output table",
    ),
    at(
        "resource_group_name",
        remedy(
            "ResourceGroupNotFound",
            Seen::Known,
            "Create the resource group first, or correct its name or the subscription.",
            "resource \"azureml_resource_group\" \"example\" {\n  name     = \"{group}\"\n  location = \"westeurope\"\n}",
            "az group create --name {group} --location westeurope --subscription {subscription}",
        ),
    ),
    remedy(
        "ParentResourceNotFound",
        Seen::Known,
        "The parent resource does not exist: {parent}. Create it first; where it is in this configuration, refer to its attributes, so that it comes first by itself.",
        "private_dns_zone_id = azureml_private_dns_zone.example.id # not its ID as text",
        "az resource show --ids {parent}",
    ),
    remedy(
        "ResourceNotFound",
        Seen::Recorded,
        "A resource that this one needs does not exist or was deleted. Create it first; where it is in this configuration, refer to its attributes, so that it comes first by itself. What was deleted outside is planned anew by the next plan.",
        "key_vault_id = azurerm_key_vault.example.id # not its ID as text",
        "az resource show --ids {id}",
    ),
    remedy(
        "NotFound",
        Seen::Known,
        "A resource that this one needs does not exist or was deleted. Look whether what the configuration refers to is there, in this subscription and tenant.",
        "key_vault_id = azurerm_key_vault.example.id # not its ID as text",
        "az resource show --ids {id}",
    ),
];

/// The remedy for an error. The error's own code comes before those of what lies under it.
pub(super) fn find(error: &ServiceError) -> Option<&'static Remedy> {
    let fits = |remedy: &&Remedy| remedy.case.as_ref().is_none_or(|case| error.message.contains(case.says));
    let mut own = TABLE.iter().filter(fits).filter(|remedy| remedy.code.eq_ignore_ascii_case(&error.code));
    own.next().or_else(|| TABLE.iter().filter(fits).find(|remedy| error.has_code(remedy.code)))
}

/// What a user reads about an API version that is not served: these words, and how to ask for another one.
pub(super) fn another_version(error: &ServiceError, words: &str) -> String {
    let facts = Facts::of(error);
    lay_out(words, &facts.fill(VERSION), &facts.fill(VERSIONS))
}

impl Remedy {
    /// What a user reads.
    pub(super) fn text(&self, error: &ServiceError) -> String {
        let facts = Facts::of(error);
        lay_out(&facts.fill(self.words), &facts.fill(self.hcl), &facts.fill(self.command))
    }
}

fn lay_out(words: &str, hcl: &str, command: &str) -> String {
    let indented = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    let command = match command.contains('\n') {
        false => format!("As a command: {command}"),
        true => format!("As commands:\n\n{}", indented(command).trim_end()),
    };
    format!("{words}\n\nIn a configuration:\n\n{}\n{command}", indented(hcl))
}

/// What an error tells, by the names that the table's texts have for it. What it does not tell is shown as `<name>`.
pub(super) struct Facts(Vec<(&'static str, Option<String>)>);

impl Facts {
    /// The places that texts may have.
    #[cfg(test)]
    pub(super) const PLACES: [&str; 18] = [
        "action",
        "group",
        "group_id",
        "id",
        "kind",
        "linked",
        "location",
        "locations",
        "locked",
        "namespace",
        "parent",
        "policy",
        "principal",
        "region",
        "scope",
        "subscription",
        "type",
        "version",
    ];

    fn of(error: &ServiceError) -> Self {
        let id = arm::ResourceId::parse(&error.path).ok();
        let id = id.as_ref();
        let after = |words: &str| quoted(&error.message, words);
        let locations =
            after("supported locations are").or_else(|| after("regions for the resource type is"));
        let regions: Vec<String> =
            locations.iter().flat_map(|text| text.split(',')).map(|one| one.trim().to_owned()).collect();
        let of_id = |value: Option<&str>| value.map(str::to_owned);
        let resource_type = id.map(arm::ResourceId::resource_type);
        let kind =
            resource_type.as_deref().and_then(|text| text.split_once('/')).map(|(_, kind)| kind.to_owned());
        let missing = error.missing_registration.as_ref();
        let provider = missing.map(|missing| missing.namespace.clone());
        let lacking = missing.and_then(|missing| missing.subscription.clone());
        let policy =
            error.additional_info.iter().find_map(|info| info["info"]["policyAssignmentId"].as_str());
        Self(vec![
            ("action", refused_action(&error.message).or_else(|| after("perform action"))),
            ("group", of_id(id.and_then(arm::ResourceId::resource_group_name))),
            ("group_id", id.and_then(arm::ResourceId::resource_group_id).map(|group| group.to_string())),
            ("id", id.map(ToString::to_string)),
            ("kind", kind),
            ("linked", after("linked subscription")),
            ("location", after("location")),
            ("locations", Some(regions.join(", ")).filter(|text| !text.is_empty())),
            ("locked", after("are locked:")),
            ("namespace", provider.or_else(|| of_id(id.and_then(arm::ResourceId::namespace)))),
            ("parent", after("parent resource").or_else(|| id?.parent().map(|parent| parent.to_string()))),
            ("policy", policy.map(str::to_owned)),
            ("principal", after("object id")),
            ("region", regions.first().cloned().filter(|text| !text.is_empty())),
            (
                "scope",
                after("linked scope(s)").or_else(|| after("linked scope")).or_else(|| after("over scope")),
            ),
            ("subscription", lacking.or_else(|| of_id(id.and_then(arm::ResourceId::subscription_id)))),
            ("type", resource_type),
            ("version", error.version_not_served().and_then(|refused| of_id(refused.best()))),
        ])
    }

    /// Nothing told: the texts as a page shows them.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self(Self::PLACES.iter().map(|place| (*place, None)).collect())
    }

    /// A text with what is told in its places.
    pub(super) fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (place, value)| {
            let value = value.clone().unwrap_or_else(|| format!("<{place}>"));
            text.replace(&format!("{{{place}}}"), &value)
        })
    }
}

/// The action that is not allowed on a linked scope: the last one before that. The first one is what is allowed.
fn refused_action(message: &str) -> Option<String> {
    let (before, _) = message.split_once("on the linked scope")?;
    before.rsplit('\'').nth(1).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The text in quotes after some words, with or without a letter in between.
fn quoted(message: &str, words: &str) -> Option<String> {
    let rest = message.get(message.find(words)? + words.len()..)?;
    let mut parts = rest.split('\'');
    let before = parts.next()?;
    parts.next().filter(|_| before.trim().is_empty()).map(str::to_owned).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
