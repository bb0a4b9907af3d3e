//! What the tools do with a schema: complete a configuration, and propose what shall be.

use serde_json::{Map, Value};

use super::proto::schema::nested_block::NestingMode as BlockNesting;
use super::proto::schema::object::NestingMode;
use super::proto::schema::{Attribute, Block};

/// A configuration with every attribute: what is not written is null, and a block that is not there is empty.
pub(super) fn complete(block: &Block, config: &Value) -> Value {
    let mut whole = attributes(&block.attributes, config);
    for nested in &block.block_types {
        let given = &config[&nested.type_name];
        let inner = nested.block.clone().unwrap_or_default();
        let value = match (nested.nesting(), given) {
            (BlockNesting::Single, Value::Null) => Value::Null,
            (BlockNesting::Single | BlockNesting::Group, given) => complete(&inner, given),
            (BlockNesting::Map, Value::Object(members)) => {
                members.iter().map(|(key, one)| (key.clone(), complete(&inner, one))).collect()
            }
            (BlockNesting::Map, _) => Value::Object(Map::new()),
            (_, given) => given.as_array().into_iter().flatten().map(|one| complete(&inner, one)).collect(),
        };
        whole.insert(nested.type_name.clone(), value);
    }
    refuse_strangers(config, &whole);
    whole.into()
}

fn attributes(declared: &[Attribute], config: &Value) -> Map<String, Value> {
    let one = |attribute: &Attribute| {
        (attribute.name.clone(), attribute_value(attribute, &config[&attribute.name]))
    };
    declared.iter().map(one).collect()
}

fn attribute_value(attribute: &Attribute, given: &Value) -> Value {
    let Some(nested) = &attribute.nested_type else { return given.clone() };
    let object = |one: &Value| Value::Object(attributes(&nested.attributes, one));
    match (nested.nesting(), given) {
        (_, Value::Null) => Value::Null,
        (_, unknown) if *unknown == super::unknown() => unknown.clone(),
        (NestingMode::Single, given) => object(given),
        (NestingMode::Map, Value::Object(members)) => {
            members.iter().map(|(key, one)| (key.clone(), object(one))).collect()
        }
        (_, given) => given.as_array().into_iter().flatten().map(object).collect(),
    }
}

/// A misspelt name in a test is a mistake of the test.
fn refuse_strangers(config: &Value, whole: &Map<String, Value>) {
    let names = config.as_object().into_iter().flatten().map(|(name, _)| name);
    names.for_each(|name| assert!(whole.contains_key(name), "the schema has no {name}"));
}

/// What shall be, as the tools propose it: the configuration, and what was where it leaves the choice to the provider.
pub(super) fn proposed(block: &Block, prior: &Value, config: &Value) -> Value {
    if config.is_null() {
        return Value::Null;
    }
    let mut all = propose(&block.attributes, prior, config);
    for nested in &block.block_types {
        let given = &config[&nested.type_name];
        let inner = nested.block.as_ref().filter(|_| nested.nesting() == BlockNesting::Single);
        let value = match inner {
            Some(inner) => proposed(inner, &prior[&nested.type_name], given),
            None => given.clone(),
        };
        all.insert(nested.type_name.clone(), value);
    }
    all.into()
}

fn propose(declared: &[Attribute], prior: &Value, config: &Value) -> Map<String, Value> {
    let one = |attribute: &Attribute| {
        let (was, given) = (&prior[&attribute.name], &config[&attribute.name]);
        let nested = attribute.nested_type.as_ref().filter(|nested| nested.nesting() == NestingMode::Single);
        let value = match (given, nested) {
            (Value::Null, _) if attribute.computed => was.clone(),
            (Value::Object(_), Some(nested)) => propose(&nested.attributes, was, given).into(),
            _ => given.clone(),
        };
        (attribute.name.clone(), value)
    };
    declared.iter().map(one).collect()
}
