//! The block and the environment together, without Azure.

use std::path::Path;

use arm::Secret;
use arm::cloud::Named;
use tfplugin::{Diagnostics, Model, Value};

use super::variables::{FEDERATED_TOKEN_FILE, SWITCHES, TEXTS};
use super::*;

const TENANT: &str = "00000000-0000-0000-0000-0000000000aa";
const CLIENT: &str = "00000000-0000-0000-0000-0000000000cc";

fn settings(variables: &[(&'static str, &str)], change: impl FnOnce(&mut Config)) -> Settings {
    let mut config = Config::default();
    change(&mut config);
    Settings { config, variables: Variables::of(variables) }
}

fn known(text: &str) -> Attr<String> {
    Attr::Known(text.to_owned())
}

/// The names of the ways in their order.
fn ways(variables: &[(&'static str, &str)], change: impl FnOnce(&mut Config)) -> Vec<&'static str> {
    settings(variables, change).sign_in().unwrap().into_iter().map(|way| way.name).collect()
}

fn refusal(variables: &[(&'static str, &str)], change: impl FnOnce(&mut Config)) -> String {
    settings(variables, change).sign_in().unwrap_err().detail
}

/// An application, and what is given.
fn application<'a>(more: &[(&'static str, &'a str)]) -> Vec<(&'static str, &'a str)> {
    [&[("ARM_TENANT_ID", TENANT), ("ARM_CLIENT_ID", CLIENT)], more].concat()
}

#[test]
fn everything_that_is_configured_is_tried_in_one_order() {
    let all = application(&[
        ("ARM_USE_CLI", "true"),
        ("ARM_USE_MSI", "1"),
        (FEDERATED_TOKEN_FILE, "token"),
        ("ARM_OIDC_TOKEN", "token"),
        ("ARM_CLIENT_SECRET", "secret"),
        ("ARM_CLIENT_CERTIFICATE_PATH", "client.pfx"),
    ]);
    assert_eq!(
        ways(&all, |_| {}),
        [
            "client certificate",
            "client secret",
            "OIDC token",
            "AKS workload identity",
            "managed identity",
            "Azure CLI"
        ]
    );
    let fewer = |config: &mut Config| {
        config.use_msi = Attr::Known(false);
        config.use_oidc = Attr::Known(false);
        config.use_aks_workload_identity = Attr::Known(false);
        config.use_cli = Attr::Known(false);
    };
    assert_eq!(ways(&all, fewer), ["client certificate", "client secret"]);
}

#[test]
fn the_cli_joins_where_nobody_asked_for_anything_else() {
    assert_eq!(ways(&[], |_| {}), ["Azure CLI"]);
    assert_eq!(ways(&[("ARM_TENANT_ID", TENANT)], |_| {}), ["Azure CLI"]);
    assert_eq!(ways(&application(&[("ARM_CLIENT_SECRET", "s")]), |_| {}), ["client secret"]);
    // What a platform sets for everybody is tried, and is no choice of this run's.
    let pod = [("AZURE_TENANT_ID", TENANT), ("AZURE_CLIENT_ID", CLIENT), (FEDERATED_TOKEN_FILE, "token")];
    assert_eq!(ways(&pod, |_| {}), ["AKS workload identity", "Azure CLI"]);
    assert_eq!(
        ways(&pod, |config| config.use_aks_workload_identity = Attr::Known(true)),
        ["AKS workload identity"]
    );
    // Blank variables are those of a pipeline without a value for them.
    assert_eq!(ways(&[("ARM_CLIENT_ID", ""), ("ARM_CLIENT_SECRET", " ")], |_| {}), ["Azure CLI"]);
    // A job of GitHub Actions that is signed in to the CLI, and names no application.
    let job = [("ACTIONS_ID_TOKEN_REQUEST_URL", "https://x"), ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "t")];
    assert_eq!(ways(&job, |_| {}), ["Azure CLI"]);
    assert_eq!(ways(&application(&job), |_| {}), ["OIDC token of GitHub Actions"]);
}

#[test]
fn the_runners_are_told_apart() {
    let service = "00000000-0000-0000-0000-0000000000ee";
    let job = [
        ("SYSTEM_OIDCREQUESTURI", "https://dev.azure.com/x"),
        ("SYSTEM_ACCESSTOKEN", "t"),
        ("AZURESUBSCRIPTION_TENANT_ID", TENANT),
        ("AZURESUBSCRIPTION_CLIENT_ID", CLIENT),
        ("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", service),
        ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://github"),
    ];
    let all = settings(&job, |config| config.use_oidc = Attr::Known(true)).sign_in().unwrap();
    let application =
        Application { tenant_id: TENANT.to_owned(), client_id: Source::Text(Secret::new(CLIENT)) };
    let token = Oidc::AzureDevOps {
        url: "https://dev.azure.com/x".into(),
        token: "t".into(),
        service_connection_id: service.to_owned(),
    };
    assert_eq!(all, [Way { name: "OIDC token of Azure DevOps", how: How::Oidc { application, token } }]);
    // The task of the CLI sets the rest, but the job did not hand over its token: the CLI is signed in.
    let cli: Vec<_> = job.into_iter().filter(|(name, _)| *name != "SYSTEM_ACCESSTOKEN").collect();
    assert_eq!(ways(&cli, |_| {}), ["Azure CLI"]);
    assert_eq!(
        refusal(&cli, |config| config.use_oidc = Attr::Known(true)),
        "To sign in with the OIDC token of Azure DevOps, the provider also needs: oidc_request_token (SYSTEM_ACCESSTOKEN)."
    );
}

#[test]
fn what_somebody_asked_for_has_to_be_complete() {
    assert_eq!(
        refusal(&[("ARM_CLIENT_SECRET", "s")], |config| config.use_cli = Attr::Known(true)),
        "To sign in with the client secret, the provider also needs: tenant_id (ARM_TENANT_ID), client_id (ARM_CLIENT_ID)."
    );
    assert_eq!(
        refusal(&application(&[]), |config| config.use_aks_workload_identity = Attr::Known(true)),
        "To sign in with the AKS workload identity, the provider also needs: AZURE_FEDERATED_TOKEN_FILE, which AKS sets in pods whose service account has an identity."
    );
    assert!(refusal(&application(&[("ARM_USE_OIDC", "true")]), |_| {}).starts_with(
        "To sign in with the OIDC token, the provider also needs: oidc_token (ARM_OIDC_TOKEN), "
    ));
    assert!(refusal(&[("ARM_CLIENT_ID", CLIENT)], |_| {}).starts_with(
        "The provider knows which application to sign in as, but not how. It needs tenant_id (ARM_TENANT_ID) as well, and one of: "
    ));
    assert!(
        refusal(&[("ARM_USE_CLI", "false")], |_| {})
            .starts_with("The Azure CLI is switched off by use_cli = false (ARM_USE_CLI)")
    );
    // What a platform left half set is nobody's wish.
    assert_eq!(ways(&[("AZURE_CLIENT_SECRET", "s")], |_| {}), ["Azure CLI"]);
    // With all that it takes, somebody means it: a wrong secret must not make it the Azure CLI's run.
    let whole = [("AZURE_TENANT_ID", TENANT), ("AZURE_CLIENT_ID", CLIENT), ("AZURE_CLIENT_SECRET", "s")];
    assert_eq!(ways(&whole, |_| {}), ["client secret"]);
    let whole =
        [("AZURE_TENANT_ID", TENANT), ("AZURE_CLIENT_ID", CLIENT), ("AZURE_CLIENT_CERTIFICATE_PATH", "c")];
    assert_eq!(ways(&whole, |_| {}), ["client certificate"]);
}

#[test]
fn the_block_goes_before_the_variables_of_all_that_it_excludes() {
    let variables = application(&[("ARM_CLIENT_SECRET", "s")]);
    let all =
        settings(&variables, |config| config.client_secret_file_path = known("file")).sign_in().unwrap();
    let [Way { how: How::ClientSecret { secret, .. }, .. }] = &all[..] else { panic!("{all:?}") };
    assert_eq!(*secret, Source::File("file".into()));
    let place =
        |variables: &[(&'static str, &str)], change: fn(&mut Config)| settings(variables, change).place();
    let environment = |config: &mut Config| config.environment = known("China");
    assert_eq!(place(&[("ARM_METADATA_HOST", "h")], environment), Ok(Place::Named(Named::China)));
    let both = [("ARM_METADATA_HOSTNAME", "h"), ("ARM_ENVIRONMENT", "china")];
    assert_eq!(place(&both, |_| {}), Ok(Place::MetadataHost("h".to_owned())));
}

#[test]
fn the_cloud_is_public_a_name_a_host_or_endpoints() {
    let place = |variables: &[(&'static str, &str)]| settings(variables, |_| {}).place();
    assert_eq!(place(&[]), Ok(Place::Named(Named::Public)));
    assert_eq!(place(&[("ARM_ENVIRONMENT", "USGovernment")]), Ok(Place::Named(Named::UsGovernment)));
    let endpoints = [
        ("ARM_ENVIRONMENT", "china"),
        ("ARM_RESOURCE_MANAGER_ENDPOINT", "https://arm"),
        ("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST", "https://login"),
    ];
    let (resource_manager, authority) = ("https://arm".to_owned(), "https://login".to_owned());
    assert_eq!(place(&endpoints), Ok(Place::Endpoints { resource_manager, authority, audience: None }));
    assert_eq!(
        place(&endpoints[..2]).unwrap_err().detail,
        "A cloud at endpoints of its own needs both resource_manager and authority, but authority (ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST) is missing."
    );
    assert_eq!(
        place(&[("ARM_ENVIRONMENT", "moon")]).unwrap_err().detail,
        "The environment variable ARM_ENVIRONMENT must be \"public\", \"usgovernment\" or \"china\"; it is \"moon\"."
    );
}

#[test]
fn where_microsofts_libraries_sign_in_tells_of_the_cloud_where_nothing_else_does() {
    let place = |variables: &[(&'static str, &str)]| settings(variables, |_| {}).place();
    let host = |text: &'static str| place(&[("AZURE_AUTHORITY_HOST", text)]);
    assert_eq!(host("https://login.microsoftonline.com/"), Ok(Place::Named(Named::Public)));
    assert_eq!(host("login.microsoftonline.us"), Ok(Place::Named(Named::UsGovernment)));
    let own = "https://login.company.example".to_owned();
    assert_eq!(host("https://login.company.example"), Ok(Place::SignedInAt(Named::Public, own.clone())));
    let cloud = [("ARM_ENVIRONMENT", "china"), ("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com")];
    assert_eq!(place(&cloud), Ok(Place::Named(Named::China)));
    let resource_manager = "https://arm".to_owned();
    assert_eq!(
        place(&[("ARM_RESOURCE_MANAGER_ENDPOINT", "https://arm"), ("AZURE_AUTHORITY_HOST", &own)]),
        Ok(Place::Endpoints { resource_manager, authority: own, audience: None })
    );
    assert_eq!(
        host("http://login.company.example").unwrap_err().detail,
        "The environment variable AZURE_AUTHORITY_HOST must be a URL such as https://management.azurestack.example; \"http://login.company.example\" begins with http: where https: is needed, as tokens and secrets are never sent by plain HTTP."
    );
    // What is said to this provider goes first.
    let both = [
        ("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST", "https://login.microsoftonline.us"),
        ("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com"),
    ];
    assert_eq!(place(&both), Ok(Place::Named(Named::UsGovernment)));
    // Who names the cloud does not need it.
    assert!(place(&[("ARM_ENVIRONMENT", "china"), ("AZURE_AUTHORITY_HOST", "http://x")]).is_ok());
}

#[test]
fn variables_are_checked_like_attributes() {
    let wrong = [
        (
            "ARM_TENANT_ID",
            "my tenant",
            "must be a GUID such as 00000000-0000-0000-0000-000000000000, or a domain name such as contoso.onmicrosoft.com; it is \"my tenant\"",
        ),
        ("ARM_CLIENT_ID", "me", "must be a GUID such as 00000000-0000-0000-0000-000000000000; it is \"me\""),
        (
            "ARM_CLIENT_CERTIFICATE",
            "a_b",
            "must be a PFX as base64, or PEM, which begins with -----BEGIN; for a file, set client_certificate_path",
        ),
        ("ARM_USE_OIDC", "yes", "must be \"true\" or \"false\"; it is \"yes\""),
    ];
    for (name, value, why) in wrong {
        assert_eq!(refusal(&[(name, value)], |_| {}), format!("The environment variable {name} {why}."));
    }
    let url = application(&[("ARM_OIDC_REQUEST_URL", "http://x?s=1"), ("ARM_OIDC_REQUEST_TOKEN", "t")]);
    assert_eq!(
        refusal(&url, |_| {}),
        "The environment variable ARM_OIDC_REQUEST_URL must be a URL that begins with https://."
    );
}

#[test]
fn what_others_set_is_wrong_only_where_it_is_used() {
    let others = [
        ("AZURE_TENANT_ID", "my tenant"),
        ("AZURE_CLIENT_ID", "me"),
        ("ACTIONS_ID_TOKEN_REQUEST_URL", "x"),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "t"),
        ("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "x"),
        ("AZURE_CLIENT_CERTIFICATE_PATH", "nowhere.pfx"),
        (FEDERATED_TOKEN_FILE, "token"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&others, more].concat();
    assert_eq!(
        ways(&with(&[("ARM_USE_MSI", "true"), ("ARM_MSI_OBJECT_ID", CLIENT)]), |_| {}),
        ["managed identity"]
    );
    let secret = with(&application(&[("ARM_CLIENT_SECRET", "s")]));
    assert_eq!(
        ways(&secret, |_| {}),
        ["client certificate", "client secret", "AKS workload identity"],
        "the names are this provider's own, and a certificate goes with them"
    );
    // It would be the identity's client ID.
    assert!(refusal(&with(&[("ARM_USE_MSI", "true")]), |_| {}).contains("AZURE_CLIENT_ID must be"));
    // The Azure CLI is asked for a token of the tenant.
    assert!(refusal(&[("AZURE_TENANT_ID", "my tenant")], |_| {}).contains("AZURE_TENANT_ID must be"));
    // A client secret in them is meant, and must not make it the Azure CLI's run.
    let whole = [others[0], ("AZURE_CLIENT_ID", CLIENT), ("AZURE_CLIENT_SECRET", "s")];
    assert!(refusal(&whole, |_| {}).contains("AZURE_TENANT_ID must be"));
    let url = [("ACTIONS_ID_TOKEN_REQUEST_URL", "x"), ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "t")];
    let oidc = |config: &mut Config| config.use_oidc = Attr::Known(true);
    assert!(refusal(&application(&url), oidc).contains("ACTIONS_ID_TOKEN_REQUEST_URL must be"));
}

#[test]
fn the_token_of_a_pod_serves_who_switches_oidc_on() {
    let pod = application(&[("ARM_USE_OIDC", "true"), (FEDERATED_TOKEN_FILE, "token")]);
    let all = settings(&pod, |_| {}).sign_in().unwrap();
    let [Way { name: "OIDC token file", how: How::Oidc { token, .. } }] = &all[..] else { panic!("{all:?}") };
    assert_eq!(*token, Oidc::File("token".into()));
    // It is the last that is looked for, and not looked for where it is switched off.
    let job = [("ACTIONS_ID_TOKEN_REQUEST_URL", "https://x"), ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "t")];
    let both = [&pod[..], &job].concat();
    assert_eq!(ways(&both, |_| {}), ["OIDC token of GitHub Actions", "AKS workload identity"]);
    let off = |config: &mut Config| config.use_aks_workload_identity = Attr::Known(false);
    assert!(refusal(&pod, off).starts_with("To sign in with the OIDC token, the provider also needs: "));
}

#[test]
fn what_is_set_for_this_provider_goes_before_what_platforms_set() {
    let settings = settings(
        &[
            ("ARM_TENANT_ID", TENANT),
            ("AZURE_CLIENT_ID", TENANT),
            ("ARM_CLIENT_ID_FILE_PATH", "id"),
            ("AZURE_CLIENT_SECRET", "theirs"),
            ("ARM_CLIENT_SECRET_FILE_PATH", "secret"),
        ],
        |_| {},
    );
    let ways = settings.sign_in().unwrap();
    let How::ClientSecret { application, secret } = &ways[0].how else { panic!("{ways:?}") };
    assert!(matches!(&application.client_id, Source::File(path) if path.ends_with("id")));
    assert!(matches!(secret, Source::File(path) if path.ends_with("secret")));
}

#[test]
fn subscriptions_are_ids_or_names() {
    let subscription = |variables: &[(&'static str, &str)], change: fn(&mut Config)| {
        settings(variables, change).subscription()
    };
    assert_eq!(subscription(&[("ARM_SUBSCRIPTION_ID", "  ")], |_| {}), Ok(None), "blank is unset");
    let variable = [("ARM_SUBSCRIPTION_ID", TENANT), ("AZURE_SUBSCRIPTION_ID", CLIENT)];
    assert_eq!(subscription(&variable, |_| {}), Ok(Some(Subscription::Id(TENANT.to_owned()))));
    assert_eq!(
        subscription(&variable, |config| config.subscription = Attr::from("Mine")),
        Ok(Some(Subscription::Name("Mine".to_owned())))
    );
    assert!(subscription(&[("ARM_SUBSCRIPTION_ID", "Mine")], |_| {}).is_err());
}

#[test]
fn further_tenants_have_semicolons_between_them() {
    let tenants =
        |text: &'static str| settings(&[("ARM_AUXILIARY_TENANT_IDS", text)], |_| {}).auxiliary_tenants();
    assert_eq!(tenants("a.example; b.example;"), Ok(vec!["a.example".to_owned(), "b.example".to_owned()]));
    assert!(tenants("a").unwrap_err().detail.contains("must have for each element a GUID"));
    assert!(
        tenants("a.x;b.x;c.x;d.x").unwrap_err().detail.contains("must be at most 3 tenants; these are 4")
    );
}

#[test]
fn the_unknown_is_an_error_only_when_needed() {
    let settings = settings(&[], |config| config.tenant_id = Attr::Unknown);
    assert_eq!((settings.subscription(), settings.place()), (Ok(None), Ok(Place::Named(Named::Public))));
    assert_eq!(settings.sign_in().unwrap_err().summary, "Provider Configuration Not Known Yet");
}

#[test]
fn pairs_that_say_the_same_are_refused_at_the_second() {
    let value = Value::object([
        ("client_secret".to_owned(), Value::from("s")),
        ("client_secret_file_path".to_owned(), Value::from("f")),
        ("oidc_token".to_owned(), Value::Unknown),
        ("oidc_token_file_path".to_owned(), Value::from("f")),
    ]);
    let mut found = Diagnostics::new();
    check(&value, &mut found);
    let found: Vec<_> = found.iter().map(|one| (one.detail.as_str(), one.path.clone())).collect();
    let path = Some("client_secret_file_path".into());
    let detail = "client_secret and client_secret_file_path say the same in two ways. Remove one of them.";
    assert_eq!(found, [(detail, path)]);
}

/// The description of each attribute with variables says which, in the order in which they are read, and so does the table of
/// the guide.
#[test]
fn the_documentation_has_the_order_of_the_variables() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides/sign-in.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let doc = |name: &str| {
        let field = Config::FIELDS.iter().find(|field| field.name == name);
        field.unwrap_or_else(|| panic!("{name}")).doc.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let rows = TEXTS.iter().map(|setting| (setting.attribute, setting.variables.to_vec()));
    let switches = SWITCHES.iter().map(|switch| (switch.attribute, vec![switch.variable]));
    let lists = [("auxiliary_tenant_ids", vec![AUXILIARY_TENANTS])];
    for (attribute, variables) in rows.chain(switches).chain(lists).filter(|row| !row.1.is_empty()) {
        let quoted: Vec<String> = variables.iter().map(|name| format!("`{name}`")).collect();
        let order = match &quoted[..] {
            [one] => one.clone(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
            [] => continue,
        };
        let sentence = format!("Defaults to {order}");
        assert!(
            doc(attribute).contains(&sentence),
            "{attribute}: {sentence:?} is not in {:?}",
            doc(attribute)
        );
        let row = format!("| `{attribute}` | {} |", quoted.join(", "));
        assert!(guide.contains(&row), "the guide lacks {row:?}");
    }
}

#[test]
fn a_password_in_a_url_is_not_repeated() {
    for refused in [rules::is_endpoint, rules::is_metadata_host] {
        let text = refused("https://me:secret@management.local").unwrap_err();
        assert!(text.contains("\"https://(hidden)@management.local\" must be a bare URL"), "{text}");
    }
}
