//! Pages about StudyReel's students and their learning paths. Only these pages show names, to users
//! who may see them. Search terms are sent in forms, never in addresses.

mod because;
mod new_path;
pub(crate) mod paths;
pub(crate) mod people;
pub(crate) mod person;
