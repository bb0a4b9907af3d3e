//! `slug`: a function.

use tfplugin::Value;
use tfplugin::function::{Function, FunctionError, Parameter, Signature};
use tfplugin::schema::Shape;

/// The function.
pub(crate) struct Slug;

impl Function for Slug {
    fn signature(&self) -> Signature {
        Signature::new("slug", "Makes a name for a file of a title.", Shape::String)
            .parameter(Parameter::new("title", "The title.", Shape::String))
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let title = arguments.first().and_then(Value::as_str).unwrap_or_default();
        match slug(title) {
            slug if slug.is_empty() => {
                Err(FunctionError::argument(0, "The title has no letter and no digit."))
            }
            slug => Ok(Value::from(slug)),
        }
    }
}

/// Letters and digits in lower case, and one hyphen for all between them.
pub(crate) fn slug(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}
