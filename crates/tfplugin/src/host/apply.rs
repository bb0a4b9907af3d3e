//! Create, update and delete: what was planned becomes so, and whatever happens on the way, what stands is told.

use std::sync::Arc;

use super::resource::{ApplyRequest, ResourceHost, StateResponse};
use super::{exit, work};
use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::plan;
use crate::private::Private;
use crate::schema::{Operation, TIMEOUTS};
use crate::value::Value;

impl ResourceHost {
    /// Applies a plan.
    pub async fn apply(&self, request: ApplyRequest) -> StateResponse {
        let operation = match (request.prior.is_null(), request.planned.is_null()) {
            (true, true) => return StateResponse::default(),
            (true, false) => Operation::Create,
            (false, false) => Operation::Update,
            (false, true) => Operation::Delete,
        };
        let cx = self.context(operation, &request);
        let resource = Arc::clone(&self.resource);
        let (prior, planned) = (request.prior.clone(), request.planned.clone());
        let result = match operation {
            Operation::Delete => {
                let result = work::detached(resource.delete(cx.clone(), prior)).await;
                result.map(|()| Value::Null)
            }
            Operation::Create => work::detached(resource.create(cx.clone(), planned)).await,
            _ => work::detached(resource.update(cx.clone(), prior, planned)).await,
        };
        self.applied(operation, request, &cx, result)
    }

    fn context(&self, operation: Operation, request: &ApplyRequest) -> Context {
        let object = if operation == Operation::Delete { &request.prior } else { &request.planned };
        let timeouts = self.schema.timeouts.as_ref();
        let limit = timeouts.and_then(|timeouts| timeouts.limit(operation, object.attribute(TIMEOUTS)));
        // What is created has nothing to remember: in a replacement the plan still carries what its predecessor did.
        let private = match operation {
            Operation::Create => Private::default(),
            _ => self.private(&request.private),
        };
        Context::new(request.stop.clone(), limit, request.config.clone(), private)
    }

    /// The way out of an apply, however it went.
    fn applied(
        &self,
        operation: Operation,
        request: ApplyRequest,
        cx: &Context,
        result: Result<Value, Diagnostics>,
    ) -> StateResponse {
        let (fresh, mut diagnostics) = work::finish(cx, result);
        let (saved, private) = {
            let mut cell = cx.cell();
            (cell.saved.take(), cell.private.clone())
        };
        let ApplyRequest { prior, planned, identity, .. } = request;
        let fields = self.schema.fields;
        let state = match (fresh, diagnostics.has_errors()) {
            (Some(_), false) if operation == Operation::Delete => Value::Null,
            (Some(fresh), false) => plan::after_apply(fields, &planned, &fresh),
            // A failure after something was done: what stands is what was saved last, else what was before.
            (fresh, _) => match fresh.filter(|_| operation != Operation::Delete).or(saved) {
                Some(saved) if operation == Operation::Delete => {
                    plan::after_read(fields, &prior, &saved, false)
                }
                Some(saved) => plan::after_failure(fields, &prior, &planned, &saved),
                None => prior.clone(),
            },
        };
        if state.is_null() {
            if operation == Operation::Delete {
                self.resource.lost(&prior);
            }
            return StateResponse { diagnostics, ..StateResponse::default() };
        }
        let state =
            exit::with_timeouts(&self.schema, if planned.is_null() { &prior } else { &planned }, state);
        let mut state = exit::state(&self.schema, &self.ty, state);
        diagnostics.extend(exit::fitting(&self.ty, &mut state));
        let identity = exit::identity(&self.schema, &state, identity.filter(Value::is_wholly_known));
        StateResponse { state, private: private.encode(), identity, diagnostics }
    }
}
