//! Private access to Azure Resource Manager itself: the link that an endpoint leads to, and its association with the root
//! management group, by which it acts on the whole tenant.

mod association;
mod private_link;

pub(crate) use association::Association;
pub(crate) use private_link::PrivateLink;
