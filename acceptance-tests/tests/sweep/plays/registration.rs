//! The sweep of `azureml_resource_provider_registration`.

use acceptance_tests::{Emulator, Scene};
use serde_json::{Value, json};

use super::Play;

pub(crate) fn play() -> Play {
    fn block(timeout: &str) -> String {
        format!(
            "resource \"azureml_resource_provider_registration\" \"main\" {{\n  namespace             = \"Microsoft.Search\"\n  unregister_on_destroy = true\n\n  timeouts {{\n    update = \"{timeout}\"\n  }}\n}}\n"
        )
    }
    Play {
        address: "azureml_resource_provider_registration.main",
        prepare: |scene| {
            let order = json!({
                "subscription_id": Emulator::SUBSCRIPTION, "namespace": "Microsoft.Search", "state": "NotRegistered",
            });
            scene.azure.control().put("/registrations", &order);
        },
        before: |_| block("5m"),
        after: |_| block("6m"),
        in_azure,
        shows: ("/state", "Registered"),
    }
}

/// The emulator notes only what is not registered.
fn in_azure(scene: &Scene) -> Value {
    let key = format!("{}/microsoft.search", Emulator::SUBSCRIPTION);
    match scene.azure.snapshot()["registrations"][key]["state"].as_str() {
        None => json!({"state": "Registered"}),
        Some("NotRegistered" | "Unregistered") => Value::Null,
        Some(state) => json!({ "state": state }),
    }
}
