//! The services that go-plugin's clients expect beside the provider's own: they end the process, and
//! open two streams that no provider uses.

use futures::Stream;
use futures::stream::{self, StreamExt as _};
use tokio_util::sync::CancellationToken;
use tonic::codegen::BoxStream;
use tonic::service::RoutesBuilder;
use tonic::{Request, Response, Status, Streaming};

use super::lifecycle::Lifecycle;
use crate::proto::health::health_check_response::ServingStatus;
use crate::proto::health::health_server::{Health, HealthServer};
use crate::proto::health::{HealthCheckRequest, HealthCheckResponse};
use crate::proto::plugin::grpc_broker_server::{GrpcBroker, GrpcBrokerServer};
use crate::proto::plugin::grpc_controller_server::{GrpcController, GrpcControllerServer};
use crate::proto::plugin::grpc_stdio_server::{GrpcStdio, GrpcStdioServer};
use crate::proto::plugin::{ConnInfo, Empty, StdioData};

/// Name under which go-plugin asks for the health of a plugin.
const HEALTH_NAME: &str = "plugin";

/// Adds all of them. `by_hand`: the process outlives its clients, whatever they ask for.
pub(crate) fn add_to(routes: &mut RoutesBuilder, lifecycle: &Lifecycle, by_hand: bool) {
    let ending = lifecycle.ending();
    routes
        .add_service(GrpcControllerServer::new(Controller { lifecycle: lifecycle.clone(), by_hand }))
        .add_service(GrpcStdioServer::new(Stdio(ending.clone())))
        .add_service(GrpcBrokerServer::new(Broker(ending.clone())))
        .add_service(HealthServer::new(HealthOf(ending)));
}

/// A stream on which nothing comes, and that ends with the process so as not to hold it up.
fn silence<T: Send + 'static>(ending: &CancellationToken) -> BoxStream<T> {
    Box::pin(stream::pending().take_until(ending.clone().cancelled_owned()))
}

struct Controller {
    lifecycle: Lifecycle,
    by_hand: bool,
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _request: Request<Empty>) -> Result<Response<Empty>, Status> {
        if !self.by_hand {
            self.lifecycle.shut_down();
        }
        Ok(Response::new(Empty {}))
    }
}

struct Stdio(CancellationToken);

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    async fn stream_stdio(&self, _request: Request<()>) -> Result<Response<BoxStream<StdioData>>, Status> {
        Ok(Response::new(silence(&self.0)))
    }
}

struct Broker(CancellationToken);

#[tonic::async_trait]
impl GrpcBroker for Broker {
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<BoxStream<ConnInfo>>, Status> {
        Ok(Response::new(Box::pin(until_peer_ends(request.into_inner(), &self.0))))
    }
}

/// Hears a peer out and answers nothing.
fn until_peer_ends(
    peer: Streaming<ConnInfo>,
    ending: &CancellationToken,
) -> impl Stream<Item = Result<ConnInfo, Status>> + Send + use<> {
    peer.take_while(|message| std::future::ready(message.is_ok()))
        .filter_map(|_| std::future::ready(None))
        .take_until(ending.clone().cancelled_owned())
}

struct HealthOf(CancellationToken);

#[tonic::async_trait]
impl Health for HealthOf {
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        match request.get_ref().service.as_str() {
            "" | HEALTH_NAME => Ok(Response::new(status(ServingStatus::Serving))),
            _ => Err(Status::not_found("no such service")),
        }
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<BoxStream<HealthCheckResponse>>, Status> {
        let now = match request.get_ref().service.as_str() {
            "" | HEALTH_NAME => ServingStatus::Serving,
            _ => ServingStatus::ServiceUnknown,
        };
        let now = stream::once(std::future::ready(Ok(status(now))));
        Ok(Response::new(Box::pin(now.chain(silence(&self.0)))))
    }
}

fn status(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse { status: status.into() }
}
