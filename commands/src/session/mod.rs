//! Sessions: begun by who signed in, continued by a secret, ended by their holder, by staff, or all at once.

mod end;
mod end_all;
mod open;
mod secret;

pub use end::EndSession;
pub use end_all::EndSessions;
pub use open::OpenSession;
pub use secret::SessionSecret;

use chrono::TimeDelta;

/// A session that was not used for so long is over.
pub const SESSION_IDLE_MAX: TimeDelta = TimeDelta::days(30);

/// A browser's session is over after so long, however much it was used.
pub const WEB_SESSION_LIFE_MAX: TimeDelta = TimeDelta::days(90);

/// The longest label of a browser or program that is kept, in characters.
pub const AGENT_CHARS_MAX: usize = 64;
