//! Which resource provider answers for a path.

/// What answers for resource groups, subscriptions and the registration of other providers.
const RESOURCES: &str = "Microsoft.Resources";

/// The namespace of the resource provider that answers for a path under Resource Manager: the last one in it, as the
/// extension of a resource is its own provider's.
pub(crate) fn namespace_of(path: &str) -> &str {
    let words: Vec<&str> = path.trim_matches('/').split('/').collect();
    // Keys and names take turns, so that a thing that is named "providers" is told from the word.
    let mut found = RESOURCES;
    for (index, pair) in words.chunks(2).enumerate() {
        if let [key, namespace] = pair
            && key.eq_ignore_ascii_case("providers")
        {
            let rest = &words[(index + 1) * 2..];
            let registration = matches!(rest, [action] if action.to_lowercase().ends_with("register"));
            if !(rest.is_empty() || registration) {
                found = namespace;
            }
        }
    }
    found
}
