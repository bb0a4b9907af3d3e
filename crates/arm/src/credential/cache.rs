//! Tokens are kept until shortly before their end, and got once however many requests wait for one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tracing::debug;

use super::{CredentialError, Secret, Token, TokenCredential, TokenRequest};
use crate::clock::Clock;
use crate::joint::Failures;

/// A token that ends sooner than this is replaced before it is used: a request in flight must not outlive it.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);
/// While a token still lasts, an attempt to replace it that failed is not repeated for so long.
const PATIENCE: SignedDuration = SignedDuration::from_secs(30);

/// A credential with its tokens.
#[derive(Debug)]
pub struct Cached {
    credential: Arc<dyn TokenCredential>,
    clock: Arc<dyn Clock>,
    slots: Mutex<HashMap<TokenRequest, Arc<Slot>>>,
}

/// The token of one scope and tenant.
#[derive(Debug, Default)]
struct Slot {
    kept: Mutex<Option<Kept>>,
    /// Held while a token is got, so that it is got once.
    turn: tokio::sync::Mutex<()>,
    failures: Failures<CredentialError>,
}

impl Slot {
    fn kept(&self) -> MutexGuard<'_, Option<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token, where it need not be replaced yet.
    fn fresh(&self, now: Timestamp) -> Option<Secret> {
        self.kept().as_ref().filter(|kept| now < kept.renew).map(|kept| kept.token.secret.clone())
    }

    /// The token, where it still lasts.
    fn lasting(&self, now: Timestamp) -> Option<Secret> {
        self.kept().as_ref().filter(|kept| now < kept.token.expires).map(|kept| kept.token.secret.clone())
    }

    /// Keeps a token that could not be replaced for a while more, where it still lasts.
    fn keep_on(&self, now: Timestamp) -> Option<Secret> {
        if let Some(kept) = self.kept().as_mut() {
            kept.renew = now.checked_add(PATIENCE).unwrap_or(now).min(kept.token.expires);
        }
        self.lasting(now)
    }
}

#[derive(Debug)]
struct Kept {
    token: Token,
    /// From when on another is got.
    renew: Timestamp,
}

impl Kept {
    fn new(token: Token, now: Timestamp) -> Self {
        // A token that is short-lived by itself is used for half of its life.
        let margin = MARGIN.min(token.expires.duration_since(now) / 2);
        let renew = token.expires.checked_sub(margin).unwrap_or(now);
        Self { token, renew }
    }
}

impl Cached {
    /// Keeps the tokens of the credential.
    pub fn new(credential: Arc<dyn TokenCredential>, clock: Arc<dyn Clock>) -> Self {
        Self { credential, clock, slots: Mutex::default() }
    }

    /// The kept token, or a new one.
    pub async fn token(&self, request: &TokenRequest) -> Result<Secret, CredentialError> {
        let slot = self.slot(request);
        let arrival = slot.failures.arrive();
        let _turn = match slot.turn.try_lock() {
            Ok(turn) => turn,
            // While somebody else replaces it, the old one serves.
            Err(_) => match slot.lasting(self.clock.utc()) {
                Some(secret) => return Ok(secret),
                None => slot.turn.lock().await,
            },
        };
        if let Some(secret) = slot.fresh(self.clock.utc()) {
            return Ok(secret);
        }
        if let Some(error) = slot.failures.since(arrival) {
            return Err(error);
        }
        let (scope, tenant) = (&request.scope, request.tenant.as_deref());
        let got = self.credential.token(request).await;
        // Getting one may have taken longer than the old one lasts.
        let now = self.clock.utc();
        match got {
            Ok(token) => {
                debug!(scope, tenant, expires = %token.expires, "got a token");
                let secret = token.secret.clone();
                *slot.kept() = Some(Kept::new(token, now));
                Ok(secret)
            }
            Err(error) => match slot.keep_on(now) {
                Some(secret) => {
                    debug!(scope, tenant, %error, "cannot renew the token; using the old one to its end");
                    Ok(secret)
                }
                None => {
                    slot.failures.note(&error);
                    Err(error)
                }
            },
        }
    }

    /// Forgets a token that was refused, unless it has been replaced since.
    pub fn forget(&self, refused: &Secret) {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        for slot in slots.values() {
            slot.kept().take_if(|kept| kept.token.secret == *refused);
        }
    }

