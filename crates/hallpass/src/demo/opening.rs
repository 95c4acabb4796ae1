//! Opening a page in the person's browser.

use std::process::{Command, Stdio};

use crate::terminal::note;

/// Asks the system to open an address. If that fails, tells the person to open it themselves.
pub(super) fn open(url: &str) {
    let mut command = opener();
    command.arg(url).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let failed = |why: String| {
        // If no one reads standard error, the message is lost.
        let _ = note(format_args!(
            "No browser could be opened ({why}): go to the home page yourself."
        ));
    };
    match command.spawn() {
        Err(error) => failed(error.to_string()),
        // It may run as long as the browser does.
        Ok(mut child) => drop(std::thread::spawn(move || match child.wait() {
            Ok(status) if status.success() => {}
            Ok(status) => failed(status.to_string()),
            Err(error) => failed(error.to_string()),
        })),
    }
}

#[cfg(windows)]
fn opener() -> Command {
    let mut command = Command::new("rundll32");
    command.arg("url.dll,FileProtocolHandler");
    command
}

#[cfg(unix)]
fn opener() -> Command {
    use std::os::unix::process::CommandExt;
    let name = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let mut command = Command::new(name);
    // Ctrl-C must end the demo, but not the browser.
    command.process_group(0);
    command
}
