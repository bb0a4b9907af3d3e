//! One case: an operation with one wrong answer, and what must be true after it.

use acceptance_tests::plugin::{Action, Life, Planned, Said, Severity, failed};
use serde_json::Value;

use crate::answers::{Answer, Kind};
use crate::bends::{Bend, Means};
use crate::stage::{About, Exchange, Operation, Stage, masked, writes};

/// What is wrong about the one answer.
#[derive(Clone, Copy)]
pub(crate) enum Wrong<'a> {
    /// Another one is given, after all was done or instead.
    Answer(&'a Answer, bool),
    /// The true one is changed.
    Bend(&'a Bend),
}

impl Wrong<'_> {
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Answer(answer, true) => format!("{} after all was done", answer.name),
            Self::Answer(answer, false) => answer.name.to_owned(),
            Self::Bend(bend) => bend.name.clone(),
        }
    }

    fn says(&self) -> &[&str] {
        match self {
            Self::Answer(answer, _) => answer.says,
            Self::Bend(_) => &[],
        }
    }

    /// Whether it says that something has failed or was refused, so that what a creation left may be made anew.
    fn tells_failure(&self) -> bool {
        matches!(self, Self::Answer(Answer { kind: Kind::Failure | Kind::Refusal, .. }, _))
    }

    /// Whether it is the truth.
    fn is_good(&self) -> bool {
        matches!(self, Self::Bend(Bend { means: Means::Nothing, .. }))
    }

    /// Whether a read of the resource has to end with an error.
    fn ends_a_read(&self) -> bool {
        match self {
            Self::Answer(answer, _) => !matches!(answer.kind, Kind::Passing),
            Self::Bend(bend) => bend.means == Means::NotIt,
        }
    }

    fn may_drift(&self) -> bool {
        matches!(self, Self::Bend(Bend { means: Means::Drift, .. }))
    }

    fn is_to_be_warned_of(&self) -> bool {
        matches!(self, Self::Bend(Bend { means: Means::Kept, .. }))
    }
}

/// What came of the operation.
struct Outcome {
    said: Vec<Said>,
    life: Life,
    /// What was planned, where the case is about that.
    plan: Option<Planned>,
}

/// Runs one case, and gives what is not as it must be. `goal` is what a plan is for, where the case is about a refresh.
pub(crate) fn case(stage: &Stage, exchange: &Exchange, wrong: Wrong<'_>, goal: Operation) -> Vec<String> {
    stage.restore();
    let azure = &stage.world.azure;
    let (before, all_before) = (stage.in_azure(), azure.state());
    let fault = match wrong {
        Wrong::Answer(answer, after) => answer.arm(exchange.fault(), after),
        Wrong::Bend(bend) => exchange.fault().bend(&from_root(exchange, &bend.changes)),
    };
    let armed = azure.inject(fault);
    let config = stage.goal(goal);
    let outcome = match exchange.operation {
        Operation::Refresh => refresh(stage, config.as_ref()),
        _ => apply(stage, config.as_ref()),
    };
    let mut problems = Vec::new();
    if armed.hits() != 1 {
        problems.push("the request was not met".to_owned());
    }
    azure.heal();
    let sent = writes(&azure.requests().writes());
    azure.forget();
    if exchange.operation == Operation::Refresh && !sent.is_empty() {
        problems.push(format!("a refresh or a plan has sent {sent:?}"));
    }
    let strange: Vec<_> = sent.difference(&stage.writes).collect();
    if exchange.operation != Operation::Refresh && !strange.is_empty() {
        problems.push(format!("it has sent what a good run never sends: {strange:?}"));
    }
    problems.extend(judge(stage, exchange, wrong, &outcome, &before));
    // Where nothing has changed, the next command is as any.
    if failed(&outcome.said) && outcome.life.held == stage.life.held && azure.state() == all_before {
        return problems;
    }
    problems.extend(aftermath(stage, exchange, wrong, outcome, config.as_ref(), goal));
    problems
}

/// Pointers into the answer: a list has the document first.
fn from_root(exchange: &Exchange, changes: &Value) -> Value {
    if exchange.about != About::List {
        return changes.clone();
    }
    let moved = |pointer: &str| format!("/value/0{pointer}");
    let mut changes = changes.clone();
    if let Some(all) = changes.get_mut("remove").and_then(Value::as_array_mut) {
        all.iter_mut().for_each(|one| *one = moved(one.as_str().unwrap_or_default()).into());
    }
    if let Some(all) = changes.get_mut("set").and_then(Value::as_object_mut) {
        *all = std::mem::take(all).into_iter().map(|(pointer, value)| (moved(&pointer), value)).collect();
    }
    changes
}

