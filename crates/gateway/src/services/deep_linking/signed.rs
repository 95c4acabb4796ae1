//! From the application's answer to the signed message.

use axum::body::Bytes;
use lti::deep_linking::{ResponseClaims, Warning};

use super::DeepLinking;
use super::asked::Asked;
use super::body::Chosen;
use super::refusal::DeepLinkingRefusal;
use crate::kit::id;
use crate::launch::WithLtik;
use crate::web::problem::Problem;

/// A message that only this once could be made.
pub(super) struct Signed {
    /// The signed message.
    pub(super) token: String,
    /// Where the browser posts it.
    pub(super) target: String,
    /// What the application's developer should know.
    pub(super) warnings: Vec<Warning>,
}

impl DeepLinking {
    /// Checks an answer, uses the request up, and signs.
    ///
    /// # Errors
    /// The launch can't be answered (any more), the answer is wrong, or the store failed.
    pub(super) async fn sign(&self, with: &WithLtik, body: &Bytes) -> Result<Signed, Problem> {
        let asked = Asked::of(self, with)?;
        let request = asked.request();
        let mut chosen = Chosen::read(body)?;
        let accepted = request.accept(std::mem::take(&mut chosen.items));
        let accepted = accepted.map_err(DeepLinkingRefusal::NotAccepted)?;
        let signer = self.our_keys.signer(&asked.platform.id).await;
        let signer = signer.map_err(Problem::internal)?;

        let row = id::new_id(self.clock.now_ms(), &self.random);
        let once = self.launches.use_once(asked.launch, row, asked.nonce());
        if !once.await? {
            return Err(DeepLinkingRefusal::AlreadyAnswered.into());
        }

        let (nonce, now) = (self.random.token(), self.clock.now_seconds());
        let from = &asked.facts.platform;
        let claims =
            ResponseClaims::new(&from.client_id, &from.url, &from.deployment_id, &nonce, now);
        let claims = claims.items(&accepted.items).words(chosen.words());
        let claims = claims.data(request.settings.data.as_deref());
        let claims = claims.map_err(Problem::internal)?;
        let claims = claims.foreign(std::mem::take(&mut chosen.foreign));
        let mut warnings = accepted.warnings;
        warnings.append(&mut chosen.warnings);
        let token = signer.sign(&claims).map_err(Problem::internal)?;
        let back = &request.settings.return_url;
        let target = if asked.launch.answers_by_frame {
            self.by_frame(back, &token)?
        } else {
            back.clone()
        };
        Ok(Signed {
            token,
            target,
            warnings,
        })
    }
}
