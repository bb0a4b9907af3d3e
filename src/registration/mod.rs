//! `azureml_resource_provider_registration`: which resource providers a subscription has registered, and registering them.
//!
//! `features` says which namespaces Azure Machine Learning needs for what. The data source looks at many of them, and the
//! resource registers one: one resource is one thing in Azure, and several are a `for_each`.

mod features;
pub(crate) mod remedy;
mod required;
mod resource;
mod source;

pub(crate) use required::register_required;
pub(crate) use resource::Registration;
pub(crate) use source::RegistrationSource;
