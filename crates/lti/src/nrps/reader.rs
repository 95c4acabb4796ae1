//! Reads a page of members while it arrives, so that memory use is that of a single member, however
//! large the course.

use serde_json::Value;

use super::member::Member;
use crate::json::{mended_value, take_text, without_nulls};

/// The largest member, or other value of the container, in bytes.
pub const MEMBER_BYTES: usize = 256 * 1024;

/// Why a page can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RosterError {
    /// Not a JSON object: an HTML page, for example, or a truncated document.
    #[error("the page of members is not JSON, or not all of it arrived")]
    NotJson,
    /// One member is too large.
    #[error("a member is larger than {MEMBER_BYTES} bytes")]
    TooLarge,
}

/// Everything a page contains besides its members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Container {
    /// The page's own address, according to the platform.
    pub id: Option<String>,
    /// The course.
    pub context_id: Option<String>,
    /// The course's short name.
    pub context_label: Option<String>,
    /// The course's title.
    pub context_title: Option<String>,
    /// Whether there was a list of members. An error sent with status 200 has none, and must not be
    /// mistaken for an empty course.
    pub has_members: bool,
}

/// Reads a page of members piece by piece. A page without `members` is not a roster: see
/// [`Container::has_members`].
#[derive(Debug, Default)]
pub struct Reader {
    at: At,
    /// State of the value being read: open brackets, and whether we are inside a string.
    depth: usize,
    in_text: bool,
    escaped: bool,
    /// Bytes of the value being read.
    piece: Vec<u8>,
    name: String,
    container: Container,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum At {
    /// Before the `{`.
    #[default]
    Start,
    /// Before a name or the `}`.
    BeforeName,
    /// Inside a name.
    Name,
    /// Before the `:`.
    Colon,
    /// After the `:`.
    BeforeValue,
    /// In a value other than the list of members.
    Value,
    /// In the list, before a member or the `]`.
    BeforeMember,
    /// Inside the object of a member.
    Member,
    /// After the `}`.
    End,
}

impl Reader {
    /// Takes the next bytes and calls `each` with every member they complete. Members without an id
    /// are skipped.
    ///
    /// # Errors
    ///
    /// [`RosterError`]; don't use the reader after that.
    pub fn feed(&mut self, bytes: &[u8], mut each: impl FnMut(Member)) -> Result<(), RosterError> {
        for byte in bytes {
            self.step(*byte, &mut each)?;
        }
        Ok(())
    }

    /// Everything besides the members. Call it once the whole page has been fed.
    ///
    /// # Errors
    ///
    /// [`RosterError::NotJson`] if the page is incomplete.
    pub fn finish(self) -> Result<Container, RosterError> {
        match self.at {
            At::End => Ok(self.container),
            _ => Err(RosterError::NotJson),
        }
    }

    fn step(&mut self, byte: u8, each: &mut impl FnMut(Member)) -> Result<(), RosterError> {
        let blank = byte.is_ascii_whitespace();
        match self.at {
            At::Value | At::Member => return self.continue_value(byte, each),
            At::Name => return self.continue_name(byte),
            _ if blank => {}
            // Skips a byte order mark.
            At::Start if matches!(byte, 0xEF | 0xBB | 0xBF) => {}
            At::Start if byte == b'{' => self.at = At::BeforeName,
            At::BeforeName if byte == b',' => {}
            At::BeforeName if byte == b'}' => self.at = At::End,
            At::BeforeName if byte == b'"' => self.begin(At::Name, byte),
            At::Colon if byte == b':' => self.at = At::BeforeValue,
            At::BeforeValue if byte == b'[' && self.name == "members" => {
                self.at = At::BeforeMember;
                self.container.has_members = true;
            }
            At::BeforeValue => return self.begin_value(At::Value, byte, each),
            At::BeforeMember if byte == b',' => {}
            At::BeforeMember if byte == b']' => self.at = At::BeforeName,
            At::BeforeMember => return self.begin_value(At::Member, byte, each),
            At::Start | At::BeforeName | At::Colon | At::End => return Err(RosterError::NotJson),
        }
        Ok(())
    }

    fn begin(&mut self, at: At, byte: u8) {
        self.at = at;
        (self.depth, self.in_text, self.escaped) = (0, false, false);
        self.piece.clear();
        self.piece.push(byte);
    }

    fn continue_name(&mut self, byte: u8) -> Result<(), RosterError> {
        self.keep(byte)?;
        if self.escaped || byte == b'\\' {
            self.escaped = !self.escaped;
        } else if byte == b'"' {
            let Ok(Value::String(name)) = mended_value(&self.piece) else {
                return Err(RosterError::NotJson);
            };
            self.name = name;
            self.at = At::Colon;
        }
        Ok(())
    }

    fn begin_value(
        &mut self,
        at: At,
        byte: u8,
        each: &mut impl FnMut(Member),
    ) -> Result<(), RosterError> {
        self.begin(at, byte);
        self.piece.clear();
        self.continue_value(byte, each)
    }

    fn continue_value(
        &mut self,
        byte: u8,
        each: &mut impl FnMut(Member),
    ) -> Result<(), RosterError> {
        if self.in_text {
            self.keep(byte)?;
            if self.escaped || byte == b'\\' {
                self.escaped = !self.escaped;
            } else if byte == b'"' {
                self.in_text = false;
                return self.end_at_depth_zero(each);
            }
            return Ok(());
        }
        match byte {
            // A number or a literal ends at whatever follows it.
            b',' | b'}' | b']' if self.depth == 0 => {
                self.end_value(each)?;
                return self.step(byte, each);
            }
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.keep(byte)?;
                self.depth -= 1;
                return self.end_at_depth_zero(each);
            }
            _ if self.depth == 0 && byte.is_ascii_whitespace() => return self.end_value(each),
            _ => {}
        }
        self.keep(byte)
    }

