//! Other API versions than those that callers ask for, for clouds that do not serve these yet.

use std::collections::BTreeMap;

use crate::id::namespace_of;
use crate::request::{API_VERSION, Request, Target};

/// The version to ask for by namespace, in lower case.
#[derive(Debug, Default)]
pub(super) struct ApiVersions(BTreeMap<String, String>);

impl ApiVersions {
    /// Of namespaces in any casing.
    pub(super) fn new(versions: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(versions.into_iter().map(|(namespace, version)| (namespace.to_lowercase(), version)).collect())
    }

    /// The request in the version that its namespace is to be asked in. A URL that Resource Manager gave stays as it is.
    pub(super) fn apply(&self, mut request: Request) -> Request {
        if let (Target::Path(path), false) = (&request.target, self.0.is_empty())
            && let Some(version) = self.0.get(&namespace_of(path).to_lowercase())
        {
            for (name, value) in &mut request.query {
                if name == API_VERSION {
                    value.clone_from(version);
                }
            }
        }
        request
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Method;

    const GROUP: &str = "/subscriptions/s/resourceGroups/g";

    fn asked(path: &str) -> String {
        let versions = [
            ("Microsoft.MachineLearningServices", "ml"),
            ("microsoft.network", "net"),
            ("Microsoft.Resources", "res"),
        ];
        let versions =
            ApiVersions::new(versions.map(|(name, version)| (name.to_owned(), version.to_owned())));
        let request = versions.apply(Request::new(Method::GET, path, "own").query("x", "own"));
        assert_eq!(request.query[1], ("x".to_owned(), "own".to_owned()));
        request.api_version().unwrap_or_default().to_owned()
    }

    #[test]
    fn the_namespace_that_answers_chooses_the_version() {
        for (path, version) in [
            (format!("{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/w"), "ml"),
            (format!("{GROUP}/providers/MICROSOFT.MACHINELEARNINGSERVICES/workspaces/w/listKeys"), "ml"),
            (format!("{GROUP}/PROVIDERS/Microsoft.Network/privateEndpoints/p/privateDnsZoneGroups/z"), "net"),
            // An extension of a resource is answered by its own provider.
            (
                format!(
                    "{GROUP}/providers/Microsoft.Network/virtualNetworks/v/providers/Microsoft.Authorization/locks/l"
                ),
                "own",
            ),
            (format!("{GROUP}/providers/Microsoft.KeyVault/vaults/v/providers/Microsoft.Network/x/y"), "net"),
            // Names that look like the word between.
            (
                format!("{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/providers/listKeys"),
                "ml",
            ),
            ("/subscriptions/s/resourceGroups/providers/providers/Microsoft.Network/x/y".to_owned(), "net"),
            // Groups, subscriptions and the registration of providers are Microsoft.Resources'.
            (GROUP.to_owned(), "res"),
            ("/subscriptions".to_owned(), "res"),
            ("/subscriptions/s/providers".to_owned(), "res"),
            ("/subscriptions/s/providers/Microsoft.Network".to_owned(), "res"),
            ("/subscriptions/s/providers/Microsoft.Network/register".to_owned(), "res"),
            ("/providers/Microsoft.Management/managementGroups/m".to_owned(), "own"),
        ] {
            assert_eq!(asked(&path), version, "{path}");
        }
    }

    #[test]
    fn a_given_url_stays_as_it_is() {
        let url = "https://management.azure.com/subscriptions/s/providers/Microsoft.Network/o/1?api-version=own&t=%2b";
        let versions = ApiVersions::new([("Microsoft.Network".to_owned(), "net".to_owned())]);
        let request = versions.apply(Request::given(url.parse().unwrap()));
        assert_eq!(request.url(&"https://x".parse().unwrap()).as_str(), url);
    }
}
