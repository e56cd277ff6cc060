//! The pages in a real browser, on a real server. Where Debian's chromium or chromium-driver are missing the stories are
//! skipped with the reason; with `CI=true` they fail.

#![expect(clippy::unwrap_used, reason = "what helps a story fails as the story does")]

mod account;
mod axe;
mod browser;
mod driver;
mod keys;
mod look;
mod page;
mod site;

mod author;
mod chart;
mod console;
mod drop;
mod every_page;
mod frame;
mod keyboard;
mod list;
mod second_factor;
mod sign_up;
mod visitor;
