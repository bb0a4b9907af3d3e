//! The provider block: its attributes, in the words of its page in the registries.
//!
//! Which variables stand in for an attribute is said here for readers and in `variables` for the program; a test holds the
//! one against the other.

use std::collections::BTreeMap;

use tfplugin::{Attr, Model};

use super::rules;

/// Manages Azure Machine Learning workspaces.
///
/// The provider signs in in the ways of the Azure CLI and of the other Azure providers: with a client secret or certificate, with
/// an OIDC token of a pipeline or of Kubernetes, as a managed identity, or as whoever is signed in to the Azure CLI. What is
/// configured is tried in this order: client certificate, client secret, OIDC token, AKS workload identity, managed identity
/// (with `use_msi` only), Azure CLI. The guide on signing in says more.
///
/// An attribute that is left out, or empty, comes from the first of its environment variables that is set. The provider
/// speaks to Azure only when a resource has to be read or changed: `validate` needs neither credentials nor a network.
///
/// Guides: [signing in](guides/sign-in.md), [a workspace in a private network](guides/private-network.md), [other clouds, proxies
/// and companies' certificates](guides/clouds-and-networks.md), [Azure's errors](guides/errors.md), [deleted
/// workspaces](guides/soft-delete.md), [coming from `az ml workspace`](guides/from-azure-cli.md).
// Not to be printed: it holds secrets.
#[derive(Clone, Default, Model)]
pub(crate) struct Config {
    /// The subscription of resources that name none themselves, by its ID or, as the Azure CLI takes it, by its name. A name is
    /// looked up among the subscriptions that the identity sees. Conflicts with `subscription_id`.
    #[attr(optional)]
    pub(crate) subscription: Attr<String>,

    /// ID of the subscription of resources that name none themselves. Defaults to `ARM_SUBSCRIPTION_ID` or
    /// `AZURE_SUBSCRIPTION_ID`; without it, where the Azure CLI is the only way to sign in, to the CLI's current subscription.
    #[attr(optional, validate(rules::guid))]
    pub(crate) subscription_id: Attr<String>,

    /// The Entra tenant to sign in to, by its ID or a domain name of it. Defaults to `ARM_TENANT_ID`, `AZURE_TENANT_ID` or
    /// `AZURESUBSCRIPTION_TENANT_ID`.
    #[attr(optional, validate(rules::tenant))]
    pub(crate) tenant_id: Attr<String>,

    /// Up to three further tenants to get tokens for, for resources that refer to others of theirs. Defaults to
    /// `ARM_AUXILIARY_TENANT_IDS`, which has semicolons between them.
    #[attr(optional, validate(rules::auxiliary_tenants))]
    pub(crate) auxiliary_tenant_ids: Attr<Vec<String>>,

    /// Client ID of the application, or of the user-assigned managed identity, to sign in as. Defaults to `ARM_CLIENT_ID`,
    /// `AZURE_CLIENT_ID` or `AZURESUBSCRIPTION_CLIENT_ID`. Conflicts with `client_id_file_path`.
    #[attr(optional, validate(rules::guid))]
    pub(crate) client_id: Attr<String>,

    /// A file with the client ID. Defaults to `ARM_CLIENT_ID_FILE_PATH`.
    #[attr(optional)]
    pub(crate) client_id_file_path: Attr<String>,

    /// Client secret of the application. Defaults to `ARM_CLIENT_SECRET` or `AZURE_CLIENT_SECRET`. Conflicts with
    /// `client_secret_file_path`.
    #[attr(optional, sensitive)]
    pub(crate) client_secret: Attr<String>,

    /// A file with the client secret. Defaults to `ARM_CLIENT_SECRET_FILE_PATH`.
    #[attr(optional)]
    pub(crate) client_secret_file_path: Attr<String>,

    /// Client certificate of the application with its private key: a PFX as base64, or PEM. Defaults to
    /// `ARM_CLIENT_CERTIFICATE`. Conflicts with `client_certificate_path`.
    #[attr(optional, sensitive, validate(rules::certificate))]
    pub(crate) client_certificate: Attr<String>,

    /// A file with the client certificate and its private key, as PFX or PEM. Defaults to `ARM_CLIENT_CERTIFICATE_PATH` or
    /// `AZURE_CLIENT_CERTIFICATE_PATH`.
    #[attr(optional)]
    pub(crate) client_certificate_path: Attr<String>,

    /// Password of the client certificate. Defaults to `ARM_CLIENT_CERTIFICATE_PASSWORD` or
    /// `AZURE_CLIENT_CERTIFICATE_PASSWORD`.
    #[attr(optional, sensitive)]
    pub(crate) client_certificate_password: Attr<String>,

    /// Whether to sign in with an OIDC token. Defaults to `ARM_USE_OIDC`; without it, one is used where one is configured.
    #[attr(optional)]
    pub(crate) use_oidc: Attr<bool>,

    /// An OIDC token that the application trusts. Defaults to `ARM_OIDC_TOKEN`. Conflicts with `oidc_token_file_path`.
    #[attr(optional, sensitive)]
    pub(crate) oidc_token: Attr<String>,

    /// A file with the OIDC token, which is read again for each sign-in. Defaults to `ARM_OIDC_TOKEN_FILE_PATH`; with
    /// `use_oidc`, where nothing else gives a token, to `AZURE_FEDERATED_TOKEN_FILE`, which AKS sets.
    #[attr(optional)]
    pub(crate) oidc_token_file_path: Attr<String>,

