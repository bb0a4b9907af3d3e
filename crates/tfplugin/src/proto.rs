//! Messages and services of the wire, as generated from `proto/`: the shapes that `wire`
//! translates and that tests speak as clients. Provider authors need nothing from here.

#![allow(missing_docs, unreachable_pub, clippy::all)]

/// Plugin protocol 6.11.
pub mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}

/// The services that go-plugin adds to every connection.
pub mod plugin {
    tonic::include_proto!("plugin");
}

/// The standard health service.
pub mod health {
    tonic::include_proto!("grpc.health.v1");
}
