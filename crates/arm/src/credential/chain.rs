//! Several ways to sign in, tried in order until one works.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use tokio::sync::Mutex;
use tracing::{debug, warn};

use super::{CredentialError, Token, TokenCredential, TokenRequest};

/// One way to sign in: its name as a user knows it, and the credential or the reason why there is none.
pub type Link = (String, Result<Arc<dyn TokenCredential>, String>);

/// Tries credentials in order and keeps to the first that gave a token, for every scope and tenant: a run that began as
/// one identity does not go on as another.
#[derive(Debug)]
pub struct Chain {
    links: Vec<Link>,
    chosen: OnceLock<Arc<dyn TokenCredential>>,
    /// Held while the first token is looked for, so that two requests at once do not choose two credentials.
    choosing: Mutex<()>,
}

impl Chain {
    /// A chain of these ways, in this order.
    pub fn new(links: Vec<Link>) -> Self {
        Self { links, chosen: OnceLock::new(), choosing: Mutex::default() }
    }

    async fn choose(&self, request: &TokenRequest) -> Result<Token, CredentialError> {
        let mut tries = Vec::new();
        for (name, credential) in &self.links {
            let credential = match credential {
                Ok(credential) => credential,
                Err(why) => {
                    tries.push((name.clone(), why.clone()));
                    continue;
                }
            };
            match credential.token(request).await {
                Ok(token) => {
                    debug!(credential = name, "signed in");
                    // Said once, as the chain stays with this one: what was configured before it may have been meant.
                    for (passed, why) in &tries {
                        warn!(
                            credential = name,
                            passed, why, "signed in, but not in the way that was to be tried first"
                        );
                    }
                    // Whoever holds the lock is the only one to choose.
                    let _ = self.chosen.set(credential.clone());
                    return Ok(token);
                }
                // Alone it is no list, and keeps what is known of it.
                Err(error) if self.links.len() == 1 => return Err(error),
                Err(error) => {
                    debug!(credential = name, %error, "cannot sign in");
                    tries.push((name.clone(), with_remedy(&error)));
                }
            }
        }
        Err(CredentialError::Chain { tries })
    }
}

#[async_trait]
impl TokenCredential for Chain {
    async fn token(&self, request: &TokenRequest) -> Result<Token, CredentialError> {
        if let Some(credential) = self.chosen.get() {
            return credential.token(request).await;
        }
        let choosing = self.choosing.lock().await;
        if let Some(credential) = self.chosen.get() {
            drop(choosing);
            return credential.token(request).await;
        }
        self.choose(request).await
    }
}

/// What happened, and in a sentence of its own what helps.
fn with_remedy(error: &CredentialError) -> String {
    let text = error.to_string();
    match error.remedy() {
        Some(remedy) if text.ends_with(['.', '!', '?']) || text.ends_with(".)") => format!("{text} {remedy}"),
        Some(remedy) => format!("{text}. {remedy}"),
        None => text,
    }
}

/// The tries as a list, one after the other with its reason; a single one in a sentence.
pub(super) fn list(tries: &[(String, String)]) -> String {
    match tries {
        [] => "there is no way to sign in".to_owned(),
        [(name, why)] => format!("cannot sign in by {name}: {why}"),
        tries => {
            let mut text = "none of the ways to sign in worked:".to_owned();
            for (name, why) in tries {
                // Writing to a text does not fail.
                let _ = write!(text, "\n  - {name}: {why}");
            }
            text
        }
    }
}

#[cfg(test)]
mod tests;
