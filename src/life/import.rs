//! Importing a resource by its ID, in any casing, or by its identity.

use tfplugin::schema::{Field, object_type};
use tfplugin::{Cx, Diagnostic, Diagnostics, ImportTarget, Value};

use crate::call;
use crate::messages;
use crate::session::Session;
use crate::thing::{Thing, Unnamed};
use crate::view;

/// What the first read needs: which resource it is.
pub(crate) async fn import<T: Thing>(
    session: &Session,
    cx: &Cx<T>,
    target: ImportTarget,
) -> Result<T, Diagnostics> {
    let id = match target {
        ImportTarget::Id(text) => {
            let wrong = |problem| Diagnostic::error("Invalid Import ID", format!("The import ID {problem}."));
            T::KIND.check(&text).map_err(wrong)?
        }
        ImportTarget::Identity(identity) => {
            let id = match T::id(&identity, None) {
                // Only now is it worth asking what the provider's subscription is.
                Err(Unnamed::NoSubscription) => {
                    let azure = cx.bounded(session.azure(&call::context(cx))).await;
                    let azure = azure.map_err(messages::not_connected)??;
                    T::id(&identity, azure.subscription_id.as_deref())
                }
                other => other,
            };
            id.map_err(|error| error.diagnostic("Invalid Import Identity"))?
        }
    };
    let mut object = Value::nulls(&object_type(T::FIELDS));
    for field in T::FIELDS {
        view::put(&mut object, &[field.name], local_default(field));
    }
    view::put(&mut object, &["id"], Value::from(id.as_str()));
    for (name, text) in T::named(&id) {
        view::put(&mut object, &[name], Value::from(text));
    }
    call::model(&object)
}

/// Azure knows nothing of what concerns the provider alone; a configuration that leaves it out means its default.
fn local_default(field: &'static Field) -> Value {
    match &field.default {
        Some(default) if field.api.is_none() => default.value(&field.shape),
        _ => Value::Null,
    }
}
