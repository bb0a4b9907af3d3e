//! The zone group of an endpoint: which private DNS zones get its names. It is a document of its own within the endpoint's.
//!
//! Azure takes no other zone for a part of the group that exists, but parts may come and go: a zone that changes is a part that
//! goes and another that comes, in one request. Only another name of the group makes another group.

use arm::operation::{self, State, Unfinished};
use arm::{Error, Request, ResourceId, network};
use serde_json::{Value as Json, json};
use tfplugin::schema::Shape;
use tfplugin::{Diagnostic, Diagnostics, Value};

use crate::call::{self, Call};
use crate::document::{self, Misfit, Misfits, Unfit};
use crate::private_endpoint::document::{array, listed, text, texts};
use crate::private_endpoint::{PrivateEndpoint, messages, waits};
use crate::thing::Thing;
use crate::{check, diagnostics, life, view};

/// The attribute.
pub(super) const NAME: &str = "private_dns_zone_group";
/// What the zones of it have in them.
const CONFIGS: &str = "private_dns_zone_configs";
/// Where its document has them.
const PARTS: &str = "properties.privateDnsZoneConfigs";
/// By these codes Azure says that there is a group already.
const TAKEN: [&str; 2] = ["MultiplePrivateDnsZoneGroupsNotSupported", "PrivateDnsZoneIdCannotBeChanged"];
/// Under this name the private state remembers that the configuration had the group, so that it goes when that has it no
/// longer; one that is known by an import alone stays, for neither an import nor a read sees the configuration.
const DECLARED: &str = "zone_group";
/// Under this name the private state remembers that the last change of the group did not come to a good end.
const FAILED: &str = "zone_group_failed";

/// Whether the group is one that the configuration had.
pub(super) fn was_declared(private: &tfplugin::Private) -> bool {
    private.get(DECLARED).unwrap_or(false)
}

/// Whether the last change of the group did not come to a good end: it is to be sent again, also where the group shows it.
pub(super) fn has_failed(private: &tfplugin::Private) -> bool {
    private.get(FAILED).unwrap_or(false)
}

/// Makes the group what is planned, after an endpoint was created or changed.
pub(super) async fn apply(
    call: &Call<PrivateEndpoint>,
    endpoint: &ResourceId,
    was: &Value,
    object: &mut Value,
) -> Result<(), Diagnostics> {
    let planned = view::member(object, &[NAME]).clone();
    let old = view::member(was, &[NAME]);
    if !planned.is_null() && !call.cx.config::<Value>(NAME).is_null() {
        call.remember(DECLARED, &true);
    }
    let again = call.cx.private::<bool>(FAILED).unwrap_or(false);
    if same(old, &planned) && (!again || planned.is_null()) {
        return Ok(());
    }
    // What stands if nothing more comes.
    view::put(object, &[NAME], old.clone());
    call.cx.save_value(object.clone());
    let old_name = view::text(old, &["name"]);
    let new_name = view::text(&planned, &["name"]);
    let stays = old_name.zip(new_name).is_some_and(|(old, new)| check::same_name(old, new));
    if let (Some(name), false) = (old_name, stays) {
        remove(call, endpoint, name).await.map_err(|error| error.at(NAME))?;
        call.cx.remove_private(FAILED);
        view::put(object, &[NAME], Value::Null);
        view::put(object, &[CONFIGS], Value::List(Vec::new()));
        call.cx.save_value(object.clone());
    }
    let Some(name) = new_name else {
        call.cx.remove_private(DECLARED);
        return Ok(());
    };
    // An endpoint that has just been made has no group yet, nor has one whose group has just been removed.
    let fresh = was.is_null() && !waits(object) || old_name.is_some() && !stays;
    let zones = view::texts(&planned, &["private_dns_zone_ids"]).unwrap_or_default();
    let made = make(call, endpoint, name, &zones, fresh).await;
    let answer = made.and_then(sound).map_err(|error| {
        call.remember(FAILED, &true);
        match was {
            Value::Null => messages::but_the_endpoint_exists(error),
            _ => error,
        }
    })?;
    call.cx.remove_private(FAILED);
    view::put(object, &[NAME], planned);
    put_configs(call, &answer, was, object);
    Ok(())
}

