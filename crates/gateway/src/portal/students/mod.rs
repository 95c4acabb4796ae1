//! Pages about StudyReel's students and the paths they are placed in. Names stand here alone, for who may see them; what is
//! looked for travels in forms, never in addresses.

pub(crate) mod paths;
pub(crate) mod people;
pub(crate) mod person;
