//! Every column with sealed bytes, so that they can be resealed with another secret key.
//!
//! Not included: `installation`, which is resealed when a server starts, and the columns of
//! `registrations`, which live for an hour: an offer is sealed together with a secret that the row
//! contains only in sealed form.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    SIGNING_KEYS = "SELECT kid AS id, private_sealed AS sealed FROM signing_keys WHERE kid > $1 ORDER BY kid LIMIT $2";
    RENEW_SIGNING_KEY = "UPDATE signing_keys SET private_sealed = $3 WHERE kid = $1 AND private_sealed = $2";
    PLATFORMS = "SELECT id, registration_token_sealed AS sealed FROM platforms \
                 WHERE id > $1 AND registration_token_sealed IS NOT NULL ORDER BY id LIMIT $2";
    RENEW_PLATFORM = "UPDATE platforms SET registration_token_sealed = $3 WHERE id = $1 AND registration_token_sealed = $2";
    BLOCKED_PEOPLE = "SELECT id, subject_sealed AS sealed FROM blocked_people WHERE id > $1 ORDER BY id LIMIT $2";
    RENEW_BLOCKED_PERSON = "UPDATE blocked_people SET subject_sealed = $3 WHERE id = $1 AND subject_sealed = $2";
    STUDENTS = "SELECT id, profile_sealed AS sealed FROM students WHERE id > $1 ORDER BY id LIMIT $2";
    RENEW_STUDENT = "UPDATE students SET profile_sealed = $3 WHERE id = $1 AND profile_sealed = $2";
    PLACEMENTS = "SELECT id, placement_sealed AS sealed FROM placements WHERE id > $1 ORDER BY id LIMIT $2";
    RENEW_PLACEMENT = "UPDATE placements SET placement_sealed = $3 WHERE id = $1 AND placement_sealed = $2";
    LAUNCHES = "SELECT id, document_sealed AS sealed FROM launches \
                WHERE id > $1 AND document_sealed IS NOT NULL ORDER BY id LIMIT $2";
    RENEW_LAUNCH = "UPDATE launches SET document_sealed = $3 WHERE id = $1 AND document_sealed = $2";
    ROSTERS = "SELECT id, roster_sealed AS sealed FROM rosters WHERE id > $1 ORDER BY id LIMIT $2";
    RENEW_ROSTER = "UPDATE rosters SET roster_sealed = $3 WHERE id = $1 AND roster_sealed = $2";
    SERVICE_PLACES = "SELECT id, place_sealed AS sealed FROM service_places WHERE id > $1 ORDER BY id LIMIT $2";
    RENEW_SERVICE_PLACE = "UPDATE service_places SET place_sealed = $3 WHERE id = $1 AND place_sealed = $2";
    JOB_PAYLOADS = "SELECT id, payload_sealed AS sealed FROM jobs WHERE id > $1 AND payload_sealed IS NOT NULL ORDER BY id LIMIT $2";
    RENEW_JOB_PAYLOAD = "UPDATE jobs SET payload_sealed = $3 WHERE id = $1 AND payload_sealed = $2";
    JOB_HISTORIES = "SELECT id, history_sealed AS sealed FROM jobs WHERE id > $1 AND history_sealed IS NOT NULL ORDER BY id LIMIT $2";
    RENEW_JOB_HISTORY = "UPDATE jobs SET history_sealed = $3 WHERE id = $1 AND history_sealed = $2";
    WEBHOOKS = "SELECT id, secret_sealed AS sealed FROM webhooks WHERE id > $1 ORDER BY id LIMIT $2";
    RENEW_WEBHOOK = "UPDATE webhooks SET secret_sealed = $3 WHERE id = $1 AND secret_sealed = $2";
    FORMER_WEBHOOKS = "SELECT id, former_sealed AS sealed FROM webhooks WHERE id > $1 AND former_sealed IS NOT NULL ORDER BY id LIMIT $2";
    RENEW_FORMER_WEBHOOK = "UPDATE webhooks SET former_sealed = $3 WHERE id = $1 AND former_sealed = $2";
    FIRST_ANSWERS = "SELECT id, answer_sealed AS sealed FROM first_answers \
                     WHERE id > $1 AND answer_sealed IS NOT NULL ORDER BY id LIMIT $2";
    RENEW_FIRST_ANSWER = "UPDATE first_answers SET answer_sealed = $3 WHERE id = $1 AND answer_sealed = $2";
    DELIVERIES = "SELECT id, details_sealed AS sealed FROM score_deliveries WHERE id > $1 ORDER BY id LIMIT $2";
    RENEW_DELIVERY = "UPDATE score_deliveries SET details_sealed = $3 WHERE id = $1 AND details_sealed = $2";
    DELIVERY_BODIES = "SELECT id, body_sealed AS sealed FROM score_deliveries WHERE id > $1 AND body_sealed IS NOT NULL ORDER BY id LIMIT $2";
    RENEW_DELIVERY_BODY = "UPDATE score_deliveries SET body_sealed = $3 WHERE id = $1 AND body_sealed = $2";
    DELIVERY_ATTEMPTS = "SELECT id, attempts_sealed AS sealed FROM score_deliveries \
                         WHERE id > $1 AND attempts_sealed IS NOT NULL ORDER BY id LIMIT $2";
    RENEW_DELIVERY_ATTEMPTS = "UPDATE score_deliveries SET attempts_sealed = $3 WHERE id = $1 AND attempts_sealed = $2";
    SCORE_LASTS = "SELECT lane AS id, last_sealed AS sealed FROM score_lasts WHERE lane > $1 ORDER BY lane LIMIT $2";
    RENEW_SCORE_LAST = "UPDATE score_lasts SET last_sealed = $3 WHERE lane = $1 AND last_sealed = $2";
    STUDYREEL_REGISTRATIONS = "SELECT id, answer_sealed AS sealed FROM studyreel_registrations \
                               WHERE id > $1 AND answer_sealed IS NOT NULL ORDER BY id LIMIT $2";
    RENEW_STUDYREEL_REGISTRATION = "UPDATE studyreel_registrations SET answer_sealed = $3 WHERE id = $1 AND answer_sealed = $2";
    PORTAL_USERS = "SELECT id, profile_sealed AS sealed FROM portal_users WHERE id > $1 ORDER BY id LIMIT $2";
    RENEW_PORTAL_USER = "UPDATE portal_users SET profile_sealed = $3 WHERE id = $1 AND profile_sealed = $2";
    SECOND_STEPS = "SELECT id, totp_sealed AS sealed FROM portal_users WHERE id > $1 AND totp_sealed IS NOT NULL ORDER BY id LIMIT $2";
    RENEW_SECOND_STEP = "UPDATE portal_users SET totp_sealed = $3 WHERE id = $1 AND totp_sealed = $2";
    PORTAL_LINKS = "SELECT id, mail_sealed AS sealed FROM portal_links WHERE id > $1 AND mail_sealed IS NOT NULL ORDER BY id LIMIT $2";
    RENEW_PORTAL_LINK = "UPDATE portal_links SET mail_sealed = $3 WHERE id = $1 AND mail_sealed = $2";
    AUDIT_ENTRIES = "SELECT id, details_sealed AS sealed FROM audit_entries WHERE id > $1 ORDER BY id LIMIT $2";
    RENEW_AUDIT_ENTRY = "UPDATE audit_entries SET details_sealed = $3 WHERE id = $1 AND details_sealed = $2";
}

