//! The table of Azure's errors.
//!
//! Where an error has several codes, the first of them here is its remedy; a code's cases come before the rest of it, and what
//! has no code comes last.

use arm::ServiceError;

use super::cases::{creates_group, is_absent, is_gone, is_in_vain, is_linked, is_of_link, refuses};
use super::{Case, NOT_REGISTERED, Remedy, Seen};
use crate::registration::remedy::{BLOCK as REGISTER, COMMAND as REGISTER_COMMAND};

/// A role as a configuration and as a command give it.
macro_rules! role {
    ($role:literal) => {
        (
            concat!(
                "resource \"azurerm_role_assignment\" \"example\" {\n  scope                = \"{scope}\"\n  role_definition_name = \"",
                $role,
                "\"\n  principal_id         = \"{principal}\"\n}"
            ),
            concat!(
                "az role assignment create --assignee-object-id {principal} --role ",
                $role,
                " --scope {scope}"
            ),
        )
    };
}

const CONTRIBUTOR: (&str, &str) = role!("Contributor");
const READER: (&str, &str) = role!("Reader");
/// What is said of each further scope that an error refuses.
pub(super) const LIKEWISE: &str = " So is one with the permission {action} on {scope}.";
const WHERE: &str =
    "{type} is not available in {location}. Available regions: {locations}. Choose one of them.";
const WHERE_COMMAND: &str = "az provider show --namespace {namespace} --query \"resourceTypes[?resourceType=='{kind}'].locations[]\" --output table";
const OTHER_SUBSCRIPTION: &str = "Correct the subscription, in the ID or the subscription_id of this resource, or in the provider block; or sign in to the tenant that it belongs to.";
const SUBSCRIPTION: &str =
    "provider \"azureml\" {\n  subscription_id = \"00000000-0000-0000-0000-000000000000\"\n}";
const ACCOUNTS: &str = "az account list --all --output table";
const LOCKS: &str = "az lock list --resource-group {group} --subscription {subscription} --output table\naz lock delete --ids <lock ID>";
pub(super) const VERSION: &str =
    "provider \"azureml\" {\n  api_versions = { \"{namespace}\" = \"{version}\" }\n}";
pub(super) const VERSIONS: &str = "az provider show --namespace {namespace} --query \"resourceTypes[?resourceType=='{kind}'].apiVersions[]\" --output table";
const LINKED: &str = "Something that this resource refers to lies in the subscription {subscription}, which has not registered the resource provider {namespace}. Register it there, or set resource_provider_registrations = \"on_demand\" in the provider block, which registers such providers along the way.";
const SHOW_MISSING: &str = "az resource show --ids {missing}";

const fn remedy(
    code: &'static str,
    seen: Seen,
    words: &'static str,
    hcl: &'static str,
    command: &'static str,
) -> Remedy {
    Remedy { code, case: None, seen, attribute: None, words, hcl, command }
}

const fn when(fits: fn(&ServiceError) -> bool, title: &'static str, remedy: Remedy) -> Remedy {
    Remedy { case: Some(Case { title, fits }), ..remedy }
}

const fn at(attribute: &'static str, remedy: Remedy) -> Remedy {
    Remedy { attribute: Some(attribute), ..remedy }
}

/// The resource itself was not found.
const fn gone(code: &'static str, seen: Seen) -> Remedy {
    let remedy = remedy(
        code,
        seen,
        "The resource itself does not exist any more: something outside of this configuration has deleted it, or what it lies in. The next plan sees that, and creates it anew.",
        "",
        "az resource show --ids {id}",
    );
    when(is_gone, "of the resource itself", remedy)
}

/// Something that it refers to was not found.
const fn absent(code: &'static str, seen: Seen) -> Remedy {
    let remedy = remedy(
        code,
        seen,
        "This resource refers to one that does not exist: {missing}. Create that first, or correct the ID; where it is in this configuration, refer to its attributes, so that it comes first by itself.",
        "{reference} # not its ID as text",
        SHOW_MISSING,
    );
    when(is_absent, "of what it refers to", remedy)
}

/// What was not found is not said.
const fn something(code: &'static str, seen: Seen) -> Remedy {
    remedy(
        code,
        seen,
        "Something that this resource needs does not exist or was deleted, and Azure does not say what. Look whether each ID in the configuration leads to something, in its subscription and tenant; where that is in this configuration, refer to its attributes, so that it comes first by itself.",
        "{reference} # not its ID as text",
        "az resource show --ids <each ID that the resource refers to>",
    )
}

