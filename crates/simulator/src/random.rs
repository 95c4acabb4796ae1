//! Random text, from the operating system's generator.

use base64::{Engine, engine::general_purpose::STANDARD};

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// `length` characters of A-Z, a-z, 0-9.
pub(crate) fn alphanumeric(length: usize) -> String {
    let mut text = String::with_capacity(length);
    let mut block = [0_u8; 64];
    while text.len() < length {
        fill(&mut block);
        // 248 is the largest multiple of 62 that fits a byte: higher values would favour the first
        // letters.
        let letters = block
            .iter()
            .filter(|byte| **byte < 248)
            .map(|byte| char::from(ALPHANUMERIC[usize::from(byte % 62)]));
        text.extend(letters.take(length - text.len()));
    }
    text
}

/// `length` decimal digits, the first of them 1.
pub(crate) fn digits(length: usize) -> String {
    let mut bytes = vec![0_u8; length];
    fill(&mut bytes);
    let mut digits: String = bytes
        .iter()
        .map(|byte| char::from(b'0' + byte % 10))
        .collect();
    digits.replace_range(..1, "1");
    digits
}

/// `length` characters of the base64 alphabet, like StudyReel's nonces.
pub(crate) fn base64_text(length: usize) -> String {
    let mut bytes = vec![0_u8; length * 3 / 4 + 3];
    fill(&mut bytes);
    let mut text = STANDARD.encode(bytes);
    text.truncate(length);
    text
}

/// A random UUID (version 4).
pub(crate) fn uuid() -> String {
    let mut bytes = [0_u8; 16];
    fill(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    parts.join("-")
}

fn fill(bytes: &mut [u8]) {
    aws_lc_rs::rand::fill(bytes).expect("the operating system gives random bytes");
}
