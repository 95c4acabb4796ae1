//! *Launch me a test person*: when a user who may connect platforms clicks, our own pretend LMS
//! launches into this very tool, through the handlers of its real addresses
//! (docs/decisions/0345-the-test-person-comes-from-the-gateway-itself.md). And *Test the launch
//! URL*.

pub(crate) mod answers;
mod lms;
pub(crate) mod page;
mod refused;

pub(super) use crate::directory::platforms::TEST_ISSUER as ISSUER;
pub(super) use lms::is_registered;
