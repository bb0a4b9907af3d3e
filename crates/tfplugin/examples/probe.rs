//! The provider of the tests over gRPC.

use std::process::ExitCode;

use tfplugin::proto::tfplugin6::provider_server::{Provider, ProviderServer};
use tfplugin::proto::tfplugin6::*;
use tonic::{Request, Response, Status};

struct Probe;

#[tonic::async_trait]
impl Provider for Probe {
    async fn get_provider_schema(
        &self,
        _request: Request<get_provider_schema::Request>,
    ) -> Result<Response<get_provider_schema::Response>, Status> {
        Ok(Response::new(get_provider_schema::Response {
            provider: Some(Schema { version: 0, block: Some(schema::Block::default()) }),
            ..Default::default()
        }))
    }
}

fn main() -> ExitCode {
    let program = tfplugin::serve::Program {
        address: "registry.terraform.io/example/probe".into(),
        version: "1.2.3".into(),
        log_crates: vec!["probe"],
    };
    program.run(std::env::args_os().skip(1), |routes, _stop| {
        routes.add_service(ProviderServer::new(Probe));
    })
}