    /// Where the job of a pipeline asks for OIDC tokens. Defaults to `ARM_OIDC_REQUEST_URL`,
    /// `ACTIONS_ID_TOKEN_REQUEST_URL` or `SYSTEM_OIDCREQUESTURI`, which GitHub Actions and Azure DevOps set.
    #[attr(optional, validate(rules::https))]
    pub(crate) oidc_request_url: Attr<String>,

    /// What lets the job ask for OIDC tokens. Defaults to `ARM_OIDC_REQUEST_TOKEN`, `ACTIONS_ID_TOKEN_REQUEST_TOKEN` or
    /// `SYSTEM_ACCESSTOKEN`.
    #[attr(optional, sensitive)]
    pub(crate) oidc_request_token: Attr<String>,

    /// ID of the service connection of Azure DevOps to ask an OIDC token for. Defaults to
    /// `ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID`, `ARM_OIDC_AZURE_SERVICE_CONNECTION_ID` or
    /// `AZURESUBSCRIPTION_SERVICE_CONNECTION_ID`.
    #[attr(optional, validate(rules::guid))]
    pub(crate) ado_pipeline_service_connection_id: Attr<String>,

    /// Whether to sign in with AKS workload identity. Defaults to `ARM_USE_AKS_WORKLOAD_IDENTITY`; without it, it is used where
    /// `AZURE_FEDERATED_TOKEN_FILE` is set.
    #[attr(optional)]
    pub(crate) use_aks_workload_identity: Attr<bool>,

    /// Whether to sign in as the managed identity of the machine. Defaults to `ARM_USE_MSI`; without it, to `false`.
    #[attr(optional)]
    pub(crate) use_msi: Attr<bool>,

    /// Object ID of the user-assigned managed identity to sign in as. Defaults to `ARM_MSI_OBJECT_ID`. Conflicts with
    /// `msi_resource_id`.
    #[attr(optional, validate(rules::guid))]
    pub(crate) msi_object_id: Attr<String>,

    /// Resource ID of the user-assigned managed identity to sign in as. Defaults to `ARM_MSI_RESOURCE_ID`.
    #[attr(optional, validate(rules::identity_id))]
    pub(crate) msi_resource_id: Attr<String>,

    /// Where the managed identity's tokens are asked for, in place of the endpoint that the machine is found to have. Defaults to
    /// `ARM_MSI_ENDPOINT`.
    #[attr(optional, validate(rules::http))]
    pub(crate) msi_endpoint: Attr<String>,

    /// Whether to sign in as whoever is signed in to the Azure CLI. Defaults to `ARM_USE_CLI`; without it, to `true` where no
    /// other way to sign in is configured.
    #[attr(optional)]
    pub(crate) use_cli: Attr<bool>,

    /// The Azure cloud: `public`, `usgovernment` or `china`. Defaults to `ARM_ENVIRONMENT`; without it, to the cloud whose
    /// authority `ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST` or `AZURE_AUTHORITY_HOST` names, or to `public`.
    #[attr(optional, validate(rules::environment))]
    pub(crate) environment: Attr<String>,

    /// Host of a Resource Manager that describes its own cloud, such as `management.azurestack.example`. Takes the place of
    /// `environment`. Defaults to `ARM_METADATA_HOSTNAME` or `ARM_METADATA_HOST`.
    #[attr(optional, validate(rules::metadata_host))]
    pub(crate) metadata_host: Attr<String>,

    /// The endpoints of a cloud that has no name and does not describe itself. Conflicts with `metadata_host` and `environment`.
    #[attr(optional)]
    pub(crate) endpoints: Attr<Endpoints>,

    /// Other API versions than the provider's own, by namespace, for a cloud that does not serve these:
    /// `{ "Microsoft.Network" = "2023-11-01" }`.
    #[attr(optional, validate(rules::api_versions))]
    pub(crate) api_versions: Attr<BTreeMap<String, String>>,

    /// A file of PEM certificates of authorities that are trusted beside the system's, such as a company's own. Defaults to
    /// `ARM_CA_CERTIFICATE_FILE`.
    #[attr(optional)]
    pub(crate) ca_certificate_file: Attr<String>,

    /// Which resource providers the provider registers: `none`; `required` for those that no workspace can be without, in its
    /// subscription, when Azure is first needed; or `on_demand` for one that Azure says is missing, in the subscription of the
    /// resource or of what that refers to, after which it goes on. Defaults to `none`.
    #[attr(optional, one_of("none", "required", "on_demand"))]
    pub(crate) resource_provider_registrations: Attr<String>,

    /// Tags that every resource gets. A resource's own tag of the same name takes precedence.
    #[attr(optional, validate(rules::default_tags))]
    pub(crate) default_tags: Attr<BTreeMap<String, String>>,
}

/// The endpoints of a cloud.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Endpoints {
    /// URL of Resource Manager. Defaults to `ARM_RESOURCE_MANAGER_ENDPOINT`.
    #[attr(optional, validate(rules::endpoint))]
    pub(crate) resource_manager: Attr<String>,

    /// URL of Entra ID. Defaults to `ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST` or `AZURE_AUTHORITY_HOST`.
    #[attr(optional, validate(rules::endpoint))]
    pub(crate) authority: Attr<String>,

    /// For whom Resource Manager's tokens are. Defaults to `ARM_RESOURCE_MANAGER_AUDIENCE`; without it, to the URL of
    /// Resource Manager.
    #[attr(optional)]
    pub(crate) audience: Attr<String>,
}
