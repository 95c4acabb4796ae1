//! The forms of a page, as they would be submitted unchanged.

use url::Url;

use crate::html::{self, Tag};

/// A form as it would be submitted unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Its action, as an absolute URL.
    pub action: Url,
    /// Whether it is posted; otherwise its fields go into the query.
    pub post: bool,
    /// `target`, if given.
    pub target: Option<String>,
    /// Names and values in document order.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Sets a field, adding it if it is missing.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.fields.retain(|(key, _)| key != name);
        self.fields.push((name.to_owned(), value.into()));
    }
}

/// Every form of a document at `base`.
pub(super) fn forms(document: &str, base: &Url) -> Vec<Form> {
    let mut reader = Reader::default();
    for tag in html::tags(document) {
        match (tag.name.as_str(), tag.closing) {
            ("form", false) => reader.open(&tag, base),
            ("form", true) => reader.is_open = false,
            ("select", true) => reader.select = None,
            (_, false) if reader.is_open => reader.field(&tag),
            _ => {}
        }
    }
    reader.forms
}

/// Reads the forms of a document, tag by tag.
#[derive(Default)]
struct Reader {
    forms: Vec<Form>,
    is_open: bool,
    /// The enclosing select, and whether one of its options was chosen.
    select: Option<(String, bool)>,
}

impl Reader {
    fn open(&mut self, tag: &Tag<'_>, base: &Url) {
        let action = match tag.attribute("action") {
            Some(action) => base.join(action).ok(),
            None => Some(base.clone()),
        };
        let Some(action) = action else { return };
        let method = tag.attribute("method");
        self.forms.push(Form {
            action,
            post: method.is_some_and(|method| method.eq_ignore_ascii_case("post")),
            target: tag.attribute("target").map(str::to_owned),
            fields: Vec::new(),
        });
        self.is_open = true;
    }

    fn field(&mut self, tag: &Tag<'_>) {
        let name = tag.attribute("name").map(str::to_owned);
        match (tag.name.as_str(), name) {
            ("select", name) => self.select = name.map(|name| (name, false)),
            ("option", _) => self.option(tag),
            ("input", Some(name)) if is_sent(tag) => {
                let value = tag.attribute("value").unwrap_or_default();
                self.push(name, value.to_owned());
            }
            ("textarea", Some(name)) => {
                let end = tag.rest.find("</textarea").unwrap_or(0);
                self.push(name, html::unescape(&tag.rest[..end]));
            }
            _ => {}
        }
    }

    /// The first option is chosen until another one says that it is selected.
    fn option(&mut self, tag: &Tag<'_>) {
        let (Some((name, chosen)), Some(form)) = (&mut self.select, self.forms.last_mut()) else {
            return;
        };
        if *chosen && tag.attribute("selected").is_none() {
            return;
        }
        if *chosen {
            form.fields.retain(|(key, _)| key != name);
        }
        let value = tag.attribute("value").unwrap_or_default();
        form.fields.push((name.clone(), value.to_owned()));
        *chosen = true;
    }

    fn push(&mut self, name: String, value: String) {
        if let Some(form) = self.forms.last_mut() {
            form.fields.push((name, value));
        }
    }
}

/// Whether an input is included when a script submits the form.
fn is_sent(input: &Tag<'_>) -> bool {
    let kind = input.attribute("type").unwrap_or("text");
    match kind.to_ascii_lowercase().as_str() {
        "checkbox" | "radio" => input.attribute("checked").is_some(),
        "submit" | "button" | "image" | "reset" | "file" => false,
        _ => true,
    }
}
