//! Counts people with a sketch of at most a kilobyte that any number of servers can merge. It
//! counts the first 255 exactly, and more to within a few percent (HyperLogLog).

use store::StoreError;

/// Up to how many people are counted exactly.
const FEW: usize = 255;
/// Registers of a large sketch, one byte each. The count is usually within 3 %.
const REGISTERS: usize = 1024;
/// How many bits of a hash choose its register.
const INDEX_BITS: u32 = 10;

/// Distinguishes people by 32-bit hashes, and keeps no hashes once there are many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PeopleSketch {
    /// Their hashes, in order.
    Few(Vec<u32>),
    /// For each register, the highest rank of a hash.
    Many(Box<[u8; REGISTERS]>),
}

impl Default for PeopleSketch {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl PeopleSketch {
    /// Adds a person. Adding the same person again changes nothing.
    pub(super) fn add(&mut self, hash: u32) {
        match self {
            Self::Few(hashes) => {
                let Err(at) = hashes.binary_search(&hash) else {
                    return;
                };
                hashes.insert(at, hash);
                if hashes.len() > FEW {
                    *self = Self::many(hashes);
                }
            }
            Self::Many(registers) => note(registers, hash),
        }
    }

    /// Adds all people of another sketch.
    pub(super) fn merge(&mut self, other: &Self) {
        let theirs = match other {
            Self::Few(hashes) => {
                hashes.iter().for_each(|hash| self.add(*hash));
                return;
            }
            Self::Many(registers) => registers,
        };
        let mut merged = theirs.clone();
        match self {
            Self::Few(hashes) => hashes.iter().for_each(|hash| note(&mut merged, *hash)),
            Self::Many(own) => {
                for (merged, own) in merged.iter_mut().zip(own.iter()) {
                    *merged = (*merged).max(*own);
                }
            }
        }
        *self = Self::Many(merged);
    }

    /// Whether a person may be among them. If not, they certainly aren't; of many people, some are
    /// taken for others.
    pub(super) fn may_contain(&self, hash: u32) -> bool {
        let mut with = self.clone();
        with.add(hash);
        with == *self
    }

    /// The number of people.
    pub(super) fn count(&self) -> i64 {
        match self {
            Self::Few(hashes) => i64::try_from(hashes.len()).unwrap_or(i64::MAX),
            Self::Many(registers) => estimate(registers),
        }
    }

    /// The stored form.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Few(hashes) => hashes.iter().flat_map(|hash| hash.to_be_bytes()).collect(),
            Self::Many(registers) => registers.to_vec(),
        }
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// The bytes are not a sketch.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        if let Ok(registers) = <[u8; REGISTERS]>::try_from(bytes) {
            return Ok(Self::Many(Box::new(registers)));
        }
        let mut hashes = Vec::with_capacity(bytes.len() / 4);
        for hash in bytes.chunks(4) {
            let hash = <[u8; 4]>::try_from(hash);
            let hash = hash.map_err(|_| StoreError::Corrupt("a sketch of people".to_owned()))?;
            hashes.push(u32::from_be_bytes(hash));
        }
        hashes.sort_unstable();
        Ok(Self::Few(hashes))
    }

    fn many(hashes: &[u32]) -> Self {
        let mut registers = Box::new([0_u8; REGISTERS]);
        hashes.iter().for_each(|hash| note(&mut registers, *hash));
        Self::Many(registers)
    }
}

/// Records a hash in its register. Its rank is one more than the number of zeros after the
/// register's index.
fn note(registers: &mut [u8; REGISTERS], hash: u32) {
    let index = usize::try_from(hash >> (u32::BITS - INDEX_BITS)).unwrap_or(0);
    let zeros = (hash << INDEX_BITS).leading_zeros();
    let rank = u8::try_from(zeros.min(u32::BITS - INDEX_BITS) + 1).unwrap_or(u8::MAX);
    if let Some(register) = registers.get_mut(index) {
        *register = (*register).max(rank);
    }
}

/// HyperLogLog's estimate, or linear counting while many registers are empty.
fn estimate(registers: &[u8; REGISTERS]) -> i64 {
    let number = REGISTERS as f64;
    let sum: f64 = registers
        .iter()
        .map(|rank| (-f64::from(*rank)).exp2())
        .sum();
    let raw = 0.7213 / (1.0 + 1.079 / number) * number * number / sum;
    let empty = registers.iter().filter(|rank| **rank == 0).count();
    let people = if empty > 0 && raw <= 2.5 * number {
        number * (number / empty as f64).ln()
    } else {
        raw
    };
    people.round() as i64
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use crate::kit::seal::hash;

    /// The hash of a numbered person.
    fn person(number: u32) -> u32 {
        let hash = hash(&["person", &number.to_string()]);
        u32::from_be_bytes(hash[..4].try_into().unwrap())
    }

    fn people(numbers: std::ops::Range<u32>) -> PeopleSketch {
        let mut sketch = PeopleSketch::default();
        numbers.for_each(|number| sketch.add(person(number)));
        sketch
    }

    #[test]
    fn few_are_counted_exactly_and_many_to_a_few_percent() {
        for number in [0, 1, 2, 100, 255] {
            assert_eq!(people(0..number).count(), i64::from(number));
        }
        for number in [256, 300, 1_000, 2_600, 5_000, 100_000] {
            let counted = people(0..number).count();
            let off = (counted - i64::from(number)).abs() * 100 / i64::from(number);
            // Four times the usual error.
            assert!(off <= 13, "{number}: {counted}");
        }
    }

    #[test]
    fn who_comes_again_is_counted_once() {
        for number in [200, 2_000] {
            let once = people(0..number);
            let mut twice = once.clone();
            (0..number).for_each(|number| twice.add(person(number)));
            assert_eq!(twice, once);
        }
    }

    #[test]
    fn sketches_merge_to_that_of_everyone() {
        for (a, b, all) in [
            (0..100, 50..150, 0..150),
            (0..200, 100..400, 0..400),
            (0..400, 300..310, 0..400),
            (0..10, 0..900, 0..900),
            (0..1_000, 900..2_000, 0..2_000),
        ] {
            let mut merged = people(a);
            merged.merge(&people(b));
            assert_eq!(merged, people(all));
        }
    }

    #[test]
    fn a_sketch_is_read_as_it_was_written() {
        for number in [0, 1, 255, 256, 5_000] {
            let sketch = people(0..number);
            let bytes = sketch.to_bytes();
            assert!(bytes.len() <= 1024, "{}", bytes.len());
            assert_eq!(PeopleSketch::from_bytes(&bytes).unwrap(), sketch);
        }
        assert!(PeopleSketch::from_bytes(&[1, 2, 3]).is_err());
    }
}