/// A column of sealed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealedColumn {
    /// Private halves of our keys.
    SigningKeys,
    /// Platforms' registration tokens.
    Platforms,
    /// People who may not launch.
    BlockedPeople,
    /// Profiles of students.
    Students,
    /// The reasons behind placements.
    Placements,
    /// Documents of launches.
    Launches,
    /// Rosters that applications synchronised.
    Rosters,
    /// Places that service keys refer to.
    ServicePlaces,
    /// The inputs of jobs.
    JobPayloads,
    /// The logs of jobs' attempts.
    JobHistories,
    /// The secrets that sign messages to webhooks.
    Webhooks,
    /// The previous secrets.
    FormerWebhooks,
    /// First answers to requests with an `Idempotency-Key`.
    FirstAnswers,
    /// Scores to deliver.
    Deliveries,
    /// The request bodies for them.
    DeliveryBodies,
    /// The logs of their attempts.
    DeliveryAttempts,
    /// The last deliveries of lanes.
    ScoreLasts,
    /// StudyReel's answers to registrations.
    StudyReelRegistrations,
    /// Names and addresses of the portal's users.
    PortalUsers,
    /// The secrets of their second factors.
    SecondSteps,
    /// The people invited to the portal.
    PortalLinks,
    /// Names, and the state before and after a change.
    AuditEntries,
}

