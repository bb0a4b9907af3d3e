use super::*;
use crate::testing::{FakeClock, Log, Reply, Server, reply, transport};

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
fn zones_and_federation_of_the_named_clouds() {
    // The audiences of federated credentials beyond the public cloud's are general knowledge (K).
    let table = [
        (
            Named::Public,
            ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"],
            "api://AzureADTokenExchange",
        ),
        (
            Named::UsGovernment,
            ["privatelink.api.ml.azure.us", "privatelink.notebooks.usgovcloudapi.net"],
            "api://AzureADTokenExchangeUSGov",
        ),
        (
            Named::China,
            ["privatelink.api.ml.azure.cn", "privatelink.notebooks.chinacloudapi.cn"],
            "api://AzureADTokenExchangeChina",
        ),
    ];
    for (named, zones, audience) in table {
        let cloud = Cloud::named(named).unwrap();
        assert_eq!(cloud.private_dns_zones().unwrap().of_workspace(), zones);
        assert_eq!(cloud.federation_audience(), audience);
        // The zone of the API is the link to the discovery host's own name.
        assert_eq!(zones[0], format!("privatelink.{}", cloud.suffixes().machine_learning));
    }
    let custom = Cloud::custom("x", "https://m", "https://l", None).unwrap();
    assert_eq!(custom.private_dns_zones(), None);
    assert_eq!(custom.federation_audience(), "api://AzureADTokenExchange");
}

#[test]
fn a_custom_cloud_has_its_own_audience() {
    let cloud =
        Cloud::custom("x", " https://m.local:8443// ", "https://l.local/", Some("https://aud.local/"))
            .unwrap();
    assert_eq!(cloud.resource_manager().as_str(), "https://m.local:8443/");
    assert_eq!(cloud.authority().as_str(), "https://l.local/");
    assert_eq!(cloud.scope(), "https://aud.local/.default");
    assert_eq!(cloud.audiences().collect::<Vec<_>>(), ["https://aud.local"]);
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
        "the endpoint of Resource Manager, \"management.local\", is not a URL: relative URL without a base"
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

#[test]
fn what_may_be_a_password_is_not_repeated() {
    for (text, repeated) in [
        ("https://management.local:8443/x", "https://management.local:8443/x"),
        ("https://me:secret@management.local", "https://(hidden)@management.local"),
        ("https://me:sec/ret@x@management.local", "https://(hidden)@management.local"),
        ("me:secret@management.local", "(hidden)@management.local"),
        ("https:/me:secret@management.local", "(hidden)@management.local"),
    ] {
        assert_eq!(shown(text), repeated);
    }
    let refused = Cloud::custom("x", "https://me:secret@m", "https://login.local", None).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the endpoint of Resource Manager, \"https://(hidden)@m\", must be a bare URL such as https://management.azure.com"
    );
}

