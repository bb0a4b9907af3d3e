//! How `tags`, `tags_all`, the provider's `default_tags` and the tags that others add go together.
//!
//! `tags` is what the configuration declares, `tags_all` what is on the resource. Keys that are neither in `tags` nor in
//! `default_tags` were put there by others, such as an Azure policy: they are kept and are no difference.
//! Azure compares tag names in any casing, and so does everything here. `docs/decisions/tags.md` has the reasons.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tfplugin::Value;
use tfplugin::schema::Shape;

use crate::document::{self, Unfit};

/// Tag names with their values.
pub(crate) type Tags = BTreeMap<String, String>;

/// The member of a document that holds the tags.
pub(crate) const MEMBER: &str = "tags";

/// Azure takes this many tags on one resource.
const MOST: usize = 50;
/// Azure takes names of this many characters.
const NAME_LENGTH: usize = 512;
/// Azure takes values of this many characters.
const VALUE_LENGTH: usize = 256;
/// Azure takes these characters in no name.
const NOT_IN_NAMES: [char; 7] = ['<', '>', '%', '&', '\\', '?', '/'];

/// What is known about the tags of a resource that exists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// All tags that are on it.
    pub(crate) all: Tags,
    /// Those that the configuration declared last.
    pub(crate) own: Tags,
    /// Those that `default_tags` put there last.
    pub(crate) defaults: Tags,
}

