//! The JWS header (B.2 step 4).

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use crate::claims::strict::Strict;
use crate::json::JsonError;
use crate::key::{Algorithm, MAX_KID_BYTES};
use crate::token_refusal::Refusal;

#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    alg: Strict<String>,
    #[serde(default)]
    typ: Strict<String>,
    #[serde(default)]
    kid: Strict<String>,
    #[serde(default)]
    b64: Strict<bool>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
    #[serde(default, deserialize_with = "present")]
    jku: bool,
    #[serde(default, deserialize_with = "present")]
    jwk: bool,
    #[serde(default, deserialize_with = "present")]
    x5u: bool,
    #[serde(default, deserialize_with = "present")]
    x5c: bool,
}

/// True if the member is present, whatever its value: even `null` asks for something.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// Checks the text of a header and returns its algorithm and key id.
pub(super) fn check(text: &str, allowed: &[Algorithm]) -> Result<(Algorithm, String), Refusal> {
    let header: Header = serde_json::from_str(text)
        .map_err(|error| Refusal::Header(JsonError::Shape(error.to_string())))?;

    let algorithm = header
        .alg
        .required(Refusal::AlgorithmMissing, Refusal::AlgorithmMissing)?;
    // The allow-list decides; the header only chooses from it (I-11).
    let algorithm = Algorithm::from_name(&algorithm)
        .filter(|algorithm| allowed.contains(algorithm))
        .ok_or(Refusal::AlgorithmNotAllowed)?;
    if header
        .typ
        .optional(Refusal::TypeWrong)?
        .is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT"))
    {
        return Err(Refusal::TypeWrong);
    }
    let kid = header
        .kid
        .required(Refusal::KidMissing, Refusal::KidMalformed)?;
    if kid.is_empty() {
        return Err(Refusal::KidMissing);
    }
    if kid.len() > MAX_KID_BYTES {
        return Err(Refusal::KidMalformed);
    }
    if header.crit {
        return Err(Refusal::CriticalHeader);
    }
    if !matches!(header.b64, Strict::Absent | Strict::Value(true)) {
        return Err(Refusal::UnencodedPayload);
    }
    for (name, is_there) in [
        ("jku", header.jku),
        ("jwk", header.jwk),
        ("x5u", header.x5u),
        ("x5c", header.x5c),
    ] {
        if is_there {
            return Err(Refusal::KeyInHeader(name));
        }
    }
    Ok((algorithm, kid))
}
