//! Proofs that an address came from us as another page of a list. Pages whose address doesn't show
//! which list they belong to carry one (decision 0514).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use url::Url;

use crate::kit::id::id_from;
use crate::kit::keyed_hash::KeyedHash;
use crate::kit::seal::SecretKey;
use crate::launch::ServicePlace;

/// Makes and checks the proofs. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct PageProofs(KeyedHash);

impl PageProofs {
    /// Uses a key derived from the secret that outlives the secret keys, because applications keep
    /// the addresses of `differences` for long.
    pub(crate) fn new(root: &SecretKey) -> Self {
        Self(KeyedHash::new(root, "pages of lists"))
    }

    /// The proof for a page that was handed out in this place's course. The page's fragment doesn't
    /// count.
    pub(super) fn of(&self, place: &ServicePlace, page: &Url) -> String {
        let mut page = page.clone();
        page.set_fragment(None);
        let context = place.context_id.as_deref().unwrap_or_default();
        let parts = [
            place.platform_id.as_str(),
            place.deployment_id.as_str(),
            context,
            page.as_str(),
        ];
        id_from(self.0.of(&parts.map(str::as_bytes)).as_ref())
    }

    /// Whether this page was handed out in this place's course.
    pub(super) fn holds(&self, place: &ServicePlace, page: &Url, proof: &str) -> bool {
        let expected = self.of(place, page);
        verify_slices_are_equal(expected.as_bytes(), proof.as_bytes()).is_ok()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use crate::kit::clock::Random;

    fn course(id: &str) -> ServicePlace {
        ServicePlace {
            context_id: Some(id.into()),
            ..ServicePlace::default()
        }
    }

    #[test]
    fn a_proof_is_for_one_page_and_one_course() {
        let proofs = PageProofs::new(&SecretKey::generate(&Random::default()));
        let [page, other] = ["https://lms.example/p/2", "https://lms.example/p/3"]
            .map(|url| Url::parse(url).unwrap());
        let proof = proofs.of(&course("2"), &page);
        assert!(proofs.holds(&course("2"), &page, &proof));
        assert!(!proofs.holds(&course("2"), &other, &proof));
        assert!(!proofs.holds(&course("3"), &page, &proof));
        assert!(!proofs.holds(&course("2"), &page, ""));
        let elsewhere = PageProofs::new(&SecretKey::generate(&Random::default()));
        assert!(!elsewhere.holds(&course("2"), &page, &proof));
    }

    #[test]
    fn another_link_of_the_course_has_the_same_pages() {
        let proofs = PageProofs::new(&SecretKey::generate(&Random::default()));
        let page = Url::parse("https://lms.example/p/2").unwrap();
        let proof = proofs.of(&course("2"), &page);
        let link = ServicePlace {
            resource_link_id: Some("14".into()),
            ..course("2")
        };
        let marked = Url::parse("https://lms.example/p/2#hallpass&role=x").unwrap();
        assert!(proofs.holds(&link, &marked, &proof));
    }
}
