//! Resource Manager's front: takes the path apart, checks everything that is the same for all providers, and hands the
//! call to the service of its namespace.

use serde_json::Value;

use crate::azure::Azure;
use crate::entra::directory::tenant_of;
use crate::error::ArmError;
use crate::http::{Request, Response};
use crate::id::ArmPath;
use crate::location;
use crate::service::{self, Call, Reply, ResourceType, Service};
use crate::{core_versions, governance, groups, providers, subscriptions};

impl Azure {
    /// Answers a request that has signed in.
    pub fn answer(&mut self, request: &Request) -> Response {
        self.settle();
        if let Some(response) = self.poll(request) {
            return response;
        }
        self.dispatch(request).unwrap_or_else(Response::from)
    }

    fn dispatch(&mut self, request: &Request) -> Reply {
        let call = read_call(request)?;
        let first = request.path().split('/').find(|w| !w.is_empty()).unwrap_or_default();
        if let Some(reply) = crate::authorization::answer_management_group(self, &call, request.path()) {
            return reply;
        }
        if is_registration(&call) || call.id().namespace.is_none() {
            core_versions::check(&call)?;
        }
        if first.eq_ignore_ascii_case("tenants") || call.path.id.subscription.is_empty() {
            return subscriptions::root(&self.caller, &call, request.path());
        }
        check_subscription(&call.id().subscription)?;
        self.check_role(&call)?;
        self.check_governance(&call)?;
        if call.id().namespace.is_some() {
            return self.provider_call(&call);
        }
        match (&call.id().group, call.path.tail.as_deref()) {
            (None, Some(tail)) if tail.eq_ignore_ascii_case("providers") => providers::list(self, &call),
            (None, Some(tail)) if tail.eq_ignore_ascii_case("resourceGroups") => groups::list(self, &call),
            (Some(_), None) => groups::one(self, &call),
            (_, Some(tail)) if tail.eq_ignore_ascii_case("resources") => groups::resources(self, &call),
            _ => subscriptions::one(&call),
        }
    }

    fn provider_call(&mut self, call: &Call) -> Reply {
        let namespace = call.id().namespace.as_deref().unwrap_or_default();
        if is_registration(call) {
            return providers::one(self, call);
        }
        if !providers::is_known(namespace) {
            return Err(providers::invalid_namespace(namespace));
        }
        if let Some(group) = &call.id().group {
            self.check_group(call, group)?;
        }
        providers::require_registered(self, &call.id().subscription, namespace)?;
        let Some(service) = service::find(namespace) else {
            return Err(invalid_type(call, namespace, None));
        };
        let kind = type_of(service, call).ok_or_else(|| invalid_type(call, service.namespace(), None))?;
        self.check_version(service, kind, call)?;
        if call.method == "PUT" && kind.regional && call.path.tail.is_none() {
            self.check_location(service, kind, call)?;
        }
        if call.path.tail.is_none() {
            match call.method.as_str() {
                "GET" => self.count_read(call.id()),
                "HEAD" => {
                    let there = self.store.get(call.id()).is_some();
                    return Ok(Response::empty(if there { 204 } else { 404 }));
                }
                _ => {}
            }
        }
        service.handle(self, call)
    }

    /// Refuses whoever has no role on the subscription.
    fn check_role(&self, call: &Call) -> Result<(), ArmError> {
        let id = call.id();
        if self.caller.sees(&id.subscription) {
            return Ok(());
        }
        Err(self.no_right(&governance::action(call), &id.to_string()))
    }

    fn check_group(&self, call: &Call, group: &str) -> Result<(), ArmError> {
        let document =
            self.store.get(&call.id().group_id()).ok_or_else(|| ArmError::group_not_found(group))?;
        if matches!(call.method.as_str(), "PUT" | "PATCH")
            && document.text("/properties/provisioningState") == "Deleting"
        {
            return Err(ArmError::new(
                409,
                "ResourceGroupBeingDeleted",
                format!(
                    "The resource group '{group}' is in deprovisioning state and cannot perform this operation."
                ),
            ));
        }
        Ok(())
    }

    fn check_version(&self, service: &dyn Service, kind: &ResourceType, call: &Call) -> Result<(), ArmError> {
        if kind.api_versions.iter().any(|v| v.eq_ignore_ascii_case(&call.api_version)) {
            return Ok(());
        }
        let place = call.at("/location").as_str().map(str::to_owned).or_else(|| {
            Some(self.store.get(call.id())?.text("/location").to_owned()).filter(|l| !l.is_empty())
        });
        match place {
            Some(place) => Err(ArmError::new(
                400,
                "NoRegisteredProviderFound",
                format!(
                    "No registered resource provider found for location '{place}' and API version '{}' for type '{}'. The supported api-versions are '{}'. The supported locations are '{}'.",
                    call.api_version,
                    kind.name,
                    kind.api_versions.join(", "),
                    regions(service.namespace(), ", ")
                ),
            )),
            None => Err(invalid_type(call, service.namespace(), Some(kind))),
        }
    }

