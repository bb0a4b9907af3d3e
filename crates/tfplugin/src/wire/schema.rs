//! Schemas on the wire.
//!
//! The CLIs read them without a guard: a schema or nested block without its block, or a type that is no
//! type, crashes them. So blocks are always there, and types come from [`Type`] alone.

use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::schema;
use crate::schema::{Field, IdentityPart, Nesting, Operation, Schema, TIMEOUTS, TimeoutDefaults};
use crate::ty::Type;

/// The schema of one thing.
pub(crate) fn to_proto(schema: &Schema) -> proto::Schema {
    proto::Schema {
        version: schema.version,
        block: Some(schema::Block {
            attributes: attributes(schema.fields),
            block_types: schema.timeouts.as_ref().map(timeouts).into_iter().collect(),
            description: schema.doc.to_owned(),
            description_kind: proto::StringKind::Markdown.into(),
            deprecated: schema.deprecated.is_some(),
            deprecation_message: schema.deprecated.unwrap_or_default().to_owned(),
            ..Default::default()
        }),
    }
}

/// The schema of a resource's identity. Version 0 for ever: Terraform asks to upgrade from it where a
/// state has no identity at all.
pub(crate) fn identity_to_proto(schema: &Schema) -> proto::ResourceIdentitySchema {
    let attribute = |field: &Field| proto::resource_identity_schema::IdentityAttribute {
        name: field.name.to_owned(),
        r#type: field.ty().to_json(),
        // Exactly one of the two.
        required_for_import: field.identity == IdentityPart::Required,
        optional_for_import: field.identity == IdentityPart::Optional,
        description: field.doc.to_owned(),
    };
    proto::ResourceIdentitySchema {
        version: 0,
        identity_attributes: schema.identity_fields().map(attribute).collect(),
    }
}

/// The one block there is.
fn timeouts(timeouts: &TimeoutDefaults) -> schema::NestedBlock {
    let attribute = |operation: Operation| schema::Attribute {
        name: operation.name().to_owned(),
        r#type: Type::String.to_json(),
        description: timeouts.doc(operation),
        description_kind: proto::StringKind::Markdown.into(),
        optional: true,
        ..Default::default()
    };
    let block = schema::Block {
        attributes: timeouts.operations().map(attribute).collect(),
        description_kind: proto::StringKind::Markdown.into(),
        ..Default::default()
    };
    schema::NestedBlock {
        type_name: TIMEOUTS.to_owned(),
        block: Some(block),
        nesting: schema::nested_block::NestingMode::Single.into(),
        ..Default::default()
    }
}

/// Attributes, in the order of their declaration.
fn attributes(fields: &[Field]) -> Vec<schema::Attribute> {
    fields.iter().map(attribute).collect()
}

fn attribute(field: &Field) -> schema::Attribute {
    let nested = field.nested();
    schema::Attribute {
        name: field.name.to_owned(),
        // One of type and nested type, never both.
        r#type: if nested.is_some() { Vec::new() } else { field.ty().to_json() },
        nested_type: nested.map(|(nesting, fields)| object(nesting, fields)),
        description: field.doc.to_owned(),
        description_kind: proto::StringKind::Markdown.into(),
        required: field.required,
        optional: field.optional,
        computed: field.computed,
        sensitive: field.sensitive,
        write_only: field.write_only,
        deprecated: field.deprecated.is_some(),
        deprecation_message: field.deprecated.unwrap_or_default().to_owned(),
    }
}

fn object(nesting: Nesting, fields: &[Field]) -> schema::Object {
    use schema::object::NestingMode;

    let nesting = match nesting {
        Nesting::Single => NestingMode::Single,
        Nesting::List => NestingMode::List,
        Nesting::Set => NestingMode::Set,
        Nesting::Map => NestingMode::Map,
    };
    schema::Object { attributes: attributes(fields), nesting: nesting.into(), ..Default::default() }
}
