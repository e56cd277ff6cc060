//! The deeds. Each is parsed, sent as one command, and answered with the position to read from; whether it is allowed is
//! the command's to say.

mod accounts;
mod owners;
mod review;
mod tokens;
mod upload;
mod vote;

use async_graphql::MergedObject;

/// Everything that can be done.
#[derive(Debug, Default, MergedObject)]
pub struct Mutation(
    upload::UploadDeeds,
    review::ReviewDeeds,
    owners::OwnerDeeds,
    accounts::AccountDeeds,
    tokens::TokenDeeds,
    vote::VoteDeeds,
);
