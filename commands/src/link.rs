//! Links that are mailed: what stands in them, and whether they are ours.
//!
//! The log names each link by a challenge id; its secret is computed from that and a key of the vault, by the mailer and by
//! the page alike. So nobody who reads the log can make a link, and no secret is stored. Whether a link was used or has
//! expired is the log's word; here is only whether it was made by this repository for this purpose.

use crate::vault_key::VaultKey;
use aws_lc_rs::hmac;
use cairn_domain::Refusal;
use cairn_domain::ids::{AccountId, ChallengeId};
use cairn_store::{Clock, Db, Ids, StoreError};
use std::fmt;
use std::fmt::Write;
use std::sync::Arc;
use uuid::Uuid;

/// What the key for links is called in the vault.
const PURPOSE: &str = "links";

/// The longest text that is looked at: two ids, a MAC and two dots.
const LINK_CHARS_MAX: usize = 32 + 1 + 32 + 1 + 64;

/// Makes and checks the texts of mailed links. Clones share the key; nodes that share the database share it too.
#[derive(Clone)]
pub struct Links {
    key: Arc<hmac::Key>,
}

/// What a mailed link says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The holder of the account reads mail at its address.
    ConfirmEmail {
        /// The account.
        account: AccountId,
        /// As `EmailConfirmationAsked` names it.
        challenge: ChallengeId,
    },
    /// Whoever has it may set a new password.
    ResetPassword {
        /// The account.
        account: AccountId,
        /// As `PasswordResetAsked` names it.
        challenge: ChallengeId,
    },
    /// Whoever has it may make an account.
    SignUp {
        /// As `SignUpInvited` names it.
        challenge: ChallengeId,
    },
}

/// What a link is for; one sort never passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkSort {
    /// [`Link::ConfirmEmail`].
    ConfirmEmail,
    /// [`Link::ResetPassword`].
    ResetPassword,
    /// [`Link::SignUp`].
    SignUp,
}

impl Links {
    /// The links of this database; makes the key on first use.
    pub async fn open(db: &Db, clock: &dyn Clock, ids: &Ids) -> Result<Self, StoreError> {
        let key = VaultKey::new(PURPOSE, db.clone(), Arc::new(ids.clone()));
        Ok(Self { key: Arc::new(key.get(clock.now()).await?.clone()) })
    }

    #[cfg(test)]
    fn of_key(key: &[u8; 32]) -> Self {
        Self { key: Arc::new(hmac::Key::new(hmac::HMAC_SHA256, key)) }
    }

    /// The text that stands in the address: ids and MAC in hexadecimal digits, with dots between.
    pub fn text(&self, link: Link) -> String {
        let mac = hex(hmac::sign(&self.key, link.signed().as_bytes()).as_ref());
        match link.account() {
            Some(account) => format!("{}.{}.{mac}", account.0.simple(), link.challenge().0.simple()),
            None => format!("{}.{mac}", link.challenge().0.simple()),
        }
    }

    /// Where the link leads, below the address of the site.
    pub fn path(&self, link: Link) -> String {
        let page = match link.sort() {
            LinkSort::ConfirmEmail => "confirm",
            LinkSort::ResetPassword => "reset",
            LinkSort::SignUp => "sign-up",
        };
        format!("/account/{page}/{}", self.text(link))
    }

    /// What a text says, if it is a link of this sort and of this repository; [`Refusal::LinkInvalid`] otherwise.
    pub fn read(&self, sort: LinkSort, text: &str) -> Result<Link, Refusal> {
        let read = parse(sort, text).ok_or(Refusal::LinkInvalid)?;
        let (link, mac) = read;
        hmac::verify(&self.key, link.signed().as_bytes(), &mac).map_err(|_| Refusal::LinkInvalid)?;
        Ok(link)
    }
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Links(…)")
    }
}

impl Link {
    /// Which sort of link this is.
    pub fn sort(self) -> LinkSort {
        match self {
            Self::ConfirmEmail { .. } => LinkSort::ConfirmEmail,
            Self::ResetPassword { .. } => LinkSort::ResetPassword,
            Self::SignUp { .. } => LinkSort::SignUp,
        }
    }

    /// The challenge that the log knows it by.
    pub fn challenge(self) -> ChallengeId {
        match self {
            Self::ConfirmEmail { challenge, .. }
            | Self::ResetPassword { challenge, .. }
            | Self::SignUp { challenge } => challenge,
        }
    }

