//! One pass over a document, without recursion.

use std::borrow::Cow;
use std::ops::Range;

use super::error::{JsonError, MAX_DEPTH};

/// An open array or object.
#[derive(Clone, Copy)]
enum Open {
    Array,
    /// An object; its names begin at this index in `Scanner::names`.
    Object(usize),
}

pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The member names of all open objects, innermost last.
    names: Vec<Name<'a>>,
    oddities: Vec<Oddity>,
    /// Whether to refuse duplicate names.
    is_distinct: bool,
    /// The deepest nesting that is accepted.
    deepest: usize,
    /// The name that was refused because its object has it twice.
    duplicate: Option<String>,
}

/// Something that JSON's grammar allows but parsers can't represent, and where it is in the
/// document.
pub(super) enum Oddity {
    /// An escape that is half of a surrogate pair.
    HalfPair(Range<usize>),
    /// A number beyond what a double can hold, such as `1e400`.
    Number(Range<usize>),
}

/// A document in which every oddity is replaced by something readable.
pub(super) fn mended(text: &str, oddities: &[Oddity]) -> String {
    let mut mended = String::with_capacity(text.len() + 2 * oddities.len());
    let mut at = 0;
    for oddity in oddities {
        let (Oddity::HalfPair(place) | Oddity::Number(place)) = oddity;
        mended.push_str(text.get(at..place.start).unwrap_or_default());
        match oddity {
            Oddity::HalfPair(_) => mended.push_str("\\ufffd"),
            Oddity::Number(_) => {
                mended.push('"');
                mended.push_str(text.get(place.clone()).unwrap_or_default());
                mended.push('"');
            }
        }
        at = place.end;
    }
    mended.push_str(text.get(at..).unwrap_or_default());
    mended
}

/// A member's name.
pub(super) struct Name<'a> {
    /// The text, with escapes resolved.
    text: Cow<'a, str>,
    /// Where it begins in the document, after the quote.
    pub(super) start: usize,
    /// Where it ends there.
    pub(super) end: usize,
}

/// The oddities of any JSON value, up to the first syntax error.
pub(super) fn oddities(text: &str) -> Vec<Oddity> {
    let mut scanner = Scanner::new(text);
    (scanner.is_distinct, scanner.deepest) = (false, usize::MAX);
    // Syntax errors are ignored here; the parser that reads the text next reports them in its own
    // words.
    let _ = scanner.values(&mut |_| ());
    scanner.oddities
}

