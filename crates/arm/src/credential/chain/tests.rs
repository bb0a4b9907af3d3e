use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

use super::*;
use crate::testing::{FixedCredential, Log};

/// Refuses as often as it is told to, each time with a permit; then gives tokens.
#[derive(Debug)]
struct Moody {
    refusals: AtomicUsize,
    asked: AtomicUsize,
    gate: Semaphore,
    good: FixedCredential,
}

impl Moody {
    fn new(refusals: usize, permits: usize) -> Arc<Self> {
        let (refusals, asked) = (AtomicUsize::new(refusals), AtomicUsize::new(0));
        Arc::new(Self { refusals, asked, gate: Semaphore::new(permits), good: FixedCredential::default() })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl TokenCredential for Moody {
    async fn token(&self, request: &TokenRequest) -> Result<Token, CredentialError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.gate.acquire().await.unwrap().forget();
        let left = self.refusals.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        match left {
            Ok(_) => Err(CredentialError::Cli { message: "no mood".into() }),
            Err(_) => self.good.token(request).await,
        }
    }
}

fn link(name: &str, credential: Arc<Moody>) -> Link {
    (name.to_owned(), Ok(credential))
}

fn skipped(name: &str, why: &str) -> Link {
    (name.to_owned(), Err(why.to_owned()))
}

fn of(scope: &str) -> TokenRequest {
    TokenRequest::new(scope)
}

#[tokio::test]
async fn keeps_to_the_first_that_gave_a_token() {
    let (first, second, third) = (Moody::new(1, 9), Moody::new(0, 9), Moody::new(0, 9));
    let chain = Chain::new(vec![
        skipped("zero", "not set"),
        link("one", first.clone()),
        link("two", second.clone()),
        link("three", third.clone()),
    ]);
    assert_eq!(chain.token(&of("a")).await.unwrap().secret.expose(), "token-1");
    // The first would give one by now, and another scope or tenant is no reason to change who one is.
    assert_eq!(chain.token(&of("b")).await.unwrap().secret.expose(), "token-2");
    assert_eq!(chain.token(&of("a").of_tenant("t")).await.unwrap().secret.expose(), "token-3-t");
    assert_eq!((first.asked(), second.asked(), third.asked()), (1, 3, 0));
}

#[tokio::test]
async fn a_way_that_was_passed_over_is_warned_of_once() {
    let log = Log::capture();
    let links =
        vec![skipped("zero", "not set"), link("one", Moody::new(1, 9)), link("two", Moody::new(0, 9))];
    let chain = Chain::new(links);
    for scope in ["a", "b"] {
        chain.token(&of(scope)).await.unwrap();
    }
    let warnings: Vec<String> = log.own().into_iter().filter(|line| line.contains("passed=")).collect();
    let says = "signed in, but not in the way that was to be tried first";
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    for (line, rest) in warnings.iter().zip([
        r#"credential="two" passed="zero" why="not set""#,
        r#"credential="two" passed="one" why="the Azure CLI failed: no mood""#,
    ]) {
        assert!(line.contains("WARN") && line.contains(says) && line.contains(rest), "{line}");
    }
}

#[tokio::test]
async fn what_was_chosen_fails_in_its_own_words() {
    let credential = Moody::new(0, 9);
    let chain = Chain::new(vec![link("one", credential.clone()), link("two", Moody::new(0, 9))]);
    chain.token(&of("a")).await.unwrap();
    credential.refusals.store(1, Ordering::SeqCst);
    let error = chain.token(&of("b")).await.unwrap_err();
    assert_eq!(error.to_string(), "the Azure CLI failed: no mood");
}

#[tokio::test]
async fn when_all_fail_each_try_is_told_with_its_reason() {
    let (first, second) = (Moody::new(1, 9), Moody::new(1, 9));
    let chain = Chain::new(vec![
        skipped("client secret", "no client secret: set client_secret or ARM_CLIENT_SECRET"),
        link("managed identity", first),
        link("Azure CLI", second),
    ]);
    let error = chain.token(&of("a")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "none of the ways to sign in worked:\n\
         \x20 - client secret: no client secret: set client_secret or ARM_CLIENT_SECRET\n\
         \x20 - managed identity: the Azure CLI failed: no mood\n\
         \x20 - Azure CLI: the Azure CLI failed: no mood"
    );
    let CredentialError::Chain { tries } = error else { panic!("{error:?}") };
    assert_eq!(tries.len(), 3);
    // Nothing was chosen, so the next time starts from the beginning.
    assert_eq!(chain.token(&of("a")).await.unwrap().secret.expose(), "token-1");
}

/// Refused in these words.
#[derive(Debug)]
struct Unknown(&'static str);

#[async_trait]
impl TokenCredential for Unknown {
    async fn token(&self, _: &TokenRequest) -> Result<Token, CredentialError> {
        Err(CredentialError::Refused {
            credential: "client secret",
            code: Some("AADSTS90002".into()),
            message: self.0.into(),
        })
    }
}

#[tokio::test]
async fn a_remedy_stands_with_its_try() {
    for (said, told) in [
        ("AADSTS90002: Tenant not found.", "AADSTS90002: Tenant not found. Correct the tenant ID."),
        // As Entra ID ends its texts.
        (
            "AADSTS90002: No. Timestamp: 2026-11-23 12:00:00Z",
            "AADSTS90002: No. Timestamp: 2026-11-23 12:00:00Z. Correct the tenant ID.",
        ),
        ("AADSTS90002: No (the clock)", "AADSTS90002: No (the clock). Correct the tenant ID."),
        ("AADSTS90002: No. (Also.)", "AADSTS90002: No. (Also.) Correct the tenant ID."),
    ] {
        let unknown = Arc::new(Unknown(said));
        let chain = Chain::new(vec![("client secret".to_owned(), Ok(unknown)), skipped("Azure CLI", "off")]);
        let text = chain.token(&of("a")).await.unwrap_err().to_string();
        let told = format!("client secret: Entra ID refused the client secret: {told}");
        assert!(text.contains(&told), "{text}");
    }
}

#[tokio::test]
async fn one_way_alone_is_no_list() {
    let chain = Chain::new(vec![("client secret".to_owned(), Ok(Arc::new(Unknown("AADSTS90002: No."))))]);
    let error = chain.token(&of("a")).await.unwrap_err();
    assert!(matches!(error, CredentialError::Refused { .. }), "{error:?}");
    let chain = Chain::new(vec![skipped("OIDC", "no token: set oidc_token")]);
    let error = chain.token(&of("a")).await.unwrap_err();
    assert_eq!(error.to_string(), "cannot sign in by OIDC: no token: set oidc_token");
    assert_eq!(
        Chain::new(Vec::new()).token(&of("a")).await.unwrap_err().to_string(),
        "there is no way to sign in"
    );
}

#[tokio::test]
async fn requests_at_once_choose_the_same() {
    // The first fails for one of two: without a lock the other would stay with it.
    let (first, second) = (Moody::new(1, 0), Moody::new(0, 9));
    let chain = Arc::new(Chain::new(vec![link("one", first.clone()), link("two", second.clone())]));
    let tasks: Vec<_> = ["a", "b"]
        .map(|scope| {
            let chain = chain.clone();
            tokio::spawn(async move { chain.token(&of(scope)).await.unwrap() })
        })
        .into();
    first.gate.add_permits(9);
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!((first.asked(), second.asked()), (1, 2));
}

#[tokio::test]
async fn a_cancelled_request_leaves_the_chain_usable() {
    let slow = Moody::new(0, 0);
    let chain = Arc::new(Chain::new(vec![link("one", slow.clone()), link("two", Moody::new(0, 9))]));
    let request = of("a");
    {
        let mut waiting = Box::pin(chain.token(&request));
        assert!(futures::poll!(&mut waiting).is_pending());
        assert_eq!(slow.asked(), 1);
    }
    slow.gate.add_permits(1);
    assert_eq!(chain.token(&request).await.unwrap().secret.expose(), "token-1");
    assert_eq!(slow.asked(), 2);
}