fn refresh(stage: &Stage, config: Option<&Value>) -> Outcome {
    let plugin = stage.world.program.start();
    let mut life = stage.life.clone();
    let mut said = life.refresh(&plugin);
    let mut plan = None;
    if !failed(&said) {
        match life.plan(&plugin, config) {
            Ok((planned, more)) => {
                said.extend(more);
                plan = Some(planned);
            }
            Err(more) => said.extend(more),
        }
    }
    Outcome { said, life, plan }
}

fn apply(stage: &Stage, config: Option<&Value>) -> Outcome {
    let mut life = stage.life.clone();
    let said = life.apply(&stage.world.program.start(), stage.plan(), config);
    Outcome { said, life, plan: None }
}

/// What must be true as soon as the operation has ended.
fn judge(
    stage: &Stage,
    exchange: &Exchange,
    wrong: Wrong<'_>,
    outcome: &Outcome,
    before: &Value,
) -> Vec<String> {
    let mut problems = Vec::new();
    let now = stage.in_azure();
    let is_error = failed(&outcome.said);
    problems.extend(breaches(&outcome.said));
    // What a sign-in answers is not repeated, as it may be secret; and a wait that ends at its deadline says what it waited for.
    let has_no_words = exchange.about == About::Door
        || is_promise(exchange, wrong)
        || exchange.is_waited_for()
            && ["waiting for", "goes on with"].iter().any(|words| names(&outcome.said, &[words]));
    if is_error && !has_no_words && !names(&outcome.said, wrong.says()) {
        problems.push(format!("no error names the answer by {:?}: {}", wrong.says(), text(&outcome.said)));
    }
    if is_error && wrong.is_good() && !is_computed(wrong) {
        problems.push(format!("it is not believed: {}", text(&outcome.said)));
    }
    if !now.is_null() && !outcome.life.is_held() && !before.is_null() {
        problems.push(format!("the state has lost what Azure has: {}", text(&outcome.said)));
    }
    if now.is_null() && !before.is_null() && exchange.operation != Operation::Delete {
        problems.push("Azure has lost it".to_owned());
    }
    if now["properties"]["workspaceId"] != before["properties"]["workspaceId"]
        && !before.is_null()
        && !now.is_null()
    {
        problems.push("it is another workspace now".to_owned());
    }
    if exchange.operation != Operation::Refresh {
        return problems;
    }
    let reads = matches!(exchange.about, About::Own | About::List);
    if reads && wrong.ends_a_read() && !is_error {
        problems.push(format!("a read believed it: {}", text(&outcome.said)));
    }
    if is_error && outcome.life.held != stage.life.held {
        problems.push("the state has changed by a refresh that failed".to_owned());
    }
    if reads && !is_error && wrong.is_to_be_warned_of() && outcome.said.is_empty() {
        problems.push("no warning says that the state keeps what it had".to_owned());
    }
    if wrong.is_good() && !is_same(&outcome.life.held.value, &stage.life.held.value) && !is_computed(wrong) {
        problems.push(difference("the state has changed", &stage.life.held.value, &outcome.life.held.value));
    }
    problems
}

/// Whether the bend is one of what only the service fills in, so that the state may follow it.
fn is_computed(wrong: Wrong<'_>) -> bool {
    matches!(wrong, Wrong::Bend(bend) if bend.is_of_a_member() || bend.name.contains("state"))
}

