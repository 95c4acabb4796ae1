//! Checks pages, and presses their buttons.

use anyhow::{Context, ensure};
use simulator::browser::{Browser, Form, Page};

use crate::demo::world::World;

/// Checks that the browser is at the application, which knows the person.
pub(super) fn arrived(world: &World, page: &Page, name: &str, role: &str) -> anyhow::Result<()> {
    ensure!(
        page.url
            .as_str()
            .starts_with(&format!("{}/launch?", world.app_url)),
        "the browser is at {} ({}): {}",
        page.url,
        page.status,
        words(page)
    );
    ensure!(
        page.hops.iter().all(|hop| {
            hop.set_cookies.is_empty() || !hop.url.as_str().starts_with(&world.app_url)
        }),
        "the application set a cookie"
    );
    let name = format!("<dd id=\"name\">{name}</dd>");
    shows(page, 200, &[&name, &format!("<dd id=\"role\">{role}</dd>")])
}

pub(super) fn form(page: &Page, path: &str) -> anyhow::Result<Form> {
    page.form_to(path)
        .with_context(|| format!("{} ({}) has no form to {path}", page.url, page.status))
}

/// Presses the button of the only form whose action ends with `path`.
pub(super) async fn press(browser: &Browser, page: &Page, path: &str) -> anyhow::Result<Page> {
    Ok(browser.submit(page, &form(page, path)?).await?)
}

pub(super) fn shows(page: &Page, status: u16, texts: &[&str]) -> anyhow::Result<()> {
    ensure!(
        page.status == status,
        "{} answered {}, not {status}: {}",
        page.url,
        page.status,
        words(page)
    );
    let body = page.text();
    for text in texts {
        ensure!(
            body.contains(text),
            "{} does not show {text:?}: {}",
            page.url,
            words(page)
        );
    }
    Ok(())
}

/// The first words of a page, without markup.
fn words(page: &Page) -> String {
    let (mut words, mut in_tag) = (String::new(), false);
    let text = page.text();
    let body = text.split_once("<body").map_or(&*text, |(_, body)| body);
    for letter in body.chars() {
        match letter {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                words.push(' ');
            }
            _ if !in_tag => words.push(letter),
            _ => {}
        }
    }
    let words: Vec<&str> = words.split_whitespace().take(60).collect();
    words.join(" ")
}
