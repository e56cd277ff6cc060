//! Accounts, tokens and trusted publishers, without names and addresses: those are in the vault and joined when asked.

mod activity;
mod acts;
mod credentials;
mod fold;
mod list;
mod ownership;
mod queries;
mod state;
mod tables;

pub use activity::{
    Deed, DeedsOfDay, TokenUpload, TokenUploads, UploadRun, acts_after, acts_before, acts_total, deeds,
    token_uploads,
};
pub use credentials::{
    Publisher, Run, Token, publisher, publishers_for, publishers_of, publishers_of_repository, token,
    tokens_for, tokens_of,
};
pub use list::{AccountFilter, AccountPlace, Role, accounts, accounts_total};
pub use ownership::{
    Invitation, Team, invitation, invitations_for, invitations_of, team, teams_of, teams_owning,
};
pub use queries::{Account, account, account_by_name, accounts_by_ids};

pub(crate) use fold::{Rows, fold};
pub(crate) use tables::TABLES;
