//! Traces: what happened to each login, launch and registration, for whoever must find out why one failed
//! (docs/traces.md).
//!
//! [`record`] is what a request notes on its way. Of a launch that is accepted it goes into the launch's own row; of
//! everything else [`queue`] writes it beside the request, as far as [`sample`] lets it. [`view`] is what is shown of
//! both, with [`advice`] for each reason, and [`api`] shows it.

mod advice;
pub mod api;
mod claims;
mod queue;
pub mod record;
mod sample;
pub mod view;

pub use queue::{Traces, run};
pub use record::{Kind, Recorder, Step};

use crate::app::App;
use store::{StoreError, traces};

/// What a request at this address attempts: its failures leave a trace even where its handler was never reached.
pub fn kind_of(route: &str) -> Option<Kind> {
    Some(match route {
        "/lti/login" | "/login" | "/lti/login/{platform}" | "/lti/login/go" => Kind::Login,
        "/lti/launch" | "/" | "/lti/launch/verify" => Kind::Launch,
        "/lti/register" | "/register" | "/lti/register/{invite}" | "/lti/register/confirm" => {
            Kind::Registration
        }
        _ => return None,
    })
}

/// Removes what is more than may be kept, a thousand at a time.
///
/// # Errors
/// The store failed.
pub async fn trim(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now_ms();
    loop {
        let excess = traces::excess(&mut app.db.read().await?.tx(), now).await?;
        if excess == traces::Excess::default() {
            return Ok(());
        }
        let gone = app.db.write_long::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { traces::delete_excess(&mut tx, &excess).await })
        });
        if gone.await? == 0 {
            return Ok(());
        }
    }
}
