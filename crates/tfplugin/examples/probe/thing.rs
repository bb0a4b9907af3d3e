//! The resource: it lives nowhere, and fails in the way that its name says.

use std::sync::Arc;

use tfplugin::resource::{ImportTarget, MoveSource};
use tfplugin::{Attr, Cx, Diagnostic, Diagnostics, Model, Plan, Resource};

/// A thing.
#[derive(Model, Default)]
pub(crate) struct Thing {
    /// Made of the name.
    #[attr(computed, keep)]
    pub(crate) id: Attr<String>,
    /// Its name.
    #[attr(required, replaces, identity)]
    pub(crate) name: Attr<String>,
    /// What there is to say about it.
    #[attr(optional)]
    pub(crate) note: Attr<String>,
    /// In the configuration only.
    #[attr(optional, write_only)]
    pub(crate) secret: Attr<String>,
    /// The length of the note, or of the secret.
    #[attr(computed)]
    pub(crate) size: Attr<i64>,
}

/// Things.
pub(crate) struct Things;

impl Thing {
    /// The thing of a name, as it is found.
    pub(crate) fn named(name: &str) -> Self {
        Self { id: format!("thing-{name}").into(), name: name.into(), ..Self::default() }
    }
}

fn made(cx: &Cx<Thing>, mut thing: Thing) -> Thing {
    let secret = cx.config::<String>("secret");
    let text = secret.as_str().or(thing.note.as_str()).unwrap_or_default();
    thing.size = Attr::Known(i64::try_from(text.len()).unwrap_or(i64::MAX));
    thing.id = thing.name.as_str().map(|name| format!("thing-{name}")).into();
    thing
}

impl Resource for Things {
    type Model = Thing;
    const TYPE: &'static str = "probe_thing";

    async fn modify_plan(&self, plan: &mut Plan) -> Result<(), Diagnostics> {
        if plan.planned::<String>("name").as_str() == Some("endless plan") {
            tracing::info!("The plan takes its time");
            std::future::pending::<()>().await;
        }
        Ok(())
    }

    async fn create(self: Arc<Self>, cx: Cx<Thing>, plan: Thing) -> Result<Thing, Diagnostics> {
        let name = plan.name.as_str().unwrap_or_default().to_owned();
        cx.set_private("made", &name).map_err(|error| Diagnostic::error("No Memory", error.to_string()))?;
        match name.as_str() {
            "panic" => panic!("the thing is called {name}"),
            "half" => {
                cx.save(&Thing::named(&name));
                Err(Diagnostic::error("Half Made", "The other half is missing.").into())
            }
            "stuck" => loop {
                tracing::info!("{name} ignores all that it is told");
                std::thread::park();
            },
            _ if name.starts_with("wait") => {
                tracing::info!("{name} is waiting");
                cx.stop().cancelled().await;
                Err(Diagnostic::error("Stopped", "The thing was not made.").into())
            }
            _ => Ok(made(&cx, plan)),
        }
    }

    async fn read(self: Arc<Self>, _cx: Cx<Thing>, state: Thing) -> Result<Option<Thing>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(
        self: Arc<Self>,
        cx: Cx<Thing>,
        _prior: Thing,
        plan: Thing,
    ) -> Result<Thing, Diagnostics> {
        Ok(made(&cx, plan))
    }

    async fn delete(self: Arc<Self>, _cx: Cx<Thing>, _state: Thing) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn import(self: Arc<Self>, _cx: Cx<Thing>, target: ImportTarget) -> Result<Thing, Diagnostics> {
        let name = match target {
            ImportTarget::Id(id) => id.strip_prefix("thing-").map(str::to_owned),
            ImportTarget::Identity(identity) => {
                identity.attribute("name").and_then(|name| name.as_str()).map(str::to_owned)
            }
        };
        match name {
            Some(name) => Ok(Thing::named(&name)),
            None => Err(Diagnostic::error("Wrong ID", "An ID begins with `thing-`.").into()),
        }
    }

    fn move_state(&self, source: &MoveSource) -> Result<Option<Thing>, Diagnostics> {
        if source.type_name != "other_thing" {
            return Ok(None);
        }
        Ok(source.state["label"].as_str().map(Thing::named))
    }
}
