//! The managed identities of a workspace, whose document is a map of IDs that no table describes.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};
use tfplugin::schema::Shape;
use tfplugin::{Attr, Model, Value};

use crate::check;
use crate::document::{self, Misfit, Misfits, Unfit};
use crate::kind;
use crate::view;
use crate::workspace::marks::*;

/// The managed identities of a workspace.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Identity {
    /// Which identities there are: `SystemAssigned`, `UserAssigned` or `SystemAssigned,UserAssigned`.
    #[attr(required, equal = same_identity_type, validate(identity_type))]
    pub(crate) r#type: Attr<String>,

    /// IDs of the user-assigned identities. Required where the type has any.
    #[attr(optional, equal = same_id, validate(identity_ids))]
    pub(crate) identity_ids: Attr<BTreeSet<String>>,

    /// Object ID of the system-assigned identity's principal, for role assignments.
    #[attr(computed, keep_unless(r#type), api = "identity.principalId")]
    pub(crate) principal_id: Attr<String>,

    /// ID of the tenant of the system-assigned identity.
    #[attr(computed, keep_unless(r#type), api = "identity.tenantId")]
    pub(crate) tenant_id: Attr<String>,
}

/// Which identities there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    System,
    User,
    Both,
}

impl Kind {
    /// As the service spells it, which knows no space in the third.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::System => "SystemAssigned",
            Self::User => "UserAssigned",
            Self::Both => "SystemAssigned,UserAssigned",
        }
    }

    /// Reads any casing, and the third with spaces, as other services spell it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        [Self::System, Self::User, Self::Both]
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(&text))
    }

    /// Says what is allowed where a text is none.
    pub(crate) fn check(text: &str) -> Result<(), String> {
        match Self::read(text) {
            Some(_) => Ok(()),
            None => Err(format!(
                "must be \"SystemAssigned\", \"UserAssigned\" or \"SystemAssigned,UserAssigned\"; it is {text:?}"
            )),
        }
    }

    fn has_user_assigned(self) -> bool {
        self != Self::System
    }
}

const TYPE: &[&str] = &["identity", "type"];
const IDS: &[&str] = &["identity", "identity_ids"];

/// The planned identity of a workspace that declares none: a system-assigned one, which it may have already.
pub(super) fn undeclared(prior: &Value) -> Value {
    let has = view::text(prior, TYPE).and_then(Kind::read) == Some(Kind::System);
    if has {
        return view::member(prior, &["identity"]).clone();
    }
    Value::object([
        ("type", Value::from(Kind::System.as_str())),
        ("identity_ids", Value::Null),
        ("principal_id", Value::Unknown),
        ("tenant_id", Value::Unknown),
    ])
}

/// The identity in the body of a create.
pub(super) fn create_body(planned: &Value) -> Json {
    let kind = kind(planned);
    let ids = view::texts(planned, IDS).unwrap_or_default();
    body(kind, ids.into_iter().map(|id| (id.to_owned(), json!({}))).collect())
}

/// The identity in the body of an update, where it changed. An identity that is taken away is null.
pub(super) fn patch_body(prior: &Value, planned: &Value) -> Option<Json> {
    let (old, new) = (view::texts(prior, IDS).unwrap_or_default(), view::texts(planned, IDS)?);
    let within = |id: &str, ids: &[&str]| ids.iter().any(|other| check::same_id(id, other));
    let same_ids = old.iter().all(|id| within(id, &new)) && new.iter().all(|id| within(id, &old));
    // What it was is not known where an update is to be sent again.
    let was_known = [TYPE, IDS].iter().all(|path| !view::member(prior, path).is_unknown());
    if was_known && kind(prior) == kind(planned) && same_ids {
        return None;
    }
    let removed = old.iter().filter(|id| !within(id, &new)).map(|id| ((*id).to_owned(), Json::Null));
    let kept = new.iter().map(|id| ((*id).to_owned(), json!({})));
    Some(body(kind(planned), kept.chain(removed).collect()))
}

fn kind(object: &Value) -> Kind {
    view::text(object, TYPE).and_then(Kind::read).unwrap_or(Kind::System)
}

fn body(kind: Kind, ids: Map<String, Json>) -> Json {
    let mut body = json!({ "type": kind.as_str() });
    // Without user-assigned identities, the type alone takes all of them away.
    if kind.has_user_assigned() && !ids.is_empty() {
        document::put(&mut body, "userAssignedIdentities", Json::Object(ids));
    }
    body
}

/// Reads what the tables cannot: type and IDs, in the spelling of before where they are the same.
pub(super) fn read(document: &Json, prior: &Value, object: &mut Value, misfits: &mut Misfits) {
    let there = document::get(document, "identity");
    let remote = document::get(there, "type");
    if there.is_null() || remote.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("None")) {
        view::put(object, &["identity"], Value::Null);
        return;
    }
    let users = document::get(there, "userAssignedIdentities");
    let (Some(remote), true) = (remote.as_str(), users.is_null() || users.is_object()) else {
        let expected = "an object with the text \"type\" and, if any, the object \"userAssignedIdentities\"";
        misfits.note("identity", Misfit::Bent(Unfit::instead(expected, there)));
        let before = view::member(prior, &["identity"]);
        view::put(object, &["identity"], if before.is_wholly_known() { before.clone() } else { Value::Null });
        return;
    };
    let ids = users.as_object();
    let ids: Vec<&str> = ids.map(|ids| ids.keys().map(String::as_str).collect()).unwrap_or_default();
    let old_ids = view::member(prior, IDS);
    let known = view::texts(prior, IDS).unwrap_or_default();
    // An ID that was there keeps its spelling; one that was not is printed as documented.
    let spelt = ids.iter().map(|id| {
        let old = known.iter().find(|old| check::same_id(old, id)).map(|old| (*old).to_owned());
        Value::from(old.unwrap_or_else(|| {
            kind::Kind::UserAssignedIdentity.check(id).map_or_else(|_| (*id).to_owned(), |id| id.to_string())
        }))
    });
    let new_ids = if ids.is_empty() && (old_ids.is_null() || known.is_empty()) {
        if old_ids.is_unknown() { Value::Null } else { old_ids.clone() }
    } else {
        Value::set_of(spelt)
    };
    let kind = Kind::read(remote).map_or(remote, |kind| kind.as_str());
    let same = |old: &&str| Kind::read(old).is_some_and(|old| Kind::read(remote) == Some(old));
    let kind = view::text(prior, TYPE).filter(same).unwrap_or(kind);
    let mut text = |name: &'static str, member| {
        document::taken(&Shape::String, document::get(there, member)).unwrap_or_else(|unfit| {
            misfits.within("identity", |misfits| misfits.note(name, Misfit::Bent(unfit)));
            view::text(prior, &["identity", name]).map_or(Value::Null, Value::from)
        })
    };
    let identity = Value::object([
        ("type", Value::from(kind)),
        ("identity_ids", new_ids),
        ("principal_id", text("principal_id", "principalId")),
        ("tenant_id", text("tenant_id", "tenantId")),
    ]);
    view::put(object, &["identity"], identity);
}
