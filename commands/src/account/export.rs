//! Everything that is kept about an account, for its holder.

use super::Trail;
use crate::{Commands, Fault};
use cairn_domain::event::EventMeta;
use cairn_domain::ids::AccountId;
use cairn_store::vault::{self, Person, SessionRow};
use cairn_store::{Recorded, Session};
use serde_json::{Value, json};

/// All that the vault and the log hold about an account, as one JSON document. Secrets are left out: of a password, a factor or a
/// token it says only that there is one.
pub async fn export(commands: &Commands, account: AccountId) -> Result<Value, Fault> {
    let trail = Trail::of(commands.registry(), account).await?;
    let mut conn = commands.registry().db().read().await?;
    let person = vault::person_by_id(&mut conn, account.0).await?;
    let sessions = vault::sessions_of(&mut conn, account.0).await?;
    let factors = vault::second_factors(&mut conn, account.0).await?;
    let identities = vault::identities_of(&mut conn, account.0).await?;
    let authors = authors(&mut conn, &trail).await?;
    Ok(json!({
        "account": account,
        "person": person.map(|person| person_of(&person)),
        "sessions": sessions.iter().map(session_of).collect::<Vec<_>>(),
        "second_factors": factors.iter().map(|factor| json!({
            "sort": factor.sort,
            "label": factor.label,
            "added_at": factor.created_at,
            "last_used_at": factor.last_used_at,
        })).collect::<Vec<_>>(),
        "identities": identities.iter().map(|identity| json!({
            "issuer": identity.issuer,
            "subject": identity.subject,
            "label": identity.label,
            "linked_at": identity.linked_at,
        })).collect::<Vec<_>>(),
        "packages": authors,
        "events": trail.events.iter().map(event_of).collect::<Vec<_>>(),
        "log_length": trail.head,
    }))
}

fn person_of(person: &Person) -> Value {
    json!({
        "name": person.name,
        "email": person.email,
        "registered_at": person.created_at,
        "has_password": person.password_hash.is_some(),
        "commitment_salt": crate::link::hex(&person.salt),
    })
}

fn session_of(session: &SessionRow) -> Value {
    json!({
        "session": session.session_id,
        "sort": session.sort,
        "second_factor": session.second_factor,
        "began_at": session.created_at,
        "last_used_at": session.last_used_at,
        "ends_at": session.expires_at,
        "agent": session.agent,
        "country": session.country,
    })
}

/// What the packages that the account uploaded say of their authors.
async fn authors(session: &mut impl Session, trail: &Trail) -> Result<Vec<Value>, Fault> {
    let digests: Vec<String> = trail.packages.iter().map(ToString::to_string).collect();
    let digests: Vec<&str> = digests.iter().map(String::as_str).collect();
    let authors = vault::package_authors(session, &digests).await?;
    Ok(authors
        .into_iter()
        .map(|author| json!({ "sha256": author.sha256, "author": author.author, "email": author.email }))
        .collect())
}

fn event_of(recorded: &Recorded) -> Value {
    let mut payload: Value = serde_json::from_slice(&recorded.payload).unwrap_or_default();
    if let Some(fields) = payload.as_object_mut() {
        fields.remove("secret_sha256");
    }
    let meta = serde_json::from_slice::<EventMeta>(&recorded.metadata).ok();
    json!({
        "position": recorded.position,
        "recorded_at": recorded.recorded_at,
        "kind": recorded.kind,
        "stream": recorded.stream,
        "payload": payload,
        "actor": meta.map(|meta| meta.actor),
    })
}
