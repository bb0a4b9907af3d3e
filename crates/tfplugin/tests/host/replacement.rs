//! What a resource learns of the object that it takes the place of, and that no state keeps it.

use tfplugin::host::{PlanResponse, StateResponse};
use tfplugin::{ImportTarget, Value};

use super::{Cli, texts};

/// The bytes that hand an object on.
fn hands_on(private: &[u8]) -> bool {
    String::from_utf8_lossy(private).contains("predecessor")
}

/// Both halves of the plan that replaces a thing by one of another name.
async fn replacement(cli: &Cli, before: &StateResponse, config: &Value) -> [PlanResponse; 2] {
    let first = cli.plan(config, before).await;
    let between = StateResponse {
        private: first.private.clone(),
        identity: first.identity.clone(),
        ..StateResponse::default()
    };
    let second = cli.plan(config, &between).await;
    [first, second]
}

#[tokio::test]
async fn the_second_half_of_a_replacement_knows_what_was_there() {
    let cli = Cli::new();
    let config = cli.config(&[("name", "remembers".into()), ("secret", "four".into())]);
    let before = cli.apply(&config, &StateResponse::default()).await;
    for name in ["remembers", "b"] {
        let config = cli.config(&[("name", name.into())]);
        let [first, second] = replacement(&cli, &before, &config).await;
        assert_eq!(texts(&first.diagnostics), Vec::<String>::new(), "the first half is an update");
        assert!(hands_on(&first.private));
        assert_eq!(texts(&second.diagnostics), ["Heir: After remembers."]);
        assert_eq!(second.private, before.private, "it goes no further");
    }
}

#[tokio::test]
async fn what_is_made_where_nothing_was_takes_no_place() {
    let cli = Cli::new();
    let config = cli.config(&[("name", "a".into())]);
    let plan = cli.plan(&config, &StateResponse::default()).await;
    assert_eq!(texts(&plan.diagnostics), Vec::<String>::new());
    assert_eq!(plan.private, b"");
    for forged in [&br#"{".predecessor":7}"#[..], br#"{".predecessor":"null"}"#, br#"{".predecessor":"x"}"#] {
        let none = StateResponse { private: forged.to_vec(), ..StateResponse::default() };
        let plan = cli.plan(&config, &none).await;
        assert_eq!((texts(&plan.diagnostics), plan.private), (Vec::new(), Vec::new()));
    }
}

#[tokio::test]
async fn no_state_keeps_what_a_plan_hands_on() {
    let cli = Cli::new();
    let before = cli.create("a").await;
    let config = cli.config(&[("name", "a".into()), ("size", 4.into())]);
    let plan = cli.plan(&config, &before).await;
    assert!(hands_on(&plan.private));
    let private = plan.private.clone();
    let updated = cli.host.apply(cli.request(&config, &before, plan)).await;
    assert_eq!(updated.private, b"");
    let read = cli.read(&StateResponse { private: private.clone(), ..updated }).await;
    assert_eq!(read.private, b"");
    let failing = cli.create("unreadable").await;
    let unread = cli.read(&StateResponse { private: private.clone(), ..failing }).await;
    assert_eq!(unread.private, b"");
    let gone = cli.plan(&Value::Null, &StateResponse { private, ..before.clone() }).await;
    assert_eq!(gone.private, b"", "nor does a plan to delete");
    let mut refused = before;
    refused.state.set(&"name".into(), "refused".into());
    let plan = cli.plan(&cli.config(&[("name", "refused".into())]), &refused).await;
    let config = cli.config(&[("name", "refused".into())]);
    let failed = cli.host.apply(cli.request(&config, &refused, plan)).await;
    assert_eq!((texts(&failed.diagnostics), failed.private), (vec!["Refused: No.".to_owned()], Vec::new()));
}

#[tokio::test]
async fn a_resource_hears_what_the_state_holds_and_what_it_lost() {
    let cli = Cli::new();
    let heard = || std::mem::take(&mut *cli.things.heard.lock().unwrap());
    let stored = cli.host.upgrade_state(1, br#"{"name":"a"}"#);
    assert!(!stored.diagnostics.has_errors());
    assert_eq!(heard(), ["held a"]);
    let bad = cli.host.upgrade_state(3, br#"{"name":"a"}"#);
    assert!(bad.diagnostics.has_errors());
    assert_eq!(heard(), [""; 0]);
    let before = cli.create("a").await;
    assert_eq!(heard(), [""; 0], "what is created was not there before");
    cli.read(&before).await;
    assert_eq!(heard(), ["held a"]);
    cli.read(&cli.create("gone").await).await;
    assert_eq!(heard(), ["lost gone"]);
    cli.read(&cli.create("unreadable").await).await;
    assert_eq!(heard(), [""; 0], "what cannot be read is what it was");
    let imported = cli.import(ImportTarget::Id("b".to_owned())).await;
    assert_eq!(heard(), [""; 0], "an import is followed by a read");
    cli.read(&imported).await;
    assert_eq!(heard(), ["held b"]);
    cli.apply(&Value::Null, &before).await;
    assert_eq!(heard(), ["lost a"]);
    let mut refused = before;
    refused.state.set(&"name".into(), "refused".into());
    let plan = cli.plan(&Value::Null, &refused).await;
    cli.host.apply(cli.request(&Value::Null, &refused, plan)).await;
    assert_eq!(heard(), [""; 0], "a delete that failed has left it");
}
