//! StudyReel's API key, if it isn't in a setting.

use std::io::{BufRead, IsTerminal, Write};

/// Reads StudyReel's key: typed without echo, or from a pipe.
pub(super) fn ask_for_key() -> anyhow::Result<String> {
    let stdin = std::io::stdin();
    let mut key = String::new();
    if stdin.is_terminal() {
        write!(std::io::stderr(), "StudyReel's API key: ")?;
        let unseen = Unseen::begin()?;
        let read = stdin.lock().read_line(&mut key);
        drop(unseen);
        writeln!(std::io::stderr())?;
        read?;
    } else {
        stdin.lock().read_line(&mut key)?;
    }
    let key = key.trim();
    anyhow::ensure!(
        !key.is_empty(),
        "StudyReel's API key is needed: set HALLPASS_STUDYREEL_API_KEY_FILE or HALLPASS_STUDYREEL_API_KEY, or give it on \
         standard input"
    );
    Ok(key.to_owned())
}

/// While this exists, the terminal doesn't echo input.
#[cfg(unix)]
struct Unseen(rustix::termios::Termios);

#[cfg(unix)]
impl Unseen {
    fn begin() -> std::io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(std::io::stdin())?;
        let mut unseen = before.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        tcsetattr(std::io::stdin(), OptionalActions::Now, &unseen)?;
        Ok(Self(before))
    }
}

#[cfg(unix)]
impl Drop for Unseen {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // This is for the next program on the terminal; if it fails, there is nothing else to try.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.0);
    }
}

#[cfg(not(unix))]
struct Unseen;

#[cfg(not(unix))]
impl Unseen {
    fn begin() -> anyhow::Result<Self> {
        anyhow::bail!(
            "this system can't hide what is typed: give the key in HALLPASS_STUDYREEL_API_KEY_FILE"
        )
    }
}
