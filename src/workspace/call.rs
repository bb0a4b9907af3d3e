//! What the operations on a workspace share: the way to Azure for the time of one call, and the way back into the model.

use std::time::Duration;

use arm::machine_learning::{self, Workspaces};
use arm::operation::{self, State};
use arm::{Client, Context, Error, ResourceId};
use serde_json::Value as Json;
use tfplugin::{Cx, Diagnostic, Diagnostics, Model, Value};

use crate::session::{Azure, Session};
use crate::tags::{self, Tags};
use crate::view;
use crate::workspace::model::Workspace;
use crate::workspace::{document, messages};

/// Under this name the private state remembers which tags `default_tags` put on the workspace.
const DEFAULT_TAGS: &str = "default_tags";
/// Under this name the private state remembers that a creation was accepted whose end nobody has seen.
const CREATING: &str = "creating";
/// After an interrupt the CLI is waiting to exit: one look at Azure may take this long.
const LAST_LOOK: Duration = Duration::from_millis(600);

/// A change whose outcome is unknown, and which turns out not to have been made, is tried this often in all.
pub(super) const TRIES: u32 = 3;

/// One operation's way to Azure.
pub(super) struct Call {
    azure: Azure,
    context: Context,
    default_tags: Tags,
    pub(super) cx: Cx<Workspace>,
}

impl Call {
    pub(super) async fn new(session: &Session, cx: Cx<Workspace>) -> Result<Self, Diagnostics> {
        // Finding the cloud may hang on a dead host, which must hold up neither an interrupt nor a deadline.
        let azure = cx.bounded(session.azure()).await.map_err(messages::not_connected)??;
        let context = Context::new(cx.stop().clone());
        let context = match cx.deadline() {
            Some(deadline) => context.with_deadline(deadline.into_std()),
            None => context,
        };
        // Configured wholly by now, or else the client could not have been made.
        let default_tags = session.default_tags().unwrap_or_default();
        Ok(Self { azure, context, default_tags, cx })
    }

    pub(super) fn workspaces(&self) -> Workspaces<'_> {
        Workspaces::new(&self.azure.client)
    }

    pub(super) fn client(&self) -> &Client {
        &self.azure.client
    }

    pub(super) fn context(&self) -> &Context {
        &self.context
    }

    /// The ID of the workspace that an object describes, in the provider's subscription unless it names one.
    pub(super) fn id(&self, object: &Value) -> Result<ResourceId, Diagnostics> {
        let text = |name: &str| view::text(object, &[name]).unwrap_or_default();
        let subscription = match view::text(object, &["subscription_id"]) {
            Some(subscription) => subscription,
            None => self.azure.subscription_id.as_deref().ok_or_else(messages::no_subscription)?,
        };
        ResourceId::workspace(subscription, text("resource_group_name"), text("name"))
            .map_err(|error| Diagnostic::error("Invalid Name", error.to_string()).into())
    }

    /// Whether a change was refused because something else was changing the workspace, which has ended now.
    pub(super) async fn rests_again(&self, id: &ResourceId, error: &Error) -> bool {
        if !error.is_conflict() {
            return false;
        }
        let Ok(Some(answer)) = self.workspaces().find(id, &self.context).await else { return false };
        if State::of(&answer).is_none_or(State::is_end) || document::is_deleting(&answer) {
            return false;
        }
        operation::settled(self.client(), id, machine_learning::API_VERSION, &self.context).await.is_ok()
    }

    /// Looks once although the call is over: after an interrupt, or when its time has passed.
    pub(super) async fn last_look(&self, id: &ResourceId) -> Result<Option<Json>, Error> {
        let context =
            Context::default().with_timeout(LAST_LOOK).with_correlation_id(self.context.correlation_id());
        self.workspaces().find(id, &context).await
    }

    /// The object that an answer describes, on what was there before.
    pub(super) fn object(&self, answer: &Json, prior: &Value) -> Value {
        let mut object = document::read(answer, prior, self.cx.importing());
        self.read_tags(answer, prior, &mut object);
        object
    }

    fn read_tags(&self, answer: &Json, prior: &Value, object: &mut Value) {
        let remote = document::remote_tags(answer);
        let own = if self.cx.importing() {
            tags::import(&remote, &self.default_tags)
        } else {
            document::tags(view::member(prior, &["tags"]))
        };
        let known = self.applied_default_tags(&remote);
        let (own, all) = tags::read(&remote, &own, &known);
        let map = |tags: Tags| Value::map(tags.into_iter().map(|(name, value)| (name, Value::from(value))));
        // Nothing declared and nothing there is null as well as empty, as it was before.
        let unset = own.is_empty() && view::member(prior, &["tags"]).is_null();
        view::put(object, &["tags"], if unset { Value::Null } else { map(own) });
        view::put(object, &["tags_all"], map(all));
    }

    /// The default tags that are on the workspace by our doing: those of the last apply, or after an import those that look so.
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

    /// Notes that the default tags of now are on the workspace.
    pub(super) fn default_tags_applied(&self) {
        self.remember(DEFAULT_TAGS, &self.default_tags);
    }

    /// Notes whether a creation was accepted whose end has not been seen.
    pub(super) fn set_creating(&self, creating: bool) {
        if creating {
            self.remember(CREATING, &true);
        } else {
            self.cx.remove_private(CREATING);
        }
    }

    /// Whether a creation was accepted whose end has not been seen.
    pub(super) fn is_creating(&self) -> bool {
        self.cx.private::<bool>(CREATING).unwrap_or(false)
    }

    fn remember<T: serde::Serialize>(&self, name: &str, value: &T) {
        // Fails for reserved names and what is no JSON; ours are neither.
        if let Err(error) = self.cx.set_private(name, value) {
            tracing::warn!(%error, name, "cannot be remembered");
        }
    }
}

/// Whether the call has ended because its user or its deadline says so: nothing more can be asked with it.
pub(super) fn is_over(error: &Error) -> bool {
    error.is_cancelled() || error.is_deadline()
}

/// The tags that the private state says `default_tags` put there, for a plan.
pub(super) fn remembered_default_tags(private: &tfplugin::Private) -> Tags {
    private.get(DEFAULT_TAGS).unwrap_or_default()
}

/// An object as the model.
pub(super) fn model(object: &Value) -> Result<Workspace, Diagnostics> {
    Workspace::from_value(object).map_err(|error| {
        let detail =
            format!("Azure's answer does not fit the schema, which is a fault of the provider: {error}.");
        Diagnostic::error("Unexpected Answer", detail).into()
    })
}

/// What is planned where it is known, and what was there before where it is not.
pub(super) fn known_or(planned: &Value, prior: &Value) -> Value {
    match (planned, prior) {
        (Value::Unknown, prior) => prior.clone(),
        (Value::Object(members), prior) => Value::object(
            members.iter().map(|(name, value)| (name.clone(), known_or(value, view::member(prior, &[name])))),
        ),
        (planned, _) => planned.clone(),
    }
}
