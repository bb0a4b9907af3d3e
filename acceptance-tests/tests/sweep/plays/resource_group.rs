//! The sweep of `azureml_resource_group`.

use acceptance_tests::Emulator;

use super::Play;

pub(crate) fn play() -> Play {
    fn block(stage: &str) -> String {
        format!(
            "resource \"azureml_resource_group\" \"main\" {{\n  name     = \"swept-rg\"\n  location = \"eastus\"\n  tags     = {{ stage = \"{stage}\" }}\n}}\n"
        )
    }
    Play {
        address: "azureml_resource_group.main",
        prepare: |_| {},
        before: |_| block("Before"),
        after: |_| block("After"),
        in_azure: |scene| {
            let id = format!("/subscriptions/{}/resourceGroups/swept-rg", Emulator::SUBSCRIPTION);
            scene.azure.resource(&id)
        },
        shows: ("/tags/stage", "After"),
    }
}