    fn slot(&self, request: &TokenRequest) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.entry(request.clone()).or_default().clone()
    }
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
        lifetime: Mutex<Duration>,
    }

    #[async_trait]
    impl TokenCredential for Slow {
        async fn token(&self, request: &TokenRequest) -> Result<Token, CredentialError> {
            let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            self.permits.acquire().await.unwrap().forget();
            if *self.broken.lock().unwrap() {
                return Err(CredentialError::Cli { message: "broken".into() });
            }
            let expires = self.clock.utc() + *self.lifetime.lock().unwrap();
            Ok(Token { secret: Secret::new(format!("{}-{number}", request.scope)), expires })
        }
    }

    fn of(scope: &str) -> TokenRequest {
        TokenRequest::new(scope)
    }

    fn cache(permits: usize) -> (Arc<Cached>, Arc<Slow>, Arc<FakeClock>) {
        let clock = FakeClock::new();
        let (asked, permits, broken) = (AtomicUsize::new(0), Semaphore::new(permits), Mutex::new(false));
        let lifetime = Mutex::new(Duration::from_secs(3600));
        let slow = Arc::new(Slow { clock: clock.clone(), asked, permits, broken, lifetime });
        (Arc::new(Cached::new(slow.clone(), clock.clone())), slow, clock)
    }

    #[tokio::test]
    async fn a_token_is_got_once_however_many_wait() {
        let (cache, slow, _) = cache(0);
        let waiting: Vec<_> = (0..50)
            .map(|_| {
                let cache = cache.clone();
                tokio::spawn(async move { cache.token(&of("a")).await.unwrap() })
            })
            .collect();
        slow.permits.add_permits(1);
        for one in waiting {
            assert_eq!(one.await.unwrap().expose(), "a-1");
        }
        assert_eq!(slow.asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_failure_is_shared_by_all_who_waited_for_it_and_by_nobody_else() {
        let (cache, slow, _) = cache(0);
        *slow.broken.lock().unwrap() = true;
        let waiting: Vec<_> = (0..50)
            .map(|_| {
                let cache = cache.clone();
                tokio::spawn(async move { cache.token(&of("a")).await.unwrap_err() })
            })
            .collect();
        // All have come, and one of them asks.
        while slow.asked.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        slow.permits.add_permits(9);
        for one in waiting {
            assert_eq!(one.await.unwrap().to_string(), "the Azure CLI failed: broken");
        }
        assert_eq!(slow.asked.load(Ordering::SeqCst), 1);
        *slow.broken.lock().unwrap() = false;
        assert_eq!(cache.token(&of("a")).await.unwrap().expose(), "a-2");
    }

    #[tokio::test]
    async fn scopes_and_tenants_have_tokens_of_their_own() {
        let (cache, _, _) = cache(9);
        assert_eq!(cache.token(&of("a")).await.unwrap().expose(), "a-1");
        assert_eq!(cache.token(&of("b")).await.unwrap().expose(), "b-2");
        assert_eq!(cache.token(&of("a").of_tenant("t")).await.unwrap().expose(), "a-3");
        assert_eq!(cache.token(&of("a")).await.unwrap().expose(), "a-1");
    }

    #[tokio::test]
    async fn a_token_is_replaced_before_it_ends() {
        let (cache, slow, clock) = cache(9);
        cache.token(&of("a")).await.unwrap();
        clock.advance(Duration::from_secs(3600 - 301));
        assert_eq!(cache.token(&of("a")).await.unwrap().expose(), "a-1");
        clock.advance(Duration::from_secs(1));
        assert_eq!(cache.token(&of("a")).await.unwrap().expose(), "a-2");
        // Where it cannot be replaced, the old one serves to its end, and the attempts keep their distance.
        *slow.broken.lock().unwrap() = true;
        clock.advance(Duration::from_secs(3600 - 60));
        for (wait, asked) in [(0, 3), (29, 3), (1, 4), (29, 4)] {
            clock.advance(Duration::from_secs(wait));
            assert_eq!(cache.token(&of("a")).await.unwrap().expose(), "a-2");
            assert_eq!(slow.asked.load(Ordering::SeqCst), asked);
        }
        clock.advance(Duration::from_secs(1));
        assert!(cache.token(&of("a")).await.is_err());
    }

    /// Somebody who has begun to replace the first token.
    async fn renewing(
        cache: &Arc<Cached>,
        slow: &Slow,
    ) -> tokio::task::JoinHandle<Result<Secret, CredentialError>> {
        let one = cache.clone();
        let renewing = tokio::spawn(async move { one.token(&of("a")).await });
        while slow.asked.load(Ordering::SeqCst) < 2 {
            tokio::task::yield_now().await;
        }
        renewing
    }

    #[tokio::test]
    async fn while_a_token_is_being_replaced_the_old_one_serves_to_its_end() {
        let (cache, slow, clock) = cache(1);
        cache.token(&of("a")).await.unwrap();
        clock.advance(Duration::from_secs(3600 - 120));
        let renewing = renewing(&cache, &slow).await;
        // Nobody waits for the one who asks.
        assert_eq!(cache.token(&of("a")).await.unwrap().expose(), "a-1");
        assert_eq!(slow.asked.load(Ordering::SeqCst), 2);
        // The attempt takes a minute, longer than the pause between two, and fails.
        *slow.broken.lock().unwrap() = true;
        clock.advance(Duration::from_secs(60));
        slow.permits.add_permits(9);
        assert_eq!(renewing.await.unwrap().unwrap().expose(), "a-1");
        assert_eq!(cache.token(&of("a")).await.unwrap().expose(), "a-1");
        assert_eq!(slow.asked.load(Ordering::SeqCst), 2, "the pause counts from the end of the attempt");
    }

    #[tokio::test]
    async fn a_token_that_ended_during_the_attempt_to_replace_it_serves_nobody() {
        let (cache, slow, clock) = cache(1);
        cache.token(&of("a")).await.unwrap();
        clock.advance(Duration::from_secs(3600 - 30));
        let renewing = renewing(&cache, &slow).await;
        *slow.broken.lock().unwrap() = true;
        clock.advance(Duration::from_secs(60));
        slow.permits.add_permits(9);
        assert!(renewing.await.unwrap().is_err());
    }

    #[tokio::test]
    async fn a_short_token_is_used_for_half_of_its_life() {
        let (cache, slow, clock) = cache(9);
        *slow.lifetime.lock().unwrap() = Duration::from_secs(10);
        for (wait, token) in [(0, "a-1"), (4, "a-1"), (1, "a-2"), (4, "a-2")] {
            clock.advance(Duration::from_secs(wait));
            assert_eq!(cache.token(&of("a")).await.unwrap().expose(), token);
        }
    }

    #[tokio::test]
    async fn a_refused_token_is_forgotten_and_no_other() {
        let (cache, _, _) = cache(9);
        let first = cache.token(&of("a")).await.unwrap();
        cache.forget(&Secret::new("another"));
        assert_eq!(cache.token(&of("a")).await.unwrap(), first);
        cache.forget(&first);
        assert_eq!(cache.token(&of("a")).await.unwrap().expose(), "a-2");
    }
}