/// The table.
pub(super) const TABLE: &[Remedy] = &[
    when(
        is_in_vain,
        "although it is registered on demand",
        remedy(
            NOT_REGISTERED,
            Seen::Recorded,
            "The provider registers what is missing on demand, and Azure still refuses the subscription {subscription} for want of the resource provider {namespace}. Look at its registration: where it is Registered, that has not reached all of Azure yet, and a later apply succeeds; where it is not, whoever runs this may not see it, and somebody who may has to register it.",
            REGISTER,
            "az provider show --namespace {namespace} --subscription {subscription} --query registrationState --output tsv",
        ),
    ),
    when(
        is_linked,
        "in another subscription",
        remedy(NOT_REGISTERED, Seen::Known, LINKED, REGISTER, REGISTER_COMMAND),
    ),
    remedy(
        NOT_REGISTERED,
        Seen::Recorded,
        "The subscription {subscription} has not registered the resource provider {namespace}. Register it, or set resource_provider_registrations = \"on_demand\" in the provider block, which registers such providers along the way.",
        REGISTER,
        REGISTER_COMMAND,
    ),
    when(
        |error| is_linked(error) && !is_in_vain(error),
        "in another subscription",
        remedy("SubscriptionNotRegistered", Seen::Known, LINKED, REGISTER, REGISTER_COMMAND),
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
        remedy("NoRegisteredProviderFound", Seen::Known, WHERE, "location = \"{region}\"", WHERE_COMMAND),
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
        remedy("SubscriptionNotFound", Seen::Known, OTHER_SUBSCRIPTION, SUBSCRIPTION, ACCOUNTS),
    ),
    at(
        "subscription_id",
        remedy("InvalidSubscriptionId", Seen::Known, OTHER_SUBSCRIPTION, SUBSCRIPTION, ACCOUNTS),
    ),
    when(
        |error| error.message.contains("is not authorized to access linked subscription"),
        "in another tenant",
        remedy(
            "LinkedAuthorizationFailed",
            Seen::Known,
            "The subscription {linked} does not exist, or it belongs to a tenant that the provider has no token for. Add that tenant to auxiliary_tenant_ids in the provider block; the identity has to be known in it. A role alone does not help.",
            "provider \"azureml\" {\n  auxiliary_tenant_ids = [\"00000000-0000-0000-0000-000000000000\"]\n}",
            "az account list --all --query \"[?id=='{linked}'].tenantId\" --output tsv",
        ),
    ),
    when(
        |error| refuses(error, "/read"),
        "on a read",
        remedy(
            "LinkedAuthorizationFailed",
            Seen::Known,
            "The identity may write this resource but may not read a resource that it refers to. A role with the permission {action} on {scope} is needed; Reader is enough.",
            READER.0,
            READER.1,
        ),
    ),
    remedy(
        "LinkedAuthorizationFailed",
        Seen::Known,
        "The identity may write this resource but may not use a resource that it refers to. A role with the permission {action} on {scope} is needed, such as Contributor.",
        CONTRIBUTOR.0,
        CONTRIBUTOR.1,
    ),
    when(
        |error| refuses(error, "/register/action"),
        "on a registration",
        remedy(
            "AuthorizationFailed",
            Seen::Known,
            "Whoever runs this may not register the resource provider {namespace} in the subscription {subscription}. That takes the permission {action} there, which Contributor has. It need not be whoever runs this: once somebody who may has registered it, by the command, it is found registered.",
            "resource \"azurerm_role_assignment\" \"example\" {\n  scope                = \"/subscriptions/{subscription}\"\n  role_definition_name = \"Contributor\"\n  principal_id         = \"{principal}\"\n}",
            REGISTER_COMMAND,
        ),
    ),
    when(
        |error| refuses(error, "/unregister/action"),
        "on the end of a registration",
        remedy(
            "AuthorizationFailed",
            Seen::Known,
            "Whoever runs this may not end the registration of {namespace} in the subscription {subscription}. That takes the permission {action} there, which Contributor has. To leave it registered instead, apply the configuration with unregister_on_destroy = false before the destroy.",
            "unregister_on_destroy = false",
            "az provider unregister --namespace {namespace} --subscription {subscription} --wait",
        ),
    ),
    when(
        |error| refuses(error, "/read"),
        "on a read",
        remedy(
            "AuthorizationFailed",
            Seen::Known,
            "Whoever runs this needs a role with the permission {action}; Reader is enough for that. A new role assignment takes some minutes to be seen.",
            READER.0,
            READER.1,
        ),
    ),
    remedy(
        "AuthorizationFailed",
        Seen::Known,
        "Whoever runs this needs a role with the permission {action}, such as Contributor. A new role assignment takes some minutes to be seen.",
        CONTRIBUTOR.0,
        CONTRIBUTOR.1,
    ),
    when(
        creates_group,
        "on a resource group",
        remedy(
            "RequestDisallowedByPolicy",
            Seen::Known,
            "Change the configuration to what the policy {policy} allows, or have its owner exempt the subscription: a resource group that is not there yet cannot be exempt itself.",
            "resource \"azurerm_subscription_policy_exemption\" \"example\" {\n  name                 = \"example\"\n  subscription_id      = \"/subscriptions/{subscription}\"\n  policy_assignment_id = \"{policy}\"\n  exemption_category   = \"Waiver\"\n}",
            "az policy exemption create --name example --policy-assignment {policy} --exemption-category Waiver --scope /subscriptions/{subscription}",
        ),
    ),
    remedy(
        "RequestDisallowedByPolicy",
        Seen::Known,
        "Change the configuration to what the policy {policy} allows, or have its owner exempt what is made here.",
        "resource \"azurerm_resource_group_policy_exemption\" \"example\" {\n  name                 = \"example\"\n  resource_group_id    = \"{group_id}\"\n  policy_assignment_id = \"{policy}\"\n  exemption_category   = \"Waiver\"\n}",
        "az policy exemption create --name example --policy-assignment {policy} --exemption-category Waiver --scope {group_id}",
    ),
    when(
        |error| error.message.contains("cannot perform delete operation"),
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
        "private_dns_zone_id",
        when(
            is_of_link,
            "on a private DNS link",
            remedy(
                "ResourceGroupNotFound",
                Seen::Known,
                "The resource group of the private DNS zone does not exist, and so neither does the zone. Correct private_dns_zone_id; where the zone is in this configuration, refer to it, so that it comes first by itself.",
                "private_dns_zone_id = azureml_private_dns_zone.example.id # not its ID as text",
                "az network private-dns zone list --subscription {subscription} --query \"[].id\" --output tsv",
            ),
        ),
    ),
    at(
        "resource_group_name",
        remedy(
            "ResourceGroupNotFound",
            Seen::Known,
            "Create the resource group first, or correct its name or the subscription. Where it is in this configuration, refer to its name, so that it comes first by itself.",
            "resource \"azureml_resource_group\" \"example\" {\n  name     = \"{group}\"\n  location = \"westeurope\"\n}\n\nresource_group_name = azureml_resource_group.example.name # not its name as text",
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
    gone("ResourceNotFound", Seen::Recorded),
    absent("ResourceNotFound", Seen::Recorded),
    something("ResourceNotFound", Seen::Recorded),
    gone("NotFound", Seen::Known),
    absent("NotFound", Seen::Known),
    something("NotFound", Seen::Known),
    absent("InvalidResourceReference", Seen::Recorded),
    at(
        "location",
        remedy(
            "InvalidResourceLocation",
            Seen::Known,
            "A resource of this name exists in another location. Choose another name, or that location.",
            "location = \"{location}\"",
            "az resource show --ids {id} --query location --output tsv",
        ),
    ),
    at(
        "storage_account_id",
        when(
            |error| error.message.contains("HNS"),
            "Storage with a hierarchical namespace",
            remedy(
                "",
                Seen::Recorded,
                "A workspace's default storage account cannot have a hierarchical namespace. Choose one without; the other can be attached as a datastore later.",
                "storage_account_id = azurerm_storage_account.example.id # with is_hns_enabled = false",
                "az storage account list --query \"[?!isHnsEnabled].id\" --output tsv",
            ),
        ),
    ),
    when(
        |error| error.status == 401 && !error.operation,
        "HTTP 401",
        remedy(
            "",
            Seen::Known,
            "Sign in to the tenant that the subscription belongs to, or correct tenant_id.",
            "provider \"azureml\" {\n  tenant_id = \"00000000-0000-0000-0000-000000000000\"\n}",
            "az account list --all --query \"[?id=='{subscription}'].tenantId\" --output tsv",
        ),
    ),
    when(
        |error| error.status == 429,
        "HTTP 429",
        remedy(
            "",
            Seen::Recorded,
            "Azure throttles the subscription or the principal. Apply again later, or run fewer things at once. To wait longer for Azure, give it more time.",
            "timeouts {\n  create = \"2h\"\n}",
            "terraform apply -parallelism=4",
        ),
    ),
    when(
        |error| error.status >= 500 && !error.operation,
        "HTTP 500 and above",
        remedy(
            "",
            Seen::Recorded,
            "This is a fault on Azure's side. Apply again; if it stays, give Microsoft's support the IDs below.",
            "",
            "",
        ),
    ),
];
