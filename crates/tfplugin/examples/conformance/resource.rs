//! A generated type as the engine wants it: untyped, with the fake service behind it.

use std::sync::Arc;

use futures::future::{BoxFuture, ready};
use tfplugin::context::Context;
use tfplugin::resource::{DynResource, ImportTarget, MoveSource};
use tfplugin::schema::Schema;
use tfplugin::{Diagnostic, Diagnostics, Path, Plan, Value};

use crate::service::{Service, ServiceError, id};
use crate::types::Kind;

/// The name under which a resource remembers its identifier beside its state.
const CREATED: &str = "created";

pub(crate) struct Generated {
    kind: Kind,
    service: Service,
}

impl Generated {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind, service: Service::new(kind) }
    }

    /// What is remembered beside the state must come back with every request.
    fn check_private(&self, cx: &Context, name: &str) -> Result<(), Diagnostics> {
        let expected = id(self.kind.name, name);
        match cx.private::<String>(CREATED) {
            Some(found) if found == expected => Ok(()),
            found => {
                Err(Diagnostic::error("Private State Lost", format!("{expected} remembers {found:?}."))
                    .into())
            }
        }
    }

    fn remember(&self, cx: &Context, name: &str) -> Result<(), Diagnostics> {
        cx.set_private(CREATED, &id(self.kind.name, name)).map_err(|error| failed(&error))
    }

    fn secrets(&self, cx: &Context) -> Value {
        let attribute = |field: &tfplugin::schema::Field| {
            (field.name, tfplugin::model::Attr::<Value>::to_value(&cx.config(Path::from(field.name))))
        };
        Value::object(self.kind.schema.fields.iter().map(attribute))
    }
}

fn name_of(value: &Value) -> String {
    value.attribute("name").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn failed(error: &dyn std::error::Error) -> Diagnostics {
    Diagnostic::error("Service Failure", error.to_string()).into()
}

fn now<T: Send + 'static>(result: Result<T, Diagnostics>) -> BoxFuture<'static, Result<T, Diagnostics>> {
    Box::pin(ready(result))
}

fn answer<T>(result: Result<T, ServiceError>) -> Result<T, Diagnostics> {
    result.map_err(|error| failed(&error))
}

impl DynResource for Generated {
    fn type_name(&self) -> &str {
        self.kind.name
    }

    fn schema(&self) -> Schema {
        self.kind.schema
    }

    fn validate(&self, _config: &Value, _out: &mut Diagnostics) {}

    fn modify_plan<'a>(&'a self, plan: &'a mut Plan) -> BoxFuture<'a, Result<(), Diagnostics>> {
        let touch = plan.planned_value().attribute("touch").cloned();
        if let Some(touch) = touch.filter(|_| self.kind.derives && plan.changes_anything()) {
            plan.set("derived", touch);
        }
        Box::pin(ready(Ok(())))
    }

    fn create(self: Arc<Self>, cx: Context, plan: Value) -> BoxFuture<'static, Result<Value, Diagnostics>> {
        let name = name_of(&plan);
        let created = answer(self.service.create(&name, &plan, &self.secrets(&cx)));
        now(created.and_then(|created| {
            cx.save_value(created.clone());
            self.remember(&cx, &name)?;
            Ok(created)
        }))
    }

    fn read(
        self: Arc<Self>,
        cx: Context,
        state: Value,
    ) -> BoxFuture<'static, Result<Option<Value>, Diagnostics>> {
        let name = name_of(&state);
        now(self.check_private(&cx, &name).and_then(|()| answer(self.service.get(&name))))
    }

    fn update(
        self: Arc<Self>,
        cx: Context,
        prior: Value,
        plan: Value,
    ) -> BoxFuture<'static, Result<Value, Diagnostics>> {
        let name = name_of(&prior);
        let update = || answer(self.service.update(&name, &plan, &self.secrets(&cx)));
        now(self.check_private(&cx, &name).and_then(|()| update()))
    }

    fn delete(self: Arc<Self>, cx: Context, state: Value) -> BoxFuture<'static, Result<(), Diagnostics>> {
        let name = name_of(&state);
        now(self.check_private(&cx, &name).and_then(|()| answer(self.service.delete(&name))))
    }

    fn import(
        self: Arc<Self>,
        cx: Context,
        target: ImportTarget,
    ) -> BoxFuture<'static, Result<Value, Diagnostics>> {
        let name = match &target {
            ImportTarget::Id(id) => id.rsplit('/').next().unwrap_or_default().to_owned(),
            ImportTarget::Identity(identity) => name_of(identity),
        };
        let mut found = Value::nulls(&tfplugin::schema::object_type(self.kind.schema.fields));
        found.set(&Path::from("name"), Value::string(&name));
        now(self.remember(&cx, &name).map(|()| found))
    }

    fn upgrade(&self, _version: i64, state: serde_json::Value) -> Result<serde_json::Value, Diagnostics> {
        Ok(state)
    }

    fn move_state(&self, _source: &MoveSource) -> Result<Option<Value>, Diagnostics> {
        Ok(None)
    }
}
