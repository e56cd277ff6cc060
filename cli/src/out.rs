//! Words for whoever is at the terminal.

use std::io::Write;

/// A line of output. A reader that is gone (`cairn events | head`) ends the program quietly.
pub(crate) fn line(text: &str) {
    if writeln!(std::io::stdout(), "{text}").is_err() {
        std::process::exit(0);
    }
}

/// A line about the work, not part of its output.
pub(crate) fn err(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
