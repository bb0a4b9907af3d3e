//! What a resource says about itself, so that the common life in `life` can create, read, change and delete it.
//!
//! Most of it follows from the tables. A resource that is more than its tables overrides what differs.

use arm::operation::BUSY;
use arm::{Error, IdError, NameError, Request, ResourceId};
use serde_json::{Value as Json, json};
use tfplugin::schema::Field;
use tfplugin::{Diagnostic, Model, Value};

use crate::diagnostics;
use crate::document::{self, Misfits};
use crate::kind::Kind;
use crate::tags;
use crate::view;

/// How messages speak of a resource.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    /// Its type in configurations: `azureml_workspace`.
    pub(crate) type_name: &'static str,
    /// What people call it, in the middle of a sentence: `workspace`.
    pub(crate) noun: &'static str,
    /// The same in a headline: `Workspace`.
    pub(crate) title: &'static str,
}

impl Words {
    /// With its article: `a workspace`.
    pub(crate) fn one(&self) -> String {
        let vowel = self.noun.starts_with(['a', 'e', 'i', 'o', 'u']);
        format!("{} {}", if vowel { "an" } else { "a" }, self.noun)
    }

    /// With its article, at the beginning of a sentence: `A workspace`.
    pub(crate) fn one_first(&self) -> String {
        let one = self.one();
        format!("A{}", one.strip_prefix('a').unwrap_or(&one))
    }
}

/// Why attributes name no resource.
#[derive(Debug)]
pub(crate) enum Unnamed {
    /// Neither the resource nor the provider names a subscription.
    NoSubscription,
    /// A name cannot be part of an ID.
    Name(String),
}

impl From<NameError> for Unnamed {
    fn from(error: NameError) -> Self {
        Self::Name(error.to_string())
    }
}

impl From<IdError> for Unnamed {
    fn from(error: IdError) -> Self {
        Self::Name(error.to_string())
    }
}

impl Unnamed {
    /// The same as a user reads it, under a headline.
    pub(crate) fn diagnostic(self, summary: &str) -> Diagnostic {
        match self {
            Self::NoSubscription => crate::messages::no_subscription(),
            Self::Name(problem) => Diagnostic::error(summary, problem),
        }
    }
}

/// A resource of Azure.
pub(crate) trait Thing: Model {
    /// How messages speak of it.
    const WORDS: Words;
    /// The type of its ID.
    const KIND: Kind;
    /// The API version of its requests.
    const API_VERSION: &'static str;
    /// Error codes by which Azure says "not now", so that a change is sent again until the deadline.
    const RETRY_CODES: &'static [&'static str] = BUSY;

    /// What refusals of it are about, where their code does not say that for all resources: a code or words of theirs, and the
    /// attribute.
    const ABOUT: &'static [(&'static str, &'static str)] = &[];

    /// Whether Azure can be asked to create only, and then refuses what exists, however late it came.
    const CREATE_ONLY: bool = false;

    /// Where all things of the type are, for types that lie in no region and let nobody choose.
    const LOCATION: Option<&'static str> = None;

    /// Whether an update puts the whole document, in which what changed is laid over what is there: for types without a PATCH.
    const WHOLE: bool = false;

    /// The ID that attributes give it, in this subscription unless they name one. An identity has the same attributes.
    fn id(object: &Value, subscription: Option<&str>) -> Result<ResourceId, Unnamed>;

    /// The attributes that an ID gives: what an import knows, and the spelling that Azure's answer has.
    fn named(id: &ResourceId) -> Vec<(&'static str, String)> {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        vec![
            ("name", id.name().to_owned()),
            ("resource_group_name", text(id.resource_group_name())),
            ("subscription_id", text(id.subscription_id())),
        ]
    }

    /// The body of the PUT that creates what is planned.
    fn create_body(planned: &Value) -> Json {
        let mut body = create_body(Self::FIELDS, planned);
        if let Some(location) = Self::LOCATION {
            document::put(&mut body, "location", location.into());
        }
        body
    }

    /// The body of the request that makes `prior` what is planned; nothing where Azure has nothing to change.
    fn change(prior: &Value, planned: &Value) -> Option<Json> {
        patch_body(Self::FIELDS, prior, planned)
    }

    /// The request that creates it with such a body.
    fn creating(id: &ResourceId, body: &Json) -> Result<Request, Error> {
        let request = Request::put(id, Self::API_VERSION, body)?;
        Ok(if Self::CREATE_ONLY { request.create_only() } else { request })
    }

    /// The request that reads it.
    fn reading(id: &ResourceId) -> Request {
        Request::get(id, Self::API_VERSION)
    }

    /// The request that takes such a body: a PATCH, unless the type knows a PUT of the whole only.
    fn changing(id: &ResourceId, body: &Json) -> Result<Request, Error> {
        Request::patch(id, Self::API_VERSION, body)
    }

    /// The whole document that an update puts, where the type wants it so: what is there, what is planned and what changed.
    fn whole(document: &Json, change: Json, planned: &Value) -> Json {
        let _ = (document, planned);
        change
    }

    /// What it shares with others that Azure does not let be changed at the same time: their requests queue for it.
    fn turn(object: &Value) -> Option<String> {
        let _ = object;
        None
    }

    /// A request that changes it, sent again as long as Azure is busy, and in its turn.
    fn prepared(request: Request, object: &Value) -> Request {
        let request = request.retry_codes(Self::RETRY_CODES);
        match Self::turn(object) {
            Some(key) => request.in_turn(key),
            None => request,
        }
    }

    /// The object that an answer describes, on what was there before, and which of its members are not believed. Tags are read
    /// by the common life.
    fn read(document: &Json, prior: &Value, first: bool, misfits: &mut Misfits) -> Value {
        document::read(Self::FIELDS, document, prior, first, misfits)
    }

    /// The request that deletes it.
    fn removal(id: &ResourceId, state: &Value) -> Request {
        let _ = state;
        Request::delete(id, Self::API_VERSION)
    }

    /// Words of its own for what Azure refuses: to create, read, change or delete it.
    fn refused(id: &ResourceId, error: &Error, summary: &str) -> Option<Diagnostic> {
        let _ = (id, error, summary);
        None
    }
}

