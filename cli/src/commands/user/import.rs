//! `cairn user import`: accounts of a Django site, with the hashes of their passwords.

use super::send;
use crate::house::House;
use crate::out;
use anyhow::{Context, bail};
use cairn_commands::Fault;
use cairn_commands::account::{Address, RegisterAccount, SignUp};
use cairn_commands::secret::is_password_hash;
use cairn_domain::Refusal;
use cairn_domain::account::Origin;
use cairn_domain::ids::AccountId;
use cairn_domain::names::{AccountName, Email};
use serde::Deserialize;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// The longest line that is read, in bytes.
const LINE_BYTES_MAX: usize = 4096;

/// Somebody in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    email: String,
    /// As Django writes it; without one, or with one that Django calls unusable, a password is set by mail.
    #[serde(default)]
    password: Option<String>,
}

/// Makes an account of each line, and says at the end how many. Lines whose name is taken are told and passed over, so that an
/// import may be run again; any other fault ends it.
pub(super) async fn run(house: &House, path: &Path) -> anyhow::Result<()> {
    let file = File::open(path).with_context(|| format!("reading {}", path.display()))?;
    let mut lines = BufReader::new(file);
    let (mut made, mut known) = (0_u64, 0_u64);
    for number in 1_u64.. {
        let mut line = Vec::new();
        let taken = lines.by_ref().take(LINE_BYTES_MAX as u64 + 1).read_until(b'\n', &mut line);
        if taken.context("reading the file")? == 0 {
            break;
        }
        if line.len() > LINE_BYTES_MAX {
            bail!("line {number} is longer than {LINE_BYTES_MAX} bytes");
        }
        let line = String::from_utf8(line).with_context(|| format!("line {number}"))?;
        let Some(command) = command_of(house, line.trim()).with_context(|| format!("line {number}"))? else {
            continue;
        };
        match send(house, &command).await {
            Ok(_) => made += 1,
            Err(fault) if is_taken(&fault) => {
                known += 1;
                out::err(&format!("line {number}: the name is taken"));
            }
            Err(fault) => return Err(fault.context(format!("line {number}"))),
        }
    }
    out::err(&format!("{made} accounts were made; {known} names were taken"));
    Ok(())
}

fn is_taken(fault: &anyhow::Error) -> bool {
    matches!(fault.downcast_ref(), Some(Fault::Refused(Refusal::AccountNameTaken { .. })))
}

/// The registration of a line; none for a blank one.
fn command_of(house: &House, line: &str) -> anyhow::Result<Option<RegisterAccount>> {
    let Some((name, email, password_hash)) = read(line)? else { return Ok(None) };
    Ok(Some(RegisterAccount {
        account: AccountId(house.ids.v4()),
        name,
        email,
        password_hash,
        salt: house.ids.bytes(),
        origin: Origin::Imported,
        sign_up: SignUp { invitation: None, address: Address::Unasked },
    }))
}

/// `{"name": …, "email": …, "password": …}` or `name,email,hash`; neither name nor address can have a comma.
fn read(line: &str) -> anyhow::Result<Option<(AccountName, Email, Option<String>)>> {
    if line.is_empty() {
        return Ok(None);
    }
    let row = if line.starts_with('{') {
        serde_json::from_str(line).context("is no JSON object with name, email and password")?
    } else {
        let mut parts = line.splitn(3, ',');
        let (Some(name), Some(email)) = (parts.next(), parts.next()) else {
            bail!("is not of the form name,email,hash");
        };
        Row { name: name.into(), email: email.into(), password: parts.next().map(str::to_owned) }
    };
    let hash = row.password.filter(|hash| !hash.is_empty() && !hash.starts_with('!'));
    if hash.as_deref().is_some_and(|hash| !is_password_hash(hash)) {
        bail!(
            "the hash is of no sort that can be checked: pbkdf2_sha256, argon2, bcrypt_sha256 and bcrypt are"
        );
    }
    Ok(Some((row.name.trim().parse()?, row.email.trim().parse()?, hash)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "argon2$argon2id$v=19$m=102400,t=2,p=8$ZGNBUERKcWowaW9mZDVIS3lNeWNqdA$ztLFD6qhAl9OUTLEhOWD5iybnSXdsFaQxTGuEbtfP0g";

    fn told(line: &str) -> (String, String, Option<String>) {
        let (name, email, hash) = read(line).unwrap().unwrap();
        (name.to_string(), email.to_string(), hash)
    }

    #[test]
    fn a_line_is_json_or_separated_by_commas() {
        let ann = ("ann".to_owned(), "ann@example.org".to_owned(), Some(HASH.to_owned()));
        assert_eq!(told(&format!("ann,ann@example.org,{HASH}")), ann);
        let object = format!(r#"{{"name": "ann", "email": "ann@example.org", "password": "{HASH}"}}"#);
        assert_eq!(told(&object), ann);
        for without in ["ann,ann@example.org", "ann,ann@example.org,", "ann,ann@example.org,!x9"] {
            assert_eq!(told(without).2, None, "{without}");
        }
        assert!(read("").unwrap().is_none());
    }

    #[test]
    fn what_cannot_be_an_account_ends_the_import() {
        for bad in [
            "ann",
            "a n n,ann@example.org",
            "ann,nowhere",
            "ann,ann@example.org,md5$a$b",
            "{}",
            "{\"name\":1}",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
