use super::*;
use crate::testing::{FakeClock, Reply, Server, reply, transport};

#[test]
fn named_clouds_are_where_the_facts_say() {
    // cloud, CLI name, Resource Manager, other audience, authority, storage, vault, registry, Machine Learning, portal
    let table = [
        (
            Named::Public,
            "AzureCloud",
            "https://management.azure.com",
            "https://management.core.windows.net",
            "https://login.microsoftonline.com",
            ["core.windows.net", "vault.azure.net", "azurecr.io", "api.azureml.ms", "portal.azure.com"],
        ),
        (
            Named::UsGovernment,
            "AzureUSGovernment",
            "https://management.usgovcloudapi.net",
            "https://management.core.usgovcloudapi.net",
            "https://login.microsoftonline.us",
            [
                "core.usgovcloudapi.net",
                "vault.usgovcloudapi.net",
                "azurecr.us",
                "api.ml.azure.us",
                "portal.azure.us",
            ],
        ),
        (
            Named::China,
            "AzureChinaCloud",
            "https://management.chinacloudapi.cn",
            "https://management.core.chinacloudapi.cn",
            "https://login.chinacloudapi.cn",
            ["core.chinacloudapi.cn", "vault.azure.cn", "azurecr.cn", "api.ml.azure.cn", "portal.azure.cn"],
        ),
    ];
    for (named, name, manager, other, authority, suffixes) in table {
        let cloud = Cloud::named(named).unwrap();
        assert_eq!(cloud.name(), name);
        assert_eq!(cloud.resource_manager().as_str(), format!("{manager}/"));
        assert_eq!(cloud.authority().as_str(), format!("{authority}/"));
        assert_eq!(cloud.audiences().collect::<Vec<_>>(), [manager, other]);
        assert_eq!(cloud.scope(), format!("{manager}/.default"));
        let found = cloud.suffixes();
        let found = [
            &found.storage,
            &found.key_vault,
            &found.container_registry,
            &found.machine_learning,
            &found.portal,
        ];
        assert_eq!(found, suffixes);
    }
}

#[test]
fn names_of_clouds_are_read_as_others_write_them() {
    for (text, named) in [
        ("public", Named::Public),
        ("AzureCloud", Named::Public),
        ("AzurePublicCloud", Named::Public),
        ("usgovernment", Named::UsGovernment),
        ("AzureUSGovernment", Named::UsGovernment),
        ("AzureUSGovernmentCloud", Named::UsGovernment),
        ("usgovernmentl4", Named::UsGovernment),
        ("china", Named::China),
        ("AzureChinaCloud", Named::China),
        (" CHINA ", Named::China),
    ] {
        assert_eq!(text.parse(), Ok(named), "{text}");
    }
    assert_eq!(
        "german".parse::<Named>().unwrap_err().to_string(),
        "there is no cloud named \"german\"; the clouds are \"public\", \"usgovernment\" and \"china\""
    );
}

#[test]
fn reads_the_description_of_one_cloud() {
    let body = "\u{feff}{\"name\":\"Emulated\",\"resourceManager\":\"https://localhost:8443/\",\"portal\":\"https://portal.local/\",
        \"authentication\":{\"loginEndpoint\":\"https://localhost:8443/\",\"audiences\":[\"https://management.core.local/\",\"https://localhost:8443/\"],
        \"tenant\":\"common\"},\"suffixes\":{\"storage\":\"core.local\",\"keyVaultDns\":\".vault.local\",\"acrLoginServer\":\"cr.local\"}}";
    let cloud = metadata::parse(body.as_bytes(), "https://localhost:8443").unwrap();
    assert_eq!(cloud.name(), "Emulated");
    assert_eq!(cloud.scope(), "https://localhost:8443/.default");
    assert_eq!(cloud.audiences().count(), 2);
    assert_eq!(cloud.authority().as_str(), "https://localhost:8443/");
    assert_eq!(cloud.suffixes().key_vault, "vault.local");
    assert_eq!(cloud.suffixes().portal, "portal.local");
}

