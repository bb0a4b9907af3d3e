//! What the operations on all resources share: the way to Azure for the time of one call, and the way back into the model.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use arm::operation;
use arm::{Client, Context, Error, ResourceId};
use serde_json::Value as Json;
use tfplugin::{Cx, Diagnostic, Diagnostics, Model, Value};

use crate::document::{self, Misfit, Misfits};
use crate::messages;
use crate::session::{Azure, Session};
use crate::tags::{self, Tags};
use crate::thing::Thing;
use crate::view;

/// Under this name the private state remembers which tags `default_tags` put on the resource.
const DEFAULT_TAGS: &str = "default_tags";
/// Under this name the private state remembers that a creation was accepted whose end nobody has seen.
const CREATING: &str = "creating";
/// Under this name the private state remembers that an interrupted creation has since failed.
const CREATED_FAILED: &str = "created_failed";
/// Under this name the private state remembers which attributes an update was to change that did not come to a good end.
const UPDATE_FAILED: &str = "update_failed";

/// One operation's way to Azure.
pub(crate) struct Call<T> {
    azure: Azure,
    context: Context,
    default_tags: Tags,
    pub(crate) cx: Cx<T>,
    /// What has been said of members that are not believed.
    told: Mutex<BTreeSet<String>>,
    /// What of an answer an import cannot do without.
    refused: Mutex<Vec<Diagnostic>>,
    thing: PhantomData<fn(T)>,
}

impl<T: Model> Call<T> {
    /// The way to Azure until the operation's deadline, or until the user interrupts.
    pub(crate) async fn new(session: &Session, cx: Cx<T>) -> Result<Self, Diagnostics> {
        let context = context(&cx);
        // Finding the cloud may hang on a dead host, which must hold up neither an interrupt nor a deadline.
        let azure = cx.bounded(session.azure(&context)).await.map_err(messages::not_connected)??;
        // Configured wholly by now, or else the client could not have been made.
        let default_tags = session.default_tags().unwrap_or_default();
        let told = Mutex::default();
        let refused = Mutex::default();
        Ok(Self { azure, context, default_tags, cx, told, refused, thing: PhantomData })
    }

    /// Sends requests.
    pub(crate) fn client(&self) -> &Client {
        &self.azure.client
    }

    /// When the requests of this operation end.
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// The subscription of resources that name none.
    pub(crate) fn subscription(&self) -> Option<&str> {
        self.azure.subscription_id.as_deref()
    }

    /// Notes whether a creation was accepted whose end has not been seen.
    pub(crate) fn set_creating(&self, creating: bool) {
        if creating {
            self.remember(CREATING, &true);
        } else {
            self.cx.remove_private(CREATING);
        }
    }

    /// Whether a creation was accepted whose end has not been seen.
    pub(crate) fn is_creating(&self) -> bool {
        self.cx.private::<bool>(CREATING).unwrap_or(false)
    }

    /// Notes that an interrupted creation has since failed.
    pub(crate) fn set_created_failed(&self) {
        self.remember(CREATED_FAILED, &true);
    }

    /// Notes which attributes an update was to change that did not come to a good end.
    pub(crate) fn set_update_failed(&self, attributes: &BTreeSet<String>) {
        self.remember(UPDATE_FAILED, attributes);
    }

    /// The attributes that an update was to change which did not come to a good end, where Azure shows the resource as failed.
    pub(crate) fn failed_update(&self) -> Option<BTreeSet<String>> {
        self.cx.private(UPDATE_FAILED)
    }

    /// Forgets failures: the resource is in order.
    pub(crate) fn forget_failures(&self) {
        self.cx.remove_private(CREATED_FAILED);
        self.cx.remove_private(UPDATE_FAILED);
    }

    /// Notes that the default tags of now are on the resource.
    pub(crate) fn default_tags_applied(&self) {
        self.remember(DEFAULT_TAGS, &self.default_tags);
    }

    /// Keeps a value beside the state, by which a later plan or operation goes.
    pub(crate) fn remember<V: serde::Serialize>(&self, name: &str, value: &V) {
        // Fails for reserved names and what is no JSON; ours are neither.
        if let Err(error) = self.cx.set_private(name, value) {
            tracing::warn!(%error, name, "cannot be remembered");
        }
    }
}

impl<T: Thing> Call<T> {
    /// The ID of the resource that an object describes, in the provider's subscription unless it names one.
    pub(crate) fn id(&self, object: &Value) -> Result<ResourceId, Diagnostics> {
        T::id(object, self.subscription()).map_err(|error| error.diagnostic("Invalid Name").into())
    }

    /// Reads the resource, which may not exist.
    pub(crate) async fn find(&self, id: &ResourceId) -> Result<Option<Json>, Error> {
        self.look(id, &self.context).await
    }

    /// Looks once although the call is over: after an interrupt, or when its time has passed.
    pub(crate) async fn last_look(&self, id: &ResourceId) -> Result<Option<Json>, Error> {
        self.look(id, &self.context.last_look(Instant::now())).await
    }

    async fn look(&self, id: &ResourceId, cx: &Context) -> Result<Option<Json>, Error> {
        self.client().find(T::reading(id), cx).await
    }

    /// Waits until something that others work on is at rest, and gives it back.
    pub(crate) async fn settled(&self, id: &ResourceId) -> Result<Json, Error> {
        operation::settled(self.client(), &T::reading(id), &self.context).await
    }

