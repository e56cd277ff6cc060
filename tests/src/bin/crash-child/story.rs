//! What each teller of the crash test does, deed by deed, and which downloads are asked for: pure functions of numbers, so
//! that a new process goes on where a killed one stopped, and the test knows what must be in the logs.

use cairn_commands::account::{GrantTrust, RegisterAccount};
use cairn_commands::plugin::{AddOwner, RemoveOwner};
use cairn_commands::version::{ApproveVersion, UploadVersion};
use cairn_commands::vote::CastVote;
use cairn_domain::Actor;
use cairn_domain::download::{Channel, Download, OsClass, QgisRelease};
use cairn_domain::event::UploadedPackage;
use cairn_domain::ids::AccountId;
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::plugin::PluginDetails;
use cairn_domain::qgis_version::CompatRange;
use uuid::Uuid;

/// How many tell stories at once.
pub(crate) const TELLERS: u32 = 3;

/// The deeds of one plugin's life; then the next plugin's begins.
const LIFE: u32 = 13;

/// The first download's time. The `serial`-th came so many milliseconds later, by which the test knows it again.
pub(crate) const FIRST_AT_MS: i64 = 1_790_000_000_000;

/// One deed: who does what, under which key.
#[derive(Debug)]
pub(crate) struct Deed {
    /// The idempotency key.
    pub(crate) key: String,
    /// Who acts.
    pub(crate) actor: Actor,
    /// What.
    pub(crate) what: What,
    /// The kinds of events it leaves behind; none if it is refused.
    pub(crate) leaves: &'static [&'static str],
}

/// A command of any sort.
#[derive(Debug)]
pub(crate) enum What {
    /// An account.
    Register(RegisterAccount),
    /// A version.
    Upload(Box<UploadVersion>),
    /// Its approval.
    Approve(ApproveVersion),
    /// A vote.
    Vote(CastVote),
    /// A second owner.
    Join(AddOwner),
    /// And none again.
    Leave(RemoveOwner),
    /// Trust.
    Trust(GrantTrust),
}

/// The `n`-th deed of a teller.
pub(crate) fn deed(teller: u32, n: u32) -> Deed {
    let (life, step) = (n / LIFE, n % LIFE);
    let package: PackageName = format!("plugin_{teller}_{life}").parse().expect("it is a package name");
    let (ann, bob) = (account(teller, life, 0), account(teller, life, 1));
    let upload = |version: &str| What::Upload(Box::new(upload(&package, version)));
    let approve = |version: &str| {
        What::Approve(ApproveVersion {
            package: package.clone(),
            version: version.into(),
            sha256: None,
            base: None,
        })
    };
    let vote = |score| {
        What::Vote(CastVote { package: package.clone(), score, key_of_the_day: Sha256::of(&n.to_be_bytes()) })
    };
    let (actor, what, leaves): (Actor, What, &[&str]) = match step {
        0 => (Actor::Operator, register(teller, life, ann, "ann"), &["AccountRegistered"]),
        1 => (Actor::Operator, register(teller, life, bob, "bob"), &["AccountRegistered"]),
        2 => {
            let first = &["PluginRegistered", "PluginNameClaimed", "VersionUploaded", "PluginDetailsEdited"];
            (by(ann), upload("1.0"), first)
        }
        3 => (Actor::Operator, approve("1.0"), &["VersionApproved"]),
        4 => (by(bob), vote(4), &["VoteCast"]),
        5 => (
            Actor::Operator,
            What::Join(AddOwner { package, account: bob, reason: "helps".into() }),
            &["OwnerAdded"],
        ),
        6 => (by(bob), upload("1.1"), &["VersionUploaded"]),
        7 => (Actor::Operator, approve("1.1"), &["VersionApproved", "PluginDetailsEdited"]),
        8 => (Actor::Anonymous, vote(2), &["VoteCast"]),
        9 => (Actor::Operator, What::Trust(GrantTrust { account: ann, reason: None }), &["TrustGranted"]),
        10 => {
            let at_once = &["VersionUploaded", "VersionApproved", "PluginDetailsEdited"];
            (by(ann), upload("1.2"), at_once)
        }
        11 => (by(ann), What::Leave(RemoveOwner { package, account: bob, reason: None }), &["OwnerRemoved"]),
        // Refused, because the number is used; the refusal is kept with the key all the same.
        _ => (by(ann), upload("1.0"), &[]),
    };
    Deed { key: format!("{teller}-{n}"), actor, what, leaves }
}

fn account(teller: u32, life: u32, who: u32) -> AccountId {
    AccountId(Uuid::from_u128(u128::from(teller) << 96 | u128::from(life) << 32 | u128::from(who)))
}

fn by(account: AccountId) -> Actor {
    Actor::Account { account }
}

fn register(teller: u32, life: u32, account: AccountId, name: &str) -> What {
    let name = format!("{name}-{teller}-{life}");
    What::Register(RegisterAccount {
        account,
        email: format!("{name}@example.org").parse().expect("it is an address"),
        name: name.parse().expect("it is a name"),
        password_hash: None,
        salt: [7; 32],
        origin: cairn_domain::account::Origin::Local,
        sign_up: cairn_commands::account::SignUp::default(),
    })
}

fn upload(package: &PackageName, version: &str) -> UploadVersion {
    let content = format!("{package} {version}");
    UploadVersion {
        into: None,
        package: package.clone(),
        version: version.parse().expect("it is a version"),
        file: UploadedPackage {
            sha256: Sha256::of(content.as_bytes()),
            size_bytes: content.len() as u64,
            experimental: false,
            qgis: CompatRange::new("3.4".parse().expect("it is one"), None).expect("it is a range"),
            changelog: Some(format!("what is new in {version}")),
            details: PluginDetails {
                name: package.as_str().parse().expect("it is a plugin name"),
                description: format!("as of {version}"),
                about: None,
                homepage: None,
                tracker: None,
                repository: None,
                tags: vec!["crash".parse().expect("it is a tag")],
                category: None,
                plugin_dependencies: None,
                external_dependencies: None,
                server: false,
                deprecated: false,
                has_processing_provider: false,
                icon: None,
            },
            warnings: vec![],
            license: None,
        },
        author: "Ann".into(),
        email: "ann@example.org".into(),
    }
}

/// Where no event will ever be. Which version comes to be at which position differs from run to run, and nobody downloads one
/// that is not there yet: so these downloads are of versions that never come.
const FAR: u64 = 1 << 40;

/// The download of this number, the same in the child and in the test.
pub(crate) fn download(serial: u64) -> Download {
    let nth = usize::try_from(serial % 12).expect("it is below 12");
    let minor = u16::try_from(serial % 5).expect("it is below 5") * 4 + 22;
    Download {
        version_id: FAR + serial % 40,
        at_ms: FIRST_AT_MS + i64::try_from(serial).expect("a serial is below 2^63"),
        qgis: (nth != 0).then_some(QgisRelease { major: 3, minor }),
        os: OsClass::ALL[nth % OsClass::ALL.len()],
        country: (nth % 3 != 0).then_some(*b"CH"),
        channel: Channel::ALL[nth % Channel::ALL.len()],
    }
}
