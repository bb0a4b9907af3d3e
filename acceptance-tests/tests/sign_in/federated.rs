//! OIDC tokens in place of secrets: inline, from files, of GitHub Actions, Azure DevOps and AKS, and what is said when the
//! issuer or Entra ID refuses.

use acceptance_tests::every_cli;
use serde_json::json;

use crate::signing::{Signing, text};

const TRUST: &str = "Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation";
const ADD_CREDENTIAL: &str = "Add a federated credential with exactly this issuer, subject and audience to the application, or correct its own: for GitHub Actions the subject follows the branch, tag, environment or pull request that the job runs for.";

const UNKNOWN_CONNECTION: &str = "5f000000-0000-4000-8000-0000000000ff";

#[test]
fn an_oidc_token_signs_in_inline_and_from_a_file() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let token = text(&signing.identity("gitlab"), "token");
        signing.with_application(&[("ARM_USE_OIDC", "true"), ("ARM_OIDC_TOKEN", &token)]).works();
        let file = signing.file("oidc-token", &format!("{token}\n"));
        signing.with_application(&[("ARM_USE_OIDC", "true"), ("ARM_OIDC_TOKEN_FILE_PATH", &file)]).works();
        signing
            .with_application(&[])
            .configured(&format!("use_oidc = true\noidc_token_file_path = \"{file}\""))
            .works();
    });
}

#[test]
fn the_platforms_sign_in_with_what_they_set_themselves() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let github = signing.identity("github");
        let (url, token) = (text(&github, "request_url"), text(&github, "request_token"));
        let job =
            [("ACTIONS_ID_TOKEN_REQUEST_URL", url.as_str()), ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", &token)];
        signing.with_application(&[job.as_slice(), &[("ARM_USE_OIDC", "true")]].concat()).works();
        let azure_devops = signing.identity("azure_devops");
        let (url, token) = (text(&azure_devops, "request_url"), text(&azure_devops, "request_token"));
        let connection = text(&azure_devops, "service_connection_id");
        let job = [
            ("ARM_USE_OIDC", "true"),
            ("SYSTEM_OIDCREQUESTURI", url.as_str()),
            ("SYSTEM_ACCESSTOKEN", &token),
            ("ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", &connection),
        ];
        signing.with_application(&job).works();
        let aks = signing.identity("aks")["environment"].clone();
        let (client, tenant) = (text(&aks, "AZURE_CLIENT_ID"), text(&aks, "AZURE_TENANT_ID"));
        let file = text(&aks, "AZURE_FEDERATED_TOKEN_FILE");
        let pod = [
            ("ARM_USE_AKS_WORKLOAD_IDENTITY", "true"),
            ("AZURE_CLIENT_ID", client.as_str()),
            ("AZURE_TENANT_ID", &tenant),
            ("AZURE_FEDERATED_TOKEN_FILE", &file),
        ];
        signing.with(&pod).works();
    });
}

#[test]
fn a_token_that_no_federated_credential_is_for() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let gitlab = signing.identity("gitlab");
        let (issuer, subject) = (text(&gitlab, "issuer"), text(&gitlab, "subject"));
        let audience = text(&gitlab, "audience");
        let mut refused = |claims, said: &str, shown: [&str; 3], remedy: &str| {
            let token = signing.token("gitlab", &claims);
            let [issuer, subject, audience] = shown;
            signing.with_application(&[("ARM_USE_OIDC", "true"), ("ARM_OIDC_TOKEN", &token)]).is_refused_with(&format!(
                "Entra ID refused the OIDC token: {said} {TRUST} (the token's issuer is {issuer:?}, its subject {subject:?}, its audience {audience:?})\n\n{remedy}"
            ));
        };
        refused(
            json!({"sub": "project_path:example/other:ref_type:branch:ref:main"}),
            "AADSTS700213: No matching federated identity record found for presented assertion subject 'project_path:example/other:ref_type:branch:ref:main'.",
            [&issuer, "project_path:example/other:ref_type:branch:ref:main", &audience],
            ADD_CREDENTIAL,
        );
        refused(
            json!({"aud": "https://gitlab.com"}),
            "AADSTS700212: No matching federated identity record found for presented assertion audience 'https://gitlab.com'.",
            [&issuer, &subject, "https://gitlab.com"],
            "The token was made for another audience than the federated credential of the application names, which by default is api://AzureADTokenExchange: ask the issuer for that one.",
        );
        refused(
            json!({"iss": "https://gitlab.example.com"}),
            "AADSTS700211: No matching federated identity record found for presented assertion issuer 'https://gitlab.example.com'.",
            ["https://gitlab.example.com", &subject, &audience],
            "Add a federated credential with exactly this issuer to the application, or correct its issuer: case and a trailing slash count.",
        );
        let capital = subject.replace("main", "Main");
        refused(
            json!({"sub": capital}),
            &format!(
                "AADSTS7002138: No matching federated identity record found for presented assertion subject '{capital}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison."
            ),
            [&issuer, &capital, &audience],
            "Write the subject of the application's federated credential in the casing of the token's.",
        );
    });
}

