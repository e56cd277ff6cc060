//! `cairn token`: plugin tokens, for the operator.

use crate::args::{TokenCreateArgs, TokenDeed, TokenListArgs};
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_commands::secret::PluginToken;
use cairn_commands::token::{EditTokenDescription, IssueToken, RevokeToken, TokenNote};
use cairn_domain::ids::TokenId;
use cairn_domain::{Actor, Refusal};
use cairn_projections::people::{self, Token};
use cairn_store::vault;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use std::collections::HashMap;
use std::process::ExitCode;
use uuid::Uuid;

/// Makes, lists, describes or ends tokens.
pub async fn run(config: &Config, deed: TokenDeed) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    match deed {
        TokenDeed::Create(args) => create(&house, &args).await?,
        TokenDeed::List(args) => list(&house, &args).await?,
        TokenDeed::Describe { token, description } => {
            let note = TokenNote::given(description.as_deref())?;
            let command = EditTokenDescription { token: token_called(&token)?, note };
            house.commands.send(&command, Actor::Operator, None).await?;
        }
        TokenDeed::Revoke { token, reason } => {
            let id = token_called(&token)?;
            house.commands.send(&RevokeToken { token: id, reason }, Actor::Operator, None).await?;
            out::err(&format!("token {id} is dead"));
        }
    }
    house.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The id that a text names: itself, or the readable part of a token. The text is not repeated, as it may be a secret.
fn token_called(text: &str) -> Result<TokenId, Refusal> {
    let written = text.parse::<PluginToken>().ok().map(|token| token.id);
    let unknown = || Refusal::TokenUnknown { token: "of this id".into() };
    written.or_else(|| text.parse().ok()).ok_or_else(unknown)
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

async fn list(house: &House, args: &TokenListArgs) -> anyhow::Result<()> {
    let mut read = house.projections.read().await?;
    let tokens = match (&args.user, &args.plugin) {
        (Some(user), _) => people::tokens_of(&mut read, house.account(user).await?).await?,
        (None, Some(plugin)) => people::tokens_for(&mut read, &plugin.parse()?).await?,
        (None, None) => vec![],
    };
    let ids: Vec<Uuid> = tokens.iter().map(|token| token.id.0).collect();
    let notes = vault::token_notes(read.tx(), &ids).await?;
    let notes: HashMap<Uuid, String> = notes.into_iter().map(|row| (row.token_id, row.note)).collect();
    let now = house.clock.now();
    for token in &tokens {
        let note = notes.get(&token.id.0).map(String::as_str);
        out::line(&if args.json { json_of(token, note) } else { line_of(token, note, now) });
    }
    Ok(())
}

fn json_of(token: &Token, note: Option<&str>) -> String {
    json!({
        "token": token.id,
        "account": token.account,
        "package": token.package,
        "issued_at": token.issued_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "may_approve": token.may_approve,
        "last_used": token.last_used,
        "description": note,
    })
    .to_string()
}

fn line_of(token: &Token, note: Option<&str>, now: DateTime<Utc>) -> String {
    let state = match (token.revoked_at, token.expires_at) {
        (Some(at), _) => format!("revoked {}", at.date_naive()),
        (None, Some(end)) if end <= now => format!("ended {}", end.date_naive()),
        (None, Some(end)) => format!("until {}", end.date_naive()),
        (None, None) => "without end".to_owned(),
    };
    let used = token.last_used.map_or("never used".to_owned(), |day| format!("used {day}"));
    let approves = if token.may_approve { ", may approve" } else { "" };
    let note = note.unwrap_or_default();
    format!("{}  {}  {state}, {used}{approves}  {note}", token.id, token.package).trim_end().to_owned()
}
