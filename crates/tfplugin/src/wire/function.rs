//! The RPCs of functions.

use std::collections::BTreeMap;

use super::service::Serving;
use super::value;
use crate::diagnostic::Diagnostic;
use crate::function::{Parameter, Signature};
use crate::proto::tfplugin6 as proto;
use crate::provider::Server;

/// The signatures of all functions.
pub(crate) async fn all(
    serving: Serving,
    _request: proto::get_functions::Request,
) -> Result<proto::get_functions::Response, Diagnostic> {
    let functions = signatures(&serving.server);
    Ok(proto::get_functions::Response { functions, diagnostics: Vec::new() })
}

/// The signatures of all functions, by name.
pub(crate) fn signatures(server: &Server) -> BTreeMap<String, proto::Function> {
    let functions = server.functions().iter();
    functions.map(|(name, function)| (name.clone(), signature(function.signature()))).collect()
}

fn signature(signature: &Signature) -> proto::Function {
    proto::Function {
        parameters: signature.parameters.iter().map(parameter).collect(),
        variadic_parameter: signature.variadic.as_ref().map(parameter),
        // The CLIs read it without looking whether it is there.
        r#return: Some(proto::function::Return { r#type: signature.result.ty().to_json() }),
        summary: signature.summary.to_owned(),
        description: signature.doc.to_owned(),
        description_kind: proto::StringKind::Markdown.into(),
        deprecation_message: signature.deprecated.unwrap_or_default().to_owned(),
    }
}

fn parameter(parameter: &Parameter) -> proto::function::Parameter {
    proto::function::Parameter {
        name: parameter.name.to_owned(),
        r#type: parameter.shape.ty().to_json(),
        allow_null_value: parameter.allow_null,
        allow_unknown_values: parameter.allow_unknown,
        description: parameter.doc.to_owned(),
        description_kind: proto::StringKind::Markdown.into(),
    }
}

/// Calls a function.
pub(crate) async fn call(
    serving: Serving,
    request: proto::call_function::Request,
) -> Result<proto::call_function::Response, Diagnostic> {
    let Some(function) = serving.server.functions().get(&request.name) else {
        let detail = format!("The provider has no function {}.", request.name);
        return Err(Diagnostic::error("Unknown Function", detail));
    };
    let signature = function.signature();
    let mut arguments = Vec::with_capacity(request.arguments.len());
    for (place, argument) in request.arguments.iter().enumerate() {
        let Some(parameter) = signature.parameter_of(place) else {
            let detail = format!("The CLI called the function with {} arguments.", request.arguments.len());
            return Err(Diagnostic::error("Too Many Arguments", detail));
        };
        arguments.push(value::decode(Some(argument), &parameter.shape.ty(), "an argument")?);
    }
    Ok(match function.call(&arguments) {
        Ok(result) => proto::call_function::Response {
            result: value::encode(&result, &signature.result.ty(), "a result")?,
            error: None,
        },
        Err(error) => proto::call_function::Response {
            result: None,
            error: Some(proto::FunctionError { text: error.text, function_argument: error.argument }),
        },
    })
}
