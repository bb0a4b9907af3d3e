//! The resource: one namespace, registered in one subscription.

use std::time::Duration;

use arm::providers::{self, ResourceProvider};
use arm::{Error, ResourceId};
use tfplugin::schema::TimeoutDefaults;
use tfplugin::{Attr, Diagnostic, Diagnostics, Model, Plan, Value};

use crate::call::Call;
use crate::kind::Kind;
use crate::life::{self, Managed, Reference};
use crate::marks::*;
use crate::registration::remedy::{self, no_such_namespace};
use crate::session::Session;
use crate::thing::{self, Thing, Unnamed, Words};
use crate::{diagnostics, view};

/// The registration of a resource provider in a subscription, without which Azure refuses the provider's resources there.
///
/// A namespace that is registered already is taken over as it is: a registration has no settings that could be overwritten.
/// It is shared by everything in the subscription, so that a destroy leaves it, unless `unregister_on_destroy` says otherwise.
/// To have the right to register, a principal needs a role such as Contributor on the subscription.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Registration {
    /// Resource ID of the provider in the subscription.
    #[attr(computed, keep, equal = same_id)]
    pub(crate) id: Attr<String>,

    /// Namespace of the resource provider, such as `Microsoft.MachineLearningServices`. Changing it registers another one.
    #[attr(required, replaces, identity, equal = same_name, validate(namespace))]
    pub(crate) namespace: Attr<String>,

    /// ID of the subscription. Defaults to the provider's. Changing it registers the namespace in another one.
    #[attr(optional, computed, keep, replaces_if_known, identity_optional, equal = same_name, validate(subscription_id))]
    pub(crate) subscription_id: Attr<String>,

    /// Whether a destroy ends the registration, which Azure refuses while the subscription has resources of the provider.
    /// Otherwise a destroy leaves everything registered. A destroy goes by the value that was applied last. Defaults to
    /// `false`.
    #[attr(optional, default = false)]
    pub(crate) unregister_on_destroy: Attr<bool>,
}

/// A refresh waits so long for what lags or is being ended.
const PATIENCE: Duration = Duration::from_secs(20);

impl Thing for Registration {
    const WORDS: Words = Words {
        type_name: "azureml_resource_provider_registration",
        noun: "resource provider's registration",
        title: "Resource Provider",
    };
    const KIND: Kind = Kind::Registration;
    const API_VERSION: &'static str = providers::API_VERSION;

    fn id(object: &Value, subscription: Option<&str>) -> Result<ResourceId, Unnamed> {
        let namespace = view::text(object, &["namespace"]).unwrap_or_default();
        Ok(ResourceId::provider(thing::subscription_of(object, subscription)?, namespace)?)
    }

    fn named(id: &ResourceId) -> Vec<(&'static str, String)> {
        let subscription = id.subscription_id().unwrap_or_default();
        vec![("namespace", id.name().to_owned()), ("subscription_id", subscription.to_owned())]
    }
}

impl Managed for Registration {
    const TIMEOUTS: TimeoutDefaults = TimeoutDefaults::minutes(30, 5, 5, 30);
    const REFERENCES: &'static [Reference] = &[Reference::SUBSCRIPTION];

    async fn plan(session: &Session, plan: &mut Plan) -> Result<(), Diagnostics> {
        life::plan::<Self>(session, plan);
        if let Ok(id) = Self::id(plan.planned_value(), None) {
            session.plans().register(&id);
        }
        Ok(())
    }

    async fn create(call: &Call<Self>, plan: Self) -> Result<Self, Diagnostics> {
        let mut planned = plan.to_value();
        let id = call.id(&planned)?;
        view::put(&mut planned, &["id"], Value::from(id.as_str()));
        let subscription = id.subscription_id().unwrap_or_default();
        view::put(&mut planned, &["subscription_id"], Value::from(subscription));
        let found = providers::find(call.client(), &id, call.context()).await;
        match found.map_err(|error| not_registered(&error))? {
            None => return Err(no_such_namespace(id.name(), "namespace").into()),
            Some(provider) if provider.is_registered() => return crate::call::model(&planned),
            Some(_) => {}
        }
        let asked = providers::register(call.client(), &id, call.context()).await;
        asked.map_err(|error| not_registered(&error))?;
        call.cx.save_value(planned.clone());
        match providers::registered(call.client(), &id, call.context()).await {
            Ok(_) => {}
            // The next refresh says how far Azure has come.
            Err(error) if error.is_cancelled() => call.cx.warn(remedy::interrupted(&id)),
            Err(error) => return Err(not_registered(&error).into()),
        }
        crate::call::model(&planned)
    }

