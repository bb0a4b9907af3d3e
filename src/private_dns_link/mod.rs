//! `azureml_private_dns_link`: what makes a virtual network resolve the names of a private DNS zone.

mod model;

use arm::{Error, ResourceId, operation, private_dns};
use serde_json::Value as Json;
use tfplugin::schema::TimeoutDefaults;
use tfplugin::{Diagnostic, Diagnostics, Model, Plan, PlanKind, Value};

use crate::call::{self, Call};
use crate::kind::Kind;
use crate::life::{self, Creation, Managed, Reference};
use crate::session::Session;
use crate::thing::{Thing, Unnamed, Words};
use crate::{diagnostics, document, view};

pub(crate) use model::PrivateDnsLink;

/// How far a link is beyond the operation that made or changed it.
const LINK_STATE: &str = "properties.virtualNetworkLinkState";
/// What Azure says when a network would find the same names in two zones; there is no code of its own for it.
const OVERLAP: &str = "overlapping namespaces";

impl Thing for PrivateDnsLink {
    const WORDS: Words =
        Words { type_name: "azureml_private_dns_link", noun: "private DNS link", title: "Private DNS Link" };
    const KIND: Kind = Kind::PrivateDnsLink;
    const API_VERSION: &'static str = private_dns::API_VERSION;
    const RETRY_CODES: &'static [&'static str] = private_dns::BUSY;
    const CREATE_ONLY: bool = true;
    const LOCATION: Option<&'static str> = Some(private_dns::LOCATION);
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
        Ok(zone.child(private_dns::LINKS, text("name"))?)
    }

    fn named(id: &ResourceId) -> Vec<(&'static str, String)> {
        let zone = id.parent().map(|zone| zone.to_string()).unwrap_or_default();
        vec![("name", id.name().to_owned()), ("private_dns_zone_id", zone)]
    }

    fn refused(id: &ResourceId, error: &Error, _: &str) -> Option<Diagnostic> {
        let words = error.service().map(diagnostics::words);
        let overlaps = words.is_some_and(|words| words.to_lowercase().contains(OVERLAP));
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
    const REFERENCES: &'static [Reference] =
        &[Reference::resource(&["private_dns_zone_id"]), Reference::resource(&["virtual_network_id"])];

    async fn plan(session: &Session, plan: &mut Plan) -> Result<(), Diagnostics> {
        life::plan::<Self>(session, plan);
        // An update waits for its end.
        let name = "virtual_network_link_state";
        let changes = plan.kind() == PlanKind::Update && plan.prior_value() != plan.planned_value();
        if changes && view::text(plan.prior_value(), &[name]).is_some_and(is_in_progress) {
            plan.set_unknown(name);
        }
        Ok(())
    }

    async fn create(call: &Call<Self>, plan: Self) -> Result<Self, Diagnostics> {
        completed(call, Creation::begin(call, plan).await?.finish(call).await?).await
    }

    async fn update(call: &Call<Self>, prior: Self, plan: Self) -> Result<Self, Diagnostics> {
        completed(call, life::update(call, prior, plan).await?).await
    }
}

/// The link once its network asks the zone, which may take longer than the operation that made the link.
async fn completed(call: &Call<PrivateDnsLink>, link: PrivateDnsLink) -> Result<PrivateDnsLink, Diagnostics> {
    if !link.virtual_network_link_state.as_str().is_some_and(is_in_progress) {
        return Ok(link);
    }
    let object = link.to_value();
    let id = call.id(&object)?;
    let read = PrivateDnsLink::reading(&id);
    let reached = |there: &Json| match document::get(there, LINK_STATE).as_str() {
        Some(state) if is_in_progress(state) => Err(state.to_owned()),
        _ => Ok(()),
    };
    match operation::until(call.client(), &read, call.context(), reached).await {
        Ok(there) => call::model(&call.object(&there, &object)),
        // The link is there; what is still to come needs nobody who waits.
        Err(error) => {
            call.cx.warn(in_progress(&id, &error));
            Ok(link)
        }
    }
}

fn is_in_progress(state: &str) -> bool {
    state.eq_ignore_ascii_case("InProgress")
}

fn in_progress(id: &ResourceId, error: &Error) -> Diagnostic {
    let azure = diagnostics::account(error);
    let detail = format!(
        "The link exists, but its network does not resolve the names of the zone yet. Azure goes on with that; a later refresh reads virtual_network_link_state.\n\n{azure}\n\n{id}"
    );
    Diagnostic::warning("Private DNS Link in Progress", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(message: &str, detail: &str) -> bool {
        let detail = arm::ErrorDetail { message: detail.to_owned(), ..arm::ErrorDetail::default() };
        let error = arm::ServiceError {
            message: message.to_owned(),
            details: vec![detail],
            ..arm::ServiceError::default()
        };
        let zone = ResourceId::private_dns_zone("s", "g", "a.b").unwrap();
        let id = zone.child(private_dns::LINKS, "l").unwrap();
        PrivateDnsLink::refused(&id, &Error::Service(Box::new(error)), "x").is_some()
    }

    #[test]
    fn an_overlap_is_known_by_its_words_in_any_casing_and_depth() {
        let words = "cannot be linked to multiple zones with overlapping namespaces";
        assert!(refused(words, ""));
        assert!(refused(&words.to_uppercase(), ""));
        assert!(refused("Bad request", "Multiple zones with Overlapping Namespaces"));
        assert!(!refused("The namespaces do not overlap", ""));
    }
}
