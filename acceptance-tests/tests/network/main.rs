//! Everything that can go wrong on the way to Azure, as a user sees it: what happened, with which host, and what to do.

mod servers;

use std::net::SocketAddr;

use acceptance_tests::{Cli, Diagnostic, Emulator, Fault, Provider, Scene, Secret, Workdir, every_cli};
use servers::{Authority, Tunnels, nobody, proxy};

const CLIENT_SECRET: &str = "not-to-be-sent";
const PASSWORD: &str = "wrong-password";
const TENANT: &str = "00000000-0000-0000-0000-0000000000aa";

/// A configuration with one group to create in the cloud of this metadata host, and a secret to sign in with.
fn at(cli: &Cli, host: &str) -> Workdir {
    let mut dir = Workdir::new(cli, &Provider::azureml());
    dir.provider_block("azureml", &format!("  metadata_host = \"{host}\""));
    for (name, value) in [
        ("ARM_SUBSCRIPTION_ID", Emulator::SUBSCRIPTION),
        ("ARM_TENANT_ID", TENANT),
        ("ARM_CLIENT_ID", "00000000-0000-0000-0000-0000000000cc"),
        ("ARM_CLIENT_SECRET", CLIENT_SECRET),
    ] {
        dir.set_env(name, value);
    }
    dir.write(
        "main.tf",
        "resource \"azureml_resource_group\" \"it\" {\n  name     = \"it\"\n  location = \"eastus\"\n}\n",
    );
    dir
}

/// The same, with an authority that is trusted in place of the system's.
fn trusting(cli: &Cli, host: SocketAddr, authority: &Authority) -> Workdir {
    let mut dir = at(cli, &host.to_string());
    dir.write("ca.pem", &authority.pem());
    dir.set_env("SSL_CERT_FILE", dir.path("ca.pem"));
    dir
}

