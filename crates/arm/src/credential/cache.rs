//! Tokens are kept until shortly before their end, and got once however many requests wait for one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tracing::debug;

use super::{CredentialError, Secret, Token, TokenCredential};
use crate::clock::Clock;

/// A token that ends sooner than this is replaced before it is used: a request in flight must not outlive it.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// A credential with its tokens.
#[derive(Debug)]
pub struct Cached {
    credential: Arc<dyn TokenCredential>,
    clock: Arc<dyn Clock>,
    scopes: Mutex<HashMap<String, Slot>>,
}

/// The token of one scope. The lock is held while it is got, so that all others wait for that one.
type Slot = Arc<tokio::sync::Mutex<Option<Token>>>;

impl Cached {
    /// Keeps the tokens of the credential.
    pub fn new(credential: Arc<dyn TokenCredential>, clock: Arc<dyn Clock>) -> Self {
        Self { credential, clock, scopes: Mutex::default() }
    }

    /// The kept token of the scope, or a new one.
    pub async fn token(&self, scope: &str) -> Result<Secret, CredentialError> {
        let slot = self.slot(scope);
        let mut kept = slot.lock().await;
        let now = self.clock.utc();
        if let Some(token) = kept.as_ref().filter(|token| is_fresh(token, now)) {
            return Ok(token.secret.clone());
        }
        match self.credential.token(scope).await {
            Ok(token) => {
                debug!(scope, expires = %token.expires, "got a token");
                let secret = token.secret.clone();
                *kept = Some(token);
                Ok(secret)
            }
            // A token that still lasts is better than none: the next request asks again.
            Err(error) => match kept.as_ref().filter(|token| token.expires > now) {
                Some(token) => {
                    debug!(scope, %error, "cannot renew the token; using the old one");
                    Ok(token.secret.clone())
                }
                None => Err(error),
            },
        }
    }

    /// Forgets a token that was refused, unless it has been replaced since.
    pub fn forget(&self, refused: &Secret) {
        let scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        for slot in scopes.values() {
            // Locked means that a new one is being got.
            if let Ok(mut kept) = slot.try_lock()
                && kept.as_ref().is_some_and(|token| token.secret == *refused)
            {
                *kept = None;
            }
        }
    }

    fn slot(&self, scope: &str) -> Slot {
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        scopes.entry(scope.to_owned()).or_default().clone()
    }
}

fn is_fresh(token: &Token, now: Timestamp) -> bool {
    token.expires.duration_since(now) > MARGIN
}
