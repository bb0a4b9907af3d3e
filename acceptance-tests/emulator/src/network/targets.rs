//! What endpoints lead to: which groups a resource has, the members of each, and the names they are reached by.

use crate::store::Document;

/// A member of a group, which gets an address of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    /// Its name.
    pub(super) name: String,
    /// The names it is reached by.
    pub(super) fqdns: Vec<String>,
    /// Whether an endpoint has it only if the request gives it an address.
    pub(super) on_demand: bool,
}

/// Types that an endpoint can lead to here, in the order in which the refusal of another lists them.
pub(super) const TYPES: &[&str] = &[
    "Microsoft.Network/privateLinkServices",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.KeyVault/vaults",
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.MachineLearningServices/workspaces",
    "Microsoft.Authorization/resourceManagementPrivateLinks",
];

const STORAGE: &[&str] = &["blob", "table", "queue", "file", "web", "dfs"];

fn is(document: &Document, kind: &str) -> bool {
    crate::id::ResourceId::parse(&document.id).is_some_and(|id| id.is(kind))
}

/// The groups of a resource in the service's spelling; none at all for a private link service.
pub(super) fn groups(document: &Document) -> Vec<String> {
    let own = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
    if is(document, "Microsoft.MachineLearningServices/workspaces") {
        // Projects are reached through their hub.
        return if document.text("/kind") == "Project" { Vec::new() } else { own(&["amlworkspace"]) };
    }
    if is(document, "Microsoft.Storage/storageAccounts") {
        let second = STORAGE.iter().map(|s| format!("{s}_secondary"));
        return STORAGE.iter().map(|s| (*s).to_owned()).chain(second).collect();
    }
    if is(document, "Microsoft.KeyVault/vaults") {
        return own(&["vault"]);
    }
    if is(document, "Microsoft.ContainerRegistry/registries") {
        return own(&["registry"]);
    }
    if is(document, "Microsoft.Authorization/resourceManagementPrivateLinks") {
        return own(&["ResourceManagement"]);
    }
    Vec::new()
}

/// The groups of a resource with the names of the members that every endpoint has.
pub(crate) fn all(document: &Document) -> Vec<(String, Vec<String>)> {
    let named = |group: String| {
        let members = members(document, &group).into_iter().filter(|m| !m.on_demand);
        let members = members.map(|m| m.name).collect();
        (group, members)
    };
    groups(document).into_iter().map(named).collect()
}

/// The members of a group of a resource.
pub(super) fn members(document: &Document, group: &str) -> Vec<Member> {
    let member = |name: &str, fqdns: Vec<String>| Member { name: name.to_owned(), fqdns, on_demand: false };
    let name = document.text("/name").to_lowercase();
    let place = document.text("/location");
    match group {
        "amlworkspace" => workspace(document),
        "vault" => vec![member("default", vec![format!("{name}.vault.azure.net")])],
        "registry" => vec![
            member(&format!("registry_data_{place}"), vec![format!("{name}.{place}.data.azurecr.io")]),
            member("registry", vec![format!("{name}.azurecr.io")]),
        ],
        "ResourceManagement" => vec![member("default", vec!["management.azure.com".to_owned()])],
        _ => match group.split_once('_').map_or((group, ""), |(kind, _)| (kind, "-secondary")) {
            ("", _) => vec![member("default", Vec::new())],
            ("web", second) => vec![member(group, vec![format!("{name}{second}.z13.web.core.windows.net")])],
            (kind, second) => vec![member(group, vec![format!("{name}{second}.{kind}.core.windows.net")])],
        },
    }
}

/// A workspace has three addresses; a fourth, for models, is seen in templates with addresses of their own. (K)
fn workspace(document: &Document) -> Vec<Member> {
    let id = document.text("/properties/workspaceId").to_lowercase();
    let place = document.text("/location");
    let api = |part: &str| format!("{id}.workspace.{place}.{part}api.azureml.ms");
    let notebook = match document.text("/properties/notebookInfo/fqdn") {
        "" => {
            format!("ml-{}-{place}-{id}.{place}.notebooks.azure.net", document.text("/name").to_lowercase())
        }
        fqdn => fqdn.to_lowercase(),
    };
    let member =
        |name: &str, fqdns: Vec<String>, on_demand| Member { name: name.to_owned(), fqdns, on_demand };
    vec![
        member("default", vec![api(""), api("cert.")], false),
        member("notebook", vec![notebook], false),
        member("inference", vec![format!("*.{id}.inference.{place}.api.azureml.ms")], false),
        member("models", Vec::new(), true),
    ]
}

/// Zones whose name does not say which names they are for.
const RENAMED: &[(&str, &str)] = &[("vault.azure.net", "privatelink.vaultcore.azure.net")];

/// The name of the record under which a zone answers for a public name; none when the zone is not for it.
pub(super) fn record_name(zone: &str, fqdn: &str) -> Option<String> {
    let (zone, fqdn) = (zone.to_lowercase(), fqdn.to_lowercase());
    let suffix = match RENAMED.iter().find(|(_, z)| *z == zone) {
        Some((suffix, _)) => suffix,
        None => zone.strip_prefix("privatelink.")?,
    };
    Some(fqdn.strip_suffix(suffix)?.strip_suffix('.')?.to_owned())
}

/// Suffixes of public names that are answered by way of a zone below `privatelink`.
const SUFFIXES: &[&str] = &[
    "api.azureml.ms",
    "notebooks.azure.net",
    "vault.azure.net",
    "azurecr.io",
    "blob.core.windows.net",
    "table.core.windows.net",
    "queue.core.windows.net",
    "file.core.windows.net",
    "web.core.windows.net",
    "dfs.core.windows.net",
    "azure.com",
];

/// The name that a public name leads to once its resource has an endpoint.
pub(super) fn private_name(fqdn: &str) -> Option<String> {
    let suffix = SUFFIXES.iter().find(|s| fqdn.strip_suffix(**s).is_some_and(|rest| rest.ends_with('.')))?;
    let zone = RENAMED.iter().find(|(s, _)| s == suffix).map(|(_, zone)| (*zone).to_owned());
    let zone = zone.unwrap_or_else(|| format!("privatelink.{suffix}"));
    Some(format!("{}{zone}", fqdn.strip_suffix(suffix)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_answer_for_the_names_that_lead_to_them() {
        for (fqdn, zone, record) in [
            (
                "w.workspace.eastus.cert.api.azureml.ms",
                "privatelink.api.azureml.ms",
                "w.workspace.eastus.cert",
            ),
            ("kv.vault.azure.net", "privatelink.vaultcore.azure.net", "kv"),
            ("cr.eastus.data.azurecr.io", "privatelink.azurecr.io", "cr.eastus.data"),
            ("st.z13.web.core.windows.net", "privatelink.web.core.windows.net", "st.z13"),
            ("management.azure.com", "privatelink.azure.com", "management"),
        ] {
            assert_eq!(record_name(zone, fqdn).as_deref(), Some(record));
            assert_eq!(private_name(fqdn), Some(format!("{record}.{zone}")));
        }
        assert_eq!(record_name("www.zone1.com", "x.zone1.com"), None);
        assert_eq!(record_name("privatelink.vault.azure.net", "kv.example.com"), None);
        assert_eq!(private_name("www.example.com"), None);
    }
}
