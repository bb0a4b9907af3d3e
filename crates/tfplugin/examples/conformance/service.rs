//! A service as services are: it spells what it is sent in its own way, leaves out what says nothing, and fills in what
//! it was not told. It remembers in files, for the tools start many processes.

use std::io::ErrorKind;
use std::path::PathBuf;

use tfplugin::codec::json;
use tfplugin::schema::{Field, Keep, Shape, object_type};
use tfplugin::{Type, Value};

use crate::types::Kind;

/// The variable that names the folder in which the service remembers.
const FOLDER: &str = "CONFORMANCE_FOLDER";

/// The identifier of an object.
pub(crate) fn id(kind: &str, name: &str) -> String {
    format!("/{kind}/{name}")
}

/// Why the service could not do as asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServiceError {
    #[error("the variable {FOLDER} is not set")]
    NoFolder,
    #[error("the service cannot keep its files: {0}")]
    File(#[from] std::io::Error),
    #[error("the service was sent what it cannot keep: {0}")]
    Codec(#[from] tfplugin::codec::CodecError),
    #[error("{0} exists already")]
    Exists(String),
}

/// The objects of one type.
pub(crate) struct Service {
    kind: Kind,
}

impl Service {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind }
    }

    fn ty(&self) -> Type {
        object_type(self.kind.schema.fields)
    }

    fn file(&self, name: &str) -> Result<PathBuf, ServiceError> {
        let folder = std::env::var_os(FOLDER).ok_or(ServiceError::NoFolder)?;
        let file = format!("{}-{}.json", self.kind.name, name.replace(['/', ' '], "-"));
        Ok(PathBuf::from(folder).join(file))
    }

    /// What the service remembers of an object.
    fn stored(&self, name: &str) -> Result<Option<Value>, ServiceError> {
        match std::fs::read(self.file(name)?) {
            Ok(text) => Ok(Some(json::decode(&text, &self.ty())?)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The object as the service tells of it.
    pub(crate) fn get(&self, name: &str) -> Result<Option<Value>, ServiceError> {
        Ok(self.stored(name)?.map(|stored| told(self.kind.schema.fields, &stored)))
    }

    pub(crate) fn create(&self, name: &str, sent: &Value, secrets: &Value) -> Result<Value, ServiceError> {
        if self.stored(name)?.is_some() {
            return Err(ServiceError::Exists(id(self.kind.name, name)));
        }
        self.put(name, sent, secrets, &Value::Null)
    }

    pub(crate) fn update(&self, name: &str, sent: &Value, secrets: &Value) -> Result<Value, ServiceError> {
        let before = self.stored(name)?.unwrap_or(Value::Null);
        self.put(name, sent, secrets, &before)
    }

    fn put(&self, name: &str, sent: &Value, secrets: &Value, before: &Value) -> Result<Value, ServiceError> {
        let revision = before.attribute("revision").and_then(Value::as_i64).unwrap_or_default() + 1;
        let filling = Filling {
            kind: self.kind,
            revision,
            touch: sent.attribute("touch").cloned().unwrap_or_default(),
        };
        let mut stored = filling.object(self.kind.schema.fields, sent, secrets, before);
        if let Value::Object(attributes) = &mut stored {
            attributes.insert("id".to_owned(), Value::string(id(self.kind.name, name)));
            attributes.insert("revision".to_owned(), Value::from(revision));
            attributes.insert("derived".to_owned(), filling.touch.clone());
        }
        std::fs::write(self.file(name)?, json::encode(&stored, &self.ty())?)?;
        Ok(told(self.kind.schema.fields, &stored))
    }

    pub(crate) fn delete(&self, name: &str) -> Result<(), ServiceError> {
        match std::fs::remove_file(self.file(name)?) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// How the service makes a stored object of what it was sent.
struct Filling {
    kind: Kind,
    revision: i64,
    touch: Value,
}

impl Filling {
    fn object(&self, fields: &[Field], sent: &Value, secrets: &Value, before: &Value) -> Value {
        let part = |of: &Value, name: &str| of.attribute(name).cloned().unwrap_or_default();
        Value::object(fields.iter().map(|field| {
            let name = field.name;
            // Secrets are in the configuration only.
            let sent = if field.write_only { part(secrets, name) } else { part(sent, name) };
            (name, self.attribute(field, &sent, &part(secrets, name), &part(before, name)))
        }))
    }

    fn attribute(&self, field: &Field, sent: &Value, secrets: &Value, before: &Value) -> Value {
        let open = sent.is_unknown() || (field.computed && sent.is_null());
        if !open {
            return self.within(&field.shape, sent, secrets, before);
        }
        let stays = field.optional || matches!(field.keep, Keep::Always);
        if stays && !before.is_null() {
            return before.clone();
        }
        let seed = match field.keep {
            Keep::No if !field.optional => format!("revision {}", self.revision),
            Keep::Unless(_) => format!("after {}", self.touch.as_str().unwrap_or_default()),
            _ => "constant".to_owned(),
        };
        made_up(&field.shape, &format!("{} {seed}", self.kind.name))
    }

    /// Fills in what the parts of a value leave open.
    fn within(&self, shape: &Shape, sent: &Value, secrets: &Value, before: &Value) -> Value {
        let null = Value::Null;
        let secret = |index: usize| secrets.elements().and_then(|all| all.get(index)).unwrap_or(&null);
        let was = |index: usize| before.elements().and_then(|all| all.get(index)).unwrap_or(&null);
        match (shape, sent) {
            (Shape::Object(fields), Value::Object(_)) => self.object(fields, sent, secrets, before),
            (Shape::List(element), Value::List(elements)) => {
                let one = |(index, sent)| self.within(element, sent, secret(index), was(index));
                Value::List(elements.iter().enumerate().map(one).collect())
            }
            (Shape::Set(element), Value::Set(elements)) => {
                Value::set_of(elements.iter().map(|sent| self.within(element, sent, &null, &null)))
            }
            (Shape::Map(element), Value::Map(entries)) => Value::map(entries.iter().map(|(key, sent)| {
                let of =
                    |all: &Value| all.entries().and_then(|all| all.get(key)).cloned().unwrap_or_default();
                (key.clone(), self.within(element, sent, &of(secrets), &of(before)))
            })),
            _ => sent.clone(),
        }
    }
}

/// What the service fills in.
fn made_up(shape: &Shape, seed: &str) -> Value {
    match shape {
        Shape::Bool => Value::Bool(seed.len().is_multiple_of(2)),
        Shape::Integer => Value::from(i64::try_from(seed.len()).unwrap_or_default()),
        Shape::Number => "0.1".parse().map_or(Value::Null, Value::Number),
        Shape::String => Value::string(format!("filled in, {seed}")),
        Shape::Dynamic => Value::dynamic(Type::String, Value::string(seed)),
        Shape::List(element) => Value::List(vec![made_up(element, seed)]),
        Shape::Set(element) => Value::set_of([made_up(element, seed)]),
        Shape::Map(element) => Value::map([("filled in", made_up(element, seed))]),
        Shape::Object(fields) => {
            let fill =
                |field: &Field| if field.write_only { Value::Null } else { made_up(&field.shape, seed) };
            Value::object(fields.iter().map(|field| (field.name, fill(field))))
        }
    }
}

/// A stored object in the service's own words, without its secrets.
fn told(fields: &[Field], stored: &Value) -> Value {
    Value::object(fields.iter().map(|field| {
        let value = stored.attribute(field.name).cloned().unwrap_or_default();
        (field.name, told_attribute(field, &value))
    }))
}

fn told_attribute(field: &Field, value: &Value) -> Value {
    if field.write_only {
        return Value::Null;
    }
    // What says nothing is told as nothing, and nothing as what says nothing.
    if let Some(empty) = field.unset.map(|literal| literal.value(&field.shape)) {
        if value.is_null() {
            return empty;
        }
        if *value == empty {
            return Value::Null;
        }
    }
    spelt(field, &field.shape, value)
}

fn spelt(field: &Field, shape: &Shape, value: &Value) -> Value {
    match (shape, value) {
        (Shape::Object(fields), Value::Object(_)) => told(fields, value),
        (Shape::List(element), Value::List(elements)) => {
            Value::List(elements.iter().map(|value| spelt(field, element, value)).collect())
        }
        (Shape::Set(element), Value::Set(elements)) => {
            Value::Set(elements.iter().rev().map(|value| spelt(field, element, value)).collect())
        }
        (Shape::Map(element), Value::Map(entries)) => {
            Value::map(entries.iter().map(|(key, value)| (key.clone(), spelt(field, element, value))))
        }
        (Shape::String, Value::String(text)) if field.equal.is_some() => {
            Value::string(text.to_ascii_uppercase())
        }
        (Shape::String, Value::String(text)) => {
            let option = field.one_of.iter().find(|option| option.eq_ignore_ascii_case(text));
            option.map_or_else(|| value.clone(), |option| Value::string(*option))
        }
        _ => value.clone(),
    }
}