impl SealedColumn {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::SigningKeys,
        Self::Platforms,
        Self::BlockedPeople,
        Self::Students,
        Self::Placements,
        Self::Launches,
        Self::Rosters,
        Self::ServicePlaces,
        Self::JobPayloads,
        Self::JobHistories,
        Self::Webhooks,
        Self::FormerWebhooks,
        Self::FirstAnswers,
        Self::Deliveries,
        Self::DeliveryBodies,
        Self::DeliveryAttempts,
        Self::ScoreLasts,
        Self::StudyReelRegistrations,
        Self::PortalUsers,
        Self::SecondSteps,
        Self::PortalLinks,
        Self::AuditEntries,
    ];

    /// Table and column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SigningKeys => "signing_keys.private_sealed",
            Self::Platforms => "platforms.registration_token_sealed",
            Self::BlockedPeople => "blocked_people.subject_sealed",
            Self::Students => "students.profile_sealed",
            Self::Placements => "placements.placement_sealed",
            Self::Launches => "launches.document_sealed",
            Self::Rosters => "rosters.roster_sealed",
            Self::ServicePlaces => "service_places.place_sealed",
            Self::JobPayloads => "jobs.payload_sealed",
            Self::JobHistories => "jobs.history_sealed",
            Self::Webhooks => "webhooks.secret_sealed",
            Self::FormerWebhooks => "webhooks.former_sealed",
            Self::FirstAnswers => "first_answers.answer_sealed",
            Self::Deliveries => "score_deliveries.details_sealed",
            Self::DeliveryBodies => "score_deliveries.body_sealed",
            Self::DeliveryAttempts => "score_deliveries.attempts_sealed",
            Self::ScoreLasts => "score_lasts.last_sealed",
            Self::StudyReelRegistrations => "studyreel_registrations.answer_sealed",
            Self::PortalUsers => "portal_users.profile_sealed",
            Self::SecondSteps => "portal_users.totp_sealed",
            Self::PortalLinks => "portal_links.mail_sealed",
            Self::AuditEntries => "audit_entries.details_sealed",
        }
    }

    const fn statements(self) -> (&'static str, &'static str) {
        match self {
            Self::SigningKeys => (SIGNING_KEYS, RENEW_SIGNING_KEY),
            Self::Platforms => (PLATFORMS, RENEW_PLATFORM),
            Self::BlockedPeople => (BLOCKED_PEOPLE, RENEW_BLOCKED_PERSON),
            Self::Students => (STUDENTS, RENEW_STUDENT),
            Self::Placements => (PLACEMENTS, RENEW_PLACEMENT),
            Self::Launches => (LAUNCHES, RENEW_LAUNCH),
            Self::Rosters => (ROSTERS, RENEW_ROSTER),
            Self::ServicePlaces => (SERVICE_PLACES, RENEW_SERVICE_PLACE),
            Self::JobPayloads => (JOB_PAYLOADS, RENEW_JOB_PAYLOAD),
            Self::JobHistories => (JOB_HISTORIES, RENEW_JOB_HISTORY),
            Self::Webhooks => (WEBHOOKS, RENEW_WEBHOOK),
            Self::FormerWebhooks => (FORMER_WEBHOOKS, RENEW_FORMER_WEBHOOK),
            Self::FirstAnswers => (FIRST_ANSWERS, RENEW_FIRST_ANSWER),
            Self::Deliveries => (DELIVERIES, RENEW_DELIVERY),
            Self::DeliveryBodies => (DELIVERY_BODIES, RENEW_DELIVERY_BODY),
            Self::DeliveryAttempts => (DELIVERY_ATTEMPTS, RENEW_DELIVERY_ATTEMPTS),
            Self::ScoreLasts => (SCORE_LASTS, RENEW_SCORE_LAST),
            Self::StudyReelRegistrations => (STUDYREEL_REGISTRATIONS, RENEW_STUDYREEL_REGISTRATION),
            Self::PortalUsers => (PORTAL_USERS, RENEW_PORTAL_USER),
            Self::SecondSteps => (SECOND_STEPS, RENEW_SECOND_STEP),
            Self::PortalLinks => (PORTAL_LINKS, RENEW_PORTAL_LINK),
            Self::AuditEntries => (AUDIT_ENTRIES, RENEW_AUDIT_ENTRY),
        }
    }
}

/// Sealed bytes, and their row.
#[derive(sqlx::FromRow)]
pub struct SealedRow {
    /// The row's key.
    pub id: String,
    /// The bytes.
    pub sealed: Vec<u8>,
}

/// The next rows after an id, in order of their ids.
///
/// # Errors
/// The store failed.
pub async fn page(
    tx: &mut Tx<'_>,
    column: SealedColumn,
    after: String,
    most: i64,
) -> Result<Vec<SealedRow>, StoreError> {
    fetch!(all, tx, SealedRow, column.statements().0, after, most)
}

/// Replaces old bytes with new ones. Returns false if they were changed or removed meanwhile.
///
/// # Errors
/// The store failed.
pub async fn renew(
    tx: &mut Tx<'_>,
    column: SealedColumn,
    row: SealedRow,
    sealed: Vec<u8>,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        column.statements().1,
        row.id,
        row.sealed,
        sealed
    )
}
