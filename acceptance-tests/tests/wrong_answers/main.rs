//! The wrong-answer sweep: nothing is believed because of its status.
//!
//! Every request of every resource's life is answered wrongly, once, by the tables in `answers` and `bends`. Then the next
//! commands run with all answers true again. State and Azure agree in the end, or an error names the answer; nothing is ever
//! replaced, lost or forgotten. All goes over the plugin protocol, with a process for each command, as the tools have it.
//!
//! The full product is 13,377 cases at 198 requests. Some 2,100 of them are run, for about five minutes of processor time: requests
//! that are alike share the answers (see `share`). A refresh of each resource meets all bends of its members and, but for
//! refusals, all answers; every other request meets some, and every kind of request all. What is never met fails the test.
//! `AZUREML_TEST_ANSWERS` picks cases instead, by a part of their names: `resource_group: 404 a page at Refresh`. Empty, as by
//! `make answers`, it picks all.

mod answers;
mod bends;
mod judge;
mod plays;
mod stage;
mod world;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use answers::{ANSWERS, Answer, Kind};
use bends::{Bend, Means};
use judge::Wrong;
use plays::Play;
use stage::{About, Exchange, Operation, Stage};

/// So many operations are swept at once: some of them wait.
const AT_ONCE: usize = 6;

/// What has been found out.
#[derive(Default)]
struct Report {
    cases: usize,
    wanted: BTreeSet<String>,
    met: BTreeSet<String>,
    problems: Vec<String>,
}

#[test]
fn nothing_is_believed_because_of_its_status() {
    let begin = Instant::now();
    let jobs: Vec<(Play, Operation)> =
        plays::all().into_iter().flat_map(|play| Operation::ALL.map(|operation| (play, operation))).collect();
    let (next, report) = (AtomicUsize::new(0), Mutex::new(Report::default()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((play, operation)) = jobs.get(next.fetch_add(1, Ordering::SeqCst)) {
                    sweep(*play, *operation, &report);
                }
            });
        }
    });
    let report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
    eprintln!("{} wrong answers in {:?}", report.cases, begin.elapsed());
    assert!(
        report.problems.is_empty(),
        "{} problems:\n{}",
        report.problems.len(),
        report.problems.join("\n")
    );
    let never: Vec<&String> = report.wanted.difference(&report.met).collect();
    assert!(never.is_empty() || picked().is_some(), "never met: {never:#?}");
}

/// The part of a name by which cases are picked.
fn picked() -> Option<String> {
    std::env::var("AZUREML_TEST_ANSWERS").ok()
}

/// All cases of one operation of a play.
fn sweep(play: Play, operation: Operation, report: &Mutex<Report>) {
    let picked = picked();
    let stage = Stage::set(play, operation);
    let bends = bends::all(&play, &stage.id, &stage.document);
    let lock = || report.lock().unwrap_or_else(PoisonError::into_inner);
    for exchange in &stage.exchanges {
        lock().wanted.insert(format!("{}: {exchange}", play.name));
        for (number, wrong) in wrongs(exchange, &bends).into_iter().enumerate() {
            lock().wanted.insert(met(exchange, wrong));
            let at = format!("{}: {} at {exchange}", play.name, wrong.name());
            let is_own = match &picked {
                Some(part) => at.contains(part),
                None => (number + place(&play, exchange)).is_multiple_of(share(&play, exchange, wrong)),
            };
            if !is_own {
                continue;
            }
            // A refresh is the begin of each command.
            let goal = match operation {
                Operation::Refresh => [Operation::Refresh, Operation::Update, Operation::Delete][number % 3],
                operation => operation,
            };
            let found = catch_unwind(AssertUnwindSafe(|| judge::case(&stage, exchange, wrong, goal)));
            let found = found.unwrap_or_else(|panic| {
                let text = panic.downcast_ref::<String>().cloned();
                vec![format!("it panicked: {}", text.unwrap_or_default())]
            });
            let found: Vec<String> = found.iter().map(|one| format!("{at} for {goal:?}: {one}")).collect();
            found.iter().for_each(|one| eprintln!("{one}"));
            let mut report = lock();
            report.cases += 1;
            report.met.extend([format!("{}: {exchange}", play.name), met(exchange, wrong)]);
            report.problems.extend(found);
        }
    }
}

