//! The RPCs of list resources.

use std::sync::Arc;

use super::diagnostic::all_to_proto;
use super::request::Events;
use super::service::Serving;
use super::value::{decode, encode, encode_identity};
use crate::diagnostic::Diagnostic;
use crate::host::{ListEvent, ListHost, ListRequest};
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::list_resource::Event;

fn find(serving: &Serving, name: &str) -> Result<Arc<ListHost>, Diagnostic> {
    let found = serving.server.list_resources().get(name).cloned();
    found.ok_or_else(|| {
        let detail = format!("The provider has no list resource type {name}.");
        Diagnostic::error("Unknown List Resource Type", detail)
    })
}

/// Checks a query.
pub(crate) async fn validate(
    serving: Serving,
    request: proto::validate_list_resource_config::Request,
) -> Result<proto::validate_list_resource_config::Response, Diagnostic> {
    let list = find(&serving, &request.type_name)?;
    let config = decode(request.config.as_ref(), list.ty(), "a query")?;
    let diagnostics = all_to_proto(list.validate(&config));
    Ok(proto::validate_list_resource_config::Response { diagnostics })
}

/// Lists, until the CLI has enough.
pub(crate) async fn list(serving: Serving, request: proto::list_resource::Request, events: Events<Event>) {
    let (list, query) = match prepare(&serving, &request) {
        Ok(prepared) => prepared,
        Err(error) => {
            events.send(failed(error)).await;
            return;
        }
    };
    let mut found = list.list(query);
    while let Some(event) = found.recv().await {
        let event = to_proto(&list, event).unwrap_or_else(failed);
        if !events.send(event).await {
            break;
        }
    }
}

fn prepare(
    serving: &Serving,
    request: &proto::list_resource::Request,
) -> Result<(Arc<ListHost>, ListRequest), Diagnostic> {
    let list = find(serving, &request.type_name)?;
    let query = ListRequest {
        config: decode(request.config.as_ref(), list.ty(), "a query")?,
        limit: request.limit,
        include_resource: request.include_resource_object,
        stop: serving.stop.clone(),
    };
    Ok((list, query))
}

fn to_proto(list: &ListHost, event: ListEvent) -> Result<Event, Diagnostic> {
    let managed = list.managed();
    let resource_object = match (&event.resource, managed) {
        (Some(resource), Some(managed)) => encode(resource, managed.ty(), "a resource")?,
        _ => None,
    };
    Ok(Event {
        identity: encode_identity(
            event.identity.as_ref(),
            managed.and_then(|managed| managed.identity_type()),
        )?,
        display_name: event.display_name,
        resource_object,
        diagnostic: all_to_proto(event.diagnostics),
    })
}

/// The last event of a list that failed.
pub(crate) fn failed(error: Diagnostic) -> Event {
    Event { diagnostic: all_to_proto(error.into()), ..Event::default() }
}
