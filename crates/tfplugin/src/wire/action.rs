//! The RPCs of actions.

use std::pin::pin;
use std::sync::Arc;

use super::request::Events;
use super::service::Serving;
use super::{diagnostic, value};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::host::ActionHost;
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::invoke_action::Event;
use crate::proto::tfplugin6::invoke_action::event::{self, Type};

fn find(serving: &Serving, name: &str) -> Result<Arc<ActionHost>, Diagnostic> {
    let found = serving.server.actions().get(name).cloned();
    found.ok_or_else(|| {
        Diagnostic::error("Unknown Action Type", format!("The provider has no action type {name}."))
    })
}

/// Checks a configuration.
pub(crate) async fn validate(
    serving: Serving,
    request: proto::validate_action_config::Request,
) -> Result<proto::validate_action_config::Response, Diagnostic> {
    let action = find(&serving, &request.type_name)?;
    let config = value::decode(request.config.as_ref(), action.ty(), "a configuration")?;
    let diagnostics = diagnostic::all_to_proto(action.validate(&config));
    Ok(proto::validate_action_config::Response { diagnostics })
}

/// Looks ahead.
pub(crate) async fn plan(
    serving: Serving,
    request: proto::plan_action::Request,
) -> Result<proto::plan_action::Response, Diagnostic> {
    let action = find(&serving, &request.action_type)?;
    let config = value::decode(request.config.as_ref(), action.ty(), "a configuration")?;
    let diagnostics = diagnostic::all_to_proto(action.plan(config, serving.stop).await);
    Ok(proto::plan_action::Response { diagnostics, deferred: None })
}

/// Does it: progress as it comes, then exactly one completion.
pub(crate) async fn invoke(serving: Serving, request: proto::invoke_action::Request, events: Events<Event>) {
    let diagnostics = match prepare(&serving, &request) {
        Err(error) => error.into(),
        Ok((action, config)) => {
            let (mut messages, work) = action.invoke(config, serving.stop);
            let mut work = pin!(work);
            let diagnostics = loop {
                tokio::select! {
                    diagnostics = &mut work => break diagnostics,
                    // The action goes on, whether or not anyone listens.
                    Some(message) = messages.recv() => { events.send(progress(message)).await; }
                }
            };
            while let Ok(message) = messages.try_recv() {
                events.send(progress(message)).await;
            }
            diagnostics
        }
    };
    events.send(completed(diagnostics)).await;
}

fn prepare(
    serving: &Serving,
    request: &proto::invoke_action::Request,
) -> Result<(Arc<ActionHost>, crate::Value), Diagnostic> {
    let action = find(serving, &request.action_type)?;
    let config = value::decode(request.config.as_ref(), action.ty(), "a configuration")?;
    Ok((action, config))
}

/// The completion of an action that failed.
pub(crate) fn failed(error: Diagnostic) -> Event {
    completed(error.into())
}

fn progress(message: String) -> Event {
    event(Type::Progress(event::Progress { message }))
}

fn completed(diagnostics: Diagnostics) -> Event {
    let diagnostics = diagnostic::all_to_proto(diagnostics);
    event(Type::Completed(event::Completed { diagnostics }))
}

fn event(kind: Type) -> Event {
    Event { r#type: Some(kind) }
}