    /// The account it is for, if there is one already.
    pub fn account(self) -> Option<AccountId> {
        match self {
            Self::ConfirmEmail { account, .. } | Self::ResetPassword { account, .. } => Some(account),
            Self::SignUp { .. } => None,
        }
    }

    /// What the MAC is over: every part has a fixed length or is one of three words.
    fn signed(self) -> String {
        let word = match self.sort() {
            LinkSort::ConfirmEmail => "confirm-email",
            LinkSort::ResetPassword => "reset-password",
            LinkSort::SignUp => "sign-up",
        };
        let account = self.account().map_or_else(Uuid::nil, |account| account.0);
        format!("{word}\n{account}\n{}", self.challenge())
    }
}

fn parse(sort: LinkSort, text: &str) -> Option<(Link, Vec<u8>)> {
    if text.len() > LINK_CHARS_MAX {
        return None;
    }
    let (rest, mac) = text.rsplit_once('.')?;
    let mac: cairn_domain::names::Sha256 = mac.parse().ok()?;
    let id = |text: &str| (text.len() == 32).then(|| Uuid::try_parse(text).ok()).flatten();
    let of_account = || {
        let (account, challenge) = rest.split_once('.')?;
        Some((AccountId(id(account)?), ChallengeId(id(challenge)?)))
    };
    let link = match sort {
        LinkSort::ConfirmEmail => {
            let (account, challenge) = of_account()?;
            Link::ConfirmEmail { account, challenge }
        }
        LinkSort::ResetPassword => {
            let (account, challenge) = of_account()?;
            Link::ResetPassword { account, challenge }
        }
        LinkSort::SignUp => Link::SignUp { challenge: ChallengeId(id(rest)?) },
    };
    Some((link, mac.as_bytes().to_vec()))
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_store::FixedClock;

    const ANN: AccountId = AccountId(Uuid::from_u128(0xa));
    const ONE: ChallengeId = ChallengeId(Uuid::from_u128(1));

    fn all() -> [Link; 3] {
        [
            Link::ConfirmEmail { account: ANN, challenge: ONE },
            Link::ResetPassword { account: ANN, challenge: ONE },
            Link::SignUp { challenge: ONE },
        ]
    }

    #[test]
    fn a_link_reads_back_as_what_it_is_and_nothing_else() {
        let links = Links::of_key(&[7; 32]);
        for link in all() {
            let text = links.text(link);
            assert!(text.len() <= LINK_CHARS_MAX);
            for sort in [LinkSort::ConfirmEmail, LinkSort::ResetPassword, LinkSort::SignUp] {
                let expected = if sort == link.sort() { Ok(link) } else { Err(Refusal::LinkInvalid) };
                assert_eq!(links.read(sort, &text), expected, "{text} as {sort:?}");
            }
        }
    }

    #[test]
    fn another_repositorys_link_and_a_changed_one_are_nothing() {
        let (ours, theirs) = (Links::of_key(&[7; 32]), Links::of_key(&[8; 32]));
        let link = Link::ResetPassword { account: ANN, challenge: ONE };
        let text = ours.text(link);
        assert_eq!(theirs.read(LinkSort::ResetPassword, &text), Err(Refusal::LinkInvalid));
        let bob = text.replacen('a', "b", 1);
        let longer = format!("{text}0");
        for bad in ["", ".", "..", "é.é.é", bob.as_str(), longer.as_str(), text.get(1..).unwrap()] {
            assert_eq!(ours.read(LinkSort::ResetPassword, bad), Err(Refusal::LinkInvalid), "{bad}");
        }
    }

    #[tokio::test]
    async fn the_key_outlives_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite://{}/links.db", folder.path().display())).await.unwrap();
        let clock = FixedClock::at(chrono::DateTime::UNIX_EPOCH);
        let before = Links::open(&db, &clock, &Ids::random()).await.unwrap();
        let after = Links::open(&db, &clock, &Ids::random()).await.unwrap();
        for link in all() {
            assert_eq!(after.read(link.sort(), &before.text(link)), Ok(link));
        }
        assert!(before.path(all()[2]).starts_with("/account/sign-up/"));
        assert_eq!(format!("{before:?}"), "Links(…)");
        db.close().await;
    }
}
