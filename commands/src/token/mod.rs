//! What happens to plugin tokens.

mod describe;
mod issue;
mod note;
mod report;
mod revoke;

pub use describe::EditTokenDescription;
pub use issue::{IssueToken, TOKEN_DAYS};
pub use note::{TOKEN_NOTE_CHARS_MAX, TokenNote};
pub use report::{LEAKED, ReportLeakedToken};
pub use revoke::RevokeToken;

use cairn_domain::ids::TokenId;
use cairn_domain::known::Acting;
use cairn_domain::token::Token;
use cairn_domain::{Known, Refusal};

/// The token, for those who may know of it: its account, the founder of its plugin, and staff. Others learn nothing.
fn managed<'k>(known: &'k Known, acting: &Acting, id: TokenId) -> Result<&'k Token, Refusal> {
    let token = known.token(id)?;
    let its_own = acting.account == Some(token.account);
    let plugin = known.plugin_like(&token.package).filter(|plugin| acting.owns(plugin));
    let founded = plugin.is_some_and(|plugin| acting.account == Some(plugin.founder));
    match acting.must_be_staff() {
        _ if its_own || founded => Ok(token),
        Err(Refusal::NotStaff) => Err(Refusal::TokenUnknown { token: id.to_string() }),
        staff => staff.map(|()| token),
    }
}
