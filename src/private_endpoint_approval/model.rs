//! The attributes of `azureml_private_endpoint_approval`: the one declaration of each.

use tfplugin::{Attr, Model};

use crate::private_endpoint_approval::marks::*;

/// The decision about a connection of a private endpoint, made where the connection arrives: at a workspace, or at any other
/// resource that takes private connections.
///
/// For endpoints that somebody else made, who may not approve their connections. A connection that waits for a decision gets
/// it; one that somebody has decided the same way is taken over as it is, and one that is decided differently is left to an
/// import. A destroy leaves the decision as it is, unless `reject_on_destroy` says otherwise.
///
/// The endpoint has to be there before: one of the same configuration that has `wait_for_approval = true` is made only once it
/// is approved, and so waits for an approval that waits for it, until the time is over. Leave `wait_for_approval` out there.
///
/// Whoever applies it needs the right to write `privateEndpointConnections` of the target. For targets other than
/// workspaces, storage accounts, key vaults and private link services, also the right to read their resource provider in
/// the subscription, which says the API version.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Approval {
    /// Resource ID of the connection.
    #[attr(computed, keep, equal = same_id)]
    pub(crate) id: Attr<String>,

    /// ID of the workspace at which the connection arrives. Either this or `private_connection_resource_id` is set; changing
    /// from one to the other with the same target is no change. Changing it creates a new approval.
    #[attr(optional, computed, keep, replaces_if_known, equal = same_id, validate(workspace_id))]
    pub(crate) workspace_id: Attr<String>,

    /// ID of the resource at which the connection arrives, where that is no workspace: a storage account, a key vault, a
    /// container registry, a private link service, … Changing it creates a new approval.
    #[attr(optional, computed, keep, replaces_if_known, identity, equal = same_id, validate(resource_id))]
    pub(crate) private_connection_resource_id: Attr<String>,

    /// ID of the private endpoint that the connection comes from, in any subscription. Either this or `connection_name` says
    /// which connection it is. Changing it creates a new approval.
    #[attr(
        optional,
        computed,
        keep,
        replaces_if_known,
        api = "properties.privateEndpoint.id",
        equal = same_id,
        validate(private_endpoint_id)
    )]
    pub(crate) private_endpoint_id: Attr<String>,

    /// Name of the connection at the target, mostly the endpoint's name with a GUID, as `az network
    /// private-endpoint-connection list --id <target>` shows it. Changing it creates a new approval.
    #[attr(optional, computed, keep, replaces_if_known, identity, equal = same_name, validate(connection_name))]
    pub(crate) connection_name: Attr<String>,

    /// The decision: `Approved` or `Rejected`. Defaults to `Approved`. Whether a connection can be approved once it is
    /// rejected is up to its target; some want a new endpoint then.
    #[attr(
        optional,
        api = "properties.privateLinkServiceConnectionState.status",
        default = "Approved",
        one_of("Approved", "Rejected")
    )]
    pub(crate) status: Attr<String>,

    /// What the endpoint's owner reads about the decision. Where none is set, the words that are there stay.
    #[attr(optional, computed, keep, api = "properties.privateLinkServiceConnectionState.description")]
    pub(crate) description: Attr<String>,

    /// Whether a destroy rejects the connection, so that nobody gets through it any more. Otherwise a destroy leaves the
    /// decision as it is. A destroy goes by the value that was applied last. Defaults to `false`.
    #[attr(optional, default = false)]
    pub(crate) reject_on_destroy: Attr<bool>,

    /// What the endpoint's owner has to do beyond the approval, in Azure's words; `None` for nothing.
    #[attr(computed)]
    pub(crate) actions_required: Attr<String>,
}
