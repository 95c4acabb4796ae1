//! Pages about StudyReel's students and their learning paths. Only these pages show names, to users
//! who may see them. Their search terms are sent in forms, not in addresses.

mod because;
mod change_path;
mod first_path;
mod new_path;
pub(crate) mod paths;
pub(crate) mod people;
pub(crate) mod person;
mod preview_form;
