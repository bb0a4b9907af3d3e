//! What an identity can do about a subscription that is not there for it: choose one of those that are.

use futures::future::BoxFuture;
use tracing::debug;

use super::Client;
use crate::context::Context;
use crate::error::{Error, ErrorDetail};
use crate::request::Request;
use crate::subscriptions::{self, Subscription};

/// The codes by which Resource Manager says that a subscription is none of this tenant's.
const CODES: [&str; 3] =
    ["SubscriptionNotFound", "InvalidSubscriptionId", "InvalidAuthenticationTokenTenant"];

impl Client {
    /// The error of a request; where its subscription is not there, with those that are. They are asked for once in the
    /// life of a client, and only then.
    pub(super) async fn with_visible_subscriptions(
        &self,
        request: &Request,
        mut error: Error,
        cx: &Context,
    ) -> Error {
        let in_subscription = request.target.path().to_lowercase().starts_with("/subscriptions/");
        if let Error::Service(service) = &mut error
            && in_subscription
            && !service.operation
            && CODES.iter().any(|code| service.has_code(code))
            && let Some(visible) = self.visible_subscriptions(cx).await
        {
            service.details.push(ErrorDetail { message: note(visible), ..ErrorDetail::default() });
        }
        error
    }

    /// The subscriptions that the identity sees; nothing where not even that can be told. Boxed, as the list is sent by
    /// the same code that asks for it here.
    fn visible_subscriptions<'a>(&'a self, cx: &'a Context) -> BoxFuture<'a, Option<&'a Vec<Subscription>>> {
        Box::pin(async move {
            let visible = self.shared.visible.get_or_try_init(|| subscriptions::list(self, cx)).await;
            visible.inspect_err(|error| debug!(%error, "cannot tell which subscriptions there are")).ok()
        })
    }
}

fn note(visible: &[Subscription]) -> String {
    if visible.is_empty() {
        return "this identity sees no subscription at all in this tenant".to_owned();
    }
    format!("this identity sees: {}", subscriptions::names(visible))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut() {
        let one = |number: usize| Subscription {
            subscription_id: number.to_string(),
            display_name: "S".to_owned(),
            tenant_id: String::new(),
        };
        let all: Vec<Subscription> = (0..23).map(one).collect();
        assert_eq!(note(&all[..2]), "this identity sees: S (0), S (1)");
        assert!(note(&all).ends_with("S (19) and 3 more"));
        assert_eq!(note(&[]), "this identity sees no subscription at all in this tenant");
    }
}
