//! How a row of the matrix is written: one attribute, two values for it, and what each change of it has to send.

use serde_json::Value;

/// What a change of an attribute does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// It is sent in a PATCH.
    Update,
    /// It lies in a document of its own within the resource. What it sends is a list of writes: a method and a body each, which
    /// at a creation follow the PUT of the resource.
    Within,
    /// The resource is made anew.
    Replace,
    /// It concerns the provider alone: no request.
    Local,
    /// Azure accepts one value only, so that it never changes. The value has no marks.
    Fixed,
    /// It cannot be set; the state has what Azure says at this JSON pointer, of the resource or of the one whose ID stands
    /// before a `#`. Of lists the first elements are compared.
    Computed(&'static str),
    /// Only Azure sets it, and tells it where it is asked in this version: the pointer into the answer.
    Answered(&'static str, &'static str),
}

/// One attribute of the schema. Texts may name what the scene has as `{storage_a}`; «» stand around the value itself.
#[derive(Debug, Clone)]
pub(crate) struct Attribute {
    /// The path in the schema, `identity.type`.
    pub(crate) path: &'static str,
    /// What changing it does.
    pub(crate) way: Way,
    /// Arguments while it is not set; its own required value when it cannot be unset.
    pub(crate) unset: &'static str,
    /// Arguments that set it to its first value.
    pub(crate) a: &'static str,
    /// Arguments that set it to its second value.
    pub(crate) b: &'static str,
    /// What the request has for it when it is set to A.
    pub(crate) sends_a: &'static str,
    /// What the request has for it when it is set to B.
    pub(crate) sends_b: &'static str,
    /// What a PATCH has when it is unset; empty when there is none, because the value stays.
    pub(crate) sends_unset: &'static str,
    /// What the PUT of a creation has, beyond the least, while it is not set.
    pub(crate) put_unset: &'static str,
    /// What the PUT of a creation with A has, beyond the least; empty when it is the same as `sends_a`.
    pub(crate) put_a: &'static str,
    /// A merge patch that changes it in Azure.
    pub(crate) drift: &'static str,
    /// What setting it right sends; empty when it is the same as `sends_a`.
    pub(crate) repairs: &'static str,
    /// Methods of what comes before the PUT of a creation with A.
    pub(crate) before_put: &'static [&'static str],
    /// Whether another casing of the value is the same value.
    pub(crate) caseless: bool,
    /// Whether leaving it out is refused.
    pub(crate) required: bool,
    /// Whether A keeps the resource from being destroyed.
    pub(crate) locks: bool,
}

impl Attribute {
    /// An attribute and what changing it does.
    pub(crate) fn new(path: &'static str, way: Way) -> Self {
        Self {
            path,
            way,
            unset: "",
            a: "",
            b: "",
            sends_a: "{}",
            sends_b: "{}",
            sends_unset: "",
            put_unset: "{}",
            put_a: "",
            drift: "",
            repairs: "",
            before_put: &[],
            caseless: false,
            required: false,
            locks: false,
        }
    }

    /// An attribute that only Azure sets.
    pub(crate) fn computed(path: &'static str, pointer: &'static str) -> Self {
        Self::new(path, Way::Computed(pointer))
    }

    /// An attribute that is in no document, for Azure makes it when it is asked.
    pub(crate) fn answered(path: &'static str, version: &'static str, pointer: &'static str) -> Self {
        Self::new(path, Way::Answered(version, pointer))
    }

    /// The arguments by which Azure sets it, with the writes that follow the PUT of the resource. All such attributes of a type
    /// share one resource.
    pub(crate) fn shown_by(mut self, arguments: &'static str, writes: &'static str) -> Self {
        (self.unset, self.a, self.b) = (arguments, arguments, arguments);
        (self.put_unset, self.sends_a) = (writes, writes);
        self
    }

    /// Its first value, and what sending that looks like.
    pub(crate) fn a(mut self, arguments: &'static str, sends: &'static str) -> Self {
        (self.a, self.sends_a) = (arguments, sends);
        self
    }

