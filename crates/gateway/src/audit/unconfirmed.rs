//! The answer if a change is committed but its entry can't be written: it is not confirmed
//! (docs/decisions/0480-nothing-is-confirmed-without-its-entry.md).

use store::StoreError;

use crate::web::problem::Problem;

const UNCONFIRMED: &str = "This was done, but it could not be recorded in the audit log, so it is not confirmed. See \
     what is there now before you repeat the request.";

/// 503, or 500 if the store's data is damaged. It names no time after which to try again, because
/// programs would repeat the request without looking.
pub(crate) fn unconfirmed(error: StoreError) -> Problem {
    let mut problem = Problem::from(error);
    problem.description = UNCONFIRMED.into();
    problem.retry_after = None;
    problem
}
