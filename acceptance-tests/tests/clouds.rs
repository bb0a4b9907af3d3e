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

#[test]
fn a_cloud_is_named_endpoint_by_endpoint() {
    every_cli(|cli| {
        let scene = told_by_the_block(cli, |azure| {
            let url = url(azure);
            format!(
                "  endpoints = {{\n    resource_manager = \"{url}/\"\n    authority        = \"{url}\"\n    audience         = \"https://management.core.windows.net/\"\n  }}"
            )
        });
        scene.workspace("");
        scene.dir.apply().succeeds();
        let (paths, scope) = introduction(&scene);
        let token = format!("/{}/oauth2/v2.0/token", scene.azure.environment()["ARM_TENANT_ID"]);
        assert_eq!(paths, [token], "what is named need not be asked for");
        assert_eq!(scope, "https://management.core.windows.net/.default");
        scene.dir.plans_nothing();
        scene.dir.destroy().succeeds();
    });
}

#[test]
fn a_cloud_that_lags_is_asked_in_versions_that_it_serves() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let versions = "  api_versions = { \"microsoft.machinelearningservices\" = \"2025-12-01\" }";
        scene.dir.provider_block("azureml", versions);
        scene.workspace("");
        scene.dir.apply().succeeds();
        scene.dir.destroy().succeeds();
        let log = scene.azure.requests();
        let asked = log.0.iter().filter(|it| !it.operation_poll && it.path.contains("/workspaces/"));
        let versions: Vec<&str> = asked.map(|request| request.api_version.as_str()).collect();
        assert!(
            versions.len() > 3 && versions.iter().all(|version| *version == "2025-12-01"),
            "{versions:?}"
        );
        let polls = log.0.iter().filter(|request| request.operation_poll);
        assert!(polls.count() > 0, "operations are followed at the URLs that were given");
    });
}

#[test]
fn an_authority_of_the_company_is_trusted_beside_the_systems() {
    every_cli(|cli| {
        let mut scene = Scene::new(cli);
        let file = scene.azure.environment()["SSL_CERT_FILE"].clone();
        scene.dir.unset_env("SSL_CERT_FILE");
        scene.workspace("");
        let error = scene.dir.apply().fails().only_error();
        assert!(error.detail.contains("is signed by an authority that is not trusted here"), "{error:?}");
        scene.dir.provider_block("azureml", &format!("  ca_certificate_file = \"{file}\""));
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
    });
}

#[test]
fn plain_http_is_refused_before_anything_is_asked() {
    every_cli(|cli| {
        let why = "\"http://management.example\" begins with http: where https: is needed, as tokens and secrets are never sent by plain HTTP.";
        let login = "https://login.example";
        for (block, detail) in [
            (
                "metadata_host = \"http://management.example\"".to_owned(),
                format!(
                    "The attribute metadata_host must be a host such as management.azurestack.example; {why}"
                ),
            ),
            (
                format!(
                    "endpoints = {{ resource_manager = \"http://management.example\", authority = \"{login}\" }}"
                ),
                format!(
                    "The attribute endpoints.resource_manager must be a URL such as https://management.azurestack.example; {why}"
                ),
            ),
        ] {
            let scene = Scene::new(cli);
            scene.dir.provider_block("azureml", &format!("  {block}"));
            scene.workspace("");
            let error = scene.dir.plan().is_refused().only_error();
            assert_eq!(
                (error.summary.as_str(), error.detail.as_str()),
                ("Invalid Attribute Value", detail.as_str())
            );
            assert_eq!(scene.azure.requests().len(), 0);
        }
    });
}
