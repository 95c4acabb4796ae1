//! Seals profiles and placements for storage, each bound to its row.

use store::StoreError;
use store::enrolments::PastPlacement;
use store::students::StudentRow;
use studyreel::placement::Placement;

use super::profile::Profile;
use crate::kit::seal::Sealer;

/// Seals and opens what we know of students. Cloning it is cheap.
#[derive(Clone)]
pub(super) struct StudentSealer(Sealer);

impl StudentSealer {
    pub(super) fn new(rows: Sealer) -> Self {
        Self(rows)
    }

    pub(super) fn seal_profile(&self, id: &str, profile: &Profile) -> Result<Vec<u8>, StoreError> {
        let document = serde_json::to_vec(profile).map_err(corrupt)?;
        Ok(self.0.seal(&student_row(id), &document))
    }

    pub(super) fn open_profile(&self, student: &StudentRow) -> Result<Profile, StoreError> {
        let row = student_row(&student.id);
        let document = self.0.open(&row, &student.profile_sealed);
        let document = document.map_err(|error| corrupt(format!("{row}: {error}")))?;
        serde_json::from_slice(&document).map_err(|error| corrupt(format!("{row}: {error}")))
    }

    pub(super) fn seal_placement(
        &self,
        id: &str,
        placement: &Placement,
    ) -> Result<Vec<u8>, StoreError> {
        let document = serde_json::to_vec(placement).map_err(corrupt)?;
        Ok(self.0.seal(&placement_row(id), &document))
    }

    pub(super) fn open_placement(&self, past: &PastPlacement) -> Result<Placement, StoreError> {
        let row = placement_row(&past.id);
        let document = self.0.open(&row, &past.placement_sealed);
        let document = document.map_err(|error| corrupt(format!("{row}: {error}")))?;
        serde_json::from_slice(&document).map_err(|error| corrupt(format!("{row}: {error}")))
    }
}

fn corrupt(what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(what.to_string())
}

/// Identifies the row that a profile is sealed for.
pub(crate) fn student_row(id: &str) -> String {
    format!("students/{id}")
}

/// Identifies the row that a placement is sealed for.
pub(crate) fn placement_row(id: &str) -> String {
    format!("placements/{id}")
}
