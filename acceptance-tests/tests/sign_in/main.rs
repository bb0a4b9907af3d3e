//! Every way to sign in, right and wrong, as a user sees it: the real tools, and Entra ID, issuers and identity endpoints in a
//! box.

mod audience;
mod azure_cli;
mod certificate;
mod chain;
mod federated;
mod managed_identity;
mod others;
mod renewal;
mod secret;
mod signing;
mod subscription;
mod tenants;
