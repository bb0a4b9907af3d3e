//! The service itself: each RPC is handed to the function that serves it, within what happens around
//! every request. RPCs that are not here, those of state stores, answer `unimplemented`.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::request::{About, Call};
use super::{action, data_source, ephemeral, function, list, provider, resource};
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::provider_server::Provider;
use crate::provider::Server;
use crate::stop::Stop;

/// What serves a request: all that the provider serves, and the CLI's interrupt.
#[derive(Clone)]
pub(crate) struct Serving {
    pub(crate) server: Arc<Server>,
    pub(crate) stop: CancellationToken,
}

/// The service of one provider.
pub(crate) struct Service {
    server: Arc<Server>,
    stop: Arc<Stop>,
    /// Where the provider's own code runs.
    workers: Handle,
}

impl Service {
    pub(crate) fn new(server: Arc<Server>, stop: Arc<Stop>, workers: Handle) -> Self {
        Self { server, stop, workers }
    }

    fn begin(&self, rpc: &'static str, about: About<'_>) -> (Call, Serving) {
        let call = Call::begin(self.workers.clone(), self.server.address(), rpc, about);
        (call, Serving { server: self.server.clone(), stop: self.stop.token() })
    }
}

#[tonic::async_trait]
impl Provider for Service {
    async fn get_metadata(
        &self,
        request: Request<proto::get_metadata::Request>,
    ) -> Result<Response<proto::get_metadata::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("GetMetadata", About::Provider);
        call.serve(provider::metadata(serving, request)).await
    }

    async fn get_provider_schema(
        &self,
        request: Request<proto::get_provider_schema::Request>,
    ) -> Result<Response<proto::get_provider_schema::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("GetProviderSchema", About::Provider);
        call.serve(provider::schema(serving, request)).await
    }

    async fn get_resource_identity_schemas(
        &self,
        request: Request<proto::get_resource_identity_schemas::Request>,
    ) -> Result<Response<proto::get_resource_identity_schemas::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("GetResourceIdentitySchemas", About::Provider);
        call.serve(provider::identity_schemas(serving, request)).await
    }

    async fn validate_provider_config(
        &self,
        request: Request<proto::validate_provider_config::Request>,
    ) -> Result<Response<proto::validate_provider_config::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("ValidateProviderConfig", About::Provider);
        call.serve(provider::validate(serving, request)).await
    }

    async fn configure_provider(
        &self,
        request: Request<proto::configure_provider::Request>,
    ) -> Result<Response<proto::configure_provider::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("ConfigureProvider", About::Provider);
        call.serve_to_the_end(provider::configure(serving, request)).await
    }

    async fn validate_resource_config(
        &self,
        request: Request<proto::validate_resource_config::Request>,
    ) -> Result<Response<proto::validate_resource_config::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("ValidateResourceConfig", About::Resource(&request.type_name));
        call.serve(resource::validate(serving, request)).await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<proto::upgrade_resource_state::Request>,
    ) -> Result<Response<proto::upgrade_resource_state::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("UpgradeResourceState", About::Resource(&request.type_name));
        call.serve(resource::upgrade(serving, request)).await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<proto::upgrade_resource_identity::Request>,
    ) -> Result<Response<proto::upgrade_resource_identity::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("UpgradeResourceIdentity", About::Resource(&request.type_name));
        call.serve(resource::upgrade_identity(serving, request)).await
    }

    async fn read_resource(
        &self,
        request: Request<proto::read_resource::Request>,
    ) -> Result<Response<proto::read_resource::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("ReadResource", About::Resource(&request.type_name));
        call.serve(resource::read(serving, request)).await
    }

    async fn plan_resource_change(
        &self,
        request: Request<proto::plan_resource_change::Request>,
    ) -> Result<Response<proto::plan_resource_change::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("PlanResourceChange", About::Resource(&request.type_name));
        call.serve(resource::plan(serving, request)).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<proto::apply_resource_change::Request>,
    ) -> Result<Response<proto::apply_resource_change::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("ApplyResourceChange", About::Resource(&request.type_name));
        call.serve_to_the_end(resource::apply(serving, request)).await
    }

    async fn import_resource_state(
        &self,
        request: Request<proto::import_resource_state::Request>,
    ) -> Result<Response<proto::import_resource_state::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("ImportResourceState", About::Resource(&request.type_name));
        call.serve(resource::import(serving, request)).await
    }

    async fn move_resource_state(
        &self,
        request: Request<proto::move_resource_state::Request>,
    ) -> Result<Response<proto::move_resource_state::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("MoveResourceState", About::Resource(&request.target_type_name));
        call.serve(resource::move_state(serving, request)).await
    }

    async fn generate_resource_config(
        &self,
        request: Request<proto::generate_resource_config::Request>,
    ) -> Result<Response<proto::generate_resource_config::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("GenerateResourceConfig", About::Resource(&request.type_name));
        call.serve(resource::generate_config(serving, request)).await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<proto::validate_data_resource_config::Request>,
    ) -> Result<Response<proto::validate_data_resource_config::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("ValidateDataResourceConfig", About::DataSource(&request.type_name));
        call.serve(data_source::validate(serving, request)).await
    }

    async fn read_data_source(
        &self,
        request: Request<proto::read_data_source::Request>,
    ) -> Result<Response<proto::read_data_source::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("ReadDataSource", About::DataSource(&request.type_name));
        call.serve(data_source::read(serving, request)).await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<proto::validate_ephemeral_resource_config::Request>,
    ) -> Result<Response<proto::validate_ephemeral_resource_config::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) =
            self.begin("ValidateEphemeralResourceConfig", About::Ephemeral(&request.type_name));
        call.serve(ephemeral::validate(serving, request)).await
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<proto::open_ephemeral_resource::Request>,
    ) -> Result<Response<proto::open_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("OpenEphemeralResource", About::Ephemeral(&request.type_name));
        call.serve_to_the_end(ephemeral::open(serving, request)).await
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<proto::renew_ephemeral_resource::Request>,
    ) -> Result<Response<proto::renew_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("RenewEphemeralResource", About::Ephemeral(&request.type_name));
        call.serve_to_the_end(ephemeral::renew(serving, request)).await
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<proto::close_ephemeral_resource::Request>,
    ) -> Result<Response<proto::close_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("CloseEphemeralResource", About::Ephemeral(&request.type_name));
        call.serve_to_the_end(ephemeral::close(serving, request)).await
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<proto::validate_list_resource_config::Request>,
    ) -> Result<Response<proto::validate_list_resource_config::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("ValidateListResourceConfig", About::List(&request.type_name));
        call.serve(list::validate(serving, request)).await
    }

    async fn get_functions(
        &self,
        request: Request<proto::get_functions::Request>,
    ) -> Result<Response<proto::get_functions::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("GetFunctions", About::Provider);
        call.serve(function::all(serving, request)).await
    }

    async fn call_function(
        &self,
        request: Request<proto::call_function::Request>,
    ) -> Result<Response<proto::call_function::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("CallFunction", About::Function(&request.name));
        call.serve(function::call(serving, request)).await
    }

    async fn validate_action_config(
        &self,
        request: Request<proto::validate_action_config::Request>,
    ) -> Result<Response<proto::validate_action_config::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("ValidateActionConfig", About::Action(&request.type_name));
        call.serve(action::validate(serving, request)).await
    }

    async fn plan_action(
        &self,
        request: Request<proto::plan_action::Request>,
    ) -> Result<Response<proto::plan_action::Response>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("PlanAction", About::Action(&request.action_type));
        call.serve(action::plan(serving, request)).await
    }

    async fn list_resource(
        &self,
        request: Request<proto::list_resource::Request>,
    ) -> Result<Response<BoxStream<proto::list_resource::Event>>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("ListResource", About::List(&request.type_name));
        Ok(call.stream(true, |events| list::list(serving, request, events), list::failed))
    }

    async fn invoke_action(
        &self,
        request: Request<proto::invoke_action::Request>,
    ) -> Result<Response<BoxStream<proto::invoke_action::Event>>, Status> {
        let request = request.into_inner();
        let (call, serving) = self.begin("InvokeAction", About::Action(&request.action_type));
        Ok(call.stream(false, |events| action::invoke(serving, request, events), action::failed))
    }

    /// Cancels what runs and answers at once: what runs ends by itself, and the provider serves on.
    async fn stop_provider(
        &self,
        _request: Request<proto::stop_provider::Request>,
    ) -> Result<Response<proto::stop_provider::Response>, Status> {
        tracing::debug!(tf_rpc = "StopProvider", "Cancelling what runs");
        self.stop.stop();
        Ok(Response::new(proto::stop_provider::Response::default()))
    }
}
