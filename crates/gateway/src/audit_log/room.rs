//! What reading the audit needs.

use store::Db;

use crate::audit::Audit;

/// The audit, for reading. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct AuditLog {
    pub(crate) db: Db,
    pub(crate) audit: Audit,
}
