//! `azureml_private_endpoint`: addresses in a subnet that lead to a workspace or another resource, with the private DNS zones
//! that get its names.
//!
//! `model` declares the attributes, `rules` what must hold across them, `plan` what a plan adds. `document` leads between
//! attributes and Azure's document, `zone_group` does what concerns the zone group, `messages` and `refusals` have what users read.

mod document;
mod marks;
mod messages;
mod model;
mod plan;
mod refusals;
mod rules;
mod zone_group;

use arm::{Error, Request, ResourceId, network, operation};
use serde_json::Value as Json;
use tfplugin::schema::TimeoutDefaults;
use tfplugin::{Diagnostic, Diagnostics, Model, Plan, PlanKind, Value};

use crate::call::{self, Call};
use crate::diagnostics;
use crate::document::{Misfit, Misfits};
use crate::kind::Kind;
use crate::life::{self, Creation, Managed, Reference};
use crate::session::Session;
use crate::target;
use crate::thing::{self, Thing, Unnamed, Words};
use crate::view;

pub(crate) use model::PrivateEndpoint;

impl Thing for PrivateEndpoint {
    const WORDS: Words =
        Words { type_name: "azureml_private_endpoint", noun: "private endpoint", title: "Private Endpoint" };
    const KIND: Kind = Kind::PrivateEndpoint;
    const API_VERSION: &'static str = network::API_VERSION;
    const RETRY_CODES: &'static [&'static str] = network::BUSY;
    const WHOLE: bool = true;

    fn id(object: &Value, subscription: Option<&str>) -> Result<ResourceId, Unnamed> {
        thing::in_group(object, subscription, ResourceId::private_endpoint)
    }

    fn create_body(planned: &Value) -> Json {
        document::create_body(planned)
    }

    fn change(prior: &Value, planned: &Value) -> Option<Json> {
        document::change(prior, planned)
    }

    fn changing(id: &ResourceId, body: &Json) -> Result<Request, Error> {
        Request::put(id, Self::API_VERSION, body)
    }

    fn whole(document: &Json, change: Json, planned: &Value) -> Json {
        document::whole(document, change, planned)
    }

    /// Azure asks for endpoints of one subnet one after the other, but then makes them beside one another.
    fn turn(object: &Value) -> Option<String> {
        view::text(object, &["subnet_id"]).map(str::to_lowercase)
    }

    fn read(document: &Json, prior: &Value, first: bool, misfits: &mut Misfits) -> Value {
        document::read(document, prior, first, misfits)
    }

    fn refused(_: &ResourceId, error: &Error, summary: &str) -> Option<Diagnostic> {
        refusals::endpoint(summary, error)
    }
}

impl Managed for PrivateEndpoint {
    const TIMEOUTS: TimeoutDefaults = TimeoutDefaults::minutes(60, 5, 60, 60);
    const REFERENCES: &'static [Reference] = &[
        Reference::GROUP,
        Reference::resource(&["subnet_id"]),
        Reference::resource(&[target::WORKSPACE]),
        Reference::resource(&[target::RESOURCE]),
        Reference::resource(&["application_security_group_ids"]),
        Reference::resource(&["private_dns_zone_group", "private_dns_zone_ids"]),
    ];

    fn check(config: &Value, out: &mut Diagnostics) {
        rules::check(config, out);
    }

    async fn plan(session: &Session, plan: &mut Plan) -> Result<(), Diagnostics> {
        plan::modify(plan);
        life::plan::<Self>(session, plan);
        // What an apply does about it is told then.
        if plan.kind() == PlanKind::Update && !plan.changes_anything() {
            let warning = warning_of_status(plan.prior_value());
            warning.into_iter().for_each(|warning| plan.report(warning));
        }
        Ok(())
    }

    async fn create(call: &Call<Self>, mut plan: Self) -> Result<Self, Diagnostics> {
        complete(&mut plan);
        let creation = Creation::begin(call, plan).await?;
        let id = creation.id.clone();
        let object = creation.finish(call).await?.to_value();
        finish(call, &id, &Value::Null, object).await
    }

    async fn look(call: &Call<Self>, state: Self) -> Result<Option<Self>, Diagnostics> {
        let was = state.to_value();
        let Some(now) = life::read(call, state).await? else { return Ok(None) };
        let mut object = now.to_value();
        let id = call.id(&object)?;
        let interface = read_interface(call, &was, &mut object).await;
        interface.map_err(|error| {
            life::or_not_believed::<Self>(&error, diagnostics::failure("Network Interface Not Read", &error))
        })?;
        zone_group::read(call, &id, &mut object).await?;
        call::model(&object).map(Some)
    }

    async fn update(call: &Call<Self>, prior: Self, plan: Self) -> Result<Self, Diagnostics> {
        let was = prior.to_value();
        let id = call.id(&was)?;
        let object = life::update(call, prior, plan).await?.to_value();
        finish(call, &id, &was, object).await
    }

    async fn delete(call: &Call<Self>, state: Self) -> Result<(), Diagnostics> {
        let object = state.to_value();
        zone_group::delete(call, &call.id(&object)?, &object).await?;
        life::delete(call, state).await
    }
}

/// What a plan could not know because its names were not known yet.
fn complete(plan: &mut PrivateEndpoint) {
    if plan.connection_name.is_unknown() {
        plan.connection_name = plan.name.clone();
    }
    let workspace = |id: &&str| Kind::Workspace.check(id).is_ok();
    let target =
        plan.workspace_id.as_str().or(plan.private_connection_resource_id.as_str().filter(workspace));
    let target = target.map(str::to_owned);
    if plan.group_ids.is_unknown() {
        let group = || [plan::WORKSPACE_GROUP.to_owned()].into_iter().collect();
        plan.group_ids = target.as_ref().map(|_| group()).into();
    }
    if plan.workspace_id.is_unknown() {
        plan.workspace_id = target.into();
    }
}

