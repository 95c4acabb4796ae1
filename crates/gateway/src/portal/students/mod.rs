//! Pages about StudyReel's students and the paths they are placed in. Names are shown only here, to users who may see
//! them; what is searched for travels in forms, never in addresses.

pub(crate) mod paths;
pub(crate) mod people;
pub(crate) mod person;
