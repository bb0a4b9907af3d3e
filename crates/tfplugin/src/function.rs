//! Provider functions: pure, and callable before the provider is configured.

use crate::schema::Shape;
use crate::value::Value;

/// A function, called as `provider::example::name(…)`. The same arguments must always give the same result.
pub trait Function: Send + Sync + 'static {
    /// What it is to its callers.
    fn signature(&self) -> Signature;

    /// Calls it. There is one argument for each parameter, and any number for the variadic one.
    ///
    /// # Errors
    /// When the arguments are not such that there is a result.
    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError>;
}

/// What a function is to its callers.
#[derive(Debug, Clone)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    /// One sentence on what it does.
    pub summary: &'static str,
    /// What it does, in Markdown.
    pub doc: &'static str,
    /// The parameters, in order.
    pub parameters: Vec<Parameter>,
    /// The parameter that takes all further arguments.
    pub variadic: Option<Parameter>,
    /// The shape of the result.
    pub result: Shape,
    /// Out of use, and what to use instead.
    pub deprecated: Option<&'static str>,
}

impl Signature {
    /// A function of no parameters yet.
    #[must_use]
    pub fn new(name: &'static str, summary: &'static str, result: Shape) -> Self {
        Self { name, summary, doc: summary, parameters: Vec::new(), variadic: None, result, deprecated: None }
    }

    /// The same with a longer description.
    #[must_use]
    pub fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// The same with one more parameter.
    #[must_use]
    pub fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// The same with a parameter that takes all further arguments.
    #[must_use]
    pub fn variadic(mut self, parameter: Parameter) -> Self {
        self.variadic = Some(parameter);
        self
    }

    /// The parameter that takes the argument at this place.
    #[must_use]
    pub fn parameter_of(&self, argument: usize) -> Option<&Parameter> {
        self.parameters.get(argument).or(self.variadic.as_ref())
    }
}

/// A parameter of a function.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it is, in Markdown.
    pub doc: &'static str,
    /// The shape of its arguments.
    pub shape: Shape,
    /// Whether null comes to the function. Else the CLI refuses it.
    pub allow_null: bool,
    /// Whether unknown values come to the function. Else the result is unknown without a call.
    pub allow_unknown: bool,
}

impl Parameter {
    /// A parameter that takes neither null nor unknown values.
    #[must_use]
    pub const fn new(name: &'static str, doc: &'static str, shape: Shape) -> Self {
        Self { name, doc, shape, allow_null: false, allow_unknown: false }
    }

    /// The same, and null comes to the function.
    #[must_use]
    pub const fn allow_null(mut self) -> Self {
        self.allow_null = true;
        self
    }

    /// The same, and unknown values come to the function.
    #[must_use]
    pub const fn allow_unknown(mut self) -> Self {
        self.allow_unknown = true;
        self
    }
}

/// Why a function has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct FunctionError {
    /// What the user reads.
    pub text: String,
    /// The argument at fault, counted from zero.
    pub argument: Option<i64>,
}

impl FunctionError {
    /// An error that no one argument is to blame for.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: None }
    }

    /// An error in one argument, counted from zero.
    pub fn argument(argument: i64, text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: Some(argument) }
    }
}