/// A group that has come to a good end.
fn sound(group: Json) -> Result<Json, Diagnostic> {
    if is_failed(&group) {
        return Err(messages::zone_group_failed(call::provisioning_state(&group)));
    }
    Ok(group)
}

fn is_failed(group: &Json) -> bool {
    State::of_resource(group).is_some_and(State::is_failure)
}

/// Puts into the object what is in the zones of a group; what it was before where that cannot be read.
fn put_configs(call: &Call<PrivateEndpoint>, group: &Json, was: &Value, object: &mut Value) {
    let configs = configs(group).unwrap_or_else(|unfit| {
        let mut misfits = Misfits::default();
        misfits.note(CONFIGS, Misfit::Bent(unfit));
        call.tell(group, &misfits);
        view::member(was, &[CONFIGS]).elements().unwrap_or_default().to_vec()
    });
    view::put(object, &[CONFIGS], Value::List(configs));
}

/// Makes the group, or gives one of this name that is there these zones.
async fn make(
    call: &Call<PrivateEndpoint>,
    endpoint: &ResourceId,
    name: &str,
    zones: &[&str],
    fresh: bool,
) -> Result<Json, Diagnostic> {
    let id = id(endpoint, name)?;
    let there = if fresh { None } else { existing(call, endpoint, &id, name).await? };
    let looked = there.is_some();
    let error = match put(call, &id, zones, there).await {
        Ok(answer) => return Ok(answer),
        Err(error) => error,
    };
    // Something else, such as an Azure policy, was faster.
    let other = error.service().is_some_and(|error| TAKEN.iter().any(|code| error.has_code(code)));
    if other
        && !looked
        && let Some(there) = existing(call, endpoint, &id, name).await?
    {
        let again = put(call, &id, zones, Some(there)).await;
        return again.map_err(|error| messages::zone_group_not_applied(&error));
    }
    Err(messages::zone_group_not_applied(&error))
}

/// Deletes the group that the state has, as it goes before its endpoint.
pub(super) async fn delete(
    call: &Call<PrivateEndpoint>,
    endpoint: &ResourceId,
    state: &Value,
) -> Result<(), Diagnostics> {
    match view::text(state, &[NAME, "name"]) {
        Some(name) => Ok(remove(call, endpoint, name).await?),
        None => Ok(()),
    }
}

/// Reads the group where the state has one, and where an import has yet to see whether there is one.
pub(super) async fn read(
    call: &Call<PrivateEndpoint>,
    endpoint: &ResourceId,
    object: &mut Value,
) -> Result<(), Diagnostics> {
    let name = view::text(object, &[NAME, "name"]).map(str::to_owned);
    let found = match &name {
        Some(name) => call.client().find(reading(&id(endpoint, name)?), call.context()).await,
        None if call.cx.importing() => {
            let all = network::zone_groups(call.client(), endpoint, call.context()).await;
            all.map(|groups| groups.into_iter().next())
        }
        None => return Ok(()),
    };
    let found = found.map_err(|error| {
        let diagnostic = diagnostics::failure("Private DNS Zone Group Not Read", &error);
        life::or_not_believed::<PrivateEndpoint>(&error, diagnostic)
    })?;
    if found.as_ref().is_none_or(life::is_in_order) {
        call.cx.remove_private(FAILED);
    }
    let Some(found) = found else {
        view::put(object, &[NAME], Value::Null);
        view::put(object, &[CONFIGS], Value::List(Vec::new()));
        return Ok(());
    };
    let zones = match zones(&found) {
        Ok(zones) => Value::set_of(zones.into_iter().map(Value::from)),
        Err(misfit) => {
            // What is known of the group stays.
            let mut misfits = Misfits::default();
            misfits.within(NAME, |misfits| misfits.note("private_dns_zone_ids", misfit));
            call.tell(&found, &misfits);
            return Ok(());
        }
    };
    let name = found["name"].as_str().map(str::to_owned).or(name);
    let fresh =
        Value::object([("name", name.map_or(Value::Null, Value::from)), ("private_dns_zone_ids", zones)]);
    let kept = same(view::member(object, &[NAME]), &fresh);
    if !kept {
        view::put(object, &[NAME], fresh);
    }
    let was = object.clone();
    put_configs(call, &found, &was, object);
    Ok(())
}

