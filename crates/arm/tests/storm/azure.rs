//! The storm's Azure: resources, operations and buckets, without faults of its own.

use std::collections::HashMap;
use std::time::Instant;

use serde_json::{Map, Value, json};

/// A request as far as Azure looks at it.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) body: &'a [u8],
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn new(status: u16, body: String) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    pub(crate) fn error(status: u16, code: &str) -> Self {
        Self::new(status, json!({"error": {"code": code, "message": "The storm."}}).to_string())
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// What becomes of an operation that a request begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fate {
    Ends,
    /// It ends with a code that asks to begin again.
    Fails,
    /// Its status is never there.
    Lost,
}

/// How an operation is reported, how often it says that it is running, and what pause it asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course {
    pub(crate) way: Way,
    pub(crate) polls: u64,
    pub(crate) retry_after: Option<u64>,
    pub(crate) fate: Fate,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Way {
    AtOnce,
    Status,
    Location,
    Resource,
}

/// What is left of a resource when all is over, for comparison with what should be.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Kept {
    pub(crate) tags: Map<String, Value>,
    /// How often something was done to it that must not be done twice.
    pub(crate) count: u64,
}

#[derive(Debug)]
struct Resource {
    kept: Kept,
    state: &'static str,
    pending: Option<Pending>,
}

#[derive(Debug)]
struct Pending {
    /// What it becomes: nothing after a deletion.
    outcome: Option<Kept>,
    course: Course,
    left: u64,
    /// The path of its status.
    operation: String,
}

#[derive(Debug, Default)]
pub(crate) struct Azure {
    resources: HashMap<String, Resource>,
    /// Paths of the statuses, with the resource, the course, and how it ended.
    operations: HashMap<String, (String, Course, Option<bool>)>,
}

impl Azure {
    /// What is there in the end, or what is not at rest.
    pub(crate) fn kept(&self) -> Result<HashMap<String, Kept>, String> {
        let rest = |(path, resource): (&String, &Resource)| match resource.state {
            "Succeeded" => Ok((path.clone(), resource.kept.clone())),
            state => Err(format!("{path} is {state}")),
        };
        self.resources.iter().map(rest).collect()
    }

    /// Whether a path is that of an operation.
    pub(crate) fn is_operation(path: &str) -> bool {
        path.contains("/locations/")
    }

    /// Carries out a request.
    pub(crate) fn answer(&mut self, call: &Call<'_>, course: Course) -> Answer {
        if Self::is_operation(call.path) {
            return self.poll(call.path);
        }
        let (path, action) = match call.path.strip_suffix("/count") {
            Some(path) => (path, true),
            None => (call.path, false),
        };
        if call.method == "GET" {
            self.advance(path);
            return self.show(path, 200);
        }
        let busy = self.resources.get(path).is_some_and(|resource| resource.pending.is_some());
        if busy {
            return Answer::error(409, "Conflict");
        }
        let found = self.resources.get_mut(path);
        let sent = serde_json::from_slice::<Value>(call.body).unwrap_or_default();
        let tags = sent["tags"].as_object().cloned().unwrap_or_default();
        match (call.method, found) {
            ("PUT", found) => {
                let status = if found.is_some() { 200 } else { 201 };
                self.begin(path, "Creating", Some(Kept { tags, count: 0 }), course, status)
            }
            ("DELETE", None) => Answer::new(204, String::new()),
            (_, None) => Answer::error(404, "ResourceNotFound"),
            ("POST", Some(found)) if action => {
                found.kept.count += 1;
                Answer::new(200, json!({"count": found.kept.count}).to_string())
            }
            ("PATCH", Some(found)) => {
                let mut kept = found.kept.clone();
                kept.tags.extend(tags);
                self.begin(path, "Updating", Some(kept), course, 200)
            }
            ("DELETE", Some(_)) => self.begin(path, "Deleting", None, course, 200),
            _ => Answer::error(405, "MethodNotAllowed"),
        }
    }

