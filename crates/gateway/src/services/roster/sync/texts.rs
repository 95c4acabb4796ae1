//! The members' JSON for the answer, kept until it is sent: for a whole course, that is most of a
//! sync's memory. Text that nearly every member has is stored as one byte
//! (docs/decisions/0287-a-roster-under-way-is-held-briefly.md).

use axum::body::Bytes;

/// The size of a stored piece, in bytes; it is about three times as large when sent.
const PIECE: usize = 16 * 1024;
/// How much longer a piece may get without needing more memory than it allocated.
const SPARE: usize = 2 * 1024;

/// Text that most members have. The first fragment is stored as the byte 1, and so on: JSON
/// contains no control characters, so these bytes can't occur in text.
const FRAGMENTS: [&str; 17] = [
    r#"{"userId":""#,
    r#"","roles":[""#,
    r#""],"status":"Active"#,
    r#"","email":""#,
    r#"","name":""#,
    r#"","givenName":""#,
    r#"","familyName":""#,
    r#"","middleName":""#,
    r#"","picture":""#,
    r#"","lisPersonSourcedId":""#,
    r#"","lti11LegacyUserId":""#,
    "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",
    "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
    "http://purl.imsglobal.org/vocab/lis/v2/",
    "https://purl.imsglobal.org/spec/lti",
    "https://",
    r#"",""#,
];

/// Members as JSON, separated by commas.
#[derive(Default)]
pub(super) struct MemberTexts {
    pieces: Vec<HeldText>,
    open: HeldText,
}

/// A piece of it.
#[derive(Default)]
pub(super) struct HeldText {
    short: Vec<u8>,
    /// Its length when written out, in bytes.
    length: usize,
}

impl MemberTexts {
    pub(super) fn push(&mut self, member: &str) {
        if self.open.short.len() >= PIECE {
            self.pieces.push(std::mem::take(&mut self.open));
        }
        if self.open.short.capacity() == 0 {
            self.open.short.reserve_exact(PIECE + SPARE);
        }
        if self.open.length > 0 || !self.pieces.is_empty() {
            self.open.push(",");
        }
        self.open.push(member);
    }

    pub(super) fn into_pieces(mut self) -> Vec<HeldText> {
        self.pieces.push(self.open);
        self.pieces
    }
}

impl HeldText {
    fn push(&mut self, json: &str) {
        self.length += json.len();
        let mut rest = json.as_bytes();
        while let [first, others @ ..] = rest {
            // The first byte of every fragment.
            let may_begin = matches!(first, b'{' | b'"' | b'h');
            let found = may_begin.then(|| beginning_of(rest)).flatten();
            let (byte, behind) = found.unwrap_or((*first, others));
            self.short.push(byte);
            rest = behind;
        }
    }

    /// Its length when written out, in bytes.
    pub(super) const fn length(&self) -> usize {
        self.length
    }

    /// As sent.
    pub(super) fn written(&self) -> Bytes {
        let mut written = Vec::with_capacity(self.length);
        for byte in &self.short {
            let number = usize::from(*byte).checked_sub(1);
            match number.and_then(|number| FRAGMENTS.get(number)) {
                Some(fragment) => written.extend_from_slice(fragment.as_bytes()),
                None => written.push(*byte),
            }
        }
        written.into()
    }
}

/// The byte of the fragment that a text begins with, and the rest of the text.
fn beginning_of(text: &[u8]) -> Option<(u8, &[u8])> {
    let mut fragments = (1..).zip(FRAGMENTS);
    fragments.find_map(|(byte, fragment)| {
        let behind = text.strip_prefix(fragment.as_bytes())?;
        Some((byte, behind))
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use lti::nrps::Member;
    use serde_json::{Value, json};
    use test_case::cases;

    use super::*;
    use crate::services::roster::answer::MemberAnswer;

    fn member(number: usize) -> Value {
        json!({
            "user_id": format!("student-{number}"), "status": "Active",
            "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            "name": format!("Ada Learner {number}"), "given_name": "Ada",
            "family_name": format!("Learner {number}"),
            "email": format!("student{number}@school.example"),
            "lis_person_sourcedid": format!("sis-{number}"),
        })
    }

    fn text(member: Value) -> String {
        let member = MemberAnswer::from(Member::read(member).unwrap());
        serde_json::to_string(&member).unwrap()
    }

    /// The text, and the pieces that store it.
    fn held(texts: &[String]) -> (String, Vec<HeldText>) {
        let mut held = MemberTexts::default();
        for text in texts {
            held.push(text);
        }
        let pieces = held.into_pieces();
        let written: Vec<Bytes> = pieces.iter().map(HeldText::written).collect();
        let lengths = pieces.iter().map(HeldText::length);
        assert!(lengths.eq(written.iter().map(Bytes::len)));
        let whole: Vec<u8> = written.concat();
        (String::from_utf8(whole).unwrap(), pieces)
    }

    #[cases("SV-9")]
    #[test]
    fn what_is_held_is_written_as_it_was() {
        let mut odd = member(1);
        odd["name"] = json!("\u{1}\u{11}\u{1f}\u{0}\n\u{7f} \"{\\ http:// \u{1f600}");
        odd["picture"] = json!("https://school.example/https://a");
        odd["email"] = json!("");
        odd["status"] = json!("Inactive");
        odd["message"] =
            json!([{"https://purl.imsglobal.org/spec/lti/claim/custom": {"a": "\",\""}}]);
        for members in [
            vec![],
            vec![odd.clone()],
            vec![member(2), odd, json!({"user_id": "x", "roles": []})],
        ] {
            let texts: Vec<String> = members.into_iter().map(text).collect();
            assert_eq!(held(&texts).0, texts.join(","));
        }
    }

    #[cases("SV-9")]
    #[test]
    fn a_member_is_held_in_two_fifths_of_its_bytes() {
        let texts: Vec<String> = (0..2_000).map(|number| text(member(number))).collect();
        let (whole, pieces) = held(&texts);
        assert_eq!(whole, texts.join(","));
        assert!(pieces.len() > 5, "{}", pieces.len());
        assert!(
            pieces
                .iter()
                .all(|piece| piece.short.capacity() == PIECE + SPARE)
        );
        let short: usize = pieces.iter().map(|piece| piece.short.len()).sum();
        assert!(5 * short < 2 * whole.len(), "{short} of {}", whole.len());
    }
}
