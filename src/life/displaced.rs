//! What a plan takes the place of, however it comes to that.
//!
//! A change of an attribute shows in the plan itself. `-replace` and `replace_triggered_by` show in the second half of a
//! replacement only, and a tainted object in neither: see [`Plan::predecessor`] and [`Plans`](crate::session::Plans).

use arm::ResourceId;
use tfplugin::{Path, Plan, PlanKind, Value, View};

use crate::check;
use crate::lists;
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

impl Cause {
    /// Why, for the end of a sentence that says what the plan replaces.
    pub(crate) fn because(self, plan: &Plan) -> String {
        match self {
            Self::Attributes => {
                let changes: Vec<String> = plan.replacing().iter().map(|path| change(plan, path)).collect();
                format!("because {}", lists::and(&changes))
            }
            Self::Asked => "because -replace or replace_triggered_by asks for it".to_owned(),
            Self::Held => "because the state holds it as tainted, or under another address".to_owned(),
        }
    }

    /// The attribute that is to blame, if any is.
    pub(crate) fn attribute(self, plan: &Plan) -> Option<Path> {
        plan.replacing().first().filter(|_| self == Self::Attributes).cloned()
    }

    /// What else keeps the object, for the end of a message: each sentence begins with a space.
    pub(crate) fn way_out(self) -> &'static str {
        match self {
            Self::Attributes | Self::Asked => "",
            Self::Held => {
                " To keep it where it is tainted, run \"terraform untaint\" (\"tofu untaint\") with its address. To keep it where its block has another address now, declare that with a moved block."
            }
        }
    }
}

/// What to do where a message about a replacement stands in the way of a destroy: the CLIs plan as usual before they plan that,
/// to refresh, and nothing tells the two apart.
pub(crate) const DESTROYING: &str = "If you are destroying it instead, run the destroy with -refresh=false.";

/// A change that replaces the resource, as part of a sentence.
fn change(plan: &Plan, path: &Path) -> String {
    let (old, new) = (View::new(plan.prior_value()).at(path), View::new(plan.planned_value()).at(path));
    match (&old, &new) {
        (_, new) if !new.is_wholly_known() => {
            let anew = plan.undecided().contains(path);
            format!("{path} {}", if anew { "refers to what is made anew" } else { "is not known yet" })
        }
        (Value::Null, _) => format!("{path} is added"),
        (_, Value::Null) => format!("{path} is removed"),
        (old, new) => match (view::shown(old), view::shown(new)) {
            (Some(old), Some(new)) => format!("{path} changes from {old} to {new}"),
            _ => format!("{path} changes"),
        },
    }
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
        let mut ids = found.iter().filter_map(|displaced| view::text(&displaced.object, &["id"]));
        ids.any(|own| check::same_name(own, id.as_str()))
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
        session.plans().make(&id, plan.planned_value());
    }
    let ids = displaced.iter().filter_map(|displaced| view::text(&displaced.object, &["id"]));
    ids.filter_map(|id| ResourceId::parse(id).ok()).for_each(|id| session.plans().replace(&id));
}
