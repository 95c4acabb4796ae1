//! Whether it works, in a few lines.

use store::{StoreError, portal_users, webhooks};

use crate::kit::clock::Stopwatch;
use crate::portal::frame::PortalFrame;
use crate::portal::people::person::Person;
use crate::portal::room::Portal;
use crate::web::texts::portal_home as texts;

/// What is looked at.
pub(super) struct Health {
    /// How fast the database answers, in words.
    pub(super) database: String,
    pub(super) store: &'static str,
    /// `ok` or `bad`, and words.
    pub(super) webhooks: (&'static str, String),
    /// Whether the person has a second step.
    pub(super) has_second_step: bool,
    pub(super) version: &'static str,
}

/// Looks.
pub(super) async fn of(
    portal: &Portal,
    person: &Person,
    frame: &PortalFrame,
) -> Result<Health, StoreError> {
    let stopwatch = Stopwatch::start();
    let mut reader = portal.db.read().await?;
    let user = portal_users::by_id(&mut reader.tx(), person.id.clone()).await?;
    let micros = stopwatch.micros();
    let hooks = webhooks::of_tool(&mut reader.tx(), person.tool.id.clone()).await?;
    drop(reader);
    let ended = hooks.iter().filter(|hook| hook.disabled_reason.is_some());
    let hooks = match ended.count() {
        0 => {
            let active = hooks.iter().filter(|hook| hook.active).count();
            let says = texts::WEBHOOKS_FINE.with("number", active.to_string());
            ("ok", frame.phrase(says))
        }
        ended => {
            let says = texts::WEBHOOKS_ENDED.with("number", ended.to_string());
            ("bad", frame.phrase(says))
        }
    };
    Ok(Health {
        database: frame.phrase(texts::ANSWERS.with("ms", micros.div_ceil(1000).to_string())),
        store: if portal.db.is_embedded() {
            "SQLite"
        } else {
            "PostgreSQL"
        },
        webhooks: hooks,
        has_second_step: user.is_some_and(|user| user.totp_sealed.is_some()),
        version: env!("CARGO_PKG_VERSION"),
    })
}
