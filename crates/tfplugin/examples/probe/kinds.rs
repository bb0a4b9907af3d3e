//! One thing of each kind but the resource.

use std::sync::Arc;

use jiff::Timestamp;
use tfplugin::action::Progress;
use tfplugin::ephemeral::Opened;
use tfplugin::function::{FunctionError, Parameter, Signature};
use tfplugin::list::{Found, Listed};
use tfplugin::schema::Shape;
use tfplugin::{
    Action, Attr, Cx, DataSource, Diagnostic, Diagnostics, EphemeralResource, Function, ListResource, Model,
    Value,
};

use crate::thing::Thing;

/// Says again what it is told.
#[derive(Model)]
pub(crate) struct EchoModel {
    /// What to say.
    #[attr(required)]
    input: Attr<Value>,
    /// What was said.
    #[attr(computed)]
    output: Attr<Value>,
}

/// The data source.
pub(crate) struct Echo;

impl DataSource for Echo {
    type Model = EchoModel;
    const TYPE: &'static str = "probe_echo";

    async fn read(self: Arc<Self>, _cx: Cx<EchoModel>, config: EchoModel) -> Result<EchoModel, Diagnostics> {
        Ok(EchoModel { output: config.input.clone(), ..config })
    }
}

/// A token.
#[derive(Model)]
pub(crate) struct TokenModel {
    /// Whom it is for.
    #[attr(required)]
    owner: Attr<String>,
    /// The token itself.
    #[attr(computed, sensitive)]
    token: Attr<String>,
}

/// The ephemeral resource.
pub(crate) struct Tokens;

impl EphemeralResource for Tokens {
    type Model = TokenModel;
    const TYPE: &'static str = "probe_token";

    async fn open(
        self: Arc<Self>,
        cx: Cx<TokenModel>,
        config: TokenModel,
    ) -> Result<Opened<TokenModel>, Diagnostics> {
        let owner = config.owner.as_str().unwrap_or_default();
        cx.set_private("owner", &owner).map_err(|error| Diagnostic::error("No Memory", error.to_string()))?;
        let token = format!("token of {owner}").into();
        Ok(Opened {
            result: TokenModel { token, ..config },
            renew_at: Timestamp::from_second(1_700_000_000).ok(),
        })
    }

    async fn renew(self: Arc<Self>, cx: Cx<TokenModel>) -> Result<Option<Timestamp>, Diagnostics> {
        known(&cx).map(|()| None)
    }

    async fn close(self: Arc<Self>, cx: Cx<TokenModel>) -> Result<(), Diagnostics> {
        known(&cx)
    }
}

fn known(cx: &Cx<TokenModel>) -> Result<(), Diagnostics> {
    match cx.private::<String>("owner").as_deref() {
        Some("me") => Ok(()),
        other => Err(Diagnostic::error("Forgotten", format!("The owner is {other:?}.")).into()),
    }
}

/// Which things to list.
#[derive(Model)]
pub(crate) struct ListConfig {
    /// What their names begin with.
    #[attr(optional)]
    prefix: Attr<String>,
}

/// The list resource: things without end.
pub(crate) struct ListThings;

/// Tells when a query is over, however it ends: one that nobody reads any more is dropped where it is.
struct Over;

impl Drop for Over {
    fn drop(&mut self) {
        tracing::info!("Listed enough");
    }
}

impl ListResource for ListThings {
    type Config = ListConfig;
    type Model = Thing;
    const TYPE: &'static str = "probe_thing";

    async fn list(
        self: Arc<Self>,
        _cx: Cx<ListConfig>,
        config: ListConfig,
        found: Found<Thing>,
    ) -> Result<(), Diagnostics> {
        let _over = Over;
        let prefix = config.prefix.as_str().unwrap_or_default();
        for number in 0u64.. {
            let name = format!("{prefix}{number}");
            let resource = Thing::named(&name);
            if !found.send(Listed { display_name: name, resource, diagnostics: Diagnostics::new() }).await {
                break;
            }
        }
        Ok(())
    }
}

/// A bell.
#[derive(Model)]
pub(crate) struct RingModel {
    /// How often it rings. Below zero, it breaks.
    #[attr(required)]
    times: Attr<i64>,
}

/// The action.
pub(crate) struct Ring;

impl Action for Ring {
    type Model = RingModel;
    const TYPE: &'static str = "probe_ring";

    async fn invoke(
        self: Arc<Self>,
        _cx: Cx<RingModel>,
        config: RingModel,
        progress: Progress,
    ) -> Result<(), Diagnostics> {
        let times = config.times.into_known().unwrap_or_default();
        assert!(times != -1, "the bell fell down");
        if times < 0 {
            return Err(Diagnostic::error("Out of Order", "The bell is broken.").into());
        }
        for number in 1..=times {
            progress.say(format!("Ring {number}")).await;
        }
        Ok(())
    }
}

/// The function.
pub(crate) struct Join;

impl Function for Join {
    fn signature(&self) -> Signature {
        Signature::new("join", "Joins texts.", Shape::String)
            .parameter(Parameter::new("separator", "What stands between them.", Shape::String))
            .variadic(Parameter::new("parts", "The texts.", Shape::String))
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let texts: Vec<&str> = arguments.iter().filter_map(Value::as_str).collect();
        let Some((separator, parts)) = texts.split_first() else {
            return Err(FunctionError::new("There is no separator."));
        };
        assert!(*separator != "panic", "the separator says so");
        for (index, part) in (1i64..).zip(parts) {
            if part.is_empty() {
                return Err(FunctionError::argument(index, "A part is empty."));
            }
        }
        Ok(Value::string(parts.join(separator)))
    }
}