    fn check_location(
        &self,
        service: &dyn Service,
        kind: &ResourceType,
        call: &Call,
    ) -> Result<(), ArmError> {
        let given = call.at("/location").as_str().unwrap_or_default();
        if let Some(existing) = self.store.get(call.id()) {
            let lives = existing.text("/location");
            if given.is_empty() || location::canonical(given) == location::canonical(lives) {
                return Ok(());
            }
            return Err(ArmError::new(
                409,
                "InvalidResourceLocation",
                format!(
                    "The resource '{}' already exists in location '{lives}' in resource group '{}'. A resource with the same name cannot be created in location '{given}'. Please select a new resource name.",
                    call.id().name(),
                    call.id().group_name()
                ),
            ));
        }
        if given.is_empty() {
            return Err(ArmError::new(
                400,
                "LocationRequired",
                "The location property is required for this definition.",
            ));
        }
        if providers::offers(service.namespace(), given) {
            return Ok(());
        }
        Err(ArmError::new(
            400,
            "LocationNotAvailableForResourceType",
            format!(
                "The provided location '{given}' is not available for resource type '{}/{}'. List of available regions for the resource type is '{}'.",
                service.namespace(),
                kind.name,
                regions(service.namespace(), ",")
            ),
        ))
    }
}

/// Whether a call is about a subscription's registration of a namespace, and not about anything of that provider's.
fn is_registration(call: &Call) -> bool {
    let id = call.id();
    id.namespace.is_some()
        && id.group.is_none()
        && id.segments.is_empty()
        && call
            .path
            .tail
            .as_deref()
            .is_none_or(|tail| ["register", "unregister"].iter().any(|word| word.eq_ignore_ascii_case(tail)))
}

/// Reads query and body of a request; its path may be above subscriptions.
fn read_call(request: &Request) -> Result<Call, ArmError> {
    let query: Vec<(String, String)> = url::form_urlencoded::parse(request.raw_query().as_bytes())
        .map(|(n, v)| (n.into_owned(), v.into_owned()))
        .collect();
    let api_version = query
        .iter()
        .find(|(n, v)| n.eq_ignore_ascii_case("api-version") && !v.is_empty())
        .map(|(_, v)| v.clone())
        .ok_or_else(|| {
            ArmError::new(
                400,
                "MissingApiVersionParameter",
                "The api-version query parameter (?api-version=) is required for all requests.",
            )
        })?;
    let body = match request.body.iter().all(u8::is_ascii_whitespace) {
        true => Value::Null,
        false => serde_json::from_slice(request.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&request.body))
            .map_err(|e| ArmError::invalid_content(e.to_string()))?,
    };
    if matches!(request.method.as_str(), "PUT" | "PATCH") && !body.is_object() {
        return Err(ArmError::new(
            400,
            "InvalidRequestContent",
            "The request content was invalid and could not be deserialized: 'A JSON object was expected.'.",
        ));
    }
    Ok(Call {
        method: request.method.clone(),
        path: ArmPath::parse(request.path()).unwrap_or_default(),
        api_version,
        query,
        headers: request.headers.clone(),
        body,
    })
}

fn check_subscription(id: &str) -> Result<(), ArmError> {
    if tenant_of(id).is_some() {
        return Ok(());
    }
    if uuid::Uuid::try_parse(id).is_ok_and(|u| u.hyphenated().to_string().eq_ignore_ascii_case(id)) {
        return Err(ArmError::new(
            404,
            "SubscriptionNotFound",
            format!("The subscription '{id}' could not be found."),
        ));
    }
    Err(ArmError::new(
        400,
        "InvalidSubscriptionId",
        format!("The provided subscription identifier '{id}' is malformed or invalid."),
    ))
}

/// The announced type that a call is about: a resource, a collection, or the resource that an action is asked of.
fn type_of<'a>(service: &'a dyn Service, call: &Call) -> Option<&'a ResourceType> {
    let below = |text: &str| text.split_once('/').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
    let named = |name: &str| service.types().iter().find(|t| t.name.eq_ignore_ascii_case(name));
    let collection = below(&call.path.collection_type());
    named(&collection).or_else(|| named(&below(&call.id().resource_type())))
}

/// The type is none of its namespace.
pub(crate) fn invalid_type(call: &Call, namespace: &str, kind: Option<&ResourceType>) -> ArmError {
    let full = call.path.collection_type();
    let name = full.split_once('/').map_or("", |(_, rest)| rest);
    ArmError::new(
        404,
        "InvalidResourceType",
        format!(
            "The resource type '{name}' could not be found in the namespace '{namespace}' for api version '{}'. The supported api-versions are '{}'.",
            call.api_version,
            kind.map(|k| k.api_versions.join(",")).unwrap_or_default()
        ),
    )
}

fn regions(namespace: &str, separator: &str) -> String {
    providers::locations(namespace).map(location::canonical).collect::<Vec<_>>().join(separator)
}
