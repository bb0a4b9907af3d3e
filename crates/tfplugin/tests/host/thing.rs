//! A resource that behaves as its name tells it to.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tfplugin::schema::TimeoutDefaults;
use tfplugin::schema::validators::{length, range};
use tfplugin::{
    Attr, Cx, Diagnostic, Diagnostics, ImportTarget, Model, MoveSource, Plan, PlanKind, Resource, Value, View,
};
use tokio::sync::Notify;

/// A thing.
#[derive(Debug, Clone, Default, PartialEq, Model)]
pub(crate) struct Thing {
    /// Its name, which says what happens to it.
    #[attr(required, replaces, identity, validate(length(1, 12), speakable))]
    pub(crate) name: Attr<String>,
    /// Its color.
    #[attr(optional, one_of("Red", "Green"))]
    pub(crate) color: Attr<String>,
    /// Its size.
    #[attr(optional, default = 3, validate(range(1, 9)))]
    pub(crate) size: Attr<i64>,
    /// A secret.
    #[attr(optional, sensitive, write_only)]
    pub(crate) secret: Attr<String>,
    /// Old.
    #[attr(optional, deprecated = "Use labels instead.")]
    pub(crate) tags: Attr<BTreeMap<String, String>>,
    /// Labels.
    #[attr(optional)]
    pub(crate) labels: Attr<BTreeMap<String, String>>,
    /// The ID.
    #[attr(computed, keep)]
    pub(crate) id: Attr<String>,
    /// How often it was changed.
    #[attr(computed)]
    pub(crate) revision: Attr<i64>,
}

fn speakable(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if text.contains('!') => Err("cannot be spoken".to_owned()),
        _ => Ok(()),
    }
}

/// The resource.
#[derive(Debug, Default)]
pub(crate) struct Things {
    pub(crate) done: AtomicUsize,
    pub(crate) begun: Notify,
    pub(crate) go_on: Notify,
    /// What it was told of the state.
    pub(crate) heard: Mutex<Vec<String>>,
}

impl Things {
    fn hear(&self, what: &str, state: View<'_>) {
        let name = state.get::<String>("name");
        self.heard.lock().unwrap().push(format!("{what} {}", name.as_str().unwrap_or_default()));
    }

    async fn change(&self, cx: &Cx<Thing>, mut thing: Thing) -> Result<Thing, Diagnostics> {
        thing.id = "1".into();
        thing.revision = 1.into();
        match thing.name.as_str().unwrap_or_default() {
            "refused" => return Err(Diagnostic::error("Refused", "No.").into()),
            "fails" => {
                thing.revision = Attr::Unknown;
                cx.save(&thing);
                return Err(Diagnostic::error("Broken", "It broke.").into());
            }
            "panics" => {
                cx.save(&thing);
                panic!("the thing is broken");
            }
            "silent" => return Err(Diagnostics::new()),
            "waits" => {
                self.begun.notify_one();
                self.go_on.notified().await;
            }
            "bounded" => {
                self.begun.notify_one();
                let ended = cx.bounded(std::future::pending::<()>()).await;
                cx.save(&thing);
                let reason = ended.map_or_else(|ended| ended.to_string(), |()| "done".to_owned());
                return Err(Diagnostic::error("Ended", reason).into());
            }
            "remembers" => {
                let secret = cx.config::<String>("secret").into_known().unwrap_or_default();
                cx.set_private("length", &secret.len())
                    .map_err(|error| Diagnostic::error("X", error.to_string()))?;
                cx.warn(Diagnostic::warning("Remembered", "It will not be forgotten."));
            }
            "loud" => thing.color = thing.color.map(|color| color.to_uppercase()),
            _ => {}
        }
        self.done.fetch_add(1, Ordering::SeqCst);
        Ok(thing)
    }
}

impl Resource for Things {
    type Model = Thing;
    const TYPE: &'static str = "test_thing";
    const VERSION: i64 = 2;
    const TIMEOUTS: Option<TimeoutDefaults> = Some(TimeoutDefaults::minutes(60, 5, 60, 60));

    fn validate(&self, config: View<'_>, out: &mut Diagnostics) {
        if config.get::<String>("color").as_str() == Some("Red")
            && config.get::<i64>("size") == Attr::Known(9)
        {
            out.error_at("size", "Too Much", "A red thing cannot be that big.");
        }
    }

    async fn modify_plan(&self, plan: &mut Plan) -> Result<(), Diagnostics> {
        match plan.planned::<String>("name").as_str() {
            Some("unwanted") => return Err(Diagnostic::error("Unwanted", "Not that.").at("name").into()),
            Some("panics at") => panic!("the plan is broken"),
            Some("counts") if plan.kind() == PlanKind::Update => {
                plan.set("revision", Value::from(7));
            }
            _ => {}
        }
        if let Some(before) = plan.predecessor() {
            let name = View::new(before).get::<String>("name");
            plan.report(Diagnostic::warning("Heir", format!("After {}.", name.as_str().unwrap_or_default())));
        }
        if plan.kind() == PlanKind::Delete {
            plan.report(Diagnostic::warning("Gone", "It will be gone."));
        }
        Ok(())
    }

    fn held(&self, state: View<'_>) {
        self.hear("held", state);
    }

    fn lost(&self, state: View<'_>) {
        self.hear("lost", state);
    }

    async fn create(self: Arc<Self>, cx: Cx<Thing>, plan: Thing) -> Result<Thing, Diagnostics> {
        self.change(&cx, plan).await
    }

    async fn read(self: Arc<Self>, cx: Cx<Thing>, mut state: Thing) -> Result<Option<Thing>, Diagnostics> {
        match state.name.as_str().unwrap_or_default() {
            "gone" => return Ok(None),
            "unreadable" => return Err(Diagnostic::error("Unreadable", "No.").into()),
            _ => {}
        }
        if cx.importing() {
            state.size = 3.into();
            state.revision = 5.into();
        }
        state.color = state.color.map(|color| color.to_uppercase());
        Ok(Some(state))
    }

    async fn update(self: Arc<Self>, cx: Cx<Thing>, _: Thing, plan: Thing) -> Result<Thing, Diagnostics> {
        self.change(&cx, plan).await
    }

    async fn delete(self: Arc<Self>, cx: Cx<Thing>, state: Thing) -> Result<(), Diagnostics> {
        self.change(&cx, state).await.map(|_| ())
    }

    async fn import(self: Arc<Self>, _: Cx<Thing>, target: ImportTarget) -> Result<Thing, Diagnostics> {
        let name = match target {
            ImportTarget::Id(id) => Attr::Known(id),
            ImportTarget::Identity(identity) => View::new(&identity).get("name"),
        };
        Ok(Thing { name, revision: Attr::Unknown, ..Thing::default() })
    }

    fn upgrade(&self, version: i64, mut state: serde_json::Value) -> Result<serde_json::Value, Diagnostics> {
        if version == 0 {
            state["name"] = state["title"].take();
        }
        Ok(state)
    }

    fn move_state(&self, source: &MoveSource) -> Result<Option<Thing>, Diagnostics> {
        let name = source.state["name"].as_str();
        Ok((source.type_name == "other_thing")
            .then(|| Thing { name: name.map(str::to_owned).into(), ..Thing::default() }))
    }
}
