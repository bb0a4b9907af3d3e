//! Every way to sign in, right and wrong, as a user sees it: the real tools, and Entra ID, issuers and identity endpoints in a
//! box.

mod certificate;
mod chain;
mod federated;
mod secret;
mod signing;
mod subscription;
