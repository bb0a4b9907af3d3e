//! A token that ends, or is refused, while a run goes on: the run goes on with another.

use acceptance_tests::{Fault, Request, Scene, every_cli};
use serde_json::json;

/// The requests from the one that creates the workspace on.
fn since_the_creation(scene: &Scene) -> Vec<Request> {
    let log = scene.azure.requests().0;
    let creates = |request: &Request| request.method == "PUT" && request.path.ends_with(Scene::NAME);
    let first = log.iter().position(creates).expect("a creation");
    log[first..].to_vec()
}

fn is_for_a_token(request: &Request) -> bool {
    request.path.ends_with("/oauth2/v2.0/token")
}

#[test]
fn a_token_that_ends_during_an_operation_is_replaced_before_it_does() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        // Azure asks for a pause, once, that is longer than half of the token's life.
        scene.azure.settings(&json!({"token_lifetime_seconds": 20, "operation_polls": 2}));
        let pause = Fault::at("GET", "workspaceOperationsStatus").skip(1).status(429).retry_after(11);
        let _pause = scene.azure.inject(pause);
        scene.workspace("");
        scene.dir.apply().succeeds();
        let log = since_the_creation(&scene);
        let is_look = |request: &Request| request.path.contains("workspaceOperationsStatus");
        let looks: Vec<usize> = (0..log.len()).filter(|at| is_look(&log[*at])).collect();
        let paused = looks.iter().position(|at| log[*at].status == 429).expect("a pause");
        assert!(
            log[looks[paused]..looks[paused + 1]].iter().any(is_for_a_token),
            "it was not renewed after the pause: {log:?}"
        );
        let renewals = log.iter().filter(|request| is_for_a_token(request)).count();
        assert!(renewals < looks.len(), "it was renewed at once: {log:?}");
        assert!(log.iter().all(|request| request.status != 401), "it was used to its end: {log:?}");
        scene.azure.settings(&json!({}));
        scene.dir.plans_nothing();
    });
}

#[test]
fn a_token_that_is_refused_during_an_operation_is_replaced_once() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.azure.settings(&json!({"operation_polls": 2}));
        let refusal = Fault::at("GET", "workspaceOperationsStatus")
            .status(401)
            .error("ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than now.");
        let refused = scene.azure.inject(refusal);
        scene.workspace("");
        scene.dir.apply().succeeds();
        assert_eq!(refused.hits(), 1);
        assert_eq!(since_the_creation(&scene).iter().filter(|request| is_for_a_token(request)).count(), 1);
        scene.dir.plans_nothing();
    });
}
