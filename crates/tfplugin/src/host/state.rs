//! What becomes of a state outside of plans: reading, importing, upgrading, moving, and writing it as configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::resource::{
    IdentityResponse, ImportRequest, MoveRequest, ReadRequest, ResourceHost, StateResponse,
};
use super::{exit, work};
use crate::codec;
use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::plan;
use crate::private::Private;
use crate::resource::MoveSource;
use crate::schema::{Field, Nesting, Operation, TIMEOUTS};
use crate::value::Value;

impl ResourceHost {
    /// Reads how the resource is now.
    pub async fn read(&self, request: ReadRequest) -> StateResponse {
        let ReadRequest { state, private, identity, capabilities: _, stop } = request;
        let timeouts = self.schema.timeouts.as_ref();
        let limit = timeouts.and_then(|timeouts| timeouts.limit(Operation::Read, state.attribute(TIMEOUTS)));
        let cx = Context::new(stop, limit, Value::Null, self.private(&private));
        let result = work::attached(Arc::clone(&self.resource).read(cx.clone(), state.clone())).await;
        let (fresh, diagnostics) = work::finish(&cx, result);
        let Some(fresh) = fresh.filter(|_| !diagnostics.has_errors()) else {
            let private = cx.cell().private.encode();
            return StateResponse { state, private, identity, diagnostics };
        };
        let Some(fresh) = fresh else {
            self.resource.lost(&state);
            return StateResponse { diagnostics, ..StateResponse::default() };
        };
        let read = plan::after_read(self.schema.fields, &state, &fresh, cx.importing());
        let read = exit::with_timeouts(&self.schema, &state, read);
        let read = exit::state(&self.schema, &self.ty, read);
        let identity = exit::identity(&self.schema, &read, identity);
        let mut private = cx.cell().private.clone();
        private.set_imported(false);
        self.resource.held(&read);
        StateResponse { state: read, private: private.encode(), identity, diagnostics }
    }

    /// Finds what is to be imported.
    pub async fn import(&self, request: ImportRequest) -> StateResponse {
        let ImportRequest { target, capabilities: _, stop } = request;
        let identity = match self.import_identity(&target) {
            Ok(identity) => identity,
            Err(error) => return failed(error.into()),
        };
        let timeouts = self.schema.timeouts.as_ref();
        let limit = timeouts.and_then(|timeouts| timeouts.limit(Operation::Read, None));
        let cx = Context::new(stop, limit, Value::Null, Private::default());
        let result = work::attached(Arc::clone(&self.resource).import(cx.clone(), target)).await;
        let (state, diagnostics) = work::finish(&cx, result);
        let Some(state) = state.filter(|_| !diagnostics.has_errors()) else { return failed(diagnostics) };
        let state = exit::state(&self.schema, &self.ty, state);
        let identity = exit::identity(&self.schema, &state, identity);
        let mut private = cx.cell().private.clone();
        private.set_imported(true);
        StateResponse { state, private: private.encode(), identity, diagnostics }
    }

    /// Brings a stored state, as JSON, into the form of the current schema.
    #[must_use]
    pub fn upgrade_state(&self, version: i64, json: &[u8]) -> StateResponse {
        match self.upgraded(version, json) {
            Ok(state) => {
                let state = exit::state(&self.schema, &self.ty, state);
                self.resource.held(&state);
                StateResponse { state, ..StateResponse::default() }
            }
            Err(diagnostics) => failed(diagnostics),
        }
    }

    fn upgraded(&self, version: i64, json: &[u8]) -> Result<Value, Diagnostics> {
        let current = self.schema.version;
        if version > current {
            return Err(self.unreadable(format!(
                "It was written by a newer version of the provider: the state has version {version}, and this \
                 provider knows versions up to {current}. Upgrade the provider."
            )));
        }
        let wrong =
            |error: &dyn std::fmt::Display| self.unreadable(format!("It is not what it should be: {error}"));
        let decode = |json: &[u8]| codec::json::decode_lenient(json, &self.ty).map_err(|error| wrong(&error));
        let read = |json: &[u8]| -> Result<Value, Diagnostics> {
            let mut state = decode(json)?;
            with_new_defaults(self.schema.fields, json, &mut state);
            Ok(state)
        };
        let state = if version == current {
            read(json)?
        } else {
            let stored = serde_json::from_slice(json).map_err(|error| wrong(&error))?;
            let upgraded = self.resource.upgrade(version, stored)?;
            read(upgraded.to_string().as_bytes())?
        };
        if state.is_null() {
            return Err(self.unreadable(format!("The upgrade from version {version} left nothing of it.")));
        }
        Ok(state)
    }

