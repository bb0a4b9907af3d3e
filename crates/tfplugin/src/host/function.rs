//! The host of a function.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::function::{Function, FunctionError, Signature};
use crate::value::Value;

/// A function as the CLIs see it.
pub struct FunctionHost {
    function: Arc<dyn Function>,
    signature: Signature,
}

impl FunctionHost {
    /// The host of a function.
    pub fn new(function: Arc<dyn Function>) -> Self {
        let signature = function.signature();
        Self { function, signature }
    }

    /// What the function is to its callers.
    #[must_use]
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Calls it.
    ///
    /// # Errors
    /// When there is no result for these arguments.
    pub fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let least = self.signature.parameters.len();
        if arguments.len() < least || (arguments.len() > least && self.signature.variadic.is_none()) {
            let (name, given) = (self.signature.name, arguments.len());
            return Err(FunctionError::new(format!(
                "The function {name} takes {least} arguments; it got {given}."
            )));
        }
        for (index, (argument, place)) in arguments.iter().zip(0..).enumerate() {
            let Some(parameter) = self.signature.parameter_of(index) else { continue };
            if !parameter.allow_null && argument.is_null() {
                return Err(FunctionError::argument(
                    place,
                    format!("The argument {} is null.", parameter.name),
                ));
            }
            if !parameter.allow_unknown && !argument.is_wholly_known() {
                return Ok(Value::Unknown);
            }
        }
        // A function is given nothing but its arguments, so that none of what it left half done is used again.
        catch_unwind(AssertUnwindSafe(|| self.function.call(arguments))).unwrap_or_else(|_| {
            let name = self.signature.name;
            Err(FunctionError::new(format!(
                "The function {name} failed in a way that it should not. This is always a bug in the provider; please \
                 report it to its developers."
            )))
        })
    }
}

impl std::fmt::Debug for FunctionHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FunctionHost").field("name", &self.signature.name).finish_non_exhaustive()
    }
}
