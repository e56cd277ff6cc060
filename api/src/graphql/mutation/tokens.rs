//! Plugin tokens.

use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::{TokenObject, raw_id};
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object};
use cairn_commands::Done;
use cairn_commands::secret::PluginToken;
use cairn_commands::token::{EditTokenDescription, IssueToken, RevokeToken, TokenNote};
use cairn_domain::Refusal;
use cairn_domain::ids::TokenId;
use cairn_projections::people;
use chrono::{DateTime, Utc};

/// Plugin tokens.
#[derive(Debug, Default)]
pub(crate) struct TokenDeeds;

/// A token to make.
#[derive(InputObject)]
struct IssueTokenInput {
    /// The package name of the plugin whose versions it uploads. It need not exist: the first upload then makes it.
    package: String,
    /// When it ends by itself: a year from now if left out, or as late as this repository lets tokens live.
    expires_at: Option<DateTime<Utc>>,
    /// It may also approve the plugin's versions, and its uploads may be public at once, as far as your account may.
    #[graphql(default = false)]
    may_approve: bool,
    /// What you call it, for lists of tokens; at most 512 characters.
    description: Option<String>,
    /// The same key again gets the first answer, without the secret, and does nothing; it goes before the
    /// `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A token to end.
#[derive(InputObject)]
struct RevokeTokenInput {
    /// The token, by its id or as it is written.
    token: String,
    /// Why; everybody can read it in the log.
    reason: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// What a token is to be called.
#[derive(InputObject)]
struct EditTokenDescriptionInput {
    /// The token, by its id or as it is written.
    token: String,
    /// What you call it, at most 512 characters; nothing if left out or empty.
    description: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// What became of a token.
struct TokenPayload {
    done: Done<TokenId>,
    secret: Option<String>,
}

#[Object]
impl TokenDeeds {
    /// Makes a credential that uploads versions of one plugin for your account and does nothing else.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn issue_token(
        &self,
        context: &Context<'_>,
        input: IssueTokenInput,
    ) -> Result<TokenPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let ids = asker.app.commands.ids();
        let token = PluginToken::new(TokenId(ids.v4()), ids.bytes());
        let command = IssueToken {
            token: token.id,
            package: input.package.parse()?,
            secret_sha256: token.secret_sha256(),
            expires_at: input.expires_at,
            may_approve: input.may_approve,
            note: TokenNote::given(input.description.as_deref())?,
        };
        let done = asker.send(&command, key.as_deref()).await?;
        // When nothing was done now, this secret belongs to no token, and the first one is nowhere.
        let secret = (!done.repeated).then(|| token.reveal());
        Ok(TokenPayload { done, secret })
    }

    /// Changes what a token is called. For its account, the plugin's first owner and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn edit_token_description(
        &self,
        context: &Context<'_>,
        input: EditTokenDescriptionInput,
    ) -> Result<TokenPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let note = TokenNote::given(input.description.as_deref())?;
        let command = EditTokenDescription { token: token_called(&input.token)?, note };
        let done = asker.send(&command, key.as_deref()).await?;
        Ok(TokenPayload { done, secret: None })
    }

    /// Ends a token at once. For its account, the plugin's first owner and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn revoke_token(
        &self,
        context: &Context<'_>,
        input: RevokeTokenInput,
    ) -> Result<TokenPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let command = RevokeToken { token: token_called(&input.token)?, reason: input.reason };
        let done = asker.send(&command, key.as_deref()).await?;
        Ok(TokenPayload { done, secret: None })
    }
}

/// The id that a text names: itself, or the readable part of a token. The text is not repeated, as it may be a secret.
fn token_called(text: &str) -> Result<TokenId, Refusal> {
    let written = text.parse::<PluginToken>().ok().map(|token| token.id);
    let unknown = || Refusal::TokenUnknown { token: "of this id".into() };
    written.or_else(|| raw_id("token", text).parse().ok()).ok_or_else(unknown)
}

/// What became of a token.
#[Object]
impl TokenPayload {
    /// Reads that hold the registry log up to here see it.
    async fn position(&self) -> Position {
        Position(self.done.position)
    }

    /// Whether the idempotency key was used before, so that nothing was done now.
    async fn repeated(&self) -> bool {
        self.done.repeated
    }

    /// The id of the token in events.
    async fn token_id(&self) -> String {
        self.done.answer.to_string()
    }

    /// The new token to hand to a tool. It is shown this once and kept nowhere; null unless a token was made just now.
    async fn secret(&self) -> Option<&str> {
        self.secret.as_deref()
    }

    /// What is known of the token, read when readers have caught up.
    async fn token(&self, context: &Context<'_>) -> Result<Option<TokenObject>, Problem> {
        let asker = asker(context);
        asker.snapshot.at_least(self.done.position).await?;
        let viewer = asker.viewer().await?;
        let mut read = asker.snapshot.read().await?;
        let token =
            people::token(&mut read, self.done.answer).await.map_err(|fault| asker.store_fault(fault))?;
        Ok(token.filter(|token| viewer.knows(token.account)).map(TokenObject))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_token_is_known_by_its_id_or_as_it_is_written() {
        let token = PluginToken::new(TokenId(Uuid::from_u128(42)), [9; 32]);
        assert_eq!(token_called(&token.reveal()), Ok(token.id));
        assert_eq!(token_called(&token.id.to_string()), Ok(token.id));
        let refused = token_called("cairn_secret").unwrap_err();
        assert!(!refused.to_string().contains("cairn_secret"), "{refused}");
    }
}
