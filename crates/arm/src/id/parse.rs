//! Reading an ID, and saying what is wrong with a text that is none.

use super::{Provider, ResourceId, build, canonical};

/// Why a text is not the resource ID that was wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {wanted}: {problem}")]
pub struct IdError {
    text: String,
    wanted: String,
    problem: String,
}

impl IdError {
    fn new(text: &str, problem: impl Into<String>) -> Self {
        Self { text: text.to_owned(), wanted: "an Azure resource ID".to_owned(), problem: problem.into() }
    }

    pub(super) fn wrong_type(id: &ResourceId, wanted: &str) -> Self {
        Self {
            text: id.text.clone(),
            wanted: format!("the ID of a {wanted}"),
            problem: format!("it is the ID of a {}", id.resource_type()),
        }
    }

    /// What is wrong, without the text itself.
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

pub(super) fn parse(text: &str) -> Result<ResourceId, IdError> {
    let fail = |problem: String| Err(IdError::new(text, problem));
    if text.is_empty() {
        return fail("it is empty; expected /subscriptions/<subscription>/resourceGroups/<group>/providers/<namespace>/<type>/<name>".to_owned());
    }
    let Some(rest) = text.strip_prefix('/') else {
        return fail("it does not begin with \"/\"; expected /subscriptions/<subscription>/…".to_owned());
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let segments: Vec<&str> = rest.split('/').collect();
    if let Some(empty) = segments.iter().position(|segment| segment.is_empty()) {
        return fail(format!("segment {} is empty", empty + 1));
    }
    if let Err(error) = segments.iter().try_for_each(|segment| build::check_segment(segment)) {
        return fail(error.to_string());
    }
    let mut segments = segments.into_iter().peekable();
    let mut id = ResourceId { subscription: None, group: None, providers: Vec::new(), text: String::new() };
    if next_is(&mut segments, "subscriptions") {
        let Some(subscription) = segments.next() else {
            return fail("the subscription after /subscriptions/ is missing".to_owned());
        };
        id.subscription = Some(subscription.to_owned());
        if next_is(&mut segments, "resourceGroups") {
            let Some(group) = segments.next() else {
                return fail("the name after /resourceGroups/ is missing".to_owned());
            };
            id.group = Some(group.to_owned());
        }
    }
    while next_is(&mut segments, "providers") {
        let Some(namespace) = segments.next() else {
            return fail("the namespace after /providers/ is missing".to_owned());
        };
        let mut provider = Provider { namespace: canonical::namespace(namespace), path: Vec::new() };
        while let Some(kind) = segments.next_if(|segment| !segment.eq_ignore_ascii_case("providers")) {
            let Some(name) = segments.next() else {
                return fail(format!("the name after /{kind}/ is missing"));
            };
            provider.path.push((canonical::kind(namespace, kind), name.to_owned()));
        }
        if provider.path.is_empty() && segments.peek().is_some() {
            return fail(format!("the type and name after /providers/{namespace}/ are missing"));
        }
        id.providers.push(provider);
    }
    if let Some(stray) = segments.next() {
        let expected = match (&id.subscription, &id.group) {
            (None, _) => "\"subscriptions\" or \"providers\"",
            (Some(_), None) => "\"resourceGroups\" or \"providers\"",
            (Some(_), Some(_)) => "\"providers\"",
        };
        return fail(format!("found {stray:?} where {expected} was expected"));
    }
    Ok(id.printed())
}

fn next_is<'a>(segments: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>, keyword: &str) -> bool {
    segments.next_if(|segment| segment.eq_ignore_ascii_case(keyword)).is_some()
}
