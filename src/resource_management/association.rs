//! `azureml_resource_management_private_link_association`: what makes a private link of Resource Manager act on the tenant.
//!
//! The service has no read of one association, no PATCH and no operations to wait for: it lists those of a management group,
//! and a PUT replaces one at once.

use arm::{Error, Request, ResourceId, resource_management};
use serde_json::Value as Json;
use tfplugin::schema::TimeoutDefaults;
use tfplugin::{Attr, Diagnostic, Diagnostics, Model, Plan, Value};
use uuid::Uuid;

use crate::call::Call;
use crate::kind::Kind;
use crate::life::{self, Creation, Managed, Reference};
use crate::marks::*;
use crate::session::Session;
use crate::thing::{self, Thing, Unnamed, Words};
use crate::{check, diagnostics, view};

text_checks! {
    association_name => check::guid;
    management_group_id => |text| Kind::ManagementGroup.check(text).map(drop);
    private_link_id => |text| Kind::ResourceManagementPrivateLink.check(text).map(drop);
}

/// The association of a private link of Azure Resource Manager with the root management group.
///
/// It acts on the whole tenant: with `public_network_access = "Disabled"`, nobody manages anything in the tenant except
/// through a private endpoint of the private link. Whoever applies it needs to be Owner of the root management group, and
/// Owner or Contributor of the private link's subscription.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Association {
    /// Resource ID of the association.
    #[attr(computed, keep, equal = same_id)]
    pub(crate) id: Attr<String>,

    /// ID of the root management group, `/providers/Microsoft.Management/managementGroups/<tenant ID>`: Azure accepts no other.
    /// Changing it creates a new association.
    #[attr(required, replaces_if_known, identity, equal = same_id, validate(management_group_id))]
    pub(crate) management_group_id: Attr<String>,

    /// Name of the association, a GUID. Where none is set, one is made of the IDs of the management group and the private
    /// link. Changing it creates a new association.
    #[attr(optional, computed, keep, replaces, identity, equal = same_name, validate(association_name))]
    pub(crate) name: Attr<String>,

    /// ID of the private link. Changing it creates a new association.
    #[attr(required, replaces_if_known, api = "properties.privateLink", equal = same_id, validate(private_link_id))]
    pub(crate) private_link_id: Attr<String>,

    /// Whether Resource Manager can still be reached from public networks, in the whole tenant: `Enabled` or `Disabled`.
    /// Defaults to `Enabled`.
    #[attr(
        optional,
        api = "properties.publicNetworkAccess",
        default = "Enabled",
        one_of("Enabled", "Disabled")
    )]
    pub(crate) public_network_access: Attr<String>,

    /// ID of the tenant that it acts on.
    #[attr(computed, keep, api = "properties.tenantID")]
    pub(crate) tenant_id: Attr<String>,

    /// ID of what it acts on within the tenant.
    #[attr(computed, keep, api = "properties.scope", equal = same_id)]
    pub(crate) scope: Attr<String>,
}

impl Thing for Association {
    const WORDS: Words = Words {
        type_name: "azureml_resource_management_private_link_association",
        noun: "resource management private link association",
        title: "Resource Management Private Link Association",
    };
    const KIND: Kind = Kind::PrivateLinkAssociation;
    const API_VERSION: &'static str = resource_management::API_VERSION;
    const ABOUT: &'static [(&'static str, &'static str)] = &[("InvalidScope", "management_group_id")];

    fn id(object: &Value, _: Option<&str>) -> Result<ResourceId, Unnamed> {
        let text = |name: &str| view::text(object, &[name]).unwrap_or_default();
        let group = Kind::ManagementGroup.check(text("management_group_id"));
        let group = group.map_err(|problem| Unnamed::Name(format!("management_group_id {problem}.")))?;
        Ok(group.resource("Microsoft.Authorization", "privateLinkAssociations", text("name"))?)
    }

    fn named(id: &ResourceId) -> Vec<(&'static str, String)> {
        let group = id.parent().map(|group| group.to_string()).unwrap_or_default();
        vec![("name", id.name().to_owned()), ("management_group_id", group)]
    }

    fn creating(id: &ResourceId, body: &Json) -> Result<Request, Error> {
        Ok(Request::put(id, Self::API_VERSION, body)?.listed())
    }

    fn reading(id: &ResourceId) -> Request {
        Request::get(id, Self::API_VERSION).listed()
    }

    fn removal(id: &ResourceId, _: &Value) -> Request {
        Request::delete(id, Self::API_VERSION).listed()
    }

    fn change(prior: &Value, planned: &Value) -> Option<Json> {
        thing::put_body(Self::FIELDS, prior, planned)
    }

    fn changing(id: &ResourceId, body: &Json) -> Result<Request, Error> {
        Self::creating(id, body)
    }