/// The first name that an object of any JSON value has twice, up to the first syntax error.
pub(super) fn duplicate(text: &str) -> Option<String> {
    let mut scanner = Scanner::new(text);
    scanner.deepest = usize::MAX;
    let _ = scanner.values(&mut |_| ());
    scanner.duplicate
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            names: Vec::with_capacity(48),
            oddities: Vec::new(),
            is_distinct: true,
            deepest: MAX_DEPTH,
            duplicate: None,
        }
    }

    /// Reads the whole document; `outermost` gets the names of the top-level object, in order.
    pub(super) fn document(
        mut self,
        outermost: &mut dyn FnMut(&[Name<'_>]),
    ) -> Result<Vec<Oddity>, JsonError> {
        self.space();
        if self.peek() != Some(b'{') {
            return Err(JsonError::NotAnObject);
        }
        self.values(outermost)?;
        Ok(self.oddities)
    }

    /// Reads to the end of the document.
    fn values(&mut self, outermost: &mut dyn FnMut(&[Name<'_>])) -> Result<(), JsonError> {
        let mut stack: Vec<Open> = Vec::with_capacity(8);
        loop {
            self.space();
            let has_members = self.value(&mut stack)?;
            if !has_members && self.close(&mut stack, outermost)? {
                return Ok(());
            }
        }
    }

    /// Reads a value, or the beginning of an array or object that is not empty. Returns whether it
    /// was such a beginning.
    fn value(&mut self, stack: &mut Vec<Open>) -> Result<bool, JsonError> {
        match self.peek() {
            Some(b'{') => {
                self.at += 1;
                self.push(stack, Open::Object(self.names.len()))?;
                self.space();
                if self.peek() == Some(b'}') {
                    return Ok(false);
                }
                self.name()?;
                Ok(true)
            }
            Some(b'[') => {
                self.at += 1;
                self.push(stack, Open::Array)?;
                self.space();
                Ok(self.peek() != Some(b']'))
            }
            Some(b'"') => self.string().map(|_| false),
            Some(b'-' | b'0'..=b'9') => self.number().map(|()| false),
            Some(b't') => self.literal("true"),
            Some(b'f') => self.literal("false"),
            Some(b'n') => self.literal("null"),
            _ => Err(self.syntax()),
        }
    }

    /// After a value: closes the arrays and objects that end here, up to the next comma. Returns
    /// whether the document is complete.
    fn close(
        &mut self,
        stack: &mut Vec<Open>,
        outermost: &mut dyn FnMut(&[Name<'_>]),
    ) -> Result<bool, JsonError> {
        loop {
            self.space();
            let Some(&open) = stack.last() else {
                let is_end = self.at == self.text.len();
                return is_end.then_some(true).ok_or_else(|| self.syntax());
            };
            match (self.peek(), open) {
                (Some(b','), Open::Array) => {
                    self.at += 1;
                    return Ok(false);
                }
                (Some(b','), Open::Object(_)) => {
                    self.at += 1;
                    self.space();
                    self.name()?;
                    return Ok(false);
                }
                (Some(b']'), Open::Array) => {
                    self.at += 1;
                    stack.pop();
                }
                (Some(b'}'), Open::Object(first)) => {
                    self.at += 1;
                    if stack.len() == 1 {
                        outermost(&self.names);
                    }
                    self.distinct(first)?;
                    stack.pop();
                }
                _ => return Err(self.syntax()),
            }
        }
    }

    fn push(&self, stack: &mut Vec<Open>, open: Open) -> Result<(), JsonError> {
        if stack.len() >= self.deepest {
            return Err(JsonError::TooDeep);
        }
        stack.push(open);
        Ok(())
    }

    /// Refuses duplicates among the names from `first` on, and removes those names from the list.
    ///
    /// Sorting once per object keeps a hostile object of thousands of members cheap.
    fn distinct(&mut self, first: usize) -> Result<(), JsonError> {
        if self.is_distinct
            && let Some(names) = self.names.get_mut(first..)
        {
            names.sort_unstable_by(|Name { text: a, .. }, Name { text: b, .. }| {
                a.len().cmp(&b.len()).then_with(|| a.cmp(b))
            });
            let mut pairs = names.iter().zip(names.iter().skip(1));
            if let Some((name, _)) = pairs.find(|(one, next)| one.text == next.text) {
                self.duplicate = Some(name.text.to_string());
                return Err(JsonError::DuplicateMember);
            }
        }
        self.names.truncate(first);
        Ok(())
    }

    /// A member's name and its colon.
    fn name(&mut self) -> Result<(), JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax());
        }
        let start = self.at;
        let escaped = self.string()?;
        let quoted = self.text.get(start..self.at).ok_or(self.syntax())?;
        let (behind, before) = (start + 1, self.at - 1);
        let text = if escaped {
            // `"\u0061ud"` and `"aud"` are the same name. A name with an unpaired surrogate is
            // compared after the repair.
            serde_json::from_str(quoted).map_or(Cow::Borrowed(quoted), Cow::Owned)
        } else {
            Cow::Borrowed(self.text.get(behind..before).ok_or(self.syntax())?)
        };
        self.names.push(Name {
            text,
            start: behind,
            end: before,
        });
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.syntax());
        }
        self.at += 1;
        Ok(())
    }

    /// Reads a string. Returns whether it contains an escape.
    fn string(&mut self) -> Result<bool, JsonError> {
        let bytes = self.text.as_bytes();
        let mut escaped = false;
        self.at += 1;
        loop {
            let rest = bytes.get(self.at..).unwrap_or_default();
            let plain = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
            let plain = rest.get(..plain).unwrap_or(rest);
            let is_control = |byte: &u8| *byte < 0x20;
            // No early exit, so that the compiler can vectorise the loop.
            self.at += if plain.iter().fold(false, |any, byte| any | is_control(byte)) {
                plain.iter().position(is_control).unwrap_or(0)
            } else {
                plain.len()
            };
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(self.syntax()),
            }
        }
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        match self.text.as_bytes().get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let (start, unit) = (self.at, self.unit()?);
                let end = self.at;
                let is_low = |unit| (0xDC00..0xE000).contains(&unit);
                let is_high = (0xD800..0xDC00).contains(&unit);
                if is_high && self.unit().is_ok_and(is_low) {
                    return Ok(());
                }
                // What follows an unpaired surrogate is read separately.
                self.at = end;
                if is_high || is_low(unit) {
                    self.oddities.push(Oddity::HalfPair(start..end));
                }
            }
            _ => return Err(self.syntax()),
        }
        Ok(())
    }

    /// One `\uXXXX`.
    fn unit(&mut self) -> Result<u32, JsonError> {
        let digits = self
            .text
            .get(self.at..self.at + 6)
            .and_then(|escape| escape.strip_prefix("\\u"))
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .ok_or(self.syntax())?;
        let unit = u32::from_str_radix(digits, 16).map_err(|_| self.syntax())?;
        self.at += 6;
        Ok(unit)
    }

    fn number(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        let mut plain = true;
        if self.peek() == Some(b'.') {
            plain = false;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            plain = false;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        if plain && self.at - start < 300 {
            return Ok(());
        }
        // All later code reads numbers as doubles, so an infinite one would fail there.
        match self.text.get(start..self.at).map(str::parse::<f64>) {
            Some(Ok(value)) if value.is_finite() => {}
            _ => self.oddities.push(Oddity::Number(start..self.at)),
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.syntax());
        }
        Ok(())
    }

    fn literal(&mut self, word: &str) -> Result<bool, JsonError> {
        if self.text.as_bytes().get(self.at..self.at + word.len()) != Some(word.as_bytes()) {
            return Err(self.syntax());
        }
        self.at += word.len();
        Ok(false)
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn syntax(&self) -> JsonError {
        JsonError::Syntax(self.at)
    }
}
