//! A resource over a fake service that normalises, omits and fills in.

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use tfplugin::resource::{DynResource, ImportTarget, MoveSource};
use tfplugin::schema::{Field, Schema, Shape};
use tfplugin::{Context, Diagnostic, Diagnostics, Plan, Value};

use crate::random::{Random, distorted, filled};

/// The resource, and what its service knows.
pub(crate) struct Service {
    pub(crate) fields: &'static [Field],
    pub(crate) remote: Mutex<Option<Value>>,
    pub(crate) random: Mutex<Random>,
    /// Whether a change fails once it is saved.
    pub(crate) fails: bool,
}

impl Service {
    pub(crate) fn new(fields: &'static [Field], seed: u64, fails: bool) -> Arc<Self> {
        Arc::new(Self { fields, remote: Mutex::new(None), random: Mutex::new(Random::new(seed)), fails })
    }

    fn accept(&self, cx: &Context, plan: &Value) -> Result<Value, Diagnostics> {
        let random = &mut *self.random.lock().unwrap();
        let field = tfplugin::schema::Decl::<tfplugin::Attr<bool>>::new("", "").required().build();
        let shape = Shape::Object(self.fields);
        let remote = filled(random, &field, &shape, plan);
        let answer = distorted(random, &field, &shape, &remote);
        *self.remote.lock().unwrap() = Some(remote);
        if self.fails {
            cx.save_value(answer);
            return Err(Diagnostic::error("Broken", "It broke.").into());
        }
        Ok(answer)
    }
}

impl DynResource for Service {
    fn type_name(&self) -> &str {
        "test_thing"
    }

    fn schema(&self) -> Schema {
        Schema::new("A thing.", self.fields)
    }

    fn validate(&self, _: &Value, _: &mut Diagnostics) {}

    fn modify_plan<'a>(&'a self, _: &'a mut Plan) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(async { Ok(()) })
    }

    fn create(self: Arc<Self>, cx: Context, plan: Value) -> BoxFuture<'static, Result<Value, Diagnostics>> {
        Box::pin(async move { self.accept(&cx, &plan) })
    }

    fn read(self: Arc<Self>, _: Context, _: Value) -> BoxFuture<'static, Result<Option<Value>, Diagnostics>> {
        Box::pin(async move {
            let random = &mut *self.random.lock().unwrap();
            let field = tfplugin::schema::Decl::<tfplugin::Attr<bool>>::new("", "").required().build();
            let remote = self.remote.lock().unwrap();
            Ok(remote.as_ref().map(|remote| distorted(random, &field, &Shape::Object(self.fields), remote)))
        })
    }

    fn update(
        self: Arc<Self>,
        cx: Context,
        _: Value,
        plan: Value,
    ) -> BoxFuture<'static, Result<Value, Diagnostics>> {
        Box::pin(async move { self.accept(&cx, &plan) })
    }

    fn delete(self: Arc<Self>, _: Context, _: Value) -> BoxFuture<'static, Result<(), Diagnostics>> {
        *self.remote.lock().unwrap() = None;
        Box::pin(async { Ok(()) })
    }

    fn import(
        self: Arc<Self>,
        _: Context,
        _: ImportTarget,
    ) -> BoxFuture<'static, Result<Value, Diagnostics>> {
        let nulls = self.schema().nulls();
        Box::pin(async move { Ok(nulls) })
    }

    fn upgrade(&self, _: i64, state: serde_json::Value) -> Result<serde_json::Value, Diagnostics> {
        Ok(state)
    }

    fn move_state(&self, _: &MoveSource) -> Result<Option<Value>, Diagnostics> {
        Ok(None)
    }
}
