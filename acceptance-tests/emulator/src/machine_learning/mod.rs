//! Microsoft.MachineLearningServices: workspaces and what is below them.

use crate::azure::Azure;
use crate::error::ArmError;
use crate::service::{Call, Reply, ResourceType, Service};

/// The resource provider.
#[derive(Debug)]
pub struct MachineLearning;

impl Service for MachineLearning {
    fn namespace(&self) -> &'static str {
        "Microsoft.MachineLearningServices"
    }

    fn types(&self) -> &'static [ResourceType] {
        &[ResourceType { name: "workspaces", api_versions: &["2025-12-01"], regional: true }]
    }

    fn handle(&self, azure: &mut Azure, call: &Call) -> Reply {
        let _ = azure;
        Err(ArmError::resource_not_found(call.id()))
    }
}