#[test]
fn a_token_that_cannot_be_used_is_not_shown_to_entra() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let expired = signing.token("gitlab", &json!({"exp": 1_700_000_000}));
        let error =
            signing.with_application(&[("ARM_USE_OIDC", "true"), ("ARM_OIDC_TOKEN", &expired)]).is_refused();
        let start = "The OIDC token cannot be used: it expired at 2023-11-14T22:13:20Z, and by this machine's clock it is ";
        assert!(error.detail.starts_with(start), "{error:?}");
        assert!(
            error.detail.ends_with("; an OIDC token lasts minutes, so get a new one just before it is used."),
            "{error:?}"
        );
        signing.with_application(&[("ARM_USE_OIDC", "true"), ("ARM_OIDC_TOKEN", "not-a-token")]).is_refused_with(
            "The OIDC token cannot be used: it is not a JSON Web Token: three parts with dots between them, the second of which is encoded JSON.",
        );
        let missing = [("ARM_USE_OIDC", "true"), ("ARM_OIDC_TOKEN_FILE_PATH", "/nowhere/oidc-token")];
        signing.with_application(&missing).is_refused_with(
            "The OIDC token of the file cannot be used: there is no file \"/nowhere/oidc-token\".",
        );
        assert!(signing.scene.azure.requests().to("POST", "/token").is_empty());
    });
}

#[test]
fn an_issuer_that_entra_cannot_reach() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let token = text(&signing.identity("gitlab"), "token");
        signing.scene.azure.control().post("/identities/gitlab/reachable", &json!(false));
        signing.with_application(&[("ARM_USE_OIDC", "true"), ("ARM_OIDC_TOKEN", &token)]).is_refused_with(
            "Entra ID refused the OIDC token: AADSTS90061: Request to External OIDC endpoint failed.\n\nEntra ID could not reach the issuer: its address, as the token names it, must be reachable from the internet and serve /.well-known/openid-configuration.",
        );
        signing.scene.azure.control().post("/identities/gitlab/reachable", &json!(true));
        signing.works();
    });
}

#[test]
fn a_job_that_may_not_ask_for_tokens() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let host = signing.host();
        let url = text(&signing.identity("github"), "request_url");
        let job = |url| {
            [
                ("ARM_USE_OIDC", "true"),
                ("ACTIONS_ID_TOKEN_REQUEST_URL", url),
                ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "stranger"),
            ]
        };
        signing.with_application(&job(&url)).is_refused_with(&format!(
            "Cannot get an OIDC token of GitHub Actions from {host}: it refused with HTTP 403 (The token may not ask for ID tokens.): the job may not ask for OIDC tokens; give it \"permissions: id-token: write\" in the workflow."
        ));
        let error = signing.with_application(&job("https://127.0.0.1:9/idtoken")).is_refused();
        let start = "Cannot get an OIDC token of GitHub Actions: GET /idtoken: cannot connect to 127.0.0.1:9";
        assert!(error.detail.starts_with(start), "{error:?}");
        let azure_devops = signing.identity("azure_devops");
        let (url, token) = (text(&azure_devops, "request_url"), text(&azure_devops, "request_token"));
        let connection = text(&azure_devops, "service_connection_id");
        let job = |token, connection| {
            [
                ("ARM_USE_OIDC", "true"),
                ("SYSTEM_OIDCREQUESTURI", url.as_str()),
                ("SYSTEM_ACCESSTOKEN", token),
                ("ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", connection),
            ]
        };
        signing.with_application(&job("stranger", &connection)).is_refused_with(&format!(
            "Cannot get an OIDC token of Azure DevOps from {host}: it refused with HTTP 401: the access token of the job is not accepted; map it into the step with \"SYSTEM_ACCESSTOKEN: $(System.AccessToken)\" under env, and let the pipeline use the service connection."
        ));
        signing.with_application(&job(&token, UNKNOWN_CONNECTION)).is_refused_with(&format!(
            "Cannot get an OIDC token of Azure DevOps from {host}: it answered with HTTP 404 (No service connection found with identifier {UNKNOWN_CONNECTION}.)"
        ));
    });
}
