//! What a request proves itself with: the credential's own token, and those of the auxiliary tenants.

use http::HeaderValue;
use http::header::AUTHORIZATION;
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

/// The tokens of one attempt, with the headers that carry them.
#[derive(Debug)]
pub(super) struct Bearer {
    tokens: Vec<Secret>,
    own: HeaderValue,
    auxiliary: Option<HeaderValue>,
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
            let token = self.tokens.token(&request.clone().of_tenant(tenant)).await;
            auxiliary.push(token.map_err(|error| CredentialError::Auxiliary {
                tenant: tenant.clone(),
                error: Box::new(error),
            })?);
        }
        Bearer::new(own, auxiliary)
    }

    /// Forgets tokens that were refused: which one it was, the refusal does not say.
    pub(super) fn forget(&self, bearer: &Bearer) {
        bearer.tokens.iter().for_each(|token| self.tokens.forget(token));
    }
}

impl Bearer {
    /// The headers are made before anything is sent: what cannot be one is told as the token's fault, and not as one of the way.
    fn new(own: Secret, auxiliary: Vec<Secret>) -> Result<Self, CredentialError> {
        let header = |tokens: &Secret| {
            tokens.header("Bearer ").ok_or_else(|| CredentialError::Invalid {
                credential: "token",
                message: "it has characters that no header can carry".to_owned(),
            })
        };
        let others: Vec<&str> = auxiliary.iter().map(Secret::expose).collect();
        let others = (!others.is_empty()).then(|| Secret::new(others.join(", Bearer ")));
        Ok(Self {
            own: header(&own)?,
            auxiliary: others.map(|tokens| header(&tokens)).transpose()?,
            tokens: std::iter::once(own).chain(auxiliary).collect(),
        })
    }

    /// Puts the tokens into the headers that carry them.
    pub(super) fn apply(&self, builder: RequestBuilder) -> RequestBuilder {
        let builder = builder.header(AUTHORIZATION, self.own.clone());
        match &self.auxiliary {
            Some(tokens) => builder.header(AUXILIARY, tokens.clone()),
            None => builder,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_header_can_carry_is_the_tokens_fault_and_is_not_shown() {
        let text = "the token cannot be used: it has characters that no header can carry";
        for (own, others) in [("s3\ncret", vec![]), ("own", vec!["one", "s3\u{7f}cret"])] {
            let others = others.into_iter().map(Secret::from).collect();
            let error = Bearer::new(own.into(), others).unwrap_err();
            assert_eq!(error.to_string(), text);
        }
        let bearer = Bearer::new("own".into(), vec!["one".into(), "two".into()]).unwrap();
        assert_eq!(bearer.auxiliary.as_ref().unwrap(), "Bearer one, Bearer two");
        assert_eq!(
            format!("{bearer:?}"),
            "Bearer { tokens: [Secret(…), Secret(…), Secret(…)], own: Sensitive, auxiliary: Some(Sensitive) }"
        );
    }
}