/// All tags that the resource is to have.
pub(crate) fn planned(known: &Known, defaults: &Tags, own: &Tags) -> Tags {
    let ours = |name: &str| holds(&known.own, name) || holds(&known.defaults, name);
    let mut all: Tags = known
        .all
        .iter()
        .filter(|(name, _)| !ours(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for (name, value) in defaults.iter().chain(own) {
        put(&mut all, name, value);
    }
    all
}

/// The tags of an answer, with our own names in our own casing: (`tags`, `tags_all`).
pub(crate) fn read(remote: &Tags, own: &Tags, defaults: &Tags) -> (Tags, Tags) {
    let mut tags = Tags::new();
    let mut all = Tags::new();
    for (name, value) in remote {
        let declared = own.keys().find(|key| key.eq_ignore_ascii_case(name));
        let ours = declared.or_else(|| defaults.keys().find(|key| key.eq_ignore_ascii_case(name)));
        if let Some(declared) = declared {
            tags.insert(declared.clone(), value.clone());
        }
        all.insert(ours.unwrap_or(name).clone(), value.clone());
    }
    (tags, all)
}

/// The tags that an import takes for the configuration's: all but those that `default_tags` would put there anyway.
pub(crate) fn import(remote: &Tags, defaults: &Tags) -> Tags {
    let is_default = |name: &str, value: &str| {
        defaults.iter().any(|(key, default)| key.eq_ignore_ascii_case(name) && default == value)
    };
    remote
        .iter()
        .filter(|(name, value)| !is_default(name, value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Says what Azure would refuse in a set of tags; values that are not known yet are `None`.
pub(crate) fn check<'a>(tags: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Result<(), String> {
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in tags {
        if name.trim().is_empty() {
            return Err("needs a name for each tag; one is empty".to_owned());
        }
        if name.chars().count() > NAME_LENGTH {
            let start: String = name.chars().take(40).collect();
            return Err(format!(
                "takes names of at most {NAME_LENGTH} characters; the one that begins with {start:?} has more"
            ));
        }
        if let Some(found) = name.chars().find(|c| NOT_IN_NAMES.contains(c) || c.is_control()) {
            return Err(format!("takes names without < > % & \\ ? /; {name:?} contains {found:?}"));
        }
        if value.is_some_and(|value| value.chars().count() > VALUE_LENGTH) {
            return Err(format!(
                "takes values of at most {VALUE_LENGTH} characters; that of {name:?} has more"
            ));
        }
        if let Some(twin) = seen.iter().find(|twin| twin.eq_ignore_ascii_case(name)) {
            return Err(format!("cannot have both {twin:?} and {name:?}, which are one name for Azure"));
        }
        seen.push(name);
    }
    if seen.len() > MOST {
        return Err(format!("takes at most {MOST} tags; these are {}", seen.len()));
    }
    Ok(())
}

/// The same for a value of an attribute, of whose parts some may not be known yet.
pub(crate) fn check_value(value: &Value) -> Result<(), String> {
    let empty = BTreeMap::new();
    let tags = value.entries().unwrap_or(&empty);
    if let Some((name, _)) = tags.iter().find(|(_, value)| value.is_null()) {
        return Err(format!("needs a value for each tag, which may be empty; that of {name:?} is null"));
    }
    check(tags.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// The tags in a document. A tag without a value has an empty one.
pub(crate) fn of_document(answer: &Json) -> Result<Tags, Unfit> {
    let mut tags = document::get(answer, MEMBER).clone();
    for value in tags.as_object_mut().into_iter().flat_map(|tags| tags.values_mut()) {
        if value.is_null() {
            *value = Json::from("");
        }
    }
    let tags = document::taken(&Shape::Map(&Shape::String), &tags)?;
    let text =
        |(name, value): (&String, &Value)| (name.clone(), value.as_str().unwrap_or_default().to_owned());
    Ok(tags.entries().into_iter().flatten().map(text).collect())
}

/// The tags in a value; none while it is unknown.
pub(crate) fn of_value(value: &Value) -> Tags {
    let empty = BTreeMap::new();
    let entries = value.entries().unwrap_or(&empty);
    entries.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// Tags as a value.
pub(crate) fn to_value(tags: Tags) -> Value {
    Value::map(tags.into_iter().map(|(name, value)| (name, Value::from(value))))
}

fn holds(tags: &Tags, name: &str) -> bool {
    tags.keys().any(|key| key.eq_ignore_ascii_case(name))
}

fn put(tags: &mut Tags, name: &str, value: &str) {
    tags.retain(|key, _| !key.eq_ignore_ascii_case(name));
    tags.insert(name.to_owned(), value.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_new_resource_gets_the_defaults_under_its_own() {
        let defaults = tags(&[("env", "test"), ("team", "ml")]);
        assert_eq!(
            planned(&Known::default(), &defaults, &tags(&[("Env", "prod")])),
            tags(&[("Env", "prod"), ("team", "ml")])
        );
    }

    #[test]
    fn what_others_added_is_kept_and_what_was_ours_goes() {
        let known = Known {
            all: tags(&[("policy", "1"), ("a", "1"), ("old-default", "1")]),
            own: tags(&[("a", "1")]),
            defaults: tags(&[("old-default", "1")]),
        };
        assert_eq!(planned(&known, &Tags::new(), &Tags::new()), tags(&[("policy", "1")]));
        assert_eq!(planned(&known, &known.defaults, &known.own), known.all);
    }

    #[test]
    fn a_foreign_tag_becomes_ours_when_declared() {
        let known = Known { all: tags(&[("Policy", "1")]), ..Known::default() };
        assert_eq!(planned(&known, &Tags::new(), &tags(&[("policy", "2")])), tags(&[("policy", "2")]));
    }

    #[test]
    fn reading_tells_ours_from_others_in_any_casing() {
        let remote = tags(&[("ENV", "x"), ("policy", "1"), ("Team", "ml")]);
        let (own, all) = read(&remote, &tags(&[("env", "test"), ("gone", "1")]), &tags(&[("team", "ml")]));
        assert_eq!(own, tags(&[("env", "x")]));
        assert_eq!(all, tags(&[("env", "x"), ("policy", "1"), ("team", "ml")]));
    }

    #[test]
    fn an_import_leaves_out_what_is_default_anyway() {
        let remote = tags(&[("env", "test"), ("team", "other"), ("x", "1")]);
        assert_eq!(
            import(&remote, &tags(&[("Env", "test"), ("team", "ml")])),
            tags(&[("team", "other"), ("x", "1")])
        );
    }

    #[test]
    fn says_what_azure_would_refuse() {
        assert_eq!(check([("a", Some("1")), ("b", None)]), Ok(()));
        assert_eq!(
            check([("a/b", None)]),
            Err(r#"takes names without < > % & \ ? /; "a/b" contains '/'"#.to_owned())
        );
        assert_eq!(
            check([("Env", None), ("env", None)]),
            Err(r#"cannot have both "Env" and "env", which are one name for Azure"#.to_owned())
        );
        assert_eq!(check([(" ", None)]), Err("needs a name for each tag; one is empty".to_owned()));
        let long = "v".repeat(257);
        assert_eq!(
            check([("a", Some(long.as_str()))]),
            Err(r#"takes values of at most 256 characters; that of "a" has more"#.to_owned())
        );
        let names: Vec<String> = (0..51).map(|n| n.to_string()).collect();
        assert_eq!(
            check(names.iter().map(|name| (name.as_str(), None))),
            Err("takes at most 50 tags; these are 51".to_owned())
        );
    }

    mod properties {
        use super::*;
        use proptest::collection::btree_map;
        use proptest::prelude::*;

        fn any_tags() -> impl Strategy<Value = Tags> {
            btree_map("[abcABC]{1,2}", "[xy]", 0..4)
                // Azure holds no two names that differ in casing only.
                .prop_map(|tags| {
                    tags.iter().fold(Tags::new(), |mut all, (name, value)| {
                        put(&mut all, name, value);
                        all
                    })
                })
        }

        proptest! {
            #[test]
            fn what_was_planned_and_read_back_is_no_difference(all in any_tags(), own in any_tags(), defaults in any_tags(),
                                                               last in any_tags(), last_defaults in any_tags()) {
                let known = Known { all, own: last, defaults: last_defaults };
                let written = planned(&known, &defaults, &own);
                let (tags, tags_all) = read(&written, &own, &defaults);
                prop_assert_eq!(&tags, &own);
                let known = Known { all: tags_all.clone(), own: tags, defaults: defaults.clone() };
                prop_assert_eq!(planned(&known, &defaults, &own), tags_all);
            }

            #[test]
            fn an_import_is_no_difference(remote in any_tags(), defaults in any_tags()) {
                let own = import(&remote, &defaults);
                let (tags, all) = read(&remote, &own, &defaults);
                prop_assert_eq!(&tags, &own);
                // Defaults that the resource does not have yet are the one thing that a plan then adds.
                let has: Tags = defaults.into_iter().filter(|(name, _)| holds(&remote, name)).collect();
                let known = Known { all: all.clone(), own: tags, defaults: has.clone() };
                prop_assert_eq!(planned(&known, &has, &own), all);
            }
        }
    }
}
