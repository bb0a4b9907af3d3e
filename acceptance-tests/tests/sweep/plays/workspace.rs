//! The sweep of `azureml_workspace`.

use acceptance_tests::Scene;

use super::Play;

pub(crate) fn play() -> Play {
    Play {
        address: Scene::MAIN,
        prepare: |_| {},
        before: |scene| scene.block("main", Scene::NAME, "display_name = \"Before\""),
        after: |scene| scene.block("main", Scene::NAME, "display_name = \"After\""),
        in_azure: Scene::in_azure,
        shows: ("/properties/friendlyName", "After"),
    }
}
