//! `azureml_private_dns_link`: what makes a virtual network resolve the names of a private DNS zone.

mod model;

use arm::{Error, ResourceId, private_dns};
use serde_json::Value as Json;
use tfplugin::schema::TimeoutDefaults;
use tfplugin::{Diagnostic, Model, Value};

use crate::diagnostics;
use crate::document;
use crate::kind::Kind;
use crate::life::Managed;
use crate::thing::{self, Thing, Unnamed, Words};
use crate::view;

pub(crate) use model::PrivateDnsLink;

/// What links are within a zone.
const LINKS: &str = "virtualNetworkLinks";
/// What Azure says when a network would find the same names in two zones; there is no code of its own for it.
const OVERLAP: &str = "overlapping namespaces";

impl Thing for PrivateDnsLink {
    const WORDS: Words =
        Words { type_name: "azureml_private_dns_link", noun: "private DNS link", title: "Private DNS Link" };
    const KIND: Kind = Kind::PrivateDnsLink;
    const API_VERSION: &'static str = private_dns::API_VERSION;
    const RETRY_CODES: &'static [&'static str] = private_dns::BUSY;
    const CREATE_ONLY: bool = true;
    const ABOUT: &'static [(&'static str, &'static str)] = &[
        ("InvalidSubscriptionId", "private_dns_zone_id"),
        ("SubscriptionNotFound", "private_dns_zone_id"),
        ("ResourceGroupNotFound", "private_dns_zone_id"),
        ("ParentResourceNotFound", "private_dns_zone_id"),
        ("auto-registration enabled", "registration_enabled"),
        ("resolution policy", "resolution_policy"),
        ("The virtual network '", "virtual_network_id"),
    ];

    fn id(object: &Value, _: Option<&str>) -> Result<ResourceId, Unnamed> {
        let text = |name: &str| view::text(object, &[name]).unwrap_or_default();
        let zone = Kind::PrivateDnsZone.check(text("private_dns_zone_id"));
        let zone = zone.map_err(|problem| Unnamed::Name(format!("private_dns_zone_id {problem}.")))?;
        Ok(zone.child(LINKS, text("name"))?)
    }

    fn named(id: &ResourceId) -> Vec<(&'static str, String)> {
        let zone = id.parent().map(|zone| zone.to_string()).unwrap_or_default();
        vec![("name", id.name().to_owned()), ("private_dns_zone_id", zone)]
    }

    fn create_body(planned: &Value) -> Json {
        let mut body = thing::create_body(Self::FIELDS, planned);
        document::put(&mut body, "location", private_dns::LOCATION.into());
        body
    }

    fn refused(id: &ResourceId, error: &Error) -> Option<Diagnostic> {
        let overlaps = error.service().is_some_and(|error| error.message.contains(OVERLAP));
        overlaps.then(|| overlapping(id, error))
    }
}

/// The virtual network has a link to a zone of the same name, or of one around it.
fn overlapping(id: &ResourceId, error: &Error) -> Diagnostic {
    let zone = id.parent().map(|zone| zone.name().to_owned()).unwrap_or_default();
    let azure = diagnostics::account(error);
    let detail = format!(
        "The virtual network is linked already to a zone with names like those of {zone:?}. A network can be linked to one of them: import the link that is there, or delete it first, or use its zone. \"az network private-dns zone list --query \"[?name=='{zone}'].id\"\" lists the zones of this name in a subscription.\n\n{azure}"
    );
    Diagnostic::error("Overlapping Private DNS Zones", detail).at("virtual_network_id")
}

impl Managed for PrivateDnsLink {
    const TIMEOUTS: TimeoutDefaults = TimeoutDefaults::minutes(30, 5, 30, 30);
}
