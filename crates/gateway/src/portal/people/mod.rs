//! Who may sign in: their roles and rights, profiles, passwords and second steps. This module knows
//! no pages.

pub(crate) mod agent;
pub(crate) mod device;
pub(crate) mod keys;
pub(crate) mod limits;
pub(crate) mod passwords;
pub(crate) mod person;
pub(crate) mod profile;
pub(crate) mod rights;
pub(crate) mod role;
pub(crate) mod totp;
