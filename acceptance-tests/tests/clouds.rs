//! Clouds that are not the public one: described by a metadata host, or named endpoint by endpoint, with nothing that a
//! client could have guessed.

use acceptance_tests::{Cli, Emulator, Scene, every_cli};

/// A scene whose provider knows of its Azure by the block alone.
fn told_by_the_block(cli: &Cli, cloud: impl Fn(&Emulator) -> String) -> Scene {
    let mut scene = Scene::new(cli);
    let known = scene.azure.environment().clone();
    for name in known.keys().filter(|name| name.starts_with("ARM_")) {
        scene.dir.unset_env(name);
    }
    let named = [
        ("subscription_id", "ARM_SUBSCRIPTION_ID"),
        ("tenant_id", "ARM_TENANT_ID"),
        ("client_id", "ARM_CLIENT_ID"),
        ("client_secret", "ARM_CLIENT_SECRET"),
    ];
    let lines: String =
        named.iter().map(|(name, variable)| format!("  {name} = \"{}\"\n", known[*variable])).collect();
    scene.dir.provider_block("azureml", &format!("{lines}{}", cloud(&scene.azure)));
    scene
}

fn url(azure: &Emulator) -> &str {
    &azure.environment()["AZUREML_EMULATOR_URL"]
}

/// What the provider asked before it came to the first resource: paths, and the scope of the token.
fn introduction(scene: &Scene) -> (Vec<String>, String) {
    let log = scene.azure.requests();
    let first = log.0.iter().take_while(|request| !request.path.to_lowercase().starts_with("/subscriptions"));
    let paths = first.map(|request| request.path.clone()).collect();
    let token = log.0.iter().find(|request| request.path.ends_with("/oauth2/v2.0/token"));
    let scope = token.and_then(|request| request.body["scope"].as_str()).unwrap_or_default();
    (paths, scope.to_owned())
}

#[test]
fn a_metadata_host_describes_its_cloud() {
    every_cli(|cli| {
        // As users write it: a host, or a URL with a slash at its end.
        for write in
            [|url: &str| url.trim_start_matches("https://").to_owned(), |url: &str| format!("{url}/")]
        {
            let scene =
                told_by_the_block(cli, |azure| format!("  metadata_host = \"{}\"", write(url(azure))));
            scene.workspace("");
            scene.dir.apply().succeeds();
            let (paths, scope) = introduction(&scene);
            let token = format!("/{}/oauth2/v2.0/token", scene.azure.environment()["ARM_TENANT_ID"]);
            assert_eq!(paths, ["/metadata/endpoints", token.as_str()]);
            assert_eq!(scope, format!("{}/.default", url(&scene.azure)));
            scene.dir.plans_nothing();
        }
    });
}