/// What stands of it if nothing more comes: the zone group is as it was.
fn undone(was: &Value, mut object: Value) -> Value {
    let group = view::member(was, &[zone_group::NAME]).clone();
    view::put(&mut object, &[zone_group::NAME], group);
    call::known_or(&object, was)
}

/// What follows the PUT of an endpoint: its approval, its zone group, its addresses.
async fn finish(
    call: &Call<PrivateEndpoint>,
    id: &ResourceId,
    was: &Value,
    mut object: Value,
) -> Result<PrivateEndpoint, Diagnostics> {
    if call.context().cancel().is_cancelled() {
        return call::model(&undone(was, object));
    }
    call.cx.save_value(undone(was, object.clone()));
    if waits(&object) {
        match approved(call, id, was, &object).await? {
            Some(answer) => object = call.object(&answer, &object),
            None => {
                call.cx.warn(messages::wait_interrupted(id));
                return call::model(&undone(was, object));
            }
        }
    }
    if let Err(error) = zone_group::apply(call, id, was, &mut object).await {
        if !call.context().cancel().is_cancelled() {
            return Err(error);
        }
        call.cx.warn(messages::zone_group_interrupted(id));
        return call::model(&call::known_or(&object, was));
    }
    // What cannot be read now is read by the next refresh.
    if let Err(error) = read_interface(call, was, &mut object).await {
        tracing::warn!(%error, "the network interface cannot be read");
    }
    warning_of_status(&object).into_iter().for_each(|warning| call.cx.warn(warning));
    call::model(&object)
}

/// Whether an apply waits for the approval.
fn waits(object: &Value) -> bool {
    view::is_true(object, &["wait_for_approval"])
}

/// What there is to say of a connection that carries nothing. One that an apply waits for needs no words: the plan has that wait.
fn warning_of_status(object: &Value) -> Option<Diagnostic> {
    let id = ResourceId::parse(view::text(object, &["id"])?).ok()?;
    match view::text(object, &["connection_status"])? {
        "Pending" if !waits(object) => Some(messages::pending(&id, target::of(object).unwrap_or_default())),
        status @ ("Rejected" | "Disconnected") => {
            Some(messages::is_refused(&id, status, description(object)))
        }
        _ => None,
    }
}

/// Waits until the connection is approved, and gives the endpoint back as it is then; nothing where the user interrupts.
async fn approved(
    call: &Call<PrivateEndpoint>,
    id: &ResourceId,
    was: &Value,
    object: &Value,
) -> Result<Option<Json>, Diagnostics> {
    let target = target::of(object).unwrap_or_default();
    let decided = |answer: &Json| match document::status(answer) {
        Some("Approved" | "Rejected" | "Disconnected") => Ok(()),
        status => Err(status.unwrap_or("none").to_owned()),
    };
    let read = PrivateEndpoint::reading(id);
    let answer = match operation::until(call.client(), &read, call.context(), decided).await {
        Ok(answer) => answer,
        Err(error) if error.is_cancelled() => return Ok(None),
        Err(error) if error.is_deadline() => {
            return Err(messages::not_approved_in_time(id, target, &error, was.is_null()).into());
        }
        Err(error) => return Err(diagnostics::failure("Approval Not Seen", &error).into()),
    };
    match document::status(&answer) {
        Some("Approved") => Ok(Some(answer)),
        status => {
            let mut object = call.object(&answer, object);
            let status = status.unwrap_or_default();
            let error = messages::refused(id, status, description(&object), was.is_null());
            view::put(&mut object, &[zone_group::NAME], view::member(was, &[zone_group::NAME]).clone());
            call.cx.save_value(object);
            Err(error.into())
        }
    }
}

fn description(object: &Value) -> &str {
    view::text(object, &["connection_description"]).unwrap_or_default()
}

/// Reads the addresses from the interface where they may be others than before, and the names that they are for.
async fn read_interface(call: &Call<PrivateEndpoint>, was: &Value, object: &mut Value) -> Result<(), Error> {
    const IDS: &[&str] = &["network_interface_ids"];
    const STATUS: &[&str] = &["connection_status"];
    let has = |name: &str| view::member(object, &[name]).elements().is_some_and(|all| !all.is_empty());
    let same = |path| view::member(was, path) == view::member(object, path);
    if same(IDS) && same(STATUS) && has("private_ip_addresses") {
        return Ok(());
    }
    let (mut addresses, mut names) = (Vec::new(), Vec::new());
    for id in view::texts(object, IDS).unwrap_or_default() {
        let Ok(id) = ResourceId::parse(id) else { continue };
        let request = Request::get(&id, network::API_VERSION);
        let Some(found) = call.client().find::<Json>(request, call.context()).await? else { continue };
        match document::interface(&found) {
            Ok((more, for_names)) => {
                addresses.extend(more);
                names.extend(for_names);
            }
            Err(unfit) => {
                // What is known of it stays.
                let mut misfits = Misfits::default();
                misfits.note("private_ip_addresses", Misfit::Bent(unfit));
                call.tell(&found, &misfits);
                return Ok(());
            }
        }
    }
    // Azure's own list of names goes as soon as a zone has them.
    if !has("custom_dns_configs") && view::text(object, STATUS) == Some("Approved") {
        view::put(object, &["custom_dns_configs"], Value::List(names));
    }
    view::put(object, &["private_ip_addresses"], Value::List(addresses));
    Ok(())
}
