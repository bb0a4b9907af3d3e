//! What a plan takes the place of, however it comes to that.
//!
//! A change of an attribute shows in the plan itself. `-replace` and `replace_triggered_by` show in the second half of a
//! replacement only, and a tainted object in neither: see [`Plan::predecessor`] and [`Plans`](crate::session::Plans).

use arm::ResourceId;
use tfplugin::{Plan, PlanKind, Value};

use crate::check;
use crate::session::Session;
use crate::thing::Thing;
use crate::view;

/// Why a plan takes the place of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Attributes change that cannot change in place.
    Attributes,
    /// The user asks for it: `-replace` or `replace_triggered_by`. So it is in the second half of any replacement too.
    Asked,
    /// The state holds an object of the new one's ID that is tainted, or stands at another address.
    Held,
}

/// An object that a plan takes the place of.
#[derive(Debug, Clone)]
pub(crate) struct Displaced {
    /// The object as the state holds it.
    pub(crate) object: Value,
    /// Why.
    pub(crate) cause: Cause,
}

/// What a plan takes the place of: mostly nothing, or one object. Two are there where the new one gets the ID of another object.
pub(crate) fn displaced<T: Thing>(session: &Session, plan: &Plan) -> Vec<Displaced> {
    let own = match plan.kind() {
        PlanKind::Delete => return Vec::new(),
        PlanKind::Update if !plan.replaces() => return Vec::new(),
        PlanKind::Update => Some((plan.prior_value(), Cause::Attributes)),
        PlanKind::Create => plan.predecessor().map(|object| (object, Cause::Asked)),
    };
    let mut found: Vec<Displaced> =
        own.into_iter().map(|(object, cause)| Displaced { object: object.clone(), cause }).collect();
    let is_own = |id: &ResourceId| {
        let ids = found.iter().filter_map(|displaced| view::text(&displaced.object, &["id"]));
        ids.into_iter().any(|own| check::same_name(own, id.as_str()))
    };
    let held = planned_id::<T>(plan).filter(|id| !is_own(id)).and_then(|id| session.plans().held(&id));
    found.extend(held.map(|object| Displaced { object, cause: Cause::Held }));
    found
}

/// The ID that the planned object will have, as far as that is known.
pub(crate) fn planned_id<T: Thing>(plan: &Plan) -> Option<ResourceId> {
    let mut planned = plan.planned_value().clone();
    if plan.kind() == PlanKind::Update {
        // In a replacement, that of the old object.
        view::put(&mut planned, &["id"], Value::Unknown);
    }
    // The plan has the provider's subscription already, where none is configured and it is known.
    T::id(&planned, None).ok()
}

/// Notes what the plan makes and replaces, for what is planned after it.
pub(crate) fn note<T: Thing>(session: &Session, plan: &Plan) {
    let displaced = displaced::<T>(session, plan);
    if plan.kind() != PlanKind::Create && displaced.is_empty() {
        return;
    }
    if let Some(id) = planned_id::<T>(plan) {
        session.plans().make(&id);
    }
    let ids = displaced.iter().filter_map(|displaced| view::text(&displaced.object, &["id"]));
    ids.filter_map(|id| ResourceId::parse(id).ok()).for_each(|id| session.plans().replace(&id));
}
