//! Ids of rows and requests. None of them is secret.

use crate::kit::clock::Random;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A new row id: 20 letters and digits. The first seven encode the time, so that new rows are close
/// together in an index.
pub fn new_id(now_ms: i64, random: &Random) -> String {
    let mut id = beginning_at(now_ms);
    fill(&mut id[7..], u128::from_le_bytes(random.bytes()));
    String::from_utf8_lossy(&id).into_owned()
}

/// An id made from a hash, so that the same thing always gets the same id: 20 letters and digits.
pub fn id_from(hash: &[u8]) -> String {
    let mut number = [0; 16];
    let length = hash.len().min(number.len());
    number[..length].copy_from_slice(&hash[..length]);
    let mut id = [b'0'; 20];
    fill(&mut id, u128::from_le_bytes(number));
    String::from_utf8_lossy(&id).into_owned()
}

/// A lower bound for row ids made at this time or later.
pub fn first_of(ms: i64) -> String {
    String::from_utf8_lossy(&beginning_at(ms)).into_owned()
}

fn beginning_at(ms: i64) -> [u8; 20] {
    let mut id = [b'0'; 20];
    let mut time = ms.max(0).unsigned_abs();
    for place in id[..7].iter_mut().rev() {
        *place = digit(time % 62);
        time /= 62;
    }
    id
}

/// When a row's id was made, in milliseconds since 1970; `None` if it is not one of our ids.
pub fn time_of(id: &str) -> Option<i64> {
    let value = |byte: u8| BASE62.iter().position(|known| *known == byte);
    let time = id.as_bytes().get(..7).filter(|_| is_id(id))?;
    time.iter().try_fold(0_i64, |time, byte| {
        let digit = i64::try_from(value(*byte)?).ok()?;
        time.checked_mul(62)?.checked_add(digit)
    })
}

/// Whether a text could be one of our ids; don't look anything else up.
pub fn is_id(text: &str) -> bool {
    text.len() == 20 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a text could be a token made by [`Random::token`]; don't look anything else up.
pub(crate) fn is_token(text: &str) -> bool {
    let of_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() == 43 && text.bytes().all(of_base64)
}

/// A reference that a person can read out to support and an operator finds in the log: ten letters
/// and digits.
pub fn correlation_id(random: &Random) -> String {
    let mut id = [0; 10];
    fill(&mut id, u128::from_le_bytes(random.bytes()));
    String::from_utf8_lossy(&id).into_owned()
}

/// Writes the lowest digits of a number, lowest first. They are taken from ten digits at a time:
/// dividing 128 bits takes many times as long as dividing 64.
fn fill(places: &mut [u8], mut number: u128) {
    const DIGITS: usize = 10;
    const PART: u128 = 62_u128.pow(10);
    for places in places.chunks_mut(DIGITS) {
        // Below 62^10, so it fits.
        let mut part = u64::try_from(number % PART).unwrap_or_default();
        number /= PART;
        for place in places {
            *place = digit(part % 62);
            part /= 62;
        }
    }
}

fn digit(value: u64) -> u8 {
    BASE62
        .get(usize::try_from(value).unwrap_or(0))
        .copied()
        .unwrap_or(b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_distinct_and_sort_by_time() {
        let random = Random::default();
        let (old, new) = (
            new_id(1_700_000_000_000, &random),
            new_id(1_700_000_000_001, &random),
        );
        assert!(old < new && old.len() == 20, "{old} {new}");
        let between = first_of(1_700_000_000_001);
        assert!(old < between && between < new, "{old} {between} {new}");
        assert_ne!(new_id(5, &random), new_id(5, &random));
        assert_eq!(time_of(&new), Some(1_700_000_000_001));
        assert_eq!(time_of("no id"), None);
        assert_eq!(correlation_id(&random).len(), 10);
    }

    #[test]
    fn a_hash_always_gives_the_same_id() {
        let hash: Vec<u8> = (0..32).collect();
        for (hash, id) in [
            (&hash[..], "Q5MTi4Q5belxIfNJ5zIP"),
            (&[255; 16], "7chF7tm8n9klfT5MGD24"),
            (&[1], "10000000000000000000"),
            (&[], "00000000000000000000"),
        ] {
            assert_eq!(id_from(hash), id);
        }
    }
}
