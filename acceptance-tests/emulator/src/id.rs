//! Resource IDs and request paths: spelled as the client spelled them, equal in any casing.

use std::fmt;

/// An ARM resource ID, or the scope above one (subscription, resource group, provider).
#[derive(Debug, Clone, Default)]
pub struct ResourceId {
    /// Subscription GUID.
    pub subscription: String,
    /// Resource group, absent at subscription scope.
    pub group: Option<String>,
    /// Provider namespace such as `Microsoft.Storage`; absent for subscriptions and groups.
    pub namespace: Option<String>,
    /// Type and name pairs below the namespace.
    pub segments: Vec<(String, String)>,
}

/// A request path: the resource it reaches and, when the last pair is incomplete, the word at its end (a collection or
/// an action).
#[derive(Debug, Clone, Default)]
pub struct ArmPath {
    /// What the complete pairs name.
    pub id: ResourceId,
    /// The word behind them: `workspaces`, `listKeys`.
    pub tail: Option<String>,
}

impl ArmPath {
    /// Splits a path below `/subscriptions/{id}`; none when it has another form.
    pub fn parse(path: &str) -> Option<Self> {
        let words: Vec<String> =
            path.split('/').filter(|w| !w.is_empty()).map(percent_decode).collect::<Option<_>>()?;
        let mut words = words.into_iter().peekable();
        if !words.next()?.eq_ignore_ascii_case("subscriptions") {
            return None;
        }
        let mut id = ResourceId { subscription: words.next()?, ..ResourceId::default() };
        if words.peek().is_some_and(|w| w.eq_ignore_ascii_case("resourceGroups")) {
            let word = words.next()?;
            match words.next() {
                Some(group) => id.group = Some(group),
                None => return Some(Self { id, tail: Some(word) }),
            }
        }
        if words.peek().is_some_and(|w| w.eq_ignore_ascii_case("providers")) {
            let word = words.next()?;
            match words.next() {
                Some(namespace) => id.namespace = Some(namespace),
                None => return Some(Self { id, tail: Some(word) }),
            }
        }
        while let Some(kind) = words.next() {
            match words.next() {
                Some(name) => id.segments.push((kind, name)),
                None => return Some(Self { id, tail: Some(kind) }),
            }
        }
        Some(Self { id, tail: None })
    }

    /// Whether the word at the end is this one, in any casing.
    pub fn ends_in(&self, word: &str) -> bool {
        self.tail.as_deref().is_some_and(|t| t.eq_ignore_ascii_case(word))
    }

    /// The full resource type the path is about, the word at its end included when it is a collection.
    pub fn collection_type(&self) -> String {
        let mut text = self.id.resource_type();
        if let Some(tail) = &self.tail {
            text.push('/');
            text.push_str(tail);
        }
        text
    }
}

impl ResourceId {
    /// Parses a complete ID, in any casing.
    pub fn parse(text: &str) -> Option<Self> {
        let path = ArmPath::parse(text)?;
        (path.tail.is_none() && text.starts_with('/')).then_some(path.id)
    }

    /// The form under which two spellings of one ID are the same.
    pub fn key(&self) -> String {
        self.to_string().to_lowercase()
    }

    /// The resource's own name: the last name, or the group's.
    pub fn name(&self) -> &str {
        match self.segments.last() {
            Some((_, name)) => name,
            None => self.group.as_deref().unwrap_or(&self.subscription),
        }
    }

    /// The group's name, empty at subscription scope.
    pub fn group_name(&self) -> &str {
        self.group.as_deref().unwrap_or_default()
    }

    /// Namespace and types: `Microsoft.MachineLearningServices/workspaces/outboundRules`.
    pub fn resource_type(&self) -> String {
        let mut text = self.namespace.clone().unwrap_or_default();
        for (kind, _) in &self.segments {
            text.push('/');
            text.push_str(kind);
        }
        text
    }

    /// Whether this is a resource of that full type, in any casing.
    pub fn is(&self, resource_type: &str) -> bool {
        self.resource_type().eq_ignore_ascii_case(resource_type)
    }

    /// The resource one pair up; none for a top-level resource.
    pub fn parent(&self) -> Option<Self> {
        (self.segments.len() > 1).then(|| {
            let mut parent = self.clone();
            parent.segments.pop();
            parent
        })
    }

    /// A resource below this one.
    pub fn child(&self, kind: &str, name: &str) -> Self {
        let mut child = self.clone();
        child.segments.push((kind.to_owned(), name.to_owned()));
        child
    }

    /// The ID of a resource in the same subscription and group.
    pub fn sibling(&self, namespace: &str, kind: &str, name: &str) -> Self {
        Self {
            namespace: Some(namespace.to_owned()),
            segments: vec![(kind.to_owned(), name.to_owned())],
            ..self.clone()
        }
    }

    /// The ID of the resource's group.
    pub fn group_id(&self) -> Self {
        Self {
            subscription: self.subscription.clone(),
            group: self.group.clone(),
            namespace: None,
            segments: Vec::new(),
        }
    }
}

impl PartialEq for ResourceId {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for ResourceId {}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/subscriptions/{}", self.subscription)?;
        if let Some(group) = &self.group {
            write!(f, "/resourceGroups/{group}")?;
        }
        if let Some(namespace) = &self.namespace {
            write!(f, "/providers/{namespace}")?;
        }
        self.segments.iter().try_for_each(|(kind, name)| write!(f, "/{kind}/{name}"))
    }
}

/// Undoes percent-encoding; none when the bytes are no UTF-8.
fn percent_decode(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).filter(|h| h.iter().all(u8::is_ascii_hexdigit));
        let hex = hex.and_then(|h| std::str::from_utf8(h).ok());
        match (bytes[at], hex.and_then(|h| u8::from_str_radix(h, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_split_into_a_resource_and_a_tail() {
        let path =
            ArmPath::parse("/subscriptions/s/resourcegroups/rg/providers/N.S/things/t/listKeys").unwrap();
        assert_eq!(path.id.to_string(), "/subscriptions/s/resourceGroups/rg/providers/N.S/things/t");
        assert!(path.ends_in("listkeys"));
        assert_eq!(
            ArmPath::parse("/subscriptions/s/providers/N.S/things").unwrap().collection_type(),
            "N.S/things"
        );
        assert!(ArmPath::parse("/tenants").is_none());
    }

    #[test]
    fn ids_are_equal_in_any_casing() {
        let a = ResourceId::parse("/subscriptions/S/resourceGroups/RG/providers/n.s/Things/T").unwrap();
        let b = ResourceId::parse("/SUBSCRIPTIONS/s/RESOURCEGROUPS/rg/providers/N.S/things/t%20").unwrap();
        assert_ne!(a, b);
        assert_eq!(b.name(), "t ");
        assert_eq!(
            a,
            ResourceId::parse("/subscriptions/s/resourcegroups/rg/providers/N.S/things/t").unwrap()
        );
        assert!(ResourceId::parse("/subscriptions/s/resourceGroups").is_none());
    }
}
