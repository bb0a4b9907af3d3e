//! What all answers have in common: a place for diagnostics.

use super::diagnostic;
use crate::diagnostic::Diagnostic;
use crate::proto::tfplugin6 as proto;

/// The answer to a request that takes one message and gives one.
pub(crate) trait Answer: Default + Send + 'static {
    /// Adds a diagnostic.
    fn push(&mut self, diagnostic: Diagnostic);

    /// Those that are in it, for the log.
    fn diagnostics(&self) -> &[proto::Diagnostic];

    /// An answer with nothing but an error.
    fn failed(error: Diagnostic) -> Self {
        let mut answer = Self::default();
        answer.push(error);
        answer
    }
}

macro_rules! answers {
    ($($rpc:ident)*) => {$(
        impl Answer for proto::$rpc::Response {
            fn push(&mut self, diagnostic: Diagnostic) {
                self.diagnostics.push(diagnostic::to_proto(diagnostic));
            }

            fn diagnostics(&self) -> &[proto::Diagnostic] {
                &self.diagnostics
            }
        }
    )*};
}

answers! {
    get_metadata get_provider_schema get_resource_identity_schemas get_functions
    validate_provider_config configure_provider
    validate_resource_config upgrade_resource_state upgrade_resource_identity read_resource plan_resource_change
    apply_resource_change import_resource_state move_resource_state generate_resource_config
    validate_data_resource_config read_data_source
    validate_ephemeral_resource_config open_ephemeral_resource renew_ephemeral_resource close_ephemeral_resource
    validate_list_resource_config validate_action_config plan_action
}

/// Functions have no diagnostics: an error goes to the expression that calls.
impl Answer for proto::call_function::Response {
    fn push(&mut self, diagnostic: Diagnostic) {
        let text = format!("{}: {}", diagnostic.summary, diagnostic.detail);
        self.error.get_or_insert(proto::FunctionError { text, function_argument: None });
    }

    fn diagnostics(&self) -> &[proto::Diagnostic] {
        &[]
    }
}