    fn refused(id: &ResourceId, error: &Error, _: &str) -> Option<Diagnostic> {
        let denied = error.service().is_some_and(|error| error.has_code("AuthorizationFailed"));
        denied.then(|| no_rights(id, error))
    }
}

/// At the root of a tenant nobody has rights before they are given.
fn no_rights(id: &ResourceId, error: &Error) -> Diagnostic {
    let group = id.parent().map(|group| group.to_string()).unwrap_or_default();
    let azure = diagnostics::account(error);
    let detail = format!(
        "The association lies in the root management group, where not even a Global Administrator has rights at first. Such a one elevates their access (Entra ID, Properties, \"Access management for Azure resources\"), makes whoever runs this Owner of the root management group, and takes the elevation back: \"az role assignment create --role Owner --assignee <object ID> --scope {group}\".\n\n{azure}"
    );
    Diagnostic::error("No Rights at the Root Management Group", detail).at("management_group_id")
}

impl Managed for Association {
    const TIMEOUTS: TimeoutDefaults = TimeoutDefaults::minutes(30, 5, 30, 30);
    const REFERENCES: &'static [Reference] = &[Reference::resource(&["private_link_id"])];

    async fn plan(session: &Session, plan: &mut Plan) -> Result<(), Diagnostics> {
        life::plan::<Self>(session, plan);
        if locks_out(plan.prior_value(), plan.planned_value()) {
            plan.report(lock_out());
        }
        Ok(())
    }

    async fn create(call: &Call<Self>, mut plan: Self) -> Result<Self, Diagnostics> {
        if plan.name.as_str().is_none() {
            plan.name = name_of(&plan).into();
        }
        Creation::begin(call, plan).await?.finish(call).await
    }
}

/// The same for the same link and group, so that a create which is tried again finds what the first try made.
fn name_of(plan: &Association) -> String {
    let ids = [&plan.management_group_id, &plan.private_link_id].map(|id| {
        let id = id.as_str().unwrap_or_default();
        ResourceId::parse(id).map_or_else(|_| id.to_lowercase(), |id| id.as_str().to_lowercase())
    });
    Uuid::new_v5(&Uuid::NAMESPACE_URL, ids.join("\n").as_bytes()).to_string()
}

/// Whether a plan closes what was open, or leads it to another link, which may have no endpoint yet.
fn locks_out(prior: &Value, planned: &Value) -> bool {
    let closed = |object| {
        view::text(object, &["public_network_access"])
            .is_some_and(|text| text.eq_ignore_ascii_case("Disabled"))
    };
    let link = |object| view::text(object, &["private_link_id"]);
    let same_link =
        matches!((link(prior), link(planned)), (Some(old), Some(new)) if check::same_id(old, new));
    closed(planned) && !(closed(prior) && same_link)
}

fn lock_out() -> Diagnostic {
    let detail = "With public_network_access = \"Disabled\", nobody manages any resource of the tenant except through a private endpoint of this private link: no portal, no command line and no pipeline outside its networks, this one included. Make sure that the endpoint and its names work before you apply this.";
    Diagnostic::warning("Closes Resource Manager for the Whole Tenant", detail).at("public_network_access")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn association(link: &str) -> Association {
        Association {
            management_group_id: "/providers/Microsoft.Management/managementGroups/t".into(),
            private_link_id: link.into(),
            ..Association::default()
        }
    }

    #[test]
    fn whoever_closes_the_tenant_is_warned() {
        let [one, other] = ["one", "other"].map(|name| {
            format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.Authorization/resourceManagementPrivateLinks/{name}")
        });
        let object = |access: &str, link: &str| {
            Value::object([
                ("public_network_access", Value::from(access)),
                ("private_link_id", Value::from(link)),
            ])
        };
        let disabled = object("Disabled", &one);
        assert!(locks_out(&Value::Null, &object("disabled", &one)));
        assert!(locks_out(&object("Enabled", &one), &disabled));
        assert!(locks_out(&disabled, &object("Disabled", &other)));
        let unknown = Value::object([
            ("public_network_access", Value::from("Disabled")),
            ("private_link_id", Value::Unknown),
        ]);
        assert!(locks_out(&disabled, &unknown));
        assert!(!locks_out(&disabled, &object("DISABLED", &one.to_uppercase())));
        assert!(!locks_out(&disabled, &object("Enabled", &other)));
    }

    #[test]
    fn the_name_follows_from_the_ids_in_any_casing() {
        let link = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Authorization/resourceManagementPrivateLinks/l";
        let name = name_of(&association(link));
        assert_eq!(name, name_of(&association(&link.to_uppercase())));
        assert_ne!(name, name_of(&association(&format!("{link}2"))));
        assert_eq!(check::guid(&name), Ok(()));
    }
}
