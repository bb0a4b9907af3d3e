//! The way of one request through its attempts: its turn, its token, its answer, and what is done about a failure.

use std::time::Duration;

use tracing::{debug, info};
use uuid::Uuid;

use super::Client;
use crate::context::Context;
use crate::error::Error;
use crate::request::{Request, Response};
use crate::retry::{self, Tries, Verdict};
use crate::throttle::{Buckets, Claim};

impl Client {
    /// The request in the API version that its namespace is asked in.
    pub(crate) fn in_version(&self, request: Request) -> Request {
        self.shared.api_versions.apply(request)
    }

    /// Sends a request, again where that is safe and useful. A namespace that is not registered is the caller's.
    pub(crate) async fn deliver(&self, request: Request, cx: &Context) -> Result<Response, Error> {
        let request = self.in_version(request);
        let buckets = Buckets::of(&request.method, request.target.path());
        let client_request_id = Uuid::new_v4();
        let (mut tries, mut last) = (Tries::new(cx.deadline().is_some()), None);
        loop {
            let turn = self.turn(&request, cx, &last).await?;
            let mut claim = self.admit(&request, &buckets, cx, &last).await?;
            let bearer = self.in_time(&request, cx, &last, false, self.shared.bearers.get()).await??;
            tries.attempts += 1;
            claim.sent();
            let sent = self.attempt(&request, &buckets, &bearer, client_request_id, tries.attempts, cx);
            let error = match self.in_time(&request, cx, &last, !request.method.is_safe(), sent).await? {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            match retry::judge(&request, &error, &mut tries) {
                Verdict::GiveUp => {
                    // What is asked next needs a slot of its own: many that held theirs would wait for each other.
                    drop((claim, turn));
                    return Err(self.with_visible_subscriptions(&request, error, cx).await);
                }
                Verdict::FreshToken => self.shared.bearers.forget(&bearer),
                Verdict::Throttled { failures } => {
                    // The gate holds this request back with all others of its kind.
                    let pause = retry::pause(failures, error.retry_after(), self.clock().chance());
                    self.shared.throttle.refused(buckets.empty(&error), self.clock().now(), pause);
                }
                Verdict::Again { failures } => {
                    // Others may use the slot meanwhile, and have their turn: what is in this one's way need not be in theirs.
                    drop((claim, turn));
                    let asked = error.retry_after();
                    last = Some(error);
                    self.try_again(&request, failures, asked, cx, &last).await?;
                    continue;
                }
            }
            last = Some(error);
        }
    }

    /// Waits until Azure and the bound on concurrency let the request through.
    async fn admit<'a>(
        &'a self,
        request: &Request,
        buckets: &'a Buckets,
        cx: &Context,
        last: &Option<Error>,
    ) -> Result<Claim<'a>, Error> {
        let throttle = &self.shared.throttle;
        loop {
            if let Some(wait) = throttle.closed(buckets, self.clock().now()) {
                let seconds = wait.as_secs_f64();
                info!(request = request.describe(), seconds, "waiting, as Azure throttles");
                self.pause(&request.describe(), wait, true, cx, last).await?;
                continue;
            }
            let (mut claim, wait) = throttle.claim(buckets, self.clock().now());
            if let Some(wait) = wait {
                let seconds = wait.as_secs_f64();
                debug!(request = request.describe(), seconds, "slowing down, before Azure throttles");
                self.pause(&request.describe(), wait, false, cx, last).await?;
            }
            self.in_time(request, cx, last, false, claim.slot()).await?;
            // While this one waited, another may have been refused.
            if throttle.closed(buckets, self.clock().now()).is_none() {
                return Ok(claim);
            }
        }
    }

    /// Pauses before another attempt, and says so in the log: who waits for an apply wants to know for what.
    pub(crate) async fn try_again(
        &self,
        request: &Request,
        failures: u32,
        retry_after: Option<Duration>,
        cx: &Context,
        last: &Option<Error>,
    ) -> Result<(), Error> {
        let pause = retry::pause(failures, retry_after, self.clock().chance());
        let service = last.as_ref().and_then(Error::service);
        info!(
            request = request.describe(),
            seconds = pause.as_secs_f64(),
            asked_by_azure = retry_after.is_some(),
            failures,
            status = service.map(|error| error.status),
            code = service.map(|error| error.code.as_str()),
            request_id = service.and_then(|error| error.request_id.as_deref()),
            "trying again after a pause"
        );
        self.pause(&request.describe(), pause, retry_after.is_some(), cx, last).await
    }
}