/// The zones of a group, which has some.
fn zones(group: &Json) -> Result<Vec<String>, Misfit> {
    let zone = |part: &Json| match text(document::reach(part, "properties.privateDnsZoneId")?)? {
        Value::String(zone) => Ok(zone.to_string()),
        _ => Err(Unfit::of(&Shape::String, &Json::Null)),
    };
    let parts = document::reach(group, PARTS).and_then(listed);
    let zones = parts.and_then(|parts| parts.iter().map(zone).collect::<Result<Vec<_>, _>>());
    match zones {
        Ok(zones) if zones.is_empty() => Err(Misfit::Missing),
        zones => zones.map_err(Misfit::Bent),
    }
}

/// Whether two groups are the same in any casing.
fn same(one: &Value, other: &Value) -> bool {
    use tfplugin::Model;
    let field = PrivateEndpoint::FIELDS.iter().find(|field| field.name == NAME);
    field.is_some_and(|field| field.same(one, other))
}

fn id(endpoint: &ResourceId, name: &str) -> Result<ResourceId, Diagnostic> {
    let id = endpoint.child(network::ZONE_GROUPS, name);
    id.map_err(|error| messages::zone_group_not_applied(&error.into()))
}

fn reading(id: &ResourceId) -> Request {
    Request::get(id, network::API_VERSION)
}

/// The group of this name that is there already; refuses one of another name, for there is one at most.
async fn existing(
    call: &Call<PrivateEndpoint>,
    endpoint: &ResourceId,
    id: &ResourceId,
    name: &str,
) -> Result<Option<Json>, Diagnostic> {
    let groups = network::zone_groups(call.client(), endpoint, call.context()).await;
    let groups = groups.map_err(|error| messages::zone_group_not_applied(&error))?;
    let there = |group: &Json| group["name"].as_str().is_some_and(|there| check::same_name(there, name));
    match groups.into_iter().next() {
        None => Ok(None),
        Some(group) if there(&group) => {
            let settled = operation::settled(call.client(), &reading(id), call.context()).await;
            settled.map(Some).map_err(|error| messages::zone_group_not_applied(&error))
        }
        Some(group) => Err(messages::other_zone_group(endpoint, group["name"].as_str().unwrap_or_default())),
    }
}

/// Makes the group have these zones, and gives it back.
async fn put(
    call: &Call<PrivateEndpoint>,
    id: &ResourceId,
    zones: &[&str],
    there: Option<Json>,
) -> Result<Json, Error> {
    let request = |body: Json| {
        let request = Request::put(id, network::API_VERSION, &body)?;
        Ok(request.retry_codes(PrivateEndpoint::RETRY_CODES))
    };
    let (client, cx) = (call.client(), call.context());
    let done = match there {
        None => {
            let request: Result<Request, Error> = request(body(&Json::Null, zones));
            operation::create(client, request?, cx, || ()).await
        }
        Some(there) => {
            let next = |found: Option<&Json>| {
                let from = found.unwrap_or(&there);
                if has(from, zones) { Ok(None) } else { request(body(from, zones)).map(Some) }
            };
            let done = operation::update(client, cx, next).await;
            done.map(|answer| if answer.is_null() { there.clone() } else { answer })
        }
    };
    done.map_err(|Unfinished { error, .. }| error)
}