/// What is wrong in the place of an exchange's answer.
fn wrongs<'a>(exchange: &Exchange, bends: &'a [Bend]) -> Vec<Wrong<'a>> {
    let mut all = Vec::new();
    for answer in ANSWERS.iter().filter(|answer| fits(exchange, answer)) {
        all.push(Wrong::Answer(answer, false));
        if exchange.writes() {
            all.push(Wrong::Answer(answer, true));
        }
    }
    if exchange.has_document() {
        // What is read may be put again, and strange members are refused there; and a strange word is believed.
        let reads = exchange.operation == Operation::Refresh;
        let fits =
            |bend: &&Bend| reads || bend.name != "with more members" && !bend.name.ends_with("a novel word");
        all.extend(bends.iter().filter(fits).map(Wrong::Bend));
    }
    all
}

/// Whether an answer makes sense in the place of an exchange's.
fn fits(exchange: &Exchange, answer: &Answer) -> bool {
    let is_list = matches!(exchange.about, About::List | About::OtherList);
    match answer.kind {
        Kind::NoList => is_list,
        // What is accepted is waited for.
        _ if answer.is_acceptance() && exchange.method == "DELETE" => false,
        // That is a list with nothing in it.
        _ => answer.name != "200 a page of a list" || !is_list,
    }
}

/// Where an exchange stands among those that share the answers.
fn place(play: &Play, exchange: &Exchange) -> usize {
    let play = plays::all().iter().position(|one| one.name == play.name).unwrap_or_default();
    let operation = Operation::ALL.len() * play + exchange.operation as usize;
    if exchange.about == About::Door { operation } else { operation + exchange.number }
}

/// Of how many cases one is run: what is alike at all requests of a kind is shared by them.
fn share(play: &Play, exchange: &Exchange, wrong: Wrong<'_>) -> usize {
    let of = |main: usize, others: usize| match play.name {
        "workspace" => main,
        // Seconds pass between the looks of a wait.
        "registration" if exchange.operation != Operation::Refresh => 3 * others,
        _ => others,
    };
    let (is_own, is_read) =
        (matches!(exchange.about, About::Own | About::List), exchange.operation == Operation::Refresh);
    match wrong {
        // One for each operation of each play.
        _ if exchange.about == About::Door => Operation::ALL.len() * plays::all().len(),
        // A deletion or an action that was not done is waited for until the deadline.
        Wrong::Answer(_, false) if exchange.is_waited_for() => 12,
        Wrong::Answer(answer, _)
            if exchange.about == About::Own && is_read && answer.kind == Kind::Refusal =>
        {
            of(1, 2)
        }
        Wrong::Answer(..) if is_own && is_read => 1,
        Wrong::Answer(answer, _) if is_own && answer.is_acceptance() => of(5, 11),
        Wrong::Answer(answer, _) if is_own && answer.kind == Kind::Refusal => of(3, 9),
        Wrong::Answer(..) if is_own => of(2, 6),
        // A member is one play's own.
        Wrong::Bend(bend) if is_read && (bend.is_of_a_member() || bend.means == Means::NotIt) => 1,
        Wrong::Bend(_) if is_read => of(1, 3),
        Wrong::Bend(_) => of(6, 20),
        Wrong::Answer(..) if exchange.about == About::OtherList => 2,
        Wrong::Answer(..) if exchange.about == About::Poll => 7,
        Wrong::Answer(..) => 9,
    }
}

/// What has to be met at least once: each answer by each kind of request, and each bend by something.
fn met(exchange: &Exchange, wrong: Wrong<'_>) -> String {
    match wrong {
        Wrong::Answer(answer, _) => format!("{} by a request about {:?}", answer.name, exchange.about),
        Wrong::Bend(bend) => bend.name.clone(),
    }
}