    /// Its second value, and what sending that looks like.
    pub(crate) fn b(mut self, arguments: &'static str, sends: &'static str) -> Self {
        (self.b, self.sends_b) = (arguments, sends);
        self
    }

    /// The arguments without it, and what they put.
    pub(crate) fn without(mut self, arguments: &'static str, put: &'static str) -> Self {
        (self.unset, self.put_unset) = (arguments, put);
        self
    }

    /// What unsetting it sends.
    pub(crate) fn cleared_by(mut self, sends: &'static str) -> Self {
        self.sends_unset = sends;
        self
    }

    /// What a creation with A has, where that is not what an update has.
    pub(crate) fn put_a(mut self, put: &'static str) -> Self {
        self.put_a = put;
        self
    }

    /// A change in Azure behind everyone's back.
    pub(crate) fn drift(mut self, patch: &'static str) -> Self {
        self.drift = patch;
        self
    }

    /// What setting the drift right sends, where that is not what setting it sends.
    pub(crate) fn repaired_by(mut self, sends: &'static str) -> Self {
        self.repairs = sends;
        self
    }

    /// What comes before the PUT of a creation with A.
    pub(crate) fn put_after(mut self, methods: &'static [&'static str]) -> Self {
        self.before_put = methods;
        self
    }

    /// What keeps the resource from being destroyed.
    pub(crate) fn deletion_protection() -> Self {
        let row = Self::new("deletion_protection", Way::Local);
        let row = row.a("deletion_protection = «true»", "{}").b("deletion_protection = «false»", "{}");
        Self { locks: true, ..row }
    }

    /// Another casing is no change.
    pub(crate) fn caseless(mut self) -> Self {
        self.caseless = true;
        self
    }

    /// It cannot be left out.
    pub(crate) fn required(mut self, arguments: &'static str, put: &'static str) -> Self {
        self.required = true;
        self.without(arguments, put)
    }

    /// Whether it can be written in a configuration.
    pub(crate) fn is_settable(&self) -> bool {
        !matches!(self.way, Way::Computed(_) | Way::Answered(..))
    }
}

/// Arguments with the value as it is.
pub(crate) fn known(arguments: &str) -> String {
    arguments.replace(['«', '»'], "")
}

/// The value between the marks.
pub(crate) fn value(arguments: &str) -> &str {
    let after = arguments.split_once('«').map_or("", |(_, after)| after);
    after.split_once('»').map_or("", |(value, _)| value)
}

/// Arguments with another expression in place of the value.
pub(crate) fn with_value(arguments: &str, expression: &str) -> String {
    let (before, rest) = arguments.split_once('«').unwrap_or((arguments, ""));
    let (_, after) = rest.split_once('»').unwrap_or(("", rest));
    format!("{before}{expression}{after}")
}

/// Arguments with every letter within quotes of the value in the other case; none when there is nothing to change.
pub(crate) fn recased(arguments: &str) -> Option<String> {
    let mut quoted = false;
    let flip = |letter: char| {
        if letter == '"' {
            quoted = !quoted;
        }
        match letter {
            _ if !quoted => letter,
            upper if upper.is_ascii_uppercase() => upper.to_ascii_lowercase(),
            other => other.to_ascii_uppercase(),
        }
    };
    let before = value(arguments);
    let after: String = before.chars().map(flip).collect();
    (after != before).then(|| with_value(arguments, &after))
}

/// What stands in a text for a member that is not there.
const ABSENT: &str = "(absent)";

/// `patch` laid over `base`: objects member by member, everything else replaced; null is a value like others, and what is
/// `(absent)` goes.
pub(crate) fn overlay(base: &Value, patch: &Value) -> Value {
    match (base, patch) {
        (Value::Object(below), Value::Object(above)) => {
            let mut all = below.clone();
            for (name, value) in above {
                if value == ABSENT {
                    all.remove(name);
                    continue;
                }
                let laid = overlay(below.get(name).unwrap_or(&Value::Null), value);
                all.insert(name.clone(), laid);
            }
            Value::Object(all)
        }
        _ => patch.clone(),
    }
}
