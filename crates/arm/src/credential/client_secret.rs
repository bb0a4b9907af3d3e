//! A service principal with a client secret.

use async_trait::async_trait;

use super::entra::{Application, Proof};
use super::{CredentialError, Secret, Token, TokenCredential, TokenRequest};
use crate::cloud::Cloud;
use crate::transport::Transport;

/// Signs in as a service principal by its secret.
#[derive(Debug)]
pub struct ClientSecret {
    application: Application,
    secret: Secret,
}

impl ClientSecret {
    /// A service principal of a tenant. Nothing is sent and nothing is checked before a token is wanted.
    pub fn new(
        cloud: &Cloud,
        transport: Transport,
        tenant_id: &str,
        client_id: &str,
        secret: Secret,
    ) -> Self {
        let application = Application::new("client secret", cloud, transport, tenant_id, client_id);
        Self { application, secret }
    }
}

#[async_trait]
impl TokenCredential for ClientSecret {
    async fn token(&self, request: &TokenRequest) -> Result<Token, CredentialError> {
        self.application.token(request, Proof::Secret(self.secret.clone())).await
    }
}

#[cfg(test)]
mod tests;
