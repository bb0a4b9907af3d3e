//! `azureml_private_endpoint_approval`: the decision about a connection that somebody else's private endpoint made.
//!
//! The connection is no resource that this one creates: it is there, and its state is what is written. So a create begins
//! with the list of the target's connections, and a destroy deletes nothing.

mod connection;
mod decide;
mod marks;
mod messages;
mod model;
mod rules;
mod version;

use arm::{ResourceId, machine_learning, network};
use serde_json::Value as Json;
use tfplugin::schema::{Shape, TimeoutDefaults};
use tfplugin::{Diagnostics, Model, Plan, PlanKind, Value};

use crate::call::{self, Call};
use crate::document::{self, Misfit, Misfits};
use crate::kind::Kind;
use crate::life::{self, Managed, Reference};
use crate::session::Session;
use crate::target::{self, RESOURCE, WORKSPACE};
use crate::thing::{self, Thing, Unnamed, Words};
use crate::view;

pub(crate) use model::Approval;

const CONNECTION: &str = "connection_name";

impl Thing for Approval {
    const WORDS: Words = Words {
        type_name: "azureml_private_endpoint_approval",
        noun: "private endpoint approval",
        title: "Private Endpoint Approval",
    };
    const KIND: Kind = Kind::PrivateEndpointConnection;
    /// That of workspaces; `version` knows those of other targets.
    const API_VERSION: &'static str = machine_learning::API_VERSION;
    const RETRY_CODES: &'static [&'static str] = network::BUSY;

    fn id(object: &Value, _: Option<&str>) -> Result<ResourceId, Unnamed> {
        if let Some(id) = view::text(object, &["id"]) {
            return Ok(ResourceId::parse(id)?);
        }
        let name = view::text(object, &[CONNECTION]).unwrap_or_default();
        Ok(resource(object)?.child(connection::CONNECTIONS, name)?)
    }

    fn named(id: &ResourceId) -> Vec<(&'static str, String)> {
        let target = id.parent().map(|target| target.to_string()).unwrap_or_default();
        let mut named = vec![(CONNECTION, id.name().to_owned())];
        if Kind::Workspace.check(&target).is_ok() {
            named.push((WORKSPACE, target.clone()));
        }
        named.push((RESOURCE, target));
        named
    }

    fn change(prior: &Value, planned: &Value) -> Option<Json> {
        thing::put_body(Self::FIELDS, prior, planned)
    }

    /// Decisions about the connections of one target are sent one after the other.
    fn turn(object: &Value) -> Option<String> {
        resource(object).ok().map(|target| target.as_str().to_lowercase())
    }

    fn read(document: &Json, prior: &Value, first: bool, misfits: &mut Misfits) -> Value {
        let mut object = document::read(Self::FIELDS, document, prior, first, misfits);
        let actions = document::taken(&Shape::String, connection::actions_required(document));
        let actions = actions.unwrap_or_else(|unfit| {
            misfits.note("actions_required", Misfit::Bent(unfit));
            view::text(prior, &["actions_required"]).map_or(Value::Null, Value::from)
        });
        view::put(&mut object, &["actions_required"], actions);
        object
    }
}

/// The resource at which the connection arrives.
fn resource(object: &Value) -> Result<ResourceId, Unnamed> {
    Ok(ResourceId::parse(target::of(object).unwrap_or_default())?)
}

impl Managed for Approval {
    const TIMEOUTS: TimeoutDefaults = TimeoutDefaults::minutes(30, 5, 30, 30);
    const REFERENCES: &'static [Reference] =
        &[Reference::resource(&[WORKSPACE]), Reference::resource(&[RESOURCE])];

    fn check(config: &Value, out: &mut Diagnostics) {
        rules::check(config, out);
    }

    async fn plan(session: &Session, plan: &mut Plan) -> Result<(), Diagnostics> {
        life::plan::<Self>(session, plan);
        target::plan::<Self>(plan);
        // A decision that failed is made again, also where Azure shows it as made.
        if plan.kind() == PlanKind::Update && call::remembers_failed_update(plan.private()) {
            plan.set_unknown("actions_required");
        }
        Ok(())
    }

    async fn create(call: &Call<Self>, plan: Self) -> Result<Self, Diagnostics> {
        decide::create(call, plan).await
    }

    async fn look(call: &Call<Self>, state: Self) -> Result<Option<Self>, Diagnostics> {
        let prior = state.to_value();
        let id = call.id(&prior)?;
        let version = version::to_read(call, &id).await?;
        let found = connection::read(call, &id, &version).await;
        let found = found.map_err(|error| life::not_read::<Self>(&id, &error))?;
        let Some(found) = found else { return Ok(None) };
        if life::is_in_order(&found) {
            call.forget_failures();
        }
        let mut object = call.object(&found, &prior);
        view::put(&mut object, &["id"], Value::from(id.as_str()));
        if call.cx.importing() {
            // An import may have been asked for in any casing; names are spelt as Azure has them.
            let id = connection::id(&found).unwrap_or(id);
            view::put(&mut object, &["id"], Value::from(id.as_str()));
            Self::named(&id)
                .into_iter()
                .for_each(|(name, text)| view::put(&mut object, &[name], text.into()));
        }
        call::model(&object).map(Some)
    }

    async fn update(call: &Call<Self>, prior: Self, plan: Self) -> Result<Self, Diagnostics> {
        decide::update(call, prior, plan).await
    }

    async fn delete(call: &Call<Self>, state: Self) -> Result<(), Diagnostics> {
        decide::withdraw(call, state).await
    }
}