    fn begin(
        &mut self,
        path: &str,
        state: &'static str,
        outcome: Option<Kept>,
        course: Course,
        status: u16,
    ) -> Answer {
        let deletes = outcome.is_none();
        let fresh = || Resource { kept: Kept::default(), state: "Creating", pending: None };
        let resource = self.resources.entry(path.to_owned()).or_insert_with(fresh);
        let subscription = path.split('/').nth(2).unwrap_or_default();
        let status_path = format!(
            "/subscriptions/{subscription}/providers/Microsoft.Test/locations/here/operations/{}",
            self.operations.len()
        );
        resource.state = state;
        let operation = status_path.clone();
        resource.pending = Some(Pending { outcome, course, left: course.polls, operation });
        if course.way == Way::AtOnce {
            self.finish(path);
            return if deletes { Answer::new(204, String::new()) } else { self.show(path, status) };
        }
        self.operations.insert(status_path.clone(), (path.to_owned(), course, None));
        let answer = match course.way {
            Way::Status => Answer::new(202, String::new())
                .with("Azure-AsyncOperation", format!("{{base}}{status_path}?api-version=1&s=a%2fb%3d")),
            Way::Location => Answer::new(202, String::new())
                .with("Location", format!("{{base}}{status_path}?api-version=1")),
            _ if deletes => Answer::new(202, String::new()),
            _ => self.show(path, status),
        };
        paced(answer, course)
    }

    /// One more look has been taken at what is going on.
    fn advance(&mut self, path: &str) {
        let Some(resource) = self.resources.get_mut(path) else { return };
        match &mut resource.pending {
            Some(pending) if pending.left > 0 => pending.left -= 1,
            Some(_) => self.finish(path),
            None => {}
        }
    }

    fn finish(&mut self, path: &str) {
        let Some(resource) = self.resources.get_mut(path) else { return };
        let Some(pending) = resource.pending.take() else { return };
        let failed = pending.course.fate == Fate::Fails;
        if let Some((_, _, ended)) = self.operations.get_mut(&pending.operation) {
            *ended = Some(!failed);
        }
        match pending.outcome {
            _ if failed => resource.state = "Failed",
            Some(kept) => (resource.kept, resource.state) = (kept, "Succeeded"),
            None => drop(self.resources.remove(path)),
        }
    }

    fn poll(&mut self, status: &str) -> Answer {
        let Some((path, course, _)) = self.operations.get(status).cloned() else {
            return Answer::error(404, "NotFound");
        };
        if course.fate == Fate::Lost {
            return Answer::error(404, "NotFound");
        }
        if self.operations[status].2.is_none() {
            self.advance(&path);
        }
        let located = course.way == Way::Location;
        match self.operations[status].2 {
            None if located => paced(Answer::new(202, String::new()), course),
            None => paced(Answer::new(200, r#"{"status":"InProgress"}"#.to_owned()), course),
            Some(true) if located => Answer::new(200, String::new()),
            Some(true) => Answer::new(200, r#"{"status":"Succeeded"}"#.to_owned()),
            Some(false) => {
                let error = json!({"code": "RetryableError", "message": "Something else was going on."});
                Answer::new(200, json!({"status": "Failed", "error": error}).to_string())
            }
        }
    }

    fn show(&self, path: &str, status: u16) -> Answer {
        let Some(resource) = self.resources.get(path) else {
            return Answer::error(404, "ResourceNotFound");
        };
        let body = json!({
            "id": path,
            "tags": resource.kept.tags,
            "properties": {"provisioningState": resource.state, "count": resource.kept.count},
        });
        Answer::new(status, body.to_string())
    }
}

fn paced(answer: Answer, course: Course) -> Answer {
    match course.retry_after {
        Some(seconds) => answer.with("Retry-After", seconds.to_string()),
        None => answer,
    }
}

/// Azure's token buckets, as large and as fast as they are.
#[derive(Debug, Default)]
pub(crate) struct Buckets(HashMap<(String, &'static str), (f64, Option<Instant>)>);

impl Buckets {
    /// Takes a token, and gives what is left with the name of the bucket; or else the seconds until there is one.
    pub(crate) fn take(&mut self, call: &Call<'_>, now: Instant) -> Result<(&'static str, u32), u64> {
        let (kind, size, rate) = match call.method {
            "GET" => ("reads", 250.0, 25.0),
            "DELETE" => ("deletes", 200.0, 10.0),
            _ => ("writes", 200.0, 10.0),
        };
        let subscription = call.path.split('/').nth(2).unwrap_or_default().to_owned();
        let (left, at) = self.0.entry((subscription, kind)).or_insert((size, None));
        let passed = at.map_or(0.0, |at| now.saturating_duration_since(at).as_secs_f64());
        *left = (*left + passed * rate).min(size);
        *at = Some(now);
        if *left < 1.0 {
            return Err(((1.0 - *left) / rate).ceil().max(1.0) as u64);
        }
        *left -= 1.0;
        Ok((kind, *left as u32))
    }
}
