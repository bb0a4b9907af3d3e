//! What an operation gets to work with, besides its models: the CLI's interrupt, the deadline, private state, the
//! checkpoint, a place for warnings.

use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Attr, AttrType, Model};
use crate::path::Path;
use crate::private::{Private, PrivateError};
use crate::value::Value;

/// What every operation has to work with. Clones are handles to the same.
#[derive(Debug, Clone)]
pub struct Context(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    stop: CancellationToken,
    timeout: Option<Duration>,
    deadline: Option<Instant>,
    importing: bool,
    config: Value,
    cell: Mutex<Cell>,
}

/// What an operation leaves behind however it ends.
#[derive(Debug, Default)]
pub(crate) struct Cell {
    pub(crate) saved: Option<Value>,
    pub(crate) private: Private,
    pub(crate) diagnostics: Diagnostics,
}

/// Why a bounded piece of work has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Ended {
    /// The user interrupted the CLI.
    #[error("the operation was interrupted")]
    Interrupted,
    /// The time that the operation may take is over.
    #[error("the operation did not end within {0:?}")]
    TimedOut(Duration),
}

impl Context {
    pub(crate) fn new(
        stop: CancellationToken,
        timeout: Option<Duration>,
        config: Value,
        private: Private,
    ) -> Self {
        let importing = private.imported();
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let cell = Mutex::new(Cell { private, ..Cell::default() });
        Self(Arc::new(Shared { stop, timeout, deadline, importing, config, cell }))
    }

    /// Cancelled when the user interrupts the CLI.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.0.stop
    }

    /// Until when the operation may take. None: there is no limit.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.0.deadline
    }

    /// How long the operation may take in all. None: there is no limit.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.0.timeout
    }

    /// Runs work until it ends, the deadline passes or the user interrupts. What cannot bear to be dropped half done
    /// looks at [`Self::stop`] and [`Self::deadline`] itself.
    ///
    /// # Errors
    /// When the work did not come to its end.
    pub async fn bounded<T>(&self, work: impl Future<Output = T>) -> Result<T, Ended> {
        let deadline = async {
            match self.0.deadline {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            result = work => Ok(result),
            () = self.0.stop.cancelled() => Err(Ended::Interrupted),
            () = deadline => Err(Ended::TimedOut(self.0.timeout.unwrap_or_default())),
        }
    }

    /// Whether this is the first read after an import: the state has little more than what the import was asked for.
    #[must_use]
    pub fn importing(&self) -> bool {
        self.0.importing
    }

    /// An attribute of the configuration, by its path. Write-only values are nowhere else.
    #[must_use]
    pub fn config<T: AttrType>(&self, path: impl Into<Path>) -> Attr<T> {
        View::new(&self.0.config).get(path)
    }

    /// What the resource remembers under this name.
    #[must_use]
    pub fn private<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.cell().private.get(name)
    }

    /// Remembers something beside the state.
    ///
    /// # Errors
    /// When it has no JSON form, or the name begins with a dot.
    pub fn set_private<T: Serialize>(&self, name: &str, value: &T) -> Result<(), PrivateError> {
        self.cell().private.set(name, value)
    }

    /// Forgets what is remembered under this name.
    pub fn remove_private(&self, name: &str) {
        self.cell().private.remove(name);
    }

    /// Tells the user something that is no failure.
    pub fn warn(&self, warning: Diagnostic) {
        self.cell().diagnostics.push(warning);
    }

    /// The checkpoint: what stands now, should the operation fail, be dropped or panic from here on.
    pub fn save_value(&self, state: Value) {
        self.cell().saved = Some(state);
    }

    /// Takes the checkpoint back: what was saved turned out not to exist.
    pub fn forget_saved(&self) {
        self.cell().saved = None;
    }

    /// Changes what was saved, if anything was.
    pub fn amend_saved(&self, change: impl FnOnce(&mut Value)) {
        if let Some(saved) = &mut self.cell().saved {
            change(saved);
        }
    }

    pub(crate) fn cell(&self) -> MutexGuard<'_, Cell> {
        self.0.cell.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an operation on a model `M` has to work with: a [`Context`] with a typed checkpoint.
#[derive(Debug)]
pub struct Cx<M> {
    context: Context,
    model: PhantomData<fn(M)>,
}

impl<M> Clone for Cx<M> {
    fn clone(&self) -> Self {
        Self::new(self.context.clone())
    }
}

impl<M> Cx<M> {
    pub(crate) fn new(context: Context) -> Self {
        Self { context, model: PhantomData }
    }
}

impl<M: Model> Cx<M> {
    /// The checkpoint: what stands now, should the operation fail, be dropped or panic from here on. Something that
    /// was created must be saved as soon as the service has accepted it.
    pub fn save(&self, state: &M) {
        self.context.save_value(state.to_value());
    }
}

impl<M> Deref for Cx<M> {
    type Target = Context;

    fn deref(&self) -> &Context {
        &self.context
    }
}

/// An object to look into by path, of which parts may be unknown.
#[derive(Debug, Clone, Copy)]
pub struct View<'a>(&'a Value);

impl<'a> View<'a> {
    /// A view of an object.
    #[must_use]
    pub fn new(value: &'a Value) -> Self {
        Self(value)
    }

    /// The object itself.
    #[must_use]
    pub fn value(&self) -> &'a Value {
        self.0
    }

    /// The value at a path as a type. Where nothing is, it is null; within something unknown, and where a part of it
    /// is unknown, it is unknown; of another type, it is null as well.
    #[must_use]
    pub fn get<T: AttrType>(&self, path: impl Into<Path>) -> Attr<T> {
        Attr::from_value(&self.at(&path.into())).unwrap_or(Attr::Null)
    }

    /// The value at a path. Where nothing is, it is null, and within something unknown it is unknown.
    #[must_use]
    pub fn at(&self, path: &Path) -> Value {
        let mut upto = Path::root();
        for step in path.steps() {
            if self.0.get(&upto).is_some_and(Value::is_unknown) {
                return Value::Unknown;
            }
            upto.push(step.clone());
        }
        self.0.get(&upto).cloned().unwrap_or(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_can_be_taken_back() {
        let cx = Context::new(CancellationToken::new(), None, Value::Null, Private::default());
        cx.save_value(Value::from("made"));
        cx.amend_saved(|saved| *saved = Value::from("in part"));
        assert_eq!(cx.cell().saved, Some(Value::from("in part")));
        cx.forget_saved();
        cx.amend_saved(|_| unreachable!("nothing is saved"));
        assert_eq!(cx.cell().saved, None);
    }
}
