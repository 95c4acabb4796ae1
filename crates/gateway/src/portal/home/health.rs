//! Whether everything works, in a few lines.

use store::{StoreError, installation, portal_users, webhooks};

use crate::kit::certificate::CertificateLife;
use crate::kit::clock::Stopwatch;
use crate::portal::frame::PortalFrame;
use crate::portal::people::person::Person;
use crate::portal::room::Portal;
use crate::web::texts::{portal_health as health_texts, portal_home as texts};

/// How old a backup may be, in milliseconds.
const FRESH_MS: i64 = 48 * 60 * 60 * 1000;
/// How long before its end a certificate should be renewed, in milliseconds.
const DUE_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// The checks.
pub(super) struct Health {
    /// How fast the database answers, in words.
    pub(super) database: String,
    pub(super) store: &'static str,
    /// `ok`, `off` or `bad`, and words.
    pub(super) webhooks: (&'static str, String),
    /// The same for the keys of LMSs.
    pub(super) key_sets: (&'static str, String),
    /// The same for the last backup; `None` if backups are made with other commands, and for tools
    /// other than the first.
    pub(super) backup: Option<(&'static str, String)>,
    /// `None` if something else handles TLS.
    pub(super) certificate: Option<CertificateHealth>,
    /// Whether the person has a second step.
    pub(super) has_second_step: bool,
    pub(super) version: &'static str,
}

impl Health {
    /// Whether keys of LMSs could not be read.
    pub(super) fn has_unread_keys(&self) -> bool {
        self.key_sets.0 == "bad"
    }

    /// Whether webhooks were switched off after failures.
    pub(super) fn has_ended_webhooks(&self) -> bool {
        self.webhooks.0 == "bad"
    }
}

/// The state of the certificate that this server presents.
pub(super) struct CertificateHealth {
    /// `ok`, `warn` or `bad`.
    pub(super) kind: &'static str,
    pub(super) word: String,
    /// Whether it has to be renewed now.
    pub(super) is_due: bool,
}

/// Runs the checks.
pub(super) async fn of(
    portal: &Portal,
    person: &Person,
    frame: &PortalFrame,
    unreadable: usize,
) -> Result<Health, StoreError> {
    let stopwatch = Stopwatch::start();
    let mut reader = portal.db.read().await?;
    let user = portal_users::by_id(&mut reader.tx(), person.id.clone()).await?;
    let micros = stopwatch.micros();
    let hooks = webhooks::of_tool(&mut reader.tx(), person.tool.id.clone()).await?;
    let backed_up = installation::backed_up_at(&mut reader.tx()).await?;
    drop(reader);
    let is_ours = portal.db.is_embedded() && portal.tools.is_first(&person.tool.id);
    let ended = hooks.iter().filter(|hook| hook.disabled_reason.is_some());
    let hooks = match ended.count() {
        0 => {
            let active = hooks.iter().filter(|hook| hook.active).count();
            let says = texts::WEBHOOKS_FINE.with("number", active.to_string());
            match active {
                0 => ("off", frame.say(texts::WEBHOOKS_NONE).to_owned()),
                _ => ("ok", frame.phrase(says)),
            }
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
        key_sets: match unreadable {
            0 => ("ok", frame.say(health_texts::KEY_SETS_FINE).to_owned()),
            number => {
                let says = health_texts::KEY_SETS_BAD.with("number", number.to_string());
                ("bad", frame.phrase(says))
            }
        },
        backup: is_ours.then(|| last_backup(backed_up, frame)),
        certificate: portal
            .certificate
            .life()
            .map(|life| certificate(life, frame)),
        has_second_step: user.is_some_and(|user| user.totp_sealed.is_some()),
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// The state of the last backup, which should be at most two days old.
fn last_backup(at: Option<i64>, frame: &PortalFrame) -> (&'static str, String) {
    match at {
        Some(at) if frame.now - at <= FRESH_MS => ("ok", frame.when(at)),
        Some(at) => ("warn", frame.when(at)),
        None => ("warn", frame.say(health_texts::NO_BACKUP).to_owned()),
    }
}

/// The state of a certificate. Those that are valid for days only are renewed in the last third of
/// that time.
fn certificate(life: CertificateLife, frame: &PortalFrame) -> CertificateHealth {
    let (left, whole) = (life.ends - frame.now, life.ends - life.begins);
    let is_due = left <= DUE_MS.min(whole / 3);
    let (kind, says) = match (left > 0, is_due) {
        (false, _) => ("bad", health_texts::CERTIFICATE_ENDED),
        (true, true) => ("warn", health_texts::CERTIFICATE_ENDS),
        (true, false) => ("ok", health_texts::CERTIFICATE_ENDS),
    };
    CertificateHealth {
        kind,
        word: frame.phrase(says.with("when", frame.when(life.ends))),
        is_due,
    }
}