    /// Waits until it is gone.
    pub(crate) async fn gone(&self, id: &ResourceId) -> Result<(), Error> {
        operation::gone(self.client(), &T::reading(id), &self.context).await
    }

    /// The object that an answer describes, on what was there before.
    pub(crate) fn object(&self, answer: &Json, prior: &Value) -> Value {
        let mut misfits = Misfits::of_read(self.cx.importing());
        let mut object = T::read(answer, prior, self.cx.importing(), &mut misfits);
        self.read_tags(answer, prior, &mut object, &mut misfits);
        self.tell(answer, &misfits);
        object
    }

    /// Warns of the members of an answer that are not believed, once each, and notes what is refused.
    pub(crate) fn tell(&self, answer: &Json, misfits: &Misfits) {
        let id = document::get(answer, "id").as_str().unwrap_or_default();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        for warning in misfits.warnings(id) {
            if told.insert(warning.detail.clone()) {
                self.cx.warn(warning);
            }
        }
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).extend(misfits.errors(id));
    }

    /// Ends an import whose answer lacks what a plan would replace the resource for.
    pub(crate) fn believed(&self) -> Result<(), Diagnostics> {
        let refused = std::mem::take(&mut *self.refused.lock().unwrap_or_else(PoisonError::into_inner));
        if refused.is_empty() { Ok(()) } else { Err(refused.into_iter().collect()) }
    }

    fn read_tags(&self, answer: &Json, prior: &Value, object: &mut Value, misfits: &mut Misfits) {
        let remote = match tags::of_document(answer) {
            Ok(remote) => remote,
            Err(unfit) => {
                let has_tags = T::FIELDS.iter().any(|field| field.name == tags::MEMBER);
                if has_tags {
                    misfits.note(tags::MEMBER, Misfit::Bent(unfit));
                }
                for name in [tags::MEMBER, "tags_all"] {
                    view::put(object, &[name], view::member(prior, &[name]).clone());
                }
                return;
            }
        };
        let own = if self.cx.importing() {
            tags::import(&remote, &self.default_tags)
        } else {
            tags::of_value(view::member(prior, &["tags"]))
        };
        let known = self.applied_default_tags(&remote);
        let (own, all) = tags::read(&remote, &own, &known);
        // Nothing declared and nothing there is null as well as empty, as it was before.
        let unset = own.is_empty() && view::member(prior, &["tags"]).is_null();
        view::put(object, &["tags"], if unset { Value::Null } else { tags::to_value(own) });
        view::put(object, &["tags_all"], tags::to_value(all));
    }

    /// The default tags that are on the resource by our doing: those of the last apply, or after an import those that look so.
    fn applied_default_tags(&self, remote: &Tags) -> Tags {
        if let Some(applied) = self.cx.private::<Tags>(DEFAULT_TAGS) {
            return applied;
        }
        let there = |name: &str, value: &str| {
            remote.iter().any(|(key, other)| key.eq_ignore_ascii_case(name) && other == value)
        };
        let applied: Tags = self
            .default_tags
            .iter()
            .filter(|(name, value)| there(name, value))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect();
        self.remember(DEFAULT_TAGS, &applied);
        applied
    }
}

/// When the requests of an operation end.
pub(crate) fn context<T>(cx: &Cx<T>) -> Context {
    let context = Context::new(cx.stop().clone());
    match cx.deadline() {
        Some(deadline) => context.with_deadline(deadline.into_std()),
        None => context,
    }
}

/// Whether a document is that of something which is being deleted.
pub(crate) fn is_deleting(document: &Json) -> bool {
    provisioning_state(document).eq_ignore_ascii_case("Deleting")
}

/// How far the service is with it.
pub(crate) fn provisioning_state(document: &Json) -> &str {
    document::get(document, "properties.provisioningState").as_str().unwrap_or_default()
}

/// The tags that the private state says `default_tags` put there, for a plan.
pub(crate) fn remembered_default_tags(private: &tfplugin::Private) -> Tags {
    private.get(DEFAULT_TAGS).unwrap_or_default()
}

/// Whether the private state says that the last update of the resource did not come to a good end, for a plan.
pub(crate) fn remembers_failed_update(private: &tfplugin::Private) -> bool {
    private.get::<BTreeSet<String>>(UPDATE_FAILED).is_some()
}

/// Whether the private state says that an interrupted creation of the resource has failed, for a plan.
pub(crate) fn remembers_failed_creation(private: &tfplugin::Private) -> bool {
    private.get(CREATED_FAILED).unwrap_or(false)
}

/// An object as the model.
pub(crate) fn model<T: Model>(object: &Value) -> Result<T, Diagnostics> {
    T::from_value(object).map_err(|error| {
        let detail =
            format!("Azure's answer does not fit the schema, which is a fault of the provider: {error}.");
        Diagnostic::error("Unexpected Answer", detail).into()
    })
}

/// What is planned where it is known, and what was there before where it is not.
pub(crate) fn known_or(planned: &Value, prior: &Value) -> Value {
    match (planned, prior) {
        (Value::Unknown, prior) => prior.clone(),
        (Value::Object(members), prior) => Value::object(
            members.iter().map(|(name, value)| (name.clone(), known_or(value, view::member(prior, &[name])))),
        ),
        (planned, _) => planned.clone(),
    }
}
