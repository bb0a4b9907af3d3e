//! Resources whose life is the common one: what is left to say is what differs.

use std::future::ready;
use std::marker::PhantomData;
use std::sync::Arc;

use tfplugin::schema::TimeoutDefaults;
use tfplugin::{Cx, Diagnostics, ImportTarget, Plan, PlanKind, Resource, Value, View};

use crate::call::Call;
use crate::life::{self, Creation, Reference, failed, protection, references};
use crate::session::Session;
use crate::thing::Thing;

/// A thing whose life is the common one, but for what it overrides here.
pub(crate) trait Managed: Thing {
    /// How long its operations may take.
    const TIMEOUTS: TimeoutDefaults;

    /// Which attributes refer to what has to be there when it is created.
    const REFERENCES: &'static [Reference] = &[];

    /// Checks the configuration across attributes; parts may be unknown.
    fn check(config: &Value, out: &mut Diagnostics) {
        let _ = (config, out);
    }

    /// Has the last word on the plan of a create or an update.
    fn plan(session: &Session, plan: &mut Plan) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        life::plan::<Self>(session, plan);
        ready(Ok(()))
    }

    /// Refuses the plan of a delete, or lets it be.
    fn plan_delete(session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
        let _ = (session, plan);
        Ok(())
    }

    /// Creates what is planned.
    fn create(call: &Call<Self>, plan: Self) -> impl Future<Output = Result<Self, Diagnostics>> + Send {
        async { Creation::begin(call, plan).await?.finish(call).await }
    }

    /// How it is now; nothing where it is gone.
    fn look(
        call: &Call<Self>,
        state: Self,
    ) -> impl Future<Output = Result<Option<Self>, Diagnostics>> + Send {
        life::read(call, state)
    }

    /// Makes the resource what is planned.
    fn update(
        call: &Call<Self>,
        prior: Self,
        plan: Self,
    ) -> impl Future<Output = Result<Self, Diagnostics>> + Send {
        life::update(call, prior, plan)
    }

    /// Deletes the resource.
    fn delete(call: &Call<Self>, state: Self) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        life::delete(call, state)
    }
}

/// The resource of a managed thing, in a session.
#[derive(Debug)]
pub(crate) struct ManagedResource<T> {
    session: Arc<Session>,
    thing: PhantomData<fn() -> T>,
}

impl<T: Managed> ManagedResource<T> {
    /// The resource in a session.
    pub(crate) fn new(session: &Arc<Session>) -> Self {
        Self { session: Arc::clone(session), thing: PhantomData }
    }
}

impl<T: Managed> Resource for ManagedResource<T> {
    type Model = T;
    const TYPE: &'static str = T::WORDS.type_name;
    const TIMEOUTS: Option<TimeoutDefaults> = Some(T::TIMEOUTS);

    fn validate(&self, config: View<'_>, out: &mut Diagnostics) {
        T::check(config.value(), out);
    }

    async fn modify_plan(&self, plan: &mut Plan) -> Result<(), Diagnostics> {
        if plan.kind() == PlanKind::Delete {
            T::plan_delete(&self.session, plan)?;
            return protection::check::<T>(&self.session, plan);
        }
        T::plan(&self.session, plan).await?;
        protection::check::<T>(&self.session, plan)?;
        references::check::<T>(&self.session, plan).await?;
        failed::warn::<T>(plan);
        Ok(())
    }

    fn held(&self, state: View<'_>) {
        self.session.plans().hold(state.value());
    }

    fn lost(&self, state: View<'_>) {
        self.session.plans().lose(state.value());
    }

    async fn create(self: Arc<Self>, cx: Cx<T>, plan: T) -> Result<T, Diagnostics> {
        let context = cx.clone();
        let created = T::create(&Call::new(&self.session, cx).await?, plan).await;
        if created.is_err() {
            context.amend_saved(protection::lift);
        }
        created
    }

    async fn read(self: Arc<Self>, cx: Cx<T>, state: T) -> Result<Option<T>, Diagnostics> {
        let call = Call::new(&self.session, cx).await?;
        let found = T::look(&call, state).await?;
        call.believed()?;
        Ok(found)
    }

    async fn update(self: Arc<Self>, cx: Cx<T>, prior: T, plan: T) -> Result<T, Diagnostics> {
        T::update(&Call::new(&self.session, cx).await?, prior, plan).await
    }

    async fn delete(self: Arc<Self>, cx: Cx<T>, state: T) -> Result<(), Diagnostics> {
        protection::check_delete::<T>(&state.to_value())?;
        T::delete(&Call::new(&self.session, cx).await?, state).await
    }

    async fn import(self: Arc<Self>, cx: Cx<T>, target: ImportTarget) -> Result<T, Diagnostics> {
        life::import(&self.session, &cx, target).await
    }
}
