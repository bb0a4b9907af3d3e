//! `azureml_resource_provider_registration`. Azure changes nothing of one in place.

use acceptance_tests::Emulator;
use serde_json::{Value, json};

use super::{Play, Role, Shape};
use crate::world::World;

pub(super) fn play() -> Play {
    Play {
        name: "registration",
        kind: "azureml_resource_provider_registration",
        prepare: |world| {
            let order = json!({
                "subscription_id": Emulator::SUBSCRIPTION, "namespace": "Microsoft.Search", "state": "NotRegistered",
            });
            world.azure.control().put("/registrations", &order);
        },
        before: |_| config("20s"),
        after: |_| config("25s"),
        id: |_| format!("/subscriptions/{}/providers/Microsoft.Search", Emulator::SUBSCRIPTION),
        in_azure,
        shows: ("/state", "Registered"),
        members: &[
            ("/registrationState", Role::Unread, Shape::Word),
            ("/namespace", Role::Unread, Shape::Text),
        ],
    }
}

fn config(timeout: &str) -> Value {
    json!({"namespace": "Microsoft.Search", "unregister_on_destroy": true, "timeouts": {"update": timeout}})
}

/// The emulator notes only what is not registered.
fn in_azure(world: &World) -> Value {
    let key = format!("{}/microsoft.search", Emulator::SUBSCRIPTION);
    match world.azure.snapshot()["registrations"][key]["state"].as_str() {
        None => json!({"state": "Registered"}),
        Some("NotRegistered" | "Unregistered") => Value::Null,
        Some(state) => json!({ "state": state }),
    }
}
