//! The stage of a play: set once for each operation, put back before every case.

use std::collections::BTreeSet;
use std::fmt;

use acceptance_tests::plugin::{Action, Life, Planned, Said, failed};
use acceptance_tests::{Fault, Request};
use regex::Regex;
use serde_json::Value;

use crate::plays::Play;
use crate::world::World;

/// What is done with the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    Create,
    /// Read and planned, by which nothing changes.
    Refresh,
    Update,
    Delete,
}

impl Operation {
    pub(crate) const ALL: [Self; 4] = [Self::Create, Self::Refresh, Self::Update, Self::Delete];
}

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum About {
    /// Where Azure is, and who asks: before everything else.
    Door,
    /// The resource itself.
    Own,
    /// A list that has the resource.
    List,
    /// A list of something else.
    OtherList,
    /// An operation that was accepted.
    Poll,
    /// Something that belongs to the resource.
    Other,
}

/// One request of an operation.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) operation: Operation,
    pub(crate) about: About,
    pub(crate) method: String,
    pub(crate) status: u64,
    path: String,
    /// How many requests of this method to this path come before it.
    before: usize,
    /// Its number in the operation.
    pub(crate) number: usize,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} #{} ({} {})", self.operation, self.number, self.method, self.path)
    }
}

impl Exchange {
    /// A fault that meets it alone.
    pub(crate) fn fault(&self) -> Fault {
        Fault::at(&self.method, &pattern(&self.path)).skip(self.before)
    }

    /// Whether it asks for a change.
    pub(crate) fn writes(&self) -> bool {
        self.method != "GET" && self.about != About::Door
    }

    /// Whether what it asks for has no document of its own, so that its end is looked for.
    pub(crate) fn is_waited_for(&self) -> bool {
        self.writes() && matches!(self.method.as_str(), "DELETE" | "POST")
    }

    /// Whether its true answer is the document of the resource, or a list that has it first.
    pub(crate) fn has_document(&self) -> bool {
        matches!(self.about, About::Own | About::List)
            && matches!(self.status, 200 | 201)
            && self.method != "DELETE"
    }
}

/// A pattern of a path, in which whatever is made anew each time may be anything.
fn pattern(path: &str) -> String {
    let random = Regex::new(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").expect("a pattern");
    let mut segments: Vec<String> = path
        .split('/')
        .map(|segment| match random.find(segment) {
            Some(found) => format!("{}[^/]*", regex::escape(&segment[..found.start()])),
            None => regex::escape(segment),
        })
        .collect();
    let is_status =
        path.to_ascii_lowercase().contains("status") || path.to_ascii_lowercase().contains("/operation");
    if is_status && let Some(last) = segments.last_mut() {
        *last = "[^/]+".to_owned();
    }
    format!("^{}$", segments.join("/"))
}

/// A play from whose operation one can start again and again.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) play: Play,
    pub(crate) operation: Operation,
    pub(crate) exchanges: Vec<Exchange>,
    /// The resource's ID, once it is known.
    pub(crate) id: String,
    /// What state and Azure have before the operation.
    pub(crate) life: Life,
    /// What Azure has of the resource while it is there.
    pub(crate) document: Value,
    azure: Value,
    plan: Option<Planned>,
    /// The writes of a good run.
    pub(crate) writes: BTreeSet<(String, String)>,
    /// What a state has in the end, when all went well.
    pub(crate) good: Value,
}

impl Stage {
    /// Sets it, and runs the operation once to see which requests it makes.
    pub(crate) fn set(play: Play, operation: Operation) -> Self {
        let world = World::of(&play);
        let life = Life::new(play.kind);
        let (document, azure, plan) = (Value::Null, Value::Null, None);
        let (exchanges, writes, good) = (Vec::new(), BTreeSet::new(), Value::Null);
        let mut stage = Self {
            world,
            play,
            operation,
            exchanges,
            id: String::new(),
            life,
            document,
            azure,
            plan,
            writes,
            good,
        };
        if operation != Operation::Create {
            let config = stage.before();
            let mut life = stage.life.clone();
            stage.command(&mut life, Some(&config));
            assert_eq!(stage.command(&mut life, Some(&config)), Action::Nothing, "{}", play.name);
            stage.life = life;
        }
        stage.document = stage.in_azure();
        stage.azure = stage.world.azure.snapshot();
        stage.world.azure.forget();
        let mut life = stage.life.clone();
        let config = stage.goal(operation);
        let plugin = stage.world.program.start();
        quiet(&life.refresh(&plugin));
        let (plan, _) = life.plan(&plugin, config.as_ref()).unwrap_or_else(|said| panic!("{said:?}"));
        if operation == Operation::Refresh {
            stage.note();
        } else {
            stage.world.azure.forget();
            quiet(&life.apply(&stage.world.program.start(), &plan, config.as_ref()));
            stage.note();
        }
        stage.id = (play.id)(&stage.world);
        if operation == Operation::Create {
            stage.document = stage.in_azure();
        }
        stage.command(&mut life, config.as_ref());
        stage.good = masked(&life.held.value);
        stage.plan = Some(plan);
        stage.restore();
        stage
    }

