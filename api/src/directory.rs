//! The directory (LDAP) as signing in asks it: what it knows of a person, in the words of accounts.

use cairn_commands::identity::{Answer, Ask, Directory, Identity, Roles, Vouched};
use cairn_domain::Refusal;
use cairn_domain::account::Origin;
use cairn_domain::names::fold;
use cairn_outside::ldap::{self, DirectoryFault, DirectoryPerson};
use std::sync::Arc;

/// As who the directory of this name vouches for people. It stands in the vault, so that an address of the directory may
/// change and its people stay who they are.
pub fn issuer_of(name: &str) -> String {
    format!("ldap:{name}")
}

/// The directory of this name for signing in. `salt` is random.
pub fn directory(name: &str, directory: ldap::Directory, salt: [u8; 32]) -> Directory {
    let (directory, issuer) = (Arc::new(directory), issuer_of(name));
    let vouching = issuer.clone();
    let ask: Ask = Arc::new(move |name: String, password: String| -> Answer {
        let (directory, issuer) = (Arc::clone(&directory), vouching.clone());
        Box::pin(async move {
            let person = directory.sign_in(&name, &password).await.map_err(|fault| refusal(&fault))?;
            vouched(&issuer, person)
        })
    });
    Directory::new(&issuer, ask, salt)
}

/// What a directory's word means. Its people have proved their addresses to it, or got them from it.
pub fn vouched(issuer: &str, person: DirectoryPerson) -> Result<Vouched, Refusal> {
    Ok(Vouched {
        // A directory takes names that differ in case for one; so must we.
        identity: Identity::new(issuer, &fold(&person.uid), &person.uid)?,
        origin: Origin::Directory,
        name: Some(person.uid),
        email: person.email,
        email_proven: true,
        roles: Roles { staff: person.staff, trusted: person.trusted },
    })
}

/// What the asker is told. What is wrong with the directory is in the log already, for its administrator.
fn refusal(fault: &DirectoryFault) -> Refusal {
    match fault {
        DirectoryFault::WrongCredentials => Refusal::WrongCredentials,
        DirectoryFault::Unreachable(_)
        | DirectoryFault::Tls(_)
        | DirectoryFault::Misconfigured(_)
        | DirectoryFault::Ambiguous
        | DirectoryFault::Timeout => Refusal::DirectoryUnavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_of_the_directory_is_one_however_the_name_is_written() {
        let person = |uid: &str| DirectoryPerson {
            dn: format!("uid={uid},dc=org"),
            uid: uid.into(),
            email: Some("ann@example.org".into()),
            display_name: None,
            staff: Some(true),
            trusted: None,
        };
        let (one, two) =
            (vouched("ldap:a", person("Ann")).unwrap(), vouched("ldap:a", person("ann")).unwrap());
        assert_eq!(one.identity.subject(), two.identity.subject());
        assert_eq!((one.identity.label(), one.name.as_deref()), ("Ann", Some("Ann")));
        assert_eq!((one.roles.staff, one.roles.trusted), (Some(true), None));
    }

    #[test]
    fn only_wrong_credentials_are_the_askers_fault() {
        assert_eq!(refusal(&DirectoryFault::WrongCredentials), Refusal::WrongCredentials);
        for fault in [
            DirectoryFault::Unreachable("refused".into()),
            DirectoryFault::Tls("unknown authority".into()),
            DirectoryFault::Misconfigured("no such base".into()),
            DirectoryFault::Ambiguous,
            DirectoryFault::Timeout,
        ] {
            assert_eq!(refusal(&fault), Refusal::DirectoryUnavailable);
        }
    }
}