/// What the next commands do, when all answers are true again.
fn aftermath(
    stage: &Stage,
    exchange: &Exchange,
    wrong: Wrong<'_>,
    outcome: Outcome,
    config: Option<&Value>,
    goal: Operation,
) -> Vec<String> {
    let mut problems = Vec::new();
    let Outcome { said, mut life, plan } = outcome;
    let is_error = failed(&said);
    // A plan that came of a wrong answer is applied as it is.
    if let Some(plan) = plan {
        let wanted = match goal {
            Operation::Update => Action::Update,
            Operation::Delete => Action::Delete,
            _ => Action::Nothing,
        };
        if plan.action != wanted && !(plan.action == Action::Update && wrong.may_drift()) {
            problems.push(format!(
                "{:?} is planned, forced by {:?}: {}",
                plan.action,
                plan.forced_by,
                text(&said)
            ));
            return problems;
        }
        let said = life.apply(&stage.world.program.start(), &plan, config);
        if failed(&said) {
            problems.push(format!("what was planned cannot be applied: {}", text(&said)));
        }
    }
    // What a creation has left half made is made anew, if that was said.
    let is_told = wrong.tells_failure() || is_promise(exchange, wrong);
    let may_replace = is_told && exchange.operation == Operation::Create && names(&said, &["tainted"]);
    let expected_work = is_error || is_promise(exchange, wrong);
    problems.extend(settle(stage, &mut life, config, expected_work, may_replace));
    let now = stage.in_azure();
    let (pointer, value) = stage.play.shows;
    match goal {
        Operation::Delete if !now.is_null() || life.is_held() => {
            problems.push(format!("it is not deleted; held: {}", life.is_held()));
        }
        Operation::Delete => {}
        _ if now.is_null() || !life.is_held() => problems.push("it is not there".to_owned()),
        Operation::Update if now.pointer(pointer) != Some(&Value::from(value)) => {
            problems.push(format!("the change is not there: {:?}", now.pointer(pointer)));
        }
        _ => {}
    }
    if exchange.operation == goal && problems.is_empty() && !is_same(&life.held.value, &stage.good) {
        problems.push(difference(
            "the state is not what it is after a good run",
            &stage.good,
            &masked(&life.held.value),
        ));
    }
    problems
}

/// Refreshes and plans, and applies where something is left to do after an error; then nothing may be left.
fn settle(
    stage: &Stage,
    life: &mut Life,
    config: Option<&Value>,
    expected_work: bool,
    may_replace: bool,
) -> Vec<String> {
    for _ in 0..3 {
        let plugin = stage.world.program.start();
        let said = life.refresh(&plugin);
        if failed(&said) {
            return vec![format!("the next refresh fails: {}", text(&said))];
        }
        let (plan, _) = match life.plan(&plugin, config) {
            Ok(planned) => planned,
            Err(said) => return vec![format!("the next plan fails: {}", text(&said))],
        };
        match plan.action {
            Action::Nothing => return Vec::new(),
            Action::Replace if !may_replace => {
                return vec![format!(
                    "the next plan replaces it (tainted: {}), forced by {:?}",
                    life.held.tainted, plan.forced_by
                )];
            }
            action if !expected_work => return vec![format!("no error, but the next plan is to {action:?}")],
            _ => {}
        }
        let said = life.apply(&stage.world.program.start(), &plan, config);
        if !failed(&said) {
            continue;
        }
        let words = text(&said);
        let id =
            words.split("import {").nth(1).and_then(|block| block.split("id = \"").nth(1)?.split('"').next());
        match id {
            Some(id) => {
                let said = life.import(&stage.world.program.start(), id);
                if failed(&said) {
                    return vec![format!("the import that was advised fails: {}", text(&said))];
                }
            }
            None => return vec![format!("the next apply fails, and does not say what to do: {words}")],
        }
    }
    vec!["three applies do not complete it".to_owned()]
}

/// Whether it says that a change was accepted, which nobody can know to be wrong.
fn is_promise(exchange: &Exchange, wrong: Wrong<'_>) -> bool {
    matches!(wrong, Wrong::Answer(answer, false) if answer.is_acceptance()) && exchange.writes()
}

/// Whether two states are one; an import spells as Azure does.
fn is_same(a: &Value, b: &Value) -> bool {
    masked(a).to_string().to_lowercase() == masked(b).to_string().to_lowercase()
}

fn breaches(said: &[Said]) -> Vec<String> {
    let breaches = said.iter().filter(|one| one.severity == Severity::Breach);
    breaches.map(|one| format!("{}: {}", one.summary, one.detail)).collect()
}

/// Whether an error has all these words.
fn names(said: &[Said], words: &[&str]) -> bool {
    let has = |one: &Said| {
        let text = format!("{} {}", one.summary, one.detail).replace("\\\"", "\"").to_lowercase();
        words.iter().all(|word| text.contains(&word.to_lowercase()))
    };
    said.iter().filter(|one| one.is_error()).any(has)
}

fn text(said: &[Said]) -> String {
    let one = |one: &Said| format!("[{:?} {}: {}]", one.severity, one.summary, one.detail.replace('\n', " "));
    said.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn difference(what: &str, was: &Value, is: &Value) -> String {
    let names = was.as_object().into_iter().chain(is.as_object()).flat_map(serde_json::Map::keys);
    let mut names: Vec<&String> = names.filter(|name| was[*name] != is[*name]).collect();
    names.sort();
    names.dedup();
    let lines: Vec<String> =
        names.iter().map(|name| format!("{name}: {} instead of {}", is[*name], was[*name])).collect();
    format!("{what}: {}", lines.join("; "))
}
