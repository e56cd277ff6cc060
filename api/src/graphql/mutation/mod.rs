//! The deeds. Each is parsed, sent as one command, and answered with the position to read from; whether it is allowed is
//! the command's to say.

mod accounts;
mod factors;
mod identities;
mod invitations;
mod own_account;
mod owners;
mod payload;
mod plugins;
mod publishers;
mod qgis;
mod review;
mod sign_in;
mod site;
mod stage;
mod teams;
mod tokens;
mod undo;
mod upload;
mod versions;
mod vote;

pub(crate) use factors::TotpBegunPayload;
pub(crate) use upload::FindingObject;

use async_graphql::MergedObject;

/// Everything that can be done.
#[derive(Debug, Default, MergedObject)]
pub struct Mutation(
    upload::UploadDeeds,
    stage::StageDeeds,
    review::ReviewDeeds,
    versions::VersionDeeds,
    plugins::PluginDeeds,
    owners::OwnerDeeds,
    invitations::InvitationDeeds,
    teams::TeamDeeds,
    accounts::AccountDeeds,
    own_account::OwnAccountDeeds,
    sign_in::SignInDeeds,
    factors::FactorDeeds,
    identities::IdentityDeeds,
    tokens::TokenDeeds,
    publishers::PublisherDeeds,
    qgis::QgisDeeds,
    site::SiteDeeds,
    undo::UndoDeeds,
    vote::VoteDeeds,
);