    fn note(&mut self) {
        let log = self.world.azure.requests();
        let id = (self.play.id)(&self.world);
        for (number, request) in log.0.iter().enumerate() {
            let same = |other: &&Request| {
                other.method == request.method && pattern(&other.path) == pattern(&request.path)
            };
            self.exchanges.push(Exchange {
                operation: self.operation,
                about: about(request, &id),
                method: request.method.clone(),
                status: request.status,
                path: request.path.clone(),
                before: log.0[..number].iter().filter(same).count(),
                number: number + 1,
            });
        }
        self.writes = writes(&log.writes());
        self.world.azure.forget();
    }

    /// The configuration before the operation.
    fn before(&self) -> Value {
        in_time((self.play.before)(&self.world))
    }

    /// The configuration that an operation makes true.
    pub(crate) fn goal(&self, operation: Operation) -> Option<Value> {
        match operation {
            Operation::Create | Operation::Refresh => Some(self.before()),
            Operation::Update => Some(in_time((self.play.after)(&self.world))),
            Operation::Delete => None,
        }
    }

    /// One command that has to succeed: refresh, plan, apply.
    fn command(&self, life: &mut Life, config: Option<&Value>) -> Action {
        let plugin = self.world.program.start();
        quiet(&life.refresh(&plugin));
        let (plan, _) = life.plan(&plugin, config).unwrap_or_else(|said| panic!("{said:?}"));
        if plan.action != Action::Nothing {
            quiet(&life.apply(&self.world.program.start(), &plan, config));
        }
        plan.action
    }

    /// Puts Azure back to before the operation.
    pub(crate) fn restore(&self) {
        self.world.azure.heal();
        self.world.azure.restore(&self.azure);
        self.world.azure.forget();
    }

    /// The plan of the operation, which fits as long as the state does.
    pub(crate) fn plan(&self) -> &Planned {
        self.plan.as_ref().expect("a plan")
    }

    /// What Azure has of the resource.
    pub(crate) fn in_azure(&self) -> Value {
        (self.play.in_azure)(&self.world)
    }
}

/// A configuration whose waits end soon.
fn in_time(mut config: Value) -> Value {
    for (name, limit) in [("create", "30s"), ("read", "20s"), ("delete", "5s"), ("update", "21s")] {
        let timeouts = &mut config["timeouts"];
        if timeouts[name].is_null() {
            timeouts[name] = limit.into();
        }
    }
    config
}

fn about(request: &Request, id: &str) -> About {
    let path = request.path.to_ascii_lowercase();
    let id = id.to_ascii_lowercase();
    let is_above = id.rsplit_once('/').is_some_and(|(parent, _)| path == parent);
    match () {
        () if path.contains("/metadata/") || path.ends_with("/token") => About::Door,
        () if request.operation_poll || path.contains("operationstatuses/") => About::Poll,
        () if path == id || path.starts_with(&id) && request.method == "POST" => About::Own,
        () if is_above && path.contains("/providers/") => About::List,
        () if path.ends_with("/privatednszonegroups") || path.ends_with("/resources") => About::OtherList,
        () => About::Other,
    }
}

/// Writes by method and path; what is made anew each time is left out.
pub(crate) fn writes(all: &[&Request]) -> BTreeSet<(String, String)> {
    all.iter().map(|request| (request.method.clone(), pattern(&request.path).to_lowercase())).collect()
}

/// A value without what Azure makes up each time.
pub(crate) fn masked(value: &Value) -> Value {
    let random = Regex::new(r"(?i)[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}").expect("a pattern");
    let text = random.replace_all(&value.to_string(), "*").into_owned();
    serde_json::from_str(&text).expect("JSON")
}

fn quiet(said: &[Said]) {
    assert!(!failed(said), "{said:?}");
}