/// What a user reads about a refusal, at the attribute that it is about.
pub(crate) fn at_attribute<T: Thing>(error: &Error, diagnostic: Diagnostic) -> Diagnostic {
    let says = |text: &str| {
        error.service().is_some_and(|error| error.has_code(text) || error.message.contains(text))
    };
    match T::ABOUT.iter().find(|(text, _)| says(text)) {
        Some((_, attribute)) => diagnostic.at(*attribute),
        None => diagnostic,
    }
}

/// The attribute with the ID that an error names: of several the longest, for that of a subnet begins with that of its network.
pub(crate) fn named_in<'a>(
    error: &Error,
    object: &'a Value,
    is_configured: impl Fn(&str) -> bool,
) -> Option<&'a str> {
    let said = diagnostics::words(error.service()?).to_lowercase();
    let named = |value: &Value| {
        let ids = match value {
            Value::String(id) => vec![id.as_str()],
            Value::List(_) | Value::Set(_) => view::texts(value, &[]).unwrap_or_default(),
            _ => Vec::new(),
        };
        ids.into_iter().filter(|id| names(&said, &id.to_lowercase())).map(str::len).max()
    };
    let Value::Object(members) = object else { return None };
    let found = members.iter().filter_map(|(name, value)| Some((named(value)?, name.as_str())));
    found.filter(|(_, name)| is_configured(name)).max().map(|(_, name)| name)
}

/// Whether a text has this ID, and not only one of something in it.
fn names(said: &str, id: &str) -> bool {
    let goes_on = |rest: &str| rest.starts_with(|next: char| next.is_alphanumeric() || "/-_".contains(next));
    id.starts_with('/') && said.match_indices(id).any(|(at, _)| !goes_on(&said[at + id.len()..]))
}

/// The ID of something in a resource group, by the attributes `subscription_id`, `resource_group_name` and `name`.
pub(crate) fn in_group(
    object: &Value,
    subscription: Option<&str>,
    make: impl FnOnce(&str, &str, &str) -> Result<ResourceId, NameError>,
) -> Result<ResourceId, Unnamed> {
    let text = |name: &str| view::text(object, &[name]).unwrap_or_default();
    let subscription = subscription_of(object, subscription)?;
    Ok(make(subscription, text("resource_group_name"), text("name"))?)
}

/// The subscription that `subscription_id` names, or else the provider's.
pub(crate) fn subscription_of<'a>(
    object: &'a Value,
    subscription: Option<&'a str>,
) -> Result<&'a str, Unnamed> {
    view::text(object, &["subscription_id"]).or(subscription).ok_or(Unnamed::NoSubscription)
}

/// The body that creates what is planned: what the tables say, and the tags.
pub(crate) fn create_body(fields: &[Field], planned: &Value) -> Json {
    let mut body = document::create_body(fields, planned);
    let tags = tags::of_value(view::member(planned, &["tags_all"]));
    if !tags.is_empty() {
        document::put(&mut body, tags::MEMBER, json!(tags));
    }
    body
}

/// The body that makes `prior` what is planned: what the tables say, and the tags; nothing where nothing changed.
pub(crate) fn patch_body(fields: &[Field], prior: &Value, planned: &Value) -> Option<Json> {
    let mut body = document::patch_body(fields, prior, planned).unwrap_or_else(|| json!({}));
    let (old, new) = (view::member(prior, &["tags_all"]), view::member(planned, &["tags_all"]));
    if old != new && new.is_wholly_known() {
        document::put(&mut body, tags::MEMBER, json!(tags::of_value(new)));
    }
    body.as_object().is_some_and(|members| !members.is_empty()).then_some(body)
}

/// The whole body again where anything in it changed, for types that only know a PUT and keep nothing of others.
pub(crate) fn put_body(fields: &[Field], prior: &Value, planned: &Value) -> Option<Json> {
    patch_body(fields, prior, planned).map(|_| create_body(fields, planned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_named_whole_in_any_casing() {
        assert!(names("the network '/a/b' was not found.", "/a/b"));
        assert!(names("resource /a/b/c in /a/b.", "/a/b"), "the second time");
        assert!(names("not /a/b", "/a/b"));
        assert!(!names("resource /a/b/subnets/c", "/a/b"), "something in it");
        assert!(!names("resource /a/bc", "/a/b"), "something that begins alike");
        assert!(!names("resource a", "a"), "no ID");
    }
}
