//! The result of a request: a page, how the browser got there, and its forms.

use reqwest::{
    Method,
    header::{HeaderMap, LOCATION},
};
use serde_json::Value;
use url::Url;

use super::form::{Form, forms};
use crate::{Error, html};

/// The final answer of a request, after its redirects.
#[derive(Clone, Debug)]
pub struct Page {
    /// The address it came from.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
    /// The headers of the final answer; names may repeat.
    pub headers: HeaderMap,
    /// The complete body.
    pub body: Vec<u8>,
    /// Every answer on the way, the final one last.
    pub hops: Vec<Hop>,
}

/// One request and the status of its answer.
#[derive(Clone, Debug)]
pub struct Hop {
    /// The method as sent: a redirect may turn POST into GET.
    pub method: Method,
    /// The address.
    pub url: Url,
    /// The status of the answer.
    pub status: u16,
    /// `Location`, as written.
    pub location: Option<String>,
    /// The cookies the answer set, as written.
    pub set_cookies: Vec<String>,
}

impl Page {
    /// The body as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value, Error> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// A header's value, if present and readable.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// `Location`, resolved against the page's address.
    pub fn location(&self) -> Option<Url> {
        self.url
            .join(self.headers.get(LOCATION)?.to_str().ok()?)
            .ok()
    }

    /// Every form on the page.
    pub fn forms(&self) -> Vec<Form> {
        forms(&self.text(), &self.url)
    }

    /// The self-submitting form of the page, if any: there is a form, and a script or `onload` that
    /// calls `submit` or clicks.
    pub fn auto_form(&self) -> Option<Form> {
        let text = self.text();
        let submits = |script: &str| script.contains("submit(") || script.contains("click(");
        let automatic = submits(&html::scripts(&text))
            || html::tags(&text).any(|tag| tag.attribute("onload").is_some_and(submits));
        automatic
            .then(|| forms(&text, &self.url).into_iter().next())
            .flatten()
    }

    /// Where the page redirects without scripts: `<meta http-equiv="refresh" content="0;url=…">`.
    pub fn refresh(&self) -> Option<Url> {
        let text = self.text();
        let content = html::tags(&text)
            .find(|tag| {
                tag.name == "meta"
                    && tag
                        .attribute("http-equiv")
                        .is_some_and(|kind| kind.eq_ignore_ascii_case("refresh"))
            })?
            .attribute("content")?
            .to_owned();
        self.url.join(content.split_once("url=")?.1.trim()).ok()
    }

    /// The addresses of the page's frames.
    pub fn frames(&self) -> Vec<Url> {
        let text = self.text();
        html::tags(&text)
            .filter(|tag| tag.name == "iframe" && !tag.closing)
            .filter_map(|tag| self.url.join(tag.attribute("src")?).ok())
            .collect()
    }

    /// The form whose action ends in `path`.
    pub fn form_to(&self, path: &str) -> Option<Form> {
        self.forms()
            .into_iter()
            .find(|form| form.action.path().ends_with(path))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    fn page(body: &str) -> Page {
        Page {
            url: Url::parse("http://127.0.0.2/x/y").unwrap(),
            status: 200,
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
            hops: Vec::new(),
        }
    }

    #[test]
    fn the_automatic_form_is_found_by_its_script() {
        let form = r#"<form method=POST action="z?a=1&amp;b=2"><input value='{"c":1}' name=d><input type=submit name=s></form>"#;
        assert_eq!(page(form).auto_form(), None);
        let found = page(&format!(
            "{form}<script>document.forms[0].submit()</script>"
        ))
        .auto_form()
        .unwrap();
        assert_eq!(found.action.as_str(), "http://127.0.0.2/x/z?a=1&b=2");
        assert!(found.post);
        assert_eq!(found.fields, [("d".to_owned(), "{\"c\":1}".to_owned())]);
        assert!(
            page(&format!("<body onload=\"document.f.submit()\">{form}"))
                .auto_form()
                .is_some()
        );
    }

    #[test]
    fn frames_are_found_with_their_whole_address() {
        let found = page(r#"<iframe src="/a?b=1&#38;c=2" title=t></iframe><iframe></iframe>"#);
        assert_eq!(
            found.frames()[0].as_str(),
            "http://127.0.0.2/a?b=1&c=2",
            "{:?}",
            found.frames()
        );
        assert_eq!(found.frames().len(), 1);
    }

    #[test]
    fn selects_send_the_chosen_option() {
        let form = "<form><select name=a><option value=1><option value=2 selected></select><select name=b><option value=3></select></form>";
        assert_eq!(
            page(form).forms()[0].fields,
            [("a".into(), "2".into()), ("b".into(), "3".into())]
        );
    }
}
