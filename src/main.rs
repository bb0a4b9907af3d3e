//! The provider binary: what it serves, and the session that all of it shares.

mod call;
mod check;
mod diagnostics;
mod document;
mod exactly_one;
mod functions;
mod kind;
mod life;
mod lists;
mod marks;
mod messages;
mod private_dns_link;
mod private_dns_zone;
mod private_endpoint;
mod private_endpoint_approval;
mod provider;
mod registration;
mod resource_group;
mod resource_management;
mod session;
mod settings;
mod tags;
mod target;
mod thing;
mod versions;
mod view;
mod workspace;

use std::process::ExitCode;
use std::sync::Arc;

use tfplugin::Server;

use crate::functions::PrivateDnsZoneNames;
use crate::life::ManagedResource;
use crate::private_dns_link::PrivateDnsLink;
use crate::private_dns_zone::PrivateDnsZone;
use crate::private_endpoint::PrivateEndpoint;
use crate::private_endpoint_approval::Approval;
use crate::provider::AzureMl;
use crate::registration::{Registration, RegistrationSource};
use crate::resource_group::ResourceGroup;
use crate::resource_management::{Association, PrivateLink};
use crate::session::Session;
use crate::workspace::Workspace;

/// Where the registries have this provider.
const ADDRESS: &str = "registry.terraform.io/azureml/azureml";

fn main() -> ExitCode {
    server().main(&["arm", "terraform_provider_azureml"])
}

/// All that the provider serves.
fn server() -> Server {
    let session = Arc::new(Session::default());
    Server::new(ADDRESS, env!("CARGO_PKG_VERSION"), AzureMl::new(Arc::clone(&session)))
        .resource(ManagedResource::<ResourceGroup>::new(&session))
        .resource(ManagedResource::<Registration>::new(&session))
        .data_source(RegistrationSource::new(&session))
        .resource(ManagedResource::<Workspace>::new(&session))
        .resource(ManagedResource::<PrivateDnsZone>::new(&session))
        .resource(ManagedResource::<PrivateDnsLink>::new(&session))
        .resource(ManagedResource::<PrivateEndpoint>::new(&session))
        .resource(ManagedResource::<Approval>::new(&session))
        .resource(ManagedResource::<PrivateLink>::new(&session))
        .resource(ManagedResource::<Association>::new(&session))
        .function(PrivateDnsZoneNames)
}

#[cfg(test)]
mod docs {
    mod tests;
}
