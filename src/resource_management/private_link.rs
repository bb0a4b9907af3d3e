//! `azureml_resource_management_private_link`: what a private endpoint to Resource Manager leads to.

use std::collections::BTreeSet;

use arm::{ResourceId, resource_management};
use serde_json::Value as Json;
use tfplugin::schema::TimeoutDefaults;
use tfplugin::{Attr, Model, Value};

use crate::check;
use crate::document::{self, Misfits};
use crate::kind::Kind;
use crate::life::{Managed, Reference};
use crate::marks::*;
use crate::thing::{self, Thing, Unnamed, Words};

text_checks! {
    link_name => check::network_name;
}

/// A private link of Azure Resource Manager: what a private endpoint with the group `ResourceManagement` leads to.
///
/// By itself it changes nothing. It takes effect for the whole tenant when it is associated with the root management group.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct PrivateLink {
    /// Resource ID of the private link.
    #[attr(computed, keep, equal = same_id)]
    pub(crate) id: Attr<String>,

    /// Name of the private link: 1 to 80 letters, digits, hyphens, underscores and dots. Changing it creates a new one.
    #[attr(required, replaces, identity, equal = same_name, validate(link_name))]
    pub(crate) name: Attr<String>,

    /// Name of the resource group, which exists already. Changing it creates a new private link.
    #[attr(required, replaces_if_known, identity, equal = same_name, validate(resource_group_name))]
    pub(crate) resource_group_name: Attr<String>,

    /// ID of the subscription. Defaults to the provider's. Changing it creates a new private link.
    #[attr(optional, computed, keep, replaces_if_known, identity_optional, equal = same_name, validate(subscription_id))]
    pub(crate) subscription_id: Attr<String>,

    /// Region of the private link. Defaults to the resource group's. Changing it creates a new private link.
    #[attr(optional, computed, keep, replaces_if_known, api = "location", equal = same_location, validate(location))]
    pub(crate) location: Attr<String>,

    /// IDs of the connections of private endpoints.
    #[attr(computed, keep, api = "properties.privateEndpointConnections")]
    pub(crate) private_endpoint_connection_ids: Attr<BTreeSet<String>>,
}

impl Thing for PrivateLink {
    const WORDS: Words = Words {
        type_name: "azureml_resource_management_private_link",
        noun: "resource management private link",
        title: "Resource Management Private Link",
    };
    const KIND: Kind = Kind::ResourceManagementPrivateLink;
    const API_VERSION: &'static str = resource_management::API_VERSION;

    fn id(object: &Value, subscription: Option<&str>) -> Result<ResourceId, Unnamed> {
        thing::in_group(object, subscription, |subscription, group, name| {
            let group = ResourceId::resource_group(subscription, group)?;
            group.resource("Microsoft.Authorization", "resourceManagementPrivateLinks", name)
        })
    }

    fn read(document: &Json, prior: &Value, first: bool, misfits: &mut Misfits) -> Value {
        document::read(Self::FIELDS, &with_ids(document), prior, first, misfits)
    }
}

/// Azure's document has texts where the service answers objects with an `id`: both are read.
fn with_ids(document: &Json) -> Json {
    const CONNECTIONS: &str = "properties.privateEndpointConnections";
    let mut document = document.clone();
    if let Json::Array(connections) = document::get(&document, CONNECTIONS) {
        let id = |one: &Json| one.get("id").filter(|id| id.is_string()).unwrap_or(one).clone();
        let ids = connections.iter().map(id).collect();
        document::put(&mut document, CONNECTIONS, Json::Array(ids));
    }
    document
}

impl Managed for PrivateLink {
    const TIMEOUTS: TimeoutDefaults = TimeoutDefaults::minutes(30, 5, 30, 30);
    const REFERENCES: &'static [Reference] = &[Reference::GROUP];
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn connections_are_read_as_texts_and_as_objects() {
        let object =
            |name: &str| json!({"id": format!("/l/privateEndpointConnections/{name}"), "properties": {}});
        let document = json!({"properties": {"privateEndpointConnections": [object("a"), "/e/b"]}});
        let mut misfits = Misfits::default();
        let read = PrivateLink::read(&document, &Value::Null, false, &mut misfits);
        let ids = ["/e/b", "/l/privateEndpointConnections/a"].map(Value::from);
        assert_eq!(read.attribute("private_endpoint_connection_ids"), Some(&Value::set_of(ids)));
        assert_eq!(misfits.found(), []);
        let bent = json!({"properties": {"privateEndpointConnections": [{"name": "a"}]}});
        PrivateLink::read(&bent, &Value::Null, false, &mut misfits);
        assert_eq!(misfits.found().len(), 1);
    }
}