    fn unreadable(&self, why: String) -> Diagnostics {
        let summary = "Unreadable Resource State";
        Diagnostic::error(
            summary,
            format!("The stored state of a {} cannot be used. {why}", self.type_name()),
        )
        .into()
    }

    /// Brings a stored identity, as JSON, into the form of the current schema.
    #[must_use]
    pub fn upgrade_identity(&self, json: &[u8]) -> IdentityResponse {
        // A state from before there were identities has none, and the CLI asks nevertheless.
        if json.is_empty() || json == b"null" {
            return IdentityResponse::default();
        }
        match codec::json::decode_lenient(json, &self.identity_type) {
            Ok(identity) => IdentityResponse {
                identity: Some(identity).filter(|identity| !identity.is_null()),
                ..Default::default()
            },
            Err(error) => IdentityResponse {
                diagnostics: self.unreadable(format!("Its identity is not what it should be: {error}")),
                ..Default::default()
            },
        }
    }

    /// Takes over the state of another type of resource.
    #[must_use]
    pub fn move_state(&self, request: MoveRequest) -> StateResponse {
        let wrong =
            |error: serde_json::Error| self.unreadable(format!("It is not what it should be: {error}"));
        let source = || -> Result<MoveSource, Diagnostics> {
            let json = |json: &[u8]| serde_json::from_slice::<serde_json::Value>(json).map_err(wrong);
            let identity =
                (!request.source_identity.is_empty()).then(|| json(&request.source_identity)).transpose()?;
            Ok(MoveSource {
                provider: request.source_provider.clone(),
                type_name: request.source_type.clone(),
                version: request.source_version,
                state: json(&request.source_state)?,
                private: request.source_private.clone(),
                identity,
            })
        };
        match source().and_then(|source| self.resource.move_state(&source)) {
            Err(diagnostics) => failed(diagnostics),
            Ok(None) => failed(
                Diagnostic::error(
                    "Unable to Move Resource State",
                    format!(
                        "A {} cannot take over the state of a {} of the provider {} (version {} of its state).",
                        self.type_name(),
                        request.source_type,
                        request.source_provider,
                        request.source_version
                    ),
                )
                .into(),
            ),
            Ok(Some(state)) => {
                let state = exit::state(&self.schema, &self.ty, state);
                let identity = exit::identity(&self.schema, &state, None);
                // What follows is as after an import: the state may be sparse.
                let mut private = Private::default();
                private.set_imported(true);
                StateResponse { state, private: private.encode(), identity, diagnostics: Diagnostics::new() }
            }
        }
    }
}

/// Gives attributes that a state was written before their defaults: without them every such state would show a change.
fn with_new_defaults(fields: &[Field], json: &[u8], state: &mut Value) {
    let Ok(stored) = serde_json::from_slice::<BTreeMap<String, &RawValue>>(json) else { return };
    let Value::Object(members) = state else { return };
    for field in fields.iter().filter(|field| !stored.contains_key(field.name)) {
        if let Some(default) = &field.default {
            members.insert(field.name.to_owned(), default.value(&field.shape));
        }
    }
}

fn failed(diagnostics: Diagnostics) -> StateResponse {
    StateResponse { diagnostics, ..StateResponse::default() }
}

/// Copies what a user would write of a state: what can be configured, is in use, and says more than its absence.
pub(super) fn configurable(fields: &[Field], state: &Value, config: &mut Value) {
    let (Some(state), Value::Object(config)) = (state.entries(), config) else { return };
    for field in
        fields.iter().filter(|field| field.required || (field.optional && field.deprecated.is_none()))
    {
        let value = state.get(field.name).cloned().unwrap_or(Value::Null);
        let means_nothing = [&field.unset, &field.default]
            .into_iter()
            .flatten()
            .any(|literal| !field.required && field.same(&literal.value(&field.shape), &value));
        let value = match field.nested() {
            _ if means_nothing => Value::Null,
            Some((nesting, fields)) => nested(nesting, fields, value),
            None => value,
        };
        config.insert(field.name.to_owned(), value);
    }
}

fn nested(nesting: Nesting, fields: &[Field], value: Value) -> Value {
    let element = |value: &Value| match value {
        Value::Object(_) => {
            let mut config = Value::object(fields.iter().map(|field| (field.name, Value::Null)));
            configurable(fields, value, &mut config);
            config
        }
        other => other.clone(),
    };
    match (nesting, &value) {
        (Nesting::Single, value) => element(value),
        (_, Value::List(elements)) => Value::List(elements.iter().map(element).collect()),
        (_, Value::Set(elements)) => Value::set_of(elements.iter().map(element)),
        (_, Value::Map(elements)) => {
            Value::map(elements.iter().map(|(key, value)| (key.clone(), element(value))))
        }
        _ => value,
    }
}