#[test]
fn endpoints_and_hosts_are_checked_before_they_are_used() {
    for good in ["https://management.local", "https://management.local:8443/", " https://m.local/adfs/ "] {
        assert_eq!(check_endpoint(good), Ok(()), "{good}");
        assert_eq!(check_metadata_host(good), Ok(()), "{good}");
    }
    for good in ["management.local", "management.local:8443", "127.0.0.1:8443"] {
        assert_eq!(check_metadata_host(good), Ok(()), "{good}");
    }
    let plain =
        "begins with http: where https: is needed, as tokens and secrets are never sent by plain HTTP";
    let bare = "must be a bare URL such as https://management.azure.com";
    for (text, why) in [
        ("http://management.local", plain),
        ("http://localhost:8080", plain),
        ("https://me:secret@management.local", bare),
        ("https://:secret@management.local", bare),
        ("https://management.local?x", bare),
        ("ftp://management.local", "begins with ftp: where https: is needed"),
    ] {
        assert_eq!(check_endpoint(text).unwrap_err(), why, "{text}");
        assert_eq!(check_metadata_host(text).unwrap_err(), why, "{text}");
    }
    assert_eq!(check_endpoint("management.local").unwrap_err(), "is not a URL: relative URL without a base");
    assert!(check_metadata_host("a b").is_err());
    assert!(check_metadata_host("").is_err());
    assert!(Cloud::custom("x", "http://127.0.0.1:1", "http://localhost:1", None).is_ok());
    assert!(Cloud::custom("x", "https://m", "http://login.local", None).is_err());
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
    let log = Log::capture();
    let (cloud, targets, _) = discovered(vec![reply(200, DESCRIPTION)]).await;
    assert_eq!(targets, ["GET /metadata/endpoints?api-version=2022-09-01"]);
    assert!(log.text().contains(r#"path="/metadata/endpoints" status=200 duration_ms="#), "{}", log.text());
    let cloud = cloud.unwrap();
    assert_eq!(cloud.authority().as_str(), "https://login.local/");
    assert_eq!(cloud.scope(), format!("{}.default", cloud.resource_manager()));
}

#[tokio::test]
async fn asks_again_when_it_passes_by_itself() {
    let throttled = reply(429, "").with("retry-after", "2");
    let replies =
        vec![reply(500, ""), Reply::Close, Reply::Truncate, throttled.clone(), reply(200, DESCRIPTION)];
    let log = Log::capture();
    let (cloud, _, slept) = discovered(replies).await;
    cloud.unwrap();
    assert_eq!(slept, [250, 500, 1000, 2000]);
    let ends = log.ends("/metadata/endpoints");
    assert!(ends.len() == 5 && ends[1].starts_with("failed error=\"lost the connection to "), "{ends:?}");
    assert!(ends[2].starts_with("failed error=\"the answer broke off from "), "{ends:?}");
    assert_eq!(discovered(vec![throttled; 9]).await.1.len(), 5);
    assert_eq!(discovered(vec![reply(429, "").with("retry-after", "3600")]).await.1.len(), 1);
    let (error, _, _) = discovered(vec![reply(404, "no such page")]).await;
    assert_eq!(error.unwrap_err().to_string(), "GET /metadata/endpoints: HTTP 404: no such page");
}

#[tokio::test]
async fn a_web_page_is_no_cloud() {
    let (cloud, _, _) = discovered(vec![reply(200, "\u{feff}\n<!DOCTYPE html><html></html>")]).await;
    let error = cloud.unwrap_err().to_string();
    let (before, after) = (error.find("http://").unwrap(), error.find(" gave a web page").unwrap());
    assert_eq!(&error[..before], "GET /metadata/endpoints was answered with something that cannot be read: ");
    assert_eq!(
        &error[after..],
        " gave a web page, not the description of a cloud; is it a Resource Manager?"
    );
}

#[tokio::test]
async fn a_description_without_end_is_none() {
    let endless = format!("{DESCRIPTION}{}", " ".repeat(2 * 1024 * 1024));
    let error = discovered(vec![reply(200, &endless)]).await.0.unwrap_err().to_string();
    assert!(error.contains("it is not the description of a cloud: EOF while parsing"), "{error}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let moved = reply(302, "").with("location", "{base}/elsewhere");
    let (cloud, targets, _) = discovered(vec![moved]).await;
    assert_eq!(cloud.unwrap_err().to_string(), "GET /metadata/endpoints: HTTP 302: the answer has no body");
    assert_eq!(targets.len(), 1);
}

#[tokio::test]
async fn the_description_names_no_plain_endpoint() {
    let body = r#"{"name":"Test","authentication":{"loginEndpoint":"http://login.local"}}"#;
    let (cloud, _, _) = discovered(vec![reply(200, body)]).await;
    assert_eq!(
        cloud.unwrap_err().to_string(),
        "the endpoint of Entra ID, \"http://login.local\", begins with http: where https: is needed, as tokens and secrets are never sent by plain HTTP"
    );
}
