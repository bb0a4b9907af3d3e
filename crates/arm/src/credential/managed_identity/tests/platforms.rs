//! Which platform the environment tells of.

use super::*;

fn detect(variables: &[(&str, &str)], endpoint: Option<&str>) -> Result<Platform, String> {
    let lookup =
        |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let endpoint = endpoint.map(|url| url.parse().unwrap());
    Platform::detect(&lookup, endpoint).map_err(|error| error.to_string())
}

/// The platform's name and endpoint.
fn found(variables: &[(&str, &str)], endpoint: Option<&str>) -> (&'static str, String) {
    let platform = detect(variables, endpoint).unwrap();
    let (Platform::Imds { endpoint, .. }
    | Platform::AppService { endpoint, .. }
    | Platform::AzureArc { endpoint }
    | Platform::CloudShell { endpoint }
    | Platform::AzureMl { endpoint, .. }) = &platform;
    (platform.name(), endpoint.to_string())
}

#[test]
fn a_platform_is_known_by_its_variables() {
    const IDENTITY: (&str, &str) = ("IDENTITY_ENDPOINT", "http://localhost:1/msi");
    const MSI: (&str, &str) = ("MSI_ENDPOINT", "http://localhost:2/msi");
    let imds = (imds::NAME, "http://169.254.169.254/metadata/identity/oauth2/token".to_owned());
    let identity = |name| (name, IDENTITY.1.to_owned());
    let msi = |name| (name, MSI.1.to_owned());
    assert_eq!(found(&[], None), imds);
    assert_eq!(found(&[("MSI_ENDPOINT", " "), ("IDENTITY_ENDPOINT", "")], None), imds);
    assert_eq!(found(&[IDENTITY, ("IDENTITY_HEADER", "h")], None), identity(app_service::NAME));
    // App Service sets the older ones beside the newer ones.
    let both = [IDENTITY, ("IDENTITY_HEADER", "h"), MSI, ("MSI_SECRET", "s")];
    assert_eq!(found(&both, None), identity(app_service::NAME));
    assert_eq!(found(&[IDENTITY, ("IMDS_ENDPOINT", "http://localhost:1")], None), identity(azure_arc::NAME));
    assert_eq!(found(&[MSI], None), msi(cloud_shell::NAME));
    assert_eq!(found(&[MSI, ("MSI_SECRET", "s")], None), msi(azure_ml::NAME));
    let pod = [("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://localhost:3")];
    assert_eq!(found(&pod, None), (imds.0, "http://localhost:3/metadata/identity/oauth2/token".to_owned()));
}

#[test]
fn an_endpoint_of_the_users_speaks_as_the_metadata_service_does() {
    let app = [("IDENTITY_ENDPOINT", "http://localhost:1/msi"), ("IDENTITY_HEADER", "h")];
    let own = (imds::NAME, "http://localhost:9/token".to_owned());
    assert_eq!(found(&[], Some("http://localhost:9/token")), own);
    // The app's header is for its own endpoint alone.
    assert_eq!(found(&app, Some("http://localhost:9/token")), own);
    assert_eq!(found(&app, Some("http://localhost:1/msi")).0, app_service::NAME);
    let by = |variables: &[_], endpoint| match detect(variables, endpoint) {
        Ok(Platform::Imds { named_by, .. }) => named_by,
        other => panic!("{other:?}"),
    };
    assert_eq!(by(&app, Some("http://localhost:9/token")), Some("msi_endpoint (ARM_MSI_ENDPOINT)"));
    let pod = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
    assert_eq!((by(&[(pod, "http://localhost:3")], None), by(&[], None)), (Some(pod), None));
    let usual = "http://localhost:9/metadata/identity/oauth2/token";
    assert_eq!(found(&[], Some("http://localhost:9")), (imds::NAME, usual.to_owned()));
}

#[test]
fn what_cannot_be_used_is_refused() {
    let fabric = [
        ("IDENTITY_ENDPOINT", "https://localhost:1/msi"),
        ("IDENTITY_HEADER", "h"),
        ("IDENTITY_SERVER_THUMBPRINT", "AB"),
    ];
    assert_eq!(
        detect(&fabric, None).unwrap_err(),
        "cannot get a token of the managed identity from Service Fabric: the identities of Service Fabric are not supported: its endpoint shows a certificate that no authority has signed; sign in in another way"
    );
    assert_eq!(
        detect(&[("MSI_ENDPOINT", "localhost")], None).unwrap_err(),
        "cannot get a token of the managed identity from Cloud Shell: MSI_ENDPOINT is \"localhost\", which is not a URL: relative URL without a base"
    );
    assert_eq!(
        detect(&[("MSI_ENDPOINT", "file:///etc/passwd"), ("MSI_SECRET", "s")], None).unwrap_err(),
        "cannot get a token of the managed identity from the compute of Azure Machine Learning: MSI_ENDPOINT is \"file:///etc/passwd\", and must be a URL that begins with http:// or https://"
    );
}