    async fn look(call: &Call<Self>, state: Self) -> Result<Option<Self>, Diagnostics> {
        let mut object = state.to_value();
        let id = call.id(&object)?;
        let found = find(call, &id).await;
        let found = found.map_err(|error| life::not_read::<Self>(&id, &error))?;
        let Some(provider) = found else { return Ok(None) };
        view::put(&mut object, &["id"], Value::from(id.as_str()));
        view::put(&mut object, &["subscription_id"], Value::from(id.subscription_id().unwrap_or_default()));
        if call.cx.importing() {
            let namespace = Some(provider.namespace).filter(|name| !name.is_empty());
            view::put(&mut object, &["namespace"], namespace.unwrap_or_else(|| id.name().to_owned()).into());
        }
        crate::call::model(&object).map(Some)
    }

    /// Nothing that can change without a replacement is of concern to Azure.
    async fn update(_: &Call<Self>, prior: Self, plan: Self) -> Result<Self, Diagnostics> {
        crate::call::model(&crate::call::known_or(&plan.to_value(), &prior.to_value()))
    }

    async fn delete(call: &Call<Self>, state: Self) -> Result<(), Diagnostics> {
        let state = state.to_value();
        if !view::is_true(&state, &["unregister_on_destroy"]) {
            return Ok(());
        }
        let id = call.id(&state)?;
        let ended = async {
            providers::unregister(call.client(), &id, call.context()).await?;
            providers::unregistered(call.client(), &id, call.context()).await.map(drop)
        };
        match ended.await {
            Ok(()) => Ok(()),
            Err(error) if error.is_absent() => Ok(()),
            Err(error) => Err(remedy::not_unregistered(&id, &error).into()),
        }
    }
}

/// The provider, where it is registered or about to be. That it is not is believed only when it is seen to hold: replicas
/// of Resource Manager that lag say so of what was registered a moment ago.
async fn find(call: &Call<Registration>, id: &ResourceId) -> Result<Option<ResourceProvider>, Error> {
    // Not as where a namespace is looked for: that the cloud has none of this name is no word on a registration that was made.
    let Some(answer) = call.find(id).await? else { return Ok(None) };
    let provider = ResourceProvider::of(&answer);
    // What is no word for a state that it has ended in says nothing: it stays.
    let may_have_ended = provider.is_unregistered() || provider.is_unregistering();
    if provider.is_registered() || !provider.is_registering() && !may_have_ended {
        return Ok(Some(provider));
    }
    // A registration can take hours, and holds up nothing here.
    if provider.is_registering() {
        call.cx.warn(remedy::under_way(id));
        return Ok(Some(provider));
    }
    if call.cx.importing() {
        return Ok(None);
    }
    let context = call.context().clone().with_timeout(PATIENCE);
    match providers::settled(call.client(), id, &context).await {
        Ok(found) => Ok(Some(found).filter(ResourceProvider::is_registered)),
        // What ends for so long is as good as ended, if that was the last word.
        Err(error) if error.is_deadline() => Ok(Some(provider).filter(|_| !has_ended(&error))),
        Err(error) => Err(error),
    }
}

/// Whether the last that a wait has seen is that a registration has ended, or is about to.
fn has_ended(error: &Error) -> bool {
    let Error::DeadlinePassed { progress: Some(progress), .. } = error else { return false };
    let registration_state = progress.status.clone().unwrap_or_default();
    let seen = ResourceProvider { registration_state, ..ResourceProvider::default() };
    seen.is_unregistered() || seen.is_unregistering()
}

fn not_registered(error: &Error) -> Diagnostic {
    diagnostics::failure("Resource Provider Not Registered", error)
}
