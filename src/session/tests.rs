//! The way to Azure where there is none: what it says, and how often it is tried.

use std::io::Write as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tfplugin::Attr;

use super::*;
use crate::settings::{Config, Variables};

fn session(variables: &[(&'static str, &str)], change: impl FnOnce(&mut Config)) -> Session {
    let mut config = Config::default();
    change(&mut config);
    let session = Session::default();
    session.configure(Settings { config, variables: Variables::of(variables) });
    session
}

async fn refusal(session: &Session) -> String {
    let error = session.azure(&Context::default()).await.unwrap_err();
    error.into_iter().next().unwrap().detail
}

#[tokio::test]
async fn a_host_that_is_none_is_tried_once_for_all_who_wait() {
    // Who expects TLS and gets something else gives up at once.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.unwrap().write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let session = session(&[], |config| config.metadata_host = Attr::Known(host.clone()));
    let [one, two, three] = [refusal(&session), refusal(&session), refusal(&session)];
    let (one, two, three) = tokio::join!(one, two, three);
    assert!(one.contains(&host), "{one}");
    assert_eq!((&one, &one), (&two, &three));
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    // Who comes later asks anew: the host may be there by now.
    refusal(&session).await;
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

#[test]
fn a_call_that_is_over_fails_for_itself_alone() {
    let request = || "GET /subscriptions".to_owned();
    let is_callers = |error: &Error| Failed::asking("x", error).is_callers;
    // Others have time of their own, also for a pause that Azure asks for.
    for retry_after in [None, Some(std::time::Duration::from_secs(400))] {
        let (request, under_way) = (request(), false);
        let passed = Error::DeadlinePassed { request, under_way, retry_after, progress: None, last: None };
        assert!(is_callers(&passed));
    }
    assert!(is_callers(&Error::Cancelled { request: request(), under_way: false, last: None }));
    assert!(!is_callers(&Error::configuration("No certificate can be read.")));
}

#[tokio::test]
async fn a_machine_that_names_no_url_is_told_once() {
    let session =
        session(&[("ARM_USE_MSI", "true"), ("IDENTITY_ENDPOINT", "x"), ("IDENTITY_HEADER", "h")], |_| {});
    assert_eq!(
        refusal(&session).await,
        "The managed identity cannot be used: IDENTITY_ENDPOINT is \"x\", which is not a URL: relative URL without a base."
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_without_end_is_not_read_to_it() {
    let zeros = || Attr::Known("/dev/zero".to_owned());
    let authorities = session(&[], |config| config.ca_certificate_file = zeros());
    assert_eq!(
        refusal(&authorities).await,
        "The file \"/dev/zero\" of ca_certificate_file (ARM_CA_CERTIFICATE_FILE) cannot be used: it has more than 8 MiB."
    );
    let id = "00000000-0000-0000-0000-000000000000";
    let secret = session(&[("ARM_TENANT_ID", id), ("ARM_CLIENT_ID", id)], |config| {
        config.client_secret_file_path = zeros();
    });
    assert_eq!(
        refusal(&secret).await,
        "The client secret cannot be used: the file \"/dev/zero\": it has more than 8 MiB."
    );
}
