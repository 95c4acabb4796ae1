//! From the application's answer to the signed message.

use axum::body::Bytes;
use lti::deep_linking::{AcceptedItems, ResponseClaims, Warning};
use serde_json::{Map, Value};

use super::DeepLinking;
use super::asked::OpenRequest;
use super::body::ChosenContent;
use super::refusal::{ALREADY_ANSWERED, not_accepted};
use super::reserved::ReservedHandles;
use crate::kit::id;
use crate::launch::WithLtik;
use crate::web::problem::Problem;

/// A message that could be signed only this once.
pub(super) struct SignedAnswer {
    /// The signed message.
    pub(super) token: String,
    /// Where the application's page posts it.
    pub(super) target: String,
    /// Its final destination.
    pub(super) return_url: String,
    /// The ticket for returning it through the waiting frame, if there is one.
    pub(super) ticket: Option<String>,
    /// Warnings for the application's developer.
    pub(super) warnings: Vec<Warning>,
}

impl DeepLinking {
    /// Checks an application's answer, uses the request up, and signs.
    ///
    /// # Errors
    /// The launch can't be answered (any more), the answer is wrong, or the store failed.
    pub(super) async fn answer(
        &self,
        with: &WithLtik,
        body: &Bytes,
    ) -> Result<SignedAnswer, Problem> {
        let asked = OpenRequest::of(self, with)?;
        self.sign(&asked, ChosenContent::read(body)?).await
    }

    /// Sends an empty answer.
    ///
    /// # Errors
    /// The launch can't be answered (any more), or the store failed.
    pub(super) async fn cancel(&self, with: &WithLtik) -> Result<SignedAnswer, Problem> {
        let asked = OpenRequest::of(self, with)?;
        self.sign(&asked, ChosenContent::nothing()).await
    }

    async fn sign(
        &self,
        asked: &OpenRequest<'_>,
        mut chosen: ChosenContent,
    ) -> Result<SignedAnswer, Problem> {
        let request = asked.request();
        let (foreign, left_out) = (
            std::mem::take(&mut chosen.foreign),
            std::mem::take(&mut chosen.warnings),
        );
        let accepted = request.accept(std::mem::take(&mut chosen.items));
        let accepted = accepted.map_err(not_accepted)?;
        let reserved = ReservedHandles::new(self, asked, &accepted.items).await?;
        match self.sign_once(asked, accepted, &chosen, foreign).await {
            Ok(mut signed) => {
                signed.warnings.extend(left_out);
                Ok(signed)
            }
            Err(problem) => {
                reserved.give_back(self).await;
                Err(problem)
            }
        }
    }

    /// Uses the request up, then signs.
    async fn sign_once(
        &self,
        asked: &OpenRequest<'_>,
        accepted: AcceptedItems,
        chosen: &ChosenContent,
        foreign: Map<String, Value>,
    ) -> Result<SignedAnswer, Problem> {
        let request = asked.request();
        let signer = self.our_keys.signer(&asked.platform.id).await;
        let signer = signer.map_err(Problem::internal)?;

        let row = id::new_id(self.clock.now_ms(), &self.random);
        let once = self.launches.use_once(asked.launch, row, asked.nonce());
        if !once.await? {
            return Err(ALREADY_ANSWERED.problem());
        }

        let (nonce, now) = (self.random.token(), self.clock.now_seconds());
        let from = &asked.facts.platform;
        let claims =
            ResponseClaims::new(&from.client_id, &from.url, &from.deployment_id, &nonce, now);
        let claims = claims.items(&accepted.items).words(chosen.words());
        let claims = claims.data(request.settings.data.as_deref());
        let claims = claims.map_err(Problem::internal)?;
        let claims = claims.foreign(foreign);
        let token = signer.sign(&claims).map_err(Problem::internal)?;
        let return_url = request.settings.return_url.clone();
        let by_frame = asked.launch.answers_by_frame;
        let ticket = by_frame.then(|| self.ticket(&return_url, &token));
        let ticket = ticket.transpose()?;
        Ok(SignedAnswer {
            target: match &ticket {
                Some(ticket) => format!("{}?ticket={ticket}", asked.window_url),
                None => return_url.clone(),
            },
            token,
            return_url,
            ticket,
            warnings: accepted.warnings,
        })
    }
}
