//! What plans have looked at in Azure: each thing once, however many plans refer to it.
//!
//! It goes with the configuration, which every plan of everything begins with: what was found is not older than that plan.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use arm::{Error, ResourceId};
use tokio::sync::OnceCell;

/// One cell for each ID in any casing, so that one looks and all others wait for it. It holds the answer that something is absent.
#[derive(Debug, Default)]
pub(super) struct Looks(Mutex<BTreeMap<String, Arc<OnceCell<Option<Error>>>>>);

impl Looks {
    /// What this look says, or an earlier one at the same.
    pub(super) async fn absence(
        &self,
        id: &ResourceId,
        look: impl Future<Output = Option<Error>>,
    ) -> Option<Error> {
        let cell = {
            let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(cells.entry(id.as_str().to_lowercase()).or_default())
        };
        cell.get_or_init(|| look).await.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn each_thing_is_looked_at_once() {
        let (looks, count) = (Looks::default(), AtomicUsize::new(0));
        let look = |name: &str| {
            let id = ResourceId::resource_group("s", name).unwrap();
            let (looks, count) = (&looks, &count);
            async move {
                let look = async {
                    count.fetch_add(1, Ordering::SeqCst);
                    tokio::task::yield_now().await;
                    Some(Error::configuration("absent"))
                };
                looks.absence(&id, look).await.is_some()
            }
        };
        assert_eq!(tokio::join!(look("g"), look("G"), look("other")), (true, true, true));
        assert!(look("g").await);
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }
}
