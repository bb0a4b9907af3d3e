//! The interruption sweep: at every HTTP exchange of a create, an update and a delete, something goes wrong.
//!
//! A passing fault (429, 500, a reset before or after the service acted) is got over. An interrupt ends the command
//! soon. After either, and after a kill, state and Azure agree, or the next apply says what to do. No log has a secret.

mod plays;
mod stage;

use std::time::{Duration, Instant};

use acceptance_tests::{Cli, Fault, Scene, Signal};
use plays::Play;
use stage::{Exchange, Operation, Stage};

/// How soon a command has to end after its interrupt. What it waits for is held for good, so that any end is the interrupt's; the
/// rest is room for a slow machine.
const SOON: Duration = Duration::from_secs(10);

/// A fault at every request, and its name.
type Trouble = (&'static str, fn(Fault) -> Fault);

const TROUBLES: [Trouble; 4] = [
    ("429", |fault| fault.status(429).retry_after(0)),
    ("500", |fault| fault.status(500)),
    ("a reset before", Fault::reset_before),
    ("a reset after", Fault::reset_after),
];

/// The tests of each play, side by side.
macro_rules! sweep {
    ($($play:ident)*) => {
        $(mod $play {
            use acceptance_tests::every_cli;

            use crate::stage::Operation::{Create, Delete, Update};
            use crate::{interrupts, kills, passing_faults, plays};

            #[test]
            fn passing_faults_of_a_create() {
                every_cli(|cli| passing_faults(cli, plays::$play::play(), Create));
            }

            #[test]
            fn passing_faults_of_an_update() {
                every_cli(|cli| passing_faults(cli, plays::$play::play(), Update));
            }

            #[test]
            fn passing_faults_of_a_delete() {
                every_cli(|cli| passing_faults(cli, plays::$play::play(), Delete));
            }

            #[test]
            fn interrupts_of_a_create() {
                every_cli(|cli| interrupts(cli, plays::$play::play(), Create));
            }

            #[test]
            fn interrupts_of_an_update() {
                every_cli(|cli| interrupts(cli, plays::$play::play(), Update));
            }

            #[test]
            fn interrupts_of_a_delete() {
                every_cli(|cli| interrupts(cli, plays::$play::play(), Delete));
            }

            #[test]
            fn kills_of_a_create() {
                every_cli(|cli| kills(cli, plays::$play::play(), Create));
            }

            #[test]
            fn kills_of_an_update() {
                every_cli(|cli| kills(cli, plays::$play::play(), Update));
            }

            #[test]
            fn kills_of_a_delete() {
                every_cli(|cli| kills(cli, plays::$play::play(), Delete));
            }
        })*
    };
}

sweep! {
    management_link management_link_association private_dns_link private_dns_zone private_endpoint
    private_endpoint_approval private_endpoint_asked_for registration resource_group workspace
}

/// Whether what has this number is the tool's where each of them takes its share.
fn is_share_of(cli: &Cli, number: usize) -> bool {
    let share = Cli::all().iter().position(|one| one.path == cli.path).unwrap_or_default();
    number % Cli::all().len() == share
}

/// The exchanges that a tool is stopped at. Each tool stops in a way of its own, so that with a workspace each is stopped at
/// all of them; the life of the other types is the same code, and each takes its share.
fn stops<'a>(cli: &Cli, stage: &'a Stage) -> impl Iterator<Item = &'a Exchange> {
    let all = stage.is_of(Scene::MAIN);
    let numbered = stage.exchanges().enumerate();
    numbered.filter(move |(number, _)| all || is_share_of(cli, *number)).map(|(_, exchange)| exchange)
}

/// One fault at one exchange at a time. The tools see no difference between them, so each takes its share.
fn passing_faults(cli: &Cli, play: Play, operation: Operation) {
    let stage = Stage::set(cli, play, operation);
    for (number, exchange) in stage.exchanges().enumerate() {
        for (kind, (name, trouble)) in TROUBLES.iter().enumerate() {
            if !is_share_of(cli, number + kind) {
                continue;
            }
            stage.restore();
            let fault = stage.scene.azure.inject(trouble(exchange.fault()));
            let output = stage.start(exchange).wait();
            let at = format!("{name} at {exchange}");
            assert_eq!(fault.hits(), 1, "{at} was not met");
            assert!(output.code == Some(exchange.success()), "{at} was not got over: {output:?}");
            stage.scene.azure.heal();
            stage.is_done_by(exchange, &at);
            stage.has_no_secrets(&output, &at);
        }
    }
}

/// Ctrl-C while one exchange waits for its answer.
fn interrupts(cli: &Cli, play: Play, operation: Operation) {
    let stage = Stage::set(cli, play, operation);
    for exchange in stops(cli, &stage) {
        stage.restore();
        let held = stage.scene.azure.inject(exchange.fault().hold());
        let running = stage.start(exchange);
        held.wait();
        eprintln!("interrupted at {exchange}");
        let interrupted = Instant::now();
        running.signal(Signal::Interrupt);
        let output = running.wait_at_most(5 * SOON);
        let took = interrupted.elapsed();
        assert!(took <= SOON, "the end came {took:?} after the interrupt at {exchange}: {output:?}");
        if exchange.is_first_contact() {
            output.says("While connecting to Azure, the operation was interrupted. Nothing was changed.");
        }
        if output.text().contains("Deletion Interrupted") {
            output.says(stage.deletion(exchange));
        }
        stage.scene.azure.heal();
        assert!(!stage.is_tainted(), "tainted by the interrupt at {exchange}: {output:?}");
        stage.has_no_secrets(&output, &exchange.to_string());
        stage.goes_on(&format!("an interrupt at {exchange}"));
    }
}

/// Tool and provider are gone while one exchange waits for its answer.
fn kills(cli: &Cli, play: Play, operation: Operation) {
    let stage = Stage::set(cli, play, operation);
    for exchange in stops(cli, &stage) {
        stage.restore();
        let held = stage.scene.azure.inject(exchange.fault().hold());
        let running = stage.start(exchange);
        held.wait();
        running.signal(Signal::Kill);
        let output = running.wait();
        stage.scene.azure.heal();
        stage.has_no_secrets(&output, &exchange.to_string());
        stage.goes_on(&format!("a kill at {exchange}"));
    }
}
