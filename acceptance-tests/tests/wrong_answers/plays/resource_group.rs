//! `azureml_resource_group`.

use acceptance_tests::Emulator;
use serde_json::{Value, json};

use super::{Play, Role, Shape};
use crate::world::World;

pub(super) fn play() -> Play {
    Play {
        name: "resource_group",
        kind: "azureml_resource_group",
        prepare: |_| {},
        before: |_| config("before"),
        after: |_| config("after"),
        id,
        in_azure: |world| world.azure.resource(&id(world)),
        shows: ("/tags/step", "after"),
        members: &[("/location", Role::Fixed, Shape::Text), ("/managedBy", Role::Fixed, Shape::Text)],
    }
}

fn config(step: &str) -> Value {
    json!({"name": "wronged", "location": "eastus", "tags": {"step": step}})
}

fn id(_: &World) -> String {
    format!("/subscriptions/{}/resourceGroups/wronged", Emulator::SUBSCRIPTION)
}