async fn remove(call: &Call<PrivateEndpoint>, endpoint: &ResourceId, name: &str) -> Result<(), Diagnostic> {
    let request = Request::delete(&id(endpoint, name)?, network::API_VERSION);
    let request = request.retry_codes(PrivateEndpoint::RETRY_CODES);
    let deleted = operation::delete(call.client(), request, call.context()).await;
    deleted.map_err(|Unfinished { error, .. }| messages::zone_group_not_deleted(&error))
}

/// The parts of a group: their names, and the zones that they write to.
fn parts(group: &Json) -> impl Iterator<Item = (&str, Option<&str>)> {
    let configs = array(&group["properties"]["privateDnsZoneConfigs"]).iter();
    configs.map(|config| {
        (config["name"].as_str().unwrap_or_default(), config["properties"]["privateDnsZoneId"].as_str())
    })
}

/// Whether a group has these zones and no others, and has come to a good end.
fn has(group: &Json, wanted: &[&str]) -> bool {
    let Ok(there) = zones(group) else { return false };
    let there: Vec<&str> = there.iter().map(String::as_str).collect();
    let covers = |a: &[&str], b: &[&str]| a.iter().all(|a| b.iter().any(|b| check::same_id(a, b)));
    !is_failed(group) && covers(&there, wanted) && covers(wanted, &there)
}

/// The body that gives a group these zones. Parts that exist keep their names, and no new part takes the name of one that goes.
fn body(there: &Json, zones: &[&str]) -> Json {
    let mut taken: Vec<String> = parts(there).map(|(name, _)| name.to_lowercase()).collect();
    let configs = zones.iter().map(|zone| {
        let part = parts(there).find(|(_, id)| id.is_some_and(|id| check::same_id(id, zone)));
        let name = match part {
            Some((name, _)) => name.to_owned(),
            None => new_name(zone, &taken),
        };
        taken.push(name.to_lowercase());
        json!({ "name": name, "properties": { "privateDnsZoneId": zone } })
    });
    json!({ "properties": { "privateDnsZoneConfigs": configs.collect::<Vec<_>>() } })
}

/// A name for the part of a zone: the zone's name, whose dots Azure's own tools make hyphens.
fn new_name(zone: &str, taken: &[String]) -> String {
    let name = ResourceId::parse(zone).map(|id| id.name().replace('.', "-")).unwrap_or_default();
    let free = |name: &String| !taken.contains(&name.to_lowercase());
    let numbered = (2..).map(|number| format!("{}-{number}", name.chars().take(76).collect::<String>()));
    let whole: String = name.chars().take(80).collect();
    std::iter::once(whole).chain(numbered).find(free).unwrap_or_default()
}

/// What is in the zones of a group.
fn configs(group: &Json) -> Result<Vec<Value>, Unfit> {
    let record = |record: &Json| {
        Ok(Value::object([
            ("name", text(document::reach(record, "recordSetName")?)?),
            ("type", text(document::reach(record, "recordType")?)?),
            ("fqdn", text(document::reach(record, "fqdn")?)?),
            ("ttl", document::taken(&Shape::Integer, document::reach(record, "ttl")?)?),
            ("ip_addresses", Value::List(texts(document::reach(record, "ipAddresses")?)?)),
        ]))
    };
    let config = |config: &Json| {
        let records = listed(document::reach(config, "properties.recordSets")?)?;
        Ok(Value::object([
            ("name", text(document::reach(config, "name")?)?),
            ("private_dns_zone_id", text(document::reach(config, "properties.privateDnsZoneId")?)?),
            ("record_sets", Value::List(records.iter().map(record).collect::<Result<_, Unfit>>()?)),
        ]))
    };
    listed(document::reach(group, PARTS)?)?.iter().map(config).collect()
}

#[cfg(test)]
mod tests;
