//! What happens to accounts, sessions, teams, tokens and the site, beyond the first twenty-one kinds.

use crate::examples::{ANN, BOB, TOKEN, id, issued, lasso};
use cairn_domain::account::{FactorSort, Origin};
use cairn_domain::event::*;
use cairn_domain::ids::{ChallengeId, FactorId, PublisherId, SessionId};
use cairn_domain::names::Sha256;
use cairn_domain::publisher::{Run, Workflow};
use cairn_domain::session::{SessionEnd, SessionSort};
use cairn_domain::site::{OnBlock, Policy, QgisReleases, Registration, StaffFactor};
use chrono::{DateTime, Utc};

const CHALLENGE: ChallengeId = ChallengeId(id(0xc1));
const FACTOR: FactorId = FactorId(id(0xf0));
const PUBLISHER: PublisherId = PublisherId(id(0x90));

pub(crate) fn later() -> DateTime<Utc> {
    "2027-03-15T12:00:00Z".parse().unwrap()
}

pub(crate) fn people(put: &mut impl FnMut(Stream, Option<&'static str>, Event)) {
    let (account, challenge, factor, expires_at) = (ANN, CHALLENGE, FACTOR, later());
    let commitment = Sha256::of(b"salt, name and address");
    let mut of_account = |shape, event| put(Stream::Account(ANN), shape, event);
    for (shape, origin) in
        [("directory", Origin::Directory), ("provider", Origin::Provider), ("imported", Origin::Imported)]
    {
        of_account(Some(shape), AccountRegistered { account, commitment, origin }.into());
    }
    let reason = || Some(String::from("sold the account"));
    of_account(Some("until"), AccountBlocked { account, reason: reason(), until: Some(later()) }.into());
    of_account(None, AdminGranted { account }.into());
    of_account(None, AdminWithdrawn { account }.into());
    of_account(None, EmailConfirmationAsked { account, challenge, expires_at }.into());
    of_account(None, EmailConfirmed { account }.into());
    of_account(None, EmailChanged { account, commitment }.into());
    of_account(None, PasswordResetAsked { account, challenge, expires_at }.into());
    of_account(None, PasswordChanged { account }.into());
    of_account(None, SessionsEnded { account }.into());
    of_account(None, SecondFactorAdded { account, factor, sort: FactorSort::Passkey }.into());
    of_account(Some("totp"), SecondFactorAdded { account, factor, sort: FactorSort::Totp }.into());
    of_account(None, SecondFactorRemoved { account, factor }.into());
    of_account(None, RecoveryCodesMade { account, codes: 10 }.into());
    of_account(None, RecoveryCodeUsed { account }.into());
    of_account(None, IdentityLinked { account, identity: commitment }.into());
    of_account(None, IdentityUnlinked { account, identity: commitment }.into());
    of_account(None, AccountErased { account }.into());

    let session = SessionId(id(0x5e));
    let opened =
        |sort, second_factor, country| SessionOpened { session, account, sort, second_factor, country };
    put(Stream::Session(session), None, opened(SessionSort::Web, true, Some("CH".into())).into());
    put(Stream::Session(session), Some("api"), opened(SessionSort::Api, false, None).into());
    for (shape, end) in [
        (None, SessionEnd::SignedOut),
        (Some("revoked"), SessionEnd::Revoked),
        (Some("reused"), SessionEnd::Reused),
    ] {
        put(Stream::Session(session), shape, SessionEnded { session, account, end }.into());
    }

    let team: cairn_domain::names::TeamName = "QGIS-core_1".parse().unwrap();
    let of_team = || Stream::team(&team);
    put(of_team(), None, TeamFormed { team: team.clone(), founder: ANN }.into());
    put(of_team(), None, TeamMemberAdded { team: team.clone(), account: BOB }.into());
    put(of_team(), None, TeamMemberRemoved { team: team.clone(), account: BOB }.into());

    put(Stream::SignUp(challenge), None, SignUpInvited { challenge, expires_at }.into());
    put(Stream::SignUp(challenge), None, SignUpInvitationUsed { challenge, account }.into());

    tokens(put);
    site(put);
}

fn tokens(put: &mut impl FnMut(Stream, Option<&'static str>, Event)) {
    let (publisher, account) = (PUBLISHER, ANN);
    let (repository, path) = (String::from("ann/lasso"), String::from(".github/workflows/release.yml"));
    let issuer = String::from("https://token.actions.example.org");
    let workflow = Workflow {
        issuer: issuer.clone(),
        repository: repository.clone(),
        workflow: path.clone(),
        environment: Some("release".into()),
        ref_pattern: Some("refs/tags/v*".into()),
    };
    let named = |workflow, may_approve| PublisherNamed {
        package: lasso(),
        publisher,
        account,
        workflow,
        may_approve,
    };
    let open = Workflow { environment: None, ref_pattern: None, ..workflow.clone() };
    put(Stream::publishers(&lasso()), None, named(workflow, true).into());
    put(Stream::publishers(&lasso()), Some("bare"), named(open, false).into());
    put(Stream::publishers(&lasso()), None, PublisherRemoved { package: lasso(), publisher }.into());

    put(Stream::Token(TOKEN), Some("upload-only"), TokenIssued { may_approve: false, ..issued(None) }.into());
    let run = Run {
        issuer: issuer.clone(),
        repository,
        workflow: path,
        environment: Some("release".into()),
        git_ref: Some("refs/tags/v1.2.0".into()),
        commit: Some("0123456789abcdef0123456789abcdef01234567".into()),
    };
    let bare = Run { environment: None, git_ref: None, commit: None, ..run.clone() };
    for (shape, run) in [(None, run), (Some("bare"), bare)] {
        let issued = CiTokenIssued {
            token: TOKEN,
            publisher,
            account,
            package: lasso(),
            secret_sha256: Sha256::of(b"secret"),
            expires_at: later(),
            may_approve: true,
            run,
        };
        put(Stream::Token(TOKEN), shape, issued.into());
    }
    put(Stream::identity_token(&issuer, "7"), None, IdentityTokenSpent { token: TOKEN }.into());
}

fn site(put: &mut impl FnMut(Stream, Option<&'static str>, Event)) {
    let strict = Policy {
        registration: Registration::Invite,
        staff_factor: StaffFactor::Always,
        publisher_factor: true,
        on_block: OnBlock::Unapprove,
        token_days_max: 90,
    };
    let closed = Policy {
        registration: Registration::Closed,
        staff_factor: StaffFactor::Never,
        on_block: OnBlock::Review,
        ..Policy::default()
    };
    put(Stream::Site, None, PolicySet { policy: strict }.into());
    put(Stream::Site, Some("closed"), PolicySet { policy: closed }.into());
    put(Stream::Site, Some("default"), PolicySet { policy: Policy::default() }.into());
    put(Stream::Site, None, StaffCounted { staff: 2, admins: 0 }.into());
    put(Stream::Site, Some("admins"), StaffCounted { staff: 2, admins: 1 }.into());
    let releases = QgisReleases { latest: "4.2".into(), stable: "4.0".into(), ltr: "3.44".into() };
    put(Stream::Site, None, QgisReleasesSet { releases }.into());
}