    fn keep(&mut self, byte: u8) -> Result<(), RosterError> {
        if self.piece.len() >= MEMBER_BYTES {
            return Err(RosterError::TooLarge);
        }
        self.piece.push(byte);
        Ok(())
    }

    fn end_at_depth_zero(&mut self, each: &mut impl FnMut(Member)) -> Result<(), RosterError> {
        match self.depth {
            0 => self.end_value(each),
            _ => Ok(()),
        }
    }

    fn end_value(&mut self, each: &mut impl FnMut(Member)) -> Result<(), RosterError> {
        let value = mended_value(&self.piece).map_err(|_| RosterError::NotJson)?;
        if self.at == At::Member {
            self.at = At::BeforeMember;
            if let Some(member) = Member::read(value) {
                each(member);
            }
        } else {
            self.at = At::BeforeName;
            self.container.take(&self.name, value);
        }
        Ok(())
    }
}

impl Container {
    fn take(&mut self, name: &str, value: Value) {
        match (name, without_nulls(value)) {
            ("id", Value::String(id)) => self.id = Some(id),
            ("context", Value::Object(mut context)) => {
                self.context_id = take_text(&mut context, "id");
                self.context_label = take_text(&mut context, "label");
                self.context_title = take_text(&mut context, "title");
            }
            _ => {}
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use proptest::prelude::*;
    use test_case::cases;

    use super::*;

    const PAGE: &str = r#"{ "id":"https://p1.test/m", "context": {"id":"2","label":null,"title":"A \"course\""},
        "limit" : 2, "more":[[1],{"members":[{"user_id":"no"}]}], "ok":true,
        "members": [ {"user_id":"5","roles":["Learner"],"name":"}],{\"\\"} , 7, null,
            {"user_id":6,"roles":["Instructor"]} ], "last":null }"#;

    fn read(body: &[u8], size: usize) -> Result<(Vec<String>, Container), RosterError> {
        let (mut reader, mut found) = (Reader::default(), Vec::new());
        for piece in body.chunks(size) {
            reader.feed(piece, |member| found.push(member.user_id))?;
        }
        Ok((found, reader.finish()?))
    }

    #[cases("TC-310")]
    #[test]
    fn a_page_is_read_in_pieces_of_any_size() {
        for size in [1, 2, 3, 7, 64, PAGE.len()] {
            let (members, container) = read(PAGE.as_bytes(), size).unwrap();
            assert_eq!(members, ["5", "6"], "{size}");
            assert_eq!(container.id.as_deref(), Some("https://p1.test/m"));
            assert_eq!(container.context_id.as_deref(), Some("2"));
            assert_eq!(container.context_label, None);
            assert_eq!(container.context_title.as_deref(), Some("A \"course\""));
        }
    }

    #[test]
    fn an_oddity_of_one_member_leaves_the_others_alone() {
        let page = r#"{"\ud83d":1e999,"context":{"id":"2","title":"Biology \ud83e"},"members":[
            {"user_id":"5","name":"Ada \ud83d","roles":["Learner"]},
            {"user_id":"\udc00","roles":["Learner"]},{"user_id":"6","roles":["Learner"],"points":1e999}]}"#;
        for size in [1, 7, page.len()] {
            let (mut reader, mut found) = (Reader::default(), Vec::new());
            for piece in page.as_bytes().chunks(size) {
                let taken = reader.feed(piece, |member| found.push((member.user_id, member.name)));
                taken.unwrap();
            }
            // Ids stay strict: if broken ids were repaired, two people could become one.
            let names = [("5", Some("Ada \u{fffd}")), ("6", None)];
            let names = names.map(|(id, name)| (id.to_owned(), name.map(str::to_owned)));
            assert_eq!(found, names, "{size}");
            let container = reader.finish().unwrap();
            assert_eq!(container.context_title.as_deref(), Some("Biology \u{fffd}"));
        }
    }

    #[test]
    fn a_page_says_whether_it_has_a_list() {
        for body in [
            "{}",
            "\u{feff}{}",
            r#"{"members":null}"#,
            r#"{"members":[]}"#,
            r#"{"members":{}}"#,
        ] {
            let (members, container) = read(body.as_bytes(), 1).unwrap();
            assert_eq!(members, [""; 0], "{body}");
            assert_eq!(container.has_members, body.contains('['), "{body}");
        }
    }

    #[test]
    fn what_is_cut_off_or_no_json_is_refused() {
        for end in 1..PAGE.len() {
            assert_eq!(
                read(&PAGE.as_bytes()[..end], 16).err(),
                Some(RosterError::NotJson),
                "{end}"
            );
        }
        for body in [
            "",
            "<!doctype html>",
            "[]",
            "{}x",
            r#"{"a" 1}"#,
            r#"{"members":[{"user_id"}]}"#,
            "{\"a\":]}",
        ] {
            assert_eq!(
                read(body.as_bytes(), 4).err(),
                Some(RosterError::NotJson),
                "{body}"
            );
        }
        let large = format!(
            r#"{{"members":[{{"user_id":"{}"}}]}}"#,
            "x".repeat(MEMBER_BYTES)
        );
        assert_eq!(
            read(large.as_bytes(), 1024).err(),
            Some(RosterError::TooLarge)
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(body in proptest::collection::vec(any::<u8>(), 0..200), size in 1_usize..20) {
            let _ = read(&body, size);
        }

        #[test]
        fn any_rubbish_of_brackets_is_read_without_a_panic(body in "[\\[\\]{}\",:\\\\a1 ]{0,60}") {
            let _ = read(format!("{{\"members\":[{body}").as_bytes(), 3);
        }
    }
}
