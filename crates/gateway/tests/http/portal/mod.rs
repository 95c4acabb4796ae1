//! The portal, as a browser without scripts has it (docs/spec/portal.md).

pub(crate) mod account;
mod audit;
mod fixation;
mod forms;
mod home;
mod kept_out;
mod links;
mod links_end;
mod oidc;
mod over_api;
mod qr_code;
pub(crate) mod roles;
mod sessions;
mod sign_in;
mod tickets;
mod users_api;

use gateway::operator::Operator;
use simulator::browser::{Browser, Form, Page, Request};

use crate::support::Gateway;

/// Who owns the portal of every test's gateway.
pub(crate) const OWNER: &str = "admin";
pub(crate) const PASSWORD: &str = "correct horse battery";
/// What others choose.
pub(crate) const OTHERS: &str = "staple tiger lantern";

/// A person's browser at a gateway.
pub(crate) struct Visitor {
    pub(crate) browser: Browser,
    base: String,
}

impl Visitor {
    pub(crate) fn of(gateway: &Gateway) -> Self {
        Self { browser: Browser::new().unwrap().wanting_pages(), base: gateway.url.clone() }
    }

    /// The owner, signed in.
    pub(crate) async fn owner(gateway: &Gateway) -> Self {
        let visitor = Self::of(gateway);
        let home = visitor.sign_in(OWNER, PASSWORD).await;
        assert_eq!((home.status, home.url.path()), (200, "/portal"), "{}", home.text());
        visitor
    }

    /// Somebody whom the owner has invited with this role, signed in.
    pub(crate) async fn invited(gateway: &Gateway, owner: &Self, role: &str) -> Self {
        let link = owner.invite(role, &format!("{role}@school.example")).await;
        let visitor = Self::of(gateway);
        let page = visitor.get(&link).await;
        let mut form = page.form_to(&link).unwrap();
        form.set("name", format!("The {role}"));
        form.set("password", OTHERS);
        let home = visitor.submit(&page, &form).await;
        assert_eq!((home.status, home.url.path()), (200, "/portal"), "{}", home.text());
        visitor
    }

    /// Mara opens the link that makes the owner, and fills it in.
    pub(crate) async fn become_owner(&self, link: &str) {
        let page = self.get(link).await;
        let mut form = page.form_to(link).unwrap_or_else(|| panic!("{}", page.text()));
        form.set("name", "Mara");
        form.set("login", "mara@school.example");
        form.set("password", OTHERS);
        let home = self.submit(&page, &form).await;
        assert_eq!(home.url.path(), "/portal", "{}", home.text());
        assert!(home.text().contains("Mara, Owner"), "{}", home.text());
    }

    /// Opens a path, following redirects.
    pub(crate) async fn get(&self, path: &str) -> Page {
        self.browser.get(&format!("{}{path}", self.base)).await.unwrap()
    }

    pub(crate) async fn submit(&self, page: &Page, form: &Form) -> Page {
        self.browser.submit(page, form).await.unwrap()
    }

    /// Fills in a form of this page and sends it, whether the page shows it or not.
    pub(crate) async fn post(&self, page: &Page, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = page.form_to("/portal/sign-out").unwrap();
        let action = format!("{}{path}", self.base).parse().unwrap();
        let mut form = Form { action, post: true, target: None, fields: Vec::new() };
        form.set("token", token.field("token").unwrap());
        for (name, value) in fields {
            form.set(name, *value);
        }
        self.submit(page, &form).await
    }

    /// A form that no page of the portal sent, with these headers.
    pub(crate) async fn forge(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Page {
        let mut request = crate::registered::form(&format!("{}{path}", self.base), fields);
        for (name, value) in headers {
            request = Request::header(request, name, value);
        }
        self.browser.send(request).await.unwrap()
    }

    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Page {
        let page = self.get("/portal/sign-in").await;
        let mut form = page.form_to("/portal/sign-in").unwrap_or_else(|| panic!("{}", page.text()));
        form.set("login", login);
        form.set("password", password);
        self.submit(&page, &form).await
    }

    /// Whether the portal knows who this is.
    pub(crate) async fn is_in(&self) -> bool {
        let page = self.get("/portal/account").await;
        assert_eq!(page.status, 200, "{}", page.text());
        page.url.path() == "/portal/account"
    }

    /// The value of the session's cookie.
    pub(crate) fn session(&self) -> Option<String> {
        let cookies = self.browser.cookies(&self.base);
        let found = cookies.into_iter().find(|cookie| cookie.name == "hallpass_portal");
        found.map(|cookie| cookie.value)
    }

    /// Invites somebody: the path of the link.
    pub(crate) async fn invite(&self, role: &str, mail: &str) -> String {
        let page = self.get("/portal/users").await;
        let page = self.post(&page, "/portal/users", &[("role", role), ("mail", mail)]).await;
        assert_eq!(page.status, 200, "{}", page.text());
        link_on(&page)
    }
}

/// The path of the link that works once, as a page shows it.
pub(crate) fn link_on(page: &Page) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("/portal/welcome/").unwrap_or_else(|| panic!("{text}"));
    let code: String = rest.chars().take_while(|c| *c != '<').collect();
    format!("/portal/welcome/{code}")
}

/// The entries on a page of the audit log. What stands above them names every action there is.
pub(crate) fn entries_on(page: &Page) -> String {
    let text = page.text();
    let (_, entries) = text.split_once("<tbody").unwrap_or_else(|| panic!("no entries: {text}"));
    entries.to_owned()
}

/// The status of a form's own answer, before where it leads.
pub(crate) fn first(page: &Page) -> u16 {
    page.hops.first().unwrap().status
}

/// What the command line does beside the gateway.
pub(crate) async fn operator(gateway: &Gateway) -> Operator {
    Operator::new(&gateway.app.config, gateway.clock.clone()).await.unwrap()
}

/// The path of an address of the gateway's.
pub(crate) fn path_of(address: &str) -> String {
    let address: url::Url = address.parse().unwrap();
    address.path().to_owned()
}
