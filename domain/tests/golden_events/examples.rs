//! One event of each kind with every field filled, and further ones for what one event cannot show.

use crate::people::people;
use crate::plugins::plugins;
use cairn_domain::Actor;
use cairn_domain::account::Origin;
use cairn_domain::event::{
    AccountBlocked, AccountRegistered, AccountUnblocked, Event, OwnerAdded, OwnerRemoved,
    OwnershipTransferred, PluginDetailsEdited, PluginNameClaimed, PluginRegistered, StaffGranted,
    StaffWithdrawn, Stream, TokenIssued, TokenRevoked, TrustGranted, TrustWithdrawn, UploadedPackage,
    VersionApproved, VersionDeleted, VersionReplaced, VersionUnapproved, VersionUploaded, VoteCast,
};
use cairn_domain::ids::{AccountId, CommandId, TokenId};
use cairn_domain::names::{PackageName, PluginName, Sha256};
use cairn_domain::plugin::{IconFile, PluginDetails};
use cairn_domain::qgis_version::CompatRange;
use cairn_domain::version_number::VersionNumber;
use cairn_domain::votes::Voter;
use uuid::Uuid;

pub(crate) const ANN: AccountId = AccountId(id(0xa));
pub(crate) const BOB: AccountId = AccountId(id(0xb));
pub(crate) const TOKEN: TokenId = TokenId(id(0x70));
pub(crate) const COMMAND: CommandId = CommandId(id(0xc0));

/// A random-looking id that says who it is.
pub(crate) const fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0000 | n)
}

/// An event, the stream it belongs to, and a word for its shape if it is not the plain one of its kind.
pub(crate) struct Example {
    pub(crate) stream: Stream,
    pub(crate) event: Event,
    pub(crate) shape: Option<&'static str>,
}

pub(crate) fn actors() -> [Actor; 5] {
    let (account, token) = (ANN, TOKEN);
    [
        Actor::Anonymous,
        Actor::Account { account },
        Actor::Token { token, account },
        Actor::Operator,
        Actor::Site,
    ]
}

/// All of them.
pub(crate) fn examples() -> Vec<Example> {
    let mut examples = Vec::new();
    let mut put = |stream: Stream, shape: Option<&'static str>, event: Event| {
        examples.push(Example { stream, event, shape });
    };

    let (account, reason) = (ANN, || Some(String::from("maintains three plugins well")));
    let of_account = || Stream::Account(ANN);
    let commitment = Sha256::of(b"salt, name and address");
    put(of_account(), None, AccountRegistered { account, commitment, origin: Origin::Local }.into());
    put(of_account(), None, TrustGranted { account, reason: reason() }.into());
    put(of_account(), None, TrustWithdrawn { account, reason: reason() }.into());
    put(of_account(), None, StaffGranted { account }.into());
    put(of_account(), None, StaffWithdrawn { account }.into());
    put(of_account(), None, AccountBlocked { account, reason: reason(), until: None }.into());
    put(of_account(), Some("no-reason"), AccountBlocked { account, reason: None, until: None }.into());
    put(of_account(), None, AccountUnblocked { account, reason: reason() }.into());

    let of_plugin = || Stream::plugin(&lasso());
    let (package, name) = (lasso(), plugin_name());
    put(of_plugin(), None, PluginRegistered { package: package.clone(), owner: ANN }.into());
    let claimed = PluginNameClaimed { name: name.clone(), package: package.clone() };
    put(Stream::plugin_name(&name), None, claimed.into());
    let edited = |details, from_version| PluginDetailsEdited { package: lasso(), details, from_version };
    put(of_plugin(), None, edited(details(), Some(number("1.2.0"))).into());
    put(of_plugin(), Some("bare"), edited(bare_details(), None).into());

    let version = number("1.2.0-beta");
    put(of_plugin(), None, uploaded(file()).into());
    put(of_plugin(), Some("bare"), uploaded(bare_file()).into());
    put(of_plugin(), Some("license"), uploaded(licensed_file()).into());
    let replaced = number("1.2.0-alpha");
    put(
        of_plugin(),
        None,
        VersionReplaced { package: lasso(), replaced, version: version.clone(), file: file() }.into(),
    );
    let replaced = number("1.2.0-alpha");
    put(
        of_plugin(),
        Some("license"),
        VersionReplaced { package: lasso(), replaced, version: version.clone(), file: licensed_file() }
            .into(),
    );
    let sha256 = Sha256::of(b"the zip");
    put(
        of_plugin(),
        None,
        VersionApproved { package: lasso(), version: version.clone(), sha256, base: None }.into(),
    );
    let reason = || Some(String::from("its licence forbids sharing"));
    put(
        of_plugin(),
        None,
        VersionUnapproved { package: lasso(), version: version.clone(), reason: reason() }.into(),
    );
    put(of_plugin(), None, VersionDeleted { package: lasso(), version, reason: reason() }.into());
    put(of_plugin(), None, OwnerAdded { package: lasso(), account: BOB, reason: None }.into());
    put(of_plugin(), None, OwnerRemoved { package: lasso(), account: BOB, reason: None }.into());
    put(
        of_plugin(),
        None,
        OwnershipTransferred { package: lasso(), from: ANN, to: BOB, reason: None }.into(),
    );

    let of_token = || Stream::Token(TOKEN);
    put(of_token(), None, issued(Some("2027-03-01T12:00:00Z")).into());
    put(of_token(), Some("endless"), issued(None).into());
    put(
        of_token(),
        None,
        TokenRevoked { token: TOKEN, reason: Some("it was in a public log".into()) }.into(),
    );

    let of_votes = || Stream::votes(&lasso());
    let vote = |score, voter| VoteCast { package: lasso(), score, voter };
    put(of_votes(), None, vote(5, Voter::Account(ANN)).into());
    put(of_votes(), Some("of-the-day"), vote(1, Voter::OfTheDay(Sha256::of(b"key of the day"))).into());
    people(&mut put);
    plugins(&mut put);
    examples
}

