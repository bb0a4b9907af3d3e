//! `azureml_resource_group`: a resource group, so that a whole configuration needs this provider alone.
//!
//! `model` declares the attributes and says what the common life needs to know; `delete` refuses to take along what others
//! have put into the group.

mod delete;
mod model;

use tfplugin::Diagnostics;
use tfplugin::schema::TimeoutDefaults;

use crate::call::Call;
use crate::life::{Managed, Reference};

pub(crate) use model::ResourceGroup;

impl Managed for ResourceGroup {
    // A group goes when the slowest of its resources has gone.
    const TIMEOUTS: TimeoutDefaults = TimeoutDefaults::minutes(15, 5, 15, 90);
    const REFERENCES: &'static [Reference] = &[Reference::SUBSCRIPTION];

    async fn delete(call: &Call<Self>, state: Self) -> Result<(), Diagnostics> {
        delete::delete(call, state).await
    }
}
