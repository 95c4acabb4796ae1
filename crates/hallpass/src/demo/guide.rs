//! The terminal output: what is running, and what to click.

use super::place::DemoPlace;
use super::world::World;
use crate::terminal::{Ink, Inked};

/// What is running, and what to click. `has_moved` means that the usual ports were taken.
pub(super) fn guide(world: &World, place: DemoPlace, has_moved: bool) -> Inked {
    inked(Inked::new(), &text(world, place, has_moved))
}

fn text(world: &World, place: DemoPlace, has_moved: bool) -> String {
    let addresses = addresses(world, place, has_moved);
    let (clicks, commands) = (clicks(world), commands(world));
    format!("{addresses}\n{clicks}\n{commands}\nCtrl-C stops it.")
}

/// What is running, and where.
fn addresses(world: &World, place: DemoPlace, has_moved: bool) -> String {
    let (lms, studyreel, home) = (world.lms.url(), world.studyreel.url(), &world.home.url);
    let (app, gateway) = (&world.app_url, &world.gateway_url);
    let reach = if place.is_open() {
        "and other machines can reach it"
    } else {
        "on this machine only"
    };
    let moved = if has_moved {
        let first = DemoPlace::USUAL.first_port;
        let last = first + 5;
        format!("\n  The usual ports, {first} to {last}, are taken: these are free ones.\n")
    } else {
        String::new()
    };
    format!(
        "\
The demo is running, {reach}. Everyone in it is invented, and all of it is gone when you stop it.

  Home page           {home}/
  Pretend LMS         {lms}/
  Sample application  {app}/
  Pretend StudyReel   {studyreel}/
  Hallpass            {gateway}
{moved}"
    )
}

/// What to click, step by step.
fn clicks(world: &World) -> String {
    let (lms, studyreel) = (world.lms.url(), world.studyreel.url());
    let (app, gateway) = (&world.app_url, &world.gateway_url);
    format!(
        "\
What to click, if not on the home page:

  1. Register     {lms}/tools/new
                  Paste {gateway}/lti/register
                  and let the tool register itself. Click Close this window, then Activate:
                  that is the LMS's side.
  2. Activate     {app}/platforms
                  Click Activate: that is the side of the application's owner.
  3. Launch       In the LMS, open the tool as Maria Okafor (teacher), then as Sam Rivera (student).
                  The application shows name, course and role.
  4. Content      On the tool's page in the LMS, click Select content and choose an exercise.
  5. Grades       Open the exercise as the teacher, click Students and grades, and grade Sam Rivera.
  6. StudyReel    {studyreel}/
                  Launch John Doe and open the login link. The application has made an
                  account for him, and shows where he starts in each subject.
"
    )
}

/// What to type in another window.
fn commands(world: &World) -> String {
    let (gateway, api_key) = (&world.gateway_url, &world.api_key);
    let (launch_url, inside) = (&world.launch_url, &world.inside.url);
    let (further_url, further) = (&world.further_launch_url, &world.inside.further);
    format!(
        "\
To run the 76 cases of StudyReel's launch contract against it, in another window:

  hallpass simulate studyreel --check {launch_url} --inside {inside}

The same for lti-magic-link, as TimeBack and AlphaLearn launch:

  hallpass simulate studyreel --check {further_url} --inside {further}

To ask Hallpass yourself:

  curl {gateway}/admin/platforms -H 'Authorization: Bearer {api_key}'

Why something failed, by the reference on the page that says so:

  curl {gateway}/admin/traces/<reference> -H 'Authorization: Bearer {api_key}'
"
    )
}

/// The same text, with headings, addresses and commands highlighted.
fn inked(mut inked: Inked, text: &str) -> Inked {
    for (number, line) in text.lines().enumerate() {
        if number > 0 {
            inked = inked.add(Ink::Plain, "\n");
        }
        let is_command = ["  hallpass ", "  curl "]
            .iter()
            .any(|start| line.starts_with(*start));
        if is_command {
            inked = inked.add(Ink::Good, line);
        } else if line.starts_with("  ") {
            for word in line.split_inclusive(' ') {
                let is_address = word.starts_with("http://");
                inked = inked.add(if is_address { Ink::Link } else { Ink::Plain }, word);
            }
        } else {
            inked = inked.add(Ink::Strong, line);
        }
    }
    inked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_stays_what_it_was() {
        let text = "Heading:\n\n  1. Open     http://127.0.0.1:1/\n             and look.\n\n  curl x -H 'y'\n\nEnd.";
        assert_eq!(inked(Inked::without_colours(), text).plain(), text);
    }
}