pub(crate) fn lasso() -> PackageName {
    "Lasso_tools-2".parse().unwrap()
}

fn plugin_name() -> PluginName {
    "Lasso für Flächen ✂".parse().unwrap()
}

pub(crate) fn number(text: &str) -> VersionNumber {
    text.parse().unwrap()
}

fn uploaded(file: UploadedPackage) -> VersionUploaded {
    VersionUploaded { package: lasso(), version: number("1.2.0-beta"), file }
}

pub(crate) fn issued(expires_at: Option<&str>) -> TokenIssued {
    TokenIssued {
        token: TOKEN,
        account: ANN,
        package: lasso(),
        secret_sha256: Sha256::of(b"secret"),
        expires_at: expires_at.map(|at| at.parse().unwrap()),
        may_approve: true,
    }
}

fn file() -> UploadedPackage {
    UploadedPackage {
        sha256: Sha256::of(b"the zip"),
        size_bytes: 123_456,
        experimental: true,
        qgis: CompatRange::new("3.22.16".parse().unwrap(), Some("4.99".parse().unwrap())).unwrap(),
        changelog: Some("1.2.0\n\t- \"quoted\" <tags> & more\n1.1.0\n\t- first".into()),
        details: details(),
        warnings: vec!["bare_percent".into(), "icon_missing".into()],
        license: None,
    }
}

fn licensed_file() -> UploadedPackage {
    UploadedPackage { license: Some("GPL-2.0-or-later".parse().unwrap()), ..bare_file() }
}

fn bare_file() -> UploadedPackage {
    UploadedPackage {
        experimental: false,
        qgis: CompatRange::new("3.4".parse().unwrap(), None).unwrap(),
        changelog: None,
        details: bare_details(),
        warnings: vec![],
        ..file()
    }
}

fn details() -> PluginDetails {
    let text = |text: &str| Some(String::from(text));
    PluginDetails {
        name: plugin_name(),
        description: "Wählt mit dem Lasso aus; 100 % schnell".into(),
        about: text("Draws \\ cuts / joins.\nSecond line with tab\tand a no-break\u{a0}space"),
        homepage: text("https://example.org/lasso"),
        tracker: text("https://example.org/lasso/issues"),
        repository: text("https://example.org/lasso.git"),
        tags: vec!["selection".parse().unwrap(), "größe".parse().unwrap()],
        category: text("Vector"),
        plugin_dependencies: text("processing_tools==1.0,other"),
        external_dependencies: text("numpy>=1.20"),
        server: true,
        deprecated: true,
        has_processing_provider: true,
        icon: Some(IconFile { sha256: Sha256::of(b"the icon"), extension: "png".into() }),
    }
}

fn bare_details() -> PluginDetails {
    PluginDetails {
        name: "Lasso".parse().unwrap(),
        description: "Selects by lasso".into(),
        about: None,
        homepage: None,
        tracker: None,
        repository: None,
        tags: vec![],
        category: None,
        plugin_dependencies: None,
        external_dependencies: None,
        server: false,
        deprecated: false,
        has_processing_provider: false,
        icon: None,
    }
}
