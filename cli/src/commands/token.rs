//! `cairn token`: plugin tokens, for the operator.

use crate::args::{TokenCreateArgs, TokenDeed};
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_commands::secret::PluginToken;
use cairn_commands::token::{IssueToken, RevokeToken, TokenNote};
use cairn_domain::ids::TokenId;
use cairn_domain::{Actor, Refusal};
use chrono::TimeDelta;
use std::process::ExitCode;

/// Makes or ends a token.
pub async fn run(config: &Config, deed: TokenDeed) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    match deed {
        TokenDeed::Create(args) => create(&house, &args).await?,
        TokenDeed::Revoke { token } => {
            let id = match token.parse::<PluginToken>() {
                Ok(token) => token.id,
                Err(_) => {
                    token.parse::<TokenId>().map_err(|_| Refusal::TokenUnknown { token: token.clone() })?
                }
            };
            house.commands.send(&RevokeToken { token: id, reason: None }, Actor::Operator, None).await?;
            out::err(&format!("token {id} is dead"));
        }
    }
    house.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn create(house: &House, args: &TokenCreateArgs) -> anyhow::Result<()> {
    let actor = house.actor(&args.user).await?;
    let token = PluginToken::new(TokenId(house.ids.v4()), house.ids.bytes());
    let command = IssueToken {
        token: token.id,
        package: args.plugin.parse()?,
        secret_sha256: token.secret_sha256(),
        expires_at: args.days.map(|days| house.clock.now() + TimeDelta::days(days.into())),
        may_approve: args.may_approve,
        note: TokenNote::given(args.description.as_deref())?,
    };
    house.commands.send(&command, actor, None).await?;
    out::line(&token.reveal());
    Ok(())
}
