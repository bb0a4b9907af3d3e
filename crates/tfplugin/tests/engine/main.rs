//! The engine against what the CLIs assert: random schemas, configurations and services, through whole lives.

// What helps a test may fail as the test itself.
#![allow(clippy::unwrap_used)]

mod random;
mod rules;
mod service;

use std::sync::Arc;

use proptest::prelude::*;
use tfplugin::host::{ApplyRequest, PlanRequest, PlanResponse, ReadRequest, ResourceHost, StateResponse};
use tfplugin::resource::DynResource;
use tfplugin::{Stop, Value, codec};

use random::{Place, Random};
use service::Service;

/// A CLI that asserts what the real ones do.
struct Cli {
    host: ResourceHost,
    service: Arc<Service>,
}

impl Cli {
    fn new(seed: u64, fails: bool) -> Self {
        let fields =
            random::fields(&mut Random::new(seed), Place { depth: 2, in_set: false, computed: false });
        let service = Service::new(fields, seed ^ 1, fails);
        let host = ResourceHost::new(Arc::clone(&service) as Arc<dyn DynResource>);
        let faults = tfplugin::schema::lint("thing", tfplugin::schema::Of::Resource, host.schema());
        assert!(faults.is_empty(), "a schema that the lint refuses: {faults:?}");
        Self { host, service }
    }

    async fn plan(&self, config: &Value, before: &StateResponse) -> PlanResponse {
        let request = PlanRequest {
            prior: before.state.clone(),
            proposed: config.clone(),
            config: config.clone(),
            private: before.private.clone(),
            ..PlanRequest::default()
        };
        let plan = self.host.plan(request.clone()).await;
        assert_eq!(plan, self.host.plan(request).await, "the plan is another one when asked again");
        assert!(!plan.diagnostics.has_errors(), "{}", plan.diagnostics);
        let faults = rules::plan_faults(self.service.fields, config, &before.state, &plan.planned);
        assert!(faults.is_empty(), "invalid plan: {faults:#?}");
        for path in &plan.replace {
            let there = |value: &Value| value.get(path).is_some();
            assert!(there(&before.state) || there(&plan.planned), "{path} leads nowhere");
        }
        self.encodes(&plan.planned);
        plan
    }

    async fn apply(&self, config: &Value, before: &StateResponse, plan: &PlanResponse) -> StateResponse {
        let request = ApplyRequest {
            prior: before.state.clone(),
            planned: plan.planned.clone(),
            config: config.clone(),
            private: plan.private.clone(),
            identity: None,
            stop: Stop::default().token(),
        };
        let after = self.host.apply(request).await;
        assert!(after.state.is_wholly_known(), "unknown after apply: {:?}", after.state);
        self.encodes(&after.state);
        if !after.diagnostics.has_errors() {
            let faults = rules::apply_faults(self.host.ty(), &plan.planned, &after.state);
            assert!(faults.is_empty(), "inconsistent result: {faults:#?}");
        }
        after
    }

    async fn read(&self, before: &StateResponse) -> StateResponse {
        let request = ReadRequest {
            state: before.state.clone(),
            private: before.private.clone(),
            identity: None,
            capabilities: Default::default(),
            stop: Stop::default().token(),
        };
        let after = self.host.read(request).await;
        assert!(after.state.is_wholly_known());
        self.encodes(&after.state);
        after
    }

    fn encodes(&self, value: &Value) {
        codec::msgpack::encode(value, self.host.ty()).unwrap();
    }

    /// Plans with what is not known, then with all known, applies, reads, and plans again: nothing is left to do.
    async fn settle(
        &self,
        random: &mut Random,
        config: &Value,
        before: &StateResponse,
    ) -> (Value, StateResponse) {
        let mut first = self.plan(config, before).await;
        let config = random::resolved(random, self.service.fields, config);
        let known = self.plan(&config, before).await;
        if first.replace.is_empty() && !known.replace.is_empty() {
            // Another value came out: the CLIs end the apply, and the user plans again.
            let undecided = |path: &tfplugin::Path| !planned_known(&first, path);
            assert!(known.replace.iter().all(undecided), "replaces what was known: {:?}", known.replace);
            first = known.clone();
        }
        let (before, plan) = if first.replace.is_empty() {
            (before.clone(), known)
        } else {
            let stays = |path| known.replace.contains(path) || !planned_known(&first, path);
            assert!(first.replace.iter().any(stays));
            let none = StateResponse { private: first.private.clone(), ..StateResponse::default() };
            let first = self.plan(&config, &none).await;
            (none, first)
        };
        let plan_kind_kept = first.replace.is_empty() || before.state.is_null();
        if plan_kind_kept && first.replace.is_empty() {
            let faults = rules::apply_faults(self.host.ty(), &first.planned, &plan.planned);
            assert!(faults.is_empty(), "inconsistent final plan: {faults:#?}");
        }
        let applied = self.apply(&config, &before, &plan).await;
        let read = self.read(&applied).await;
        assert_eq!(applied.state, read.state, "reading is a change");
        let next = self.plan(&config, &read).await;
        assert_eq!(next.planned, read.state, "the plan after the apply is not empty");
        assert!(next.replace.is_empty());
        (config, read)
    }
}

/// Whether the first plan knew what is at this path.
fn planned_known(plan: &PlanResponse, path: &tfplugin::Path) -> bool {
    plan.planned.get(path).is_some_and(Value::is_wholly_known)
}

fn run(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(work);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whole_lives_please_the_clis(seed in any::<u64>()) {
        run(async {
            let cli = Cli::new(seed, false);
            let mut random = Random::new(seed ^ 2);
            let mut state = StateResponse::default();
            for _ in 0..4 {
                let config = random::config(&mut random, cli.service.fields, true);
                (_, state) = cli.settle(&mut random, &config, &state).await;
            }
            let gone = PlanRequest { prior: state.state.clone(), ..PlanRequest::default() };
            let plan = cli.host.plan(gone).await;
            assert_eq!(plan.planned, Value::Null);
            let after = cli.apply(&Value::Null, &state, &plan).await;
            assert_eq!(after.state, Value::Null);
        });
    }

    #[test]
    fn failed_changes_leave_a_state_that_can_be_stored(seed in any::<u64>()) {
        run(async {
            let cli = Cli::new(seed, true);
            let mut random = Random::new(seed ^ 2);
            let config = random::config(&mut random, cli.service.fields, false);
            let none = StateResponse::default();
            let plan = cli.plan(&config, &none).await;
            let after = cli.apply(&config, &none, &plan).await;
            assert!(after.diagnostics.has_errors());
            assert!(!after.state.is_null(), "what was created is lost");
            let read = cli.read(&after).await;
            let config = random::config(&mut random, cli.service.fields, false);
            let plan = cli.plan(&config, &read).await;
            let failed = cli.apply(&config, &read, &plan).await;
            assert!(!failed.state.is_null());
        });
    }
}
