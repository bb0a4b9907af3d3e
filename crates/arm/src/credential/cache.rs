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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use async_trait::async_trait;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::testing::FakeClock;

    /// Gives tokens of an hour, as many as there are permits; then fails.
    #[derive(Debug)]
    struct Slow {
        clock: Arc<FakeClock>,
        asked: AtomicUsize,
        permits: Semaphore,
        broken: Mutex<bool>,
    }

    #[async_trait]
    impl TokenCredential for Slow {
        async fn token(&self, scope: &str) -> Result<Token, CredentialError> {
            let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            self.permits.acquire().await.unwrap().forget();
            if *self.broken.lock().unwrap() {
                return Err(CredentialError::Cli { message: "broken".into() });
            }
            let expires = self.clock.utc() + Duration::from_secs(3600);
            Ok(Token { secret: Secret::new(format!("{scope}-{number}")), expires })
        }
    }

    fn cache(permits: usize) -> (Arc<Cached>, Arc<Slow>, Arc<FakeClock>) {
        let clock = FakeClock::new();
        let (asked, permits, broken) = (AtomicUsize::new(0), Semaphore::new(permits), Mutex::new(false));
        let slow = Arc::new(Slow { clock: clock.clone(), asked, permits, broken });
        (Arc::new(Cached::new(slow.clone(), clock.clone())), slow, clock)
    }

    #[tokio::test]
    async fn a_token_is_got_once_however_many_wait() {
        let (cache, slow, _) = cache(0);
        let waiting: Vec<_> = (0..50)
            .map(|_| {
                let cache = cache.clone();
                tokio::spawn(async move { cache.token("a").await.unwrap() })
            })
            .collect();
        slow.permits.add_permits(1);
        for one in waiting {
            assert_eq!(one.await.unwrap().expose(), "a-1");
        }
        assert_eq!(slow.asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn scopes_have_tokens_of_their_own() {
        let (cache, _, _) = cache(9);
        assert_eq!(cache.token("a").await.unwrap().expose(), "a-1");
        assert_eq!(cache.token("b").await.unwrap().expose(), "b-2");
    }

    #[tokio::test]
    async fn a_token_is_replaced_before_it_ends() {
        let (cache, slow, clock) = cache(9);
        cache.token("a").await.unwrap();
        clock.advance(Duration::from_secs(3600 - 301));
        assert_eq!(cache.token("a").await.unwrap().expose(), "a-1");
        clock.advance(Duration::from_secs(1));
        assert_eq!(cache.token("a").await.unwrap().expose(), "a-2");
        // Where it cannot be replaced, the old one serves to its end.
        clock.advance(Duration::from_secs(3600 - 60));
        *slow.broken.lock().unwrap() = true;
        assert_eq!(cache.token("a").await.unwrap().expose(), "a-2");
        clock.advance(Duration::from_secs(60));
        assert!(cache.token("a").await.is_err());
    }

    #[tokio::test]
    async fn a_refused_token_is_forgotten_and_no_other() {
        let (cache, _, _) = cache(9);
        let first = cache.token("a").await.unwrap();
        cache.forget(&Secret::new("another"));
        assert_eq!(cache.token("a").await.unwrap(), first);
        cache.forget(&first);
        assert_eq!(cache.token("a").await.unwrap().expose(), "a-2");
    }
}
