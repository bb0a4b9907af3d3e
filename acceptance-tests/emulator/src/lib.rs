//! Azure in a box: Resource Manager and Entra ID in one process, for tests of Azure Machine Learning configurations.
//!
//! A request comes in over [`http`], signs in, and reaches [`front`], which checks what is the same for every provider and
//! hands it to a [`service`]. Services keep documents in the [`store`] and begin [`operation`]s.

pub mod azure;
pub mod error;
pub mod front;
pub mod groups;
pub mod http;
pub mod id;
pub mod location;
pub mod machine_learning;
pub mod operation;
pub mod providers;
pub mod service;
pub mod settings;
pub mod shape;
pub mod store;
pub mod subscriptions;