/// What an apply that cannot find its cloud says; neither there nor in the log are the secrets that it was given.
#[track_caller]
fn lost(dir: Workdir) -> String {
    let Diagnostic { summary, detail, .. } = dir.apply().fails().only_error();
    assert_eq!(summary, "Cloud Not Found");
    let given = [Secret::new("client secret", CLIENT_SECRET), Secret::new("proxy's password", PASSWORD)];
    assert_eq!(dir.leaks(&given), []);
    detail
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";

#[test]
fn a_host_that_nobody_knows() {
    every_cli(|cli| {
        let said = lost(at(cli, "no-such-cloud.invalid"));
        let start = "GET /metadata/endpoints: cannot find the host no-such-cloud.invalid: ";
        // Between them stands what the system says.
        let end = "\n\nCheck environment, metadata_host or endpoints in the provider block, and whether this machine resolves names: behind a proxy, set HTTPS_PROXY; in a private network, look at its DNS.";
        assert!(said.starts_with(start) && said.ends_with(end), "{said}");
    });
}

#[test]
fn a_port_at_which_nobody_listens() {
    every_cli(|cli| {
        let host = nobody();
        let said = lost(at(cli, &host.to_string()));
        let start = format!("GET /metadata/endpoints: cannot connect to {host}: Connection refused");
        let end = "\n\nCheck environment, metadata_host or endpoints in the provider block, and the network: behind a proxy, set HTTPS_PROXY, and NO_PROXY for hosts that are reached without it.";
        assert!(said.starts_with(&start) && said.ends_with(end), "{said}");
    });
}

#[test]
fn a_certificate_of_an_unknown_issuer() {
    every_cli(|cli| {
        let host = Authority::new("one").server("127.0.0.1", OK, |_| ());
        assert_eq!(
            lost(trusting(cli, host, &Authority::new("another"))),
            format!(
                "GET /metadata/endpoints: cannot trust {host}: its certificate is signed by an authority that is not trusted here.\n\nIf a proxy inspects TLS here, or the cloud has an authority of its own, trust that authority: name its certificate in ca_certificate_file in the provider block, add it to the system's certificates, or name a file of all trusted ones in SSL_CERT_FILE."
            )
        );
    });
}

#[test]
fn a_certificate_for_another_name() {
    every_cli(|cli| {
        let authority = Authority::new("one");
        let host = authority.server("portal.example", OK, |_| ());
        assert_eq!(
            lost(trusting(cli, host, &authority)),
            format!(
                "GET /metadata/endpoints: cannot trust {host}: its certificate is for portal.example.\n\nSomething else answers under this name. Check environment, metadata_host or endpoints in the provider block, HTTPS_PROXY, and the DNS of this machine."
            )
        );
    });
}

#[test]
fn a_certificate_out_of_its_time() {
    every_cli(|cli| {
        let authority = Authority::new("one");
        let host = authority.server("127.0.0.1", OK, |it| it.not_after = rcgen::date_time_ymd(2020, 1, 2));
        let said = lost(trusting(cli, host, &authority));
        let start = format!(
            "GET /metadata/endpoints: cannot trust {host}: its certificate expired at 2020-01-02T00:00:00Z; it is 2"
        );
        let end = " by this machine's clock.\n\nIf this machine's clock is right, the certificate has to be renewed by whoever runs the host, or the proxy before it; else set the clock.";
        assert!(said.starts_with(&start) && said.ends_with(end), "{said}");

        let host = authority.server("127.0.0.1", OK, |it| it.not_before = rcgen::date_time_ymd(2120, 1, 2));
        let said = lost(trusting(cli, host, &authority));
        let start = format!(
            "GET /metadata/endpoints: cannot trust {host}: its certificate is valid from 2120-01-02T00:00:00Z only; it is 2"
        );
        let end = " by this machine's clock.\n\nThis machine's clock is probably behind: set it.";
        assert!(said.starts_with(&start) && said.ends_with(end), "{said}");
    });
}

#[test]
fn a_proxy_that_does_not_let_through() {
    every_cli(|cli| {
        // Only the proxy is ever spoken to: nothing leaves this machine.
        let through = |proxy: SocketAddr| {
            let mut dir = at(cli, "management.azure.com");
            dir.set_env("HTTPS_PROXY", format!("http://user:{PASSWORD}@{proxy}"));
            lost(dir)
        };
        let wants = proxy(
            "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n",
        );
        assert_eq!(
            through(wants),
            format!(
                "GET /metadata/endpoints: the proxy {wants} demands a valid user name and password to connect to management.azure.com (HTTP 407)\n\nGive HTTPS_PROXY a user name and a password that the proxy accepts, as in http://USER:PASSWORD@HOST:PORT with special characters percent-encoded, or put the host into NO_PROXY if it is reached without the proxy."
            )
        );
        let refuses = proxy("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(
            through(refuses),
            format!(
                "GET /metadata/endpoints: the proxy {refuses} did not connect to management.azure.com.\n\nHave the proxy let HTTPS through to this host (CONNECT to port 443), or put the host into NO_PROXY if it is reached without the proxy."
            )
        );
        let gone = nobody();
        let said = through(gone);
        let start = format!(
            "GET /metadata/endpoints: cannot reach the proxy {gone} before management.azure.com: Connection refused"
        );
        let end =
            "\n\nCorrect HTTPS_PROXY, or put the host into NO_PROXY if it is reached without the proxy.";
        assert!(said.starts_with(&start) && said.ends_with(end), "{said}");
    });
}

#[test]
fn a_host_that_needs_no_proxy_is_reached_without_it() {
    every_cli(|cli| {
        let mut scene = Scene::new(cli);
        scene.dir.set_env("HTTPS_PROXY", format!("http://{}", nobody()));
        scene.dir.set_env("NO_PROXY", "localhost,127.0.0.1");
        scene.workspace("");
        scene.dir.apply().succeeds();
    });
}

/// The proxy sees what a user names it, and nobody else sees with which password.
#[test]
fn a_proxy_that_wants_a_password_carries_everything() {
    every_cli(|cli| {
        let mut scene = Scene::new(cli);
        let proxy = Tunnels::open("some one:right/password", 0);
        scene.dir.set_env("HTTPS_PROXY", format!("http://some%20one:right%2Fpassword@{}", proxy.address));
        scene.workspace("");
        scene.dir.apply().succeeds();
        assert!(!scene.in_azure().is_null());
        let (host, seen) = (host_of(&scene.azure), proxy.seen());
        assert!(!seen.is_empty() && seen.iter().all(|one| *one == (host.clone(), 200)), "{seen:?}");
        scene.dir.set_env("NO_PROXY", "somewhere.example,localhost");
        scene.dir.plans_nothing();
        assert_eq!(proxy.seen(), seen);
        assert_eq!(scene.dir.leaks(&[Secret::new("proxy's password", "right/password")]), []);
    });
}

#[test]
fn a_proxy_that_wants_another_password() {
    every_cli(|cli| {
        let mut scene = Scene::new(cli);
        let proxy = Tunnels::open("user:right", 0);
        scene.dir.set_env("HTTPS_PROXY", format!("http://user:{PASSWORD}@{}", proxy.address));
        scene.workspace("");
        let error = scene.dir.apply().fails().only_error();
        let (host, address) = (host_of(&scene.azure), proxy.address);
        let start = format!(
            "GET /metadata/endpoints: the proxy {address} demands a valid user name and password to connect to {host} (HTTP 407)\n\nGive HTTPS_PROXY a user name and a password that the proxy accepts"
        );
        assert!(error.detail.starts_with(&start), "{error:?}");
        // Nothing mends it, so it is not tried again.
        assert_eq!(proxy.seen(), [(host, 407)]);
        assert_eq!(scene.dir.leaks(&[Secret::new("proxy's password", PASSWORD)]), []);
    });
}

#[test]
fn a_proxy_that_is_busy_for_a_moment_is_asked_again() {
    every_cli(|cli| {
        let mut scene = Scene::new(cli);
        let proxy = Tunnels::open("user:right", 2);
        scene.dir.set_env("HTTPS_PROXY", format!("http://user:right@{}", proxy.address));
        scene.workspace("");
        scene.dir.apply().succeeds();
        let statuses: Vec<u16> = proxy.seen().iter().map(|(_, status)| *status).collect();
        assert_eq!(statuses[..3], [503, 503, 200]);
    });
}

/// Host and port of an Azure, as a proxy is asked for them.
fn host_of(azure: &Emulator) -> String {
    let url = &azure.environment()["AZUREML_EMULATOR_URL"];
    url.trim_start_matches("https://").trim_end_matches('/').to_owned()
}

#[test]
fn a_web_page_instead_of_a_cloud() {
    every_cli(|cli| {
        let authority = Authority::new("one");
        let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 42\r\nconnection: close\r\n\r\n<!DOCTYPE html><html><h1>Hello</h1></html>";
        let host = authority.server("127.0.0.1", page, |_| ());
        let said = lost(trusting(cli, host, &authority));
        assert_eq!(
            said,
            format!(
                "GET /metadata/endpoints was answered with something that cannot be read: https://{host} gave a web page, not the description of a cloud; is it a Resource Manager?"
            )
        );
    });
}

#[test]
fn a_version_that_the_cloud_does_not_serve() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        // In the wording of Resource Manager (K).
        let refusal = "No registered resource provider found for location 'eastus' and API version '2026-09-01' for type 'workspaces'. The supported api-versions are '2021-03-01-preview, 2023-04-01, 2023-10-01'. The supported locations are 'eastus, chinaeast2'.";
        scene
            .azure
            .inject(Fault::at("GET", "workspaces").status(400).error("NoRegisteredProviderFound", refusal));
        scene.workspace("");
        let error = scene.dir.apply().fails().only_error();
        assert!(error.detail.starts_with(refusal), "{}", error.detail);
        let remedy = "\n\nThis cloud does not serve 2026-09-01 of Microsoft.MachineLearningServices. Versions that it serves: 2021-03-01-preview, 2023-04-01, 2023-10-01. Ask for one of them in the provider block.\n\nIn a configuration:\n\n    provider \"azureml\" {\n      api_versions = { \"Microsoft.MachineLearningServices\" = \"2023-10-01\" }\n    }\n\nAs a command: az provider show --namespace Microsoft.MachineLearningServices --query \"resourceTypes[?resourceType=='workspaces'].apiVersions[]\" --output table\n\nAzure: NoRegisteredProviderFound (HTTP 400) to GET ";
        assert!(error.detail.contains(remedy), "{}", error.detail);
    });
}
