//! Traces: what is kept of each attempt, who finds it, and what never stands in it
//! (docs/traces.md).

mod attempts;
mod contents;
mod lists;
mod retention;
mod waiting;

use serde_json::Value;
use simulator::browser::Page;

use crate::support::Gateway;

const CLAIM: &str = "https://purl.imsglobal.org/spec/lti/claim/";

/// The reference that a person reads on a page.
#[track_caller]
pub fn reference(page: &Page) -> String {
    let text = page.text();
    let after = text.split_once("Reference for support").unwrap_or_else(|| panic!("{text}")).1;
    let words = after.split(|c: char| !c.is_ascii_alphanumeric());
    words.into_iter().find(|word| word.len() == 10).unwrap().to_owned()
}

impl Gateway {
    pub async fn trace(&self, id: &str) -> Value {
        let page = self.admin("GET", &format!("/admin/traces/{id}"), None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert_eq!(page.header("cache-control"), Some("no-store"));
        page.json().unwrap()
    }

    /// The traces of a query, and the cursor to the next.
    async fn traces(&self, query: &str) -> (Vec<Value>, Option<String>) {
        let page = self.admin("GET", &format!("/admin/traces?{query}"), None).await;
        assert_eq!(page.status, 200, "{query}: {}", page.text());
        let answer = page.json().unwrap();
        let next = answer["nextCursor"].as_str().map(str::to_owned);
        (answer["traces"].as_array().unwrap().clone(), next)
    }

    pub async fn newest(&self, query: &str) -> Value {
        let (traces, _) = self.traces(query).await;
        assert!(!traces.is_empty(), "{query}");
        traces[0].clone()
    }

    /// Every text of every trace, as it lies in the store.
    async fn all_traces(&self) -> String {
        self.traces("limit=1").await;
        let of_launches = self.texts("SELECT trace FROM launches WHERE trace IS NOT NULL").await;
        let others = self.texts("SELECT trace || COALESCE(deployment_id, '') FROM traces").await;
        [of_launches, others].concat().join("\n")
    }
}

fn steps(trace: &Value) -> Vec<&str> {
    let steps = trace["steps"].as_array().into_iter().flatten();
    steps.map(|step| step["step"].as_str().unwrap()).collect()
}