#[test]
fn finds_its_own_cloud_in_a_list() {
    let body = r#"[
        {"name":"AzureCloud","resourceManager":"https://management.azure.com/","authentication":{"loginEndpoint":"https://login.microsoftonline.com/","audiences":[]}},
        {"name":"Stack","resourceManager":"https://management.stack.local","authentication":{"loginEndpoint":"https://login.stack.local/adfs","audiences":["https://management.stack.local/x"]}}
    ]"#;
    let cloud = metadata::parse(body.as_bytes(), "https://Management.stack.local/").unwrap();
    assert_eq!(cloud.name(), "Stack");
    assert_eq!(cloud.scope(), "https://management.stack.local/x/.default");
    let public = metadata::parse(body.as_bytes(), "https://management.azure.com").unwrap();
    assert_eq!(public.scope(), "https://management.azure.com/.default");
    assert_eq!(public.suffixes().machine_learning, "api.azureml.ms");
    assert_eq!(cloud.suffixes().machine_learning, "");
    let error = metadata::parse(body.as_bytes(), "https://elsewhere").unwrap_err();
    assert_eq!(
        error.to_string(),
        "GET /metadata/endpoints was answered with something that cannot be read: \
         none of the clouds in it has its Resource Manager at https://elsewhere"
    );
}

#[test]
fn refuses_endpoints_that_are_none() {
    let refused = |manager: &str| Cloud::custom("x", manager, "https://login", None).unwrap_err().to_string();
    assert_eq!(
        refused("management.local"),
        "the endpoint of Resource Manager, \"management.local\", is no URL: relative URL without a base"
    );
    assert_eq!(
        refused("ftp://m"),
        "the endpoint of Resource Manager, \"ftp://m\", begins with ftp: where https: is needed"
    );
    assert_eq!(
        refused("https://m?x=1"),
        "the endpoint of Resource Manager, \"https://m?x=1\", must be a bare URL such as https://management.azure.com"
    );
}

const DESCRIPTION: &str = r#"{"name":"Test","authentication":{"loginEndpoint":"https://login.local"}}"#;

async fn discovered(replies: Vec<Reply>) -> (Result<Cloud, Error>, Vec<String>, Vec<u128>) {
    let server = Server::start(replies).await;
    let clock = FakeClock::new();
    let result = metadata::discover_on(&*clock, &transport(), &server.base).await;
    (result, server.targets(), clock.slept())
}

#[tokio::test]
async fn asks_a_cloud_about_itself() {
    let (cloud, targets, _) = discovered(vec![reply(200, DESCRIPTION)]).await;
    assert_eq!(targets, ["GET /metadata/endpoints?api-version=2022-09-01"]);
    let cloud = cloud.unwrap();
    assert_eq!(cloud.authority().as_str(), "https://login.local/");
    assert_eq!(cloud.scope(), format!("{}.default", cloud.resource_manager()));
}

#[tokio::test]
async fn asks_again_when_it_passes_by_itself() {
    let throttled = reply(429, "").with("retry-after", "2");
    let replies =
        vec![reply(500, ""), Reply::Close, Reply::Truncate, throttled.clone(), reply(200, DESCRIPTION)];
    let (cloud, _, slept) = discovered(replies).await;
    cloud.unwrap();
    assert_eq!(slept, [250, 500, 1000, 2000]);
    assert_eq!(discovered(vec![throttled; 9]).await.1.len(), 5);
    assert_eq!(discovered(vec![reply(429, "").with("retry-after", "3600")]).await.1.len(), 1);
    let (error, _, _) = discovered(vec![reply(404, "no such page")]).await;
    assert_eq!(error.unwrap_err().to_string(), "GET /metadata/endpoints: HTTP 404: no such page");
}
