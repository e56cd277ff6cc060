//! What the steps before and after signing in look up: a mailed link, a sign-in that waits, a key that was begun.

use crate::graphql::asked::asker;
use crate::graphql::limits::STATEMENT;
use crate::graphql::mutation::TotpBegunPayload;
use crate::problem::Problem;
use async_graphql::{Context, Enum, Object, SimpleObject};
use cairn_commands::Fault;
use cairn_commands::link::LinkSort;
use cairn_domain::Refusal;
use cairn_domain::account::FactorSort;
use cairn_store::vault;
use uuid::Uuid;

/// Questions on the way in.
#[derive(Debug, Default)]
pub(crate) struct SigningInQueries;

/// What a mailed link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "MailedLinkSort", remote = "LinkSort")]
enum LinkSortWord {
    /// It proves an address: `confirmEmail` takes it.
    ConfirmEmail,
    /// It sets a new password: `resetPassword` takes it.
    ResetPassword,
    /// It is an invitation to make an account: `register` takes it.
    SignUp,
}

/// A link that this repository mailed.
#[derive(SimpleObject)]
struct MailedLink {
    /// What it is for.
    sort: LinkSortWord,
    /// Where an invitation went, as long as it is known: whoever has the link has read that mail. Null for other links.
    email: Option<String>,
}

/// A sign-in whose password was right.
#[derive(Debug, Clone, Copy, SimpleObject)]
struct PendingSignIn {
    /// The account has an app that shows codes.
    totp: bool,
    /// The account has a passkey.
    passkey: bool,
}

#[Object]
impl SigningInQueries {
    /// A mailed link, without using it. Refused if it is none of this sort that this repository made; whether it was used or is
    /// over is found out when it is used.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn mailed_link(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it shall be for.")] sort: LinkSortWord,
        #[graphql(desc = "The last part of the link.", secret)] link: String,
    ) -> Result<MailedLink, Problem> {
        let asker = asker(context);
        let wanted = LinkSort::from(sort);
        let challenge = asker.app.links.read(wanted, &link)?.challenge();
        let email = match wanted {
            LinkSort::SignUp => {
                let mut read = asker.snapshot.read().await?;
                let found = vault::sign_up_address(read.tx(), challenge.0).await;
                found.map_err(|fault| asker.store_fault(fault))?
            }
            LinkSort::ConfirmEmail | LinkSort::ResetPassword => None,
        };
        Ok(MailedLink { sort, email })
    }

    /// What a sign-in may be finished by; null if its time is over, or if it is none.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn pending_sign_in(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What `signIn` answered.", secret)] pending: String,
    ) -> Result<Option<PendingSignIn>, Problem> {
        let asker = asker(context);
        let looking = Box::pin(async {
            let account = asker.app.sign_in.take_back(&pending).await?.account;
            asker.app.factors.summary(account).await
        });
        match asker.snapshot.aside(looking).await {
            Ok(summary) => Ok(Some(PendingSignIn {
                totp: summary.has(FactorSort::Totp),
                passkey: summary.has(FactorSort::Passkey),
            })),
            Err(Fault::Refused(_)) => Ok(None),
            Err(fault) => Err(asker.fault(fault)),
        }
    }

    /// A key of yours for an app, which waits for its first code; null if its time is over, or if it is none of yours.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn totp_begun(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What `beginTotp` answered.", secret)] ceremony: String,
    ) -> Result<Option<TotpBegunPayload>, Problem> {
        let asker = asker(context);
        let Ok(ceremony) = Uuid::try_parse(&ceremony) else { return Ok(None) };
        let looking = Box::pin(asker.app.factors.totp_begun(asker.actor(), ceremony));
        match asker.snapshot.aside(looking).await {
            Ok(begun) => Ok(Some(begun.into())),
            Err(Fault::Refused(Refusal::SecondFactorWrong)) => Ok(None),
            Err(fault) => Err(asker.fault(fault)),
        }
    }
}
