//! Key pairs of gateways that are made once in this program: each takes a good part of a second of
//! a processor.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::KeyPair;
use gateway::kit::key_pairs::{FreshPairs, PairMaker};

/// More than nearly all tests need for one gateway. Each is made when it is wanted first.
const NUMBER: usize = 96;
/// So far apart two gateways begin that are started one after the other: in one test, what one
/// signs the other must not take for its own.
const APART: usize = 8;

/// As PKCS #8.
static KEPT: [OnceLock<Vec<u8>>; NUMBER] = [const { OnceLock::new() }; NUMBER];

/// The pairs of one gateway, of which no two are the same.
#[derive(Debug)]
pub struct KeptPairs {
    first: usize,
    given: AtomicUsize,
}

impl KeptPairs {
    pub fn some() -> &'static dyn PairMaker {
        static FIRST: AtomicUsize = AtomicUsize::new(0);
        let first = FIRST.fetch_add(APART, Ordering::Relaxed);
        Box::leak(Box::new(Self { first, given: AtomicUsize::new(0) }))
    }
}

impl PairMaker for KeptPairs {
    fn make(&self) -> Result<KeyPair, Unspecified> {
        let given = self.given.fetch_add(1, Ordering::Relaxed);
        if given >= NUMBER {
            return FreshPairs.make();
        }
        let kept = KEPT[(self.first + given) % NUMBER].get_or_init(|| {
            let der: Pkcs8V1Der<'_> = FreshPairs.make().unwrap().as_der().unwrap();
            der.as_ref().to_vec()
        });
        Ok(KeyPair::from_pkcs8(kept)?)
    }
}
