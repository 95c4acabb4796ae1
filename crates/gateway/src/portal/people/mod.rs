//! Who may sign in: roles and rights, profiles, passwords and second steps. Nothing here knows about pages.

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
