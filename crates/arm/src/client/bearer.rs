//! What a request proves itself with: the credential's own token, and those of the auxiliary tenants.

use http::HeaderValue;
use reqwest::RequestBuilder;

use crate::credential::{Cached, CredentialError, Secret, TokenRequest};

/// Where Resource Manager looks for the tokens of other tenants, when a resource refers to one that lives there.
const AUXILIARY: &str = "x-ms-authorization-auxiliary";

/// Gets what requests prove themselves with.
#[derive(Debug)]
pub(super) struct Bearers {
    tokens: Cached,
    scope: String,
    auxiliary: Vec<String>,
}

/// The tokens of one attempt.
#[derive(Debug)]
pub(super) struct Bearer {
    own: Secret,
    auxiliary: Vec<Secret>,
}

impl Bearers {
    /// For the scope, with tokens of these other tenants beside it.
    pub(super) fn new(tokens: Cached, scope: String, auxiliary: Vec<String>) -> Self {
        Self { tokens, scope, auxiliary }
    }

    /// The kept tokens, or new ones.
    pub(super) async fn get(&self) -> Result<Bearer, CredentialError> {
        let request = TokenRequest::new(&self.scope);
        let own = self.tokens.token(&request).await?;
        let mut auxiliary = Vec::new();
        for tenant in &self.auxiliary {
            auxiliary.push(self.tokens.token(&request.clone().of_tenant(tenant)).await?);
        }
        Ok(Bearer { own, auxiliary })
    }

    /// Forgets tokens that were refused: which one it was, the refusal does not say.
    pub(super) fn forget(&self, bearer: &Bearer) {
        self.tokens.forget(&bearer.own);
        bearer.auxiliary.iter().for_each(|token| self.tokens.forget(token));
    }
}

impl Bearer {
    /// Puts the tokens into the headers that carry them.
    pub(super) fn apply(&self, builder: RequestBuilder) -> RequestBuilder {
        let builder = builder.bearer_auth(self.own.expose());
        if self.auxiliary.is_empty() {
            return builder;
        }
        let tokens: Vec<String> =
            self.auxiliary.iter().map(|token| format!("Bearer {}", token.expose())).collect();
        let tokens = tokens.join(", ");
        match HeaderValue::try_from(&tokens) {
            Ok(mut value) => {
                value.set_sensitive(true);
                builder.header(AUXILIARY, value)
            }
            // Sending then fails with the reason.
            Err(_) => builder.header(AUXILIARY, tokens),
        }
    }
}
