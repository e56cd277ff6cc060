//! The file that a form sends, bounded, and what is said of it before anything is published.

use super::found::{Found, by_weight, found_of};
use crate::ask::{Ask, refused};
use crate::documents::{StagePackage, stage_package};
use crate::problem_page::sentence;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use cairn_api::graphql::File;
use cairn_api::problem::{Problem, status_of};
use cairn_domain::Refusal;

found_of!(stage_package);

/// What became of a file that was sent.
pub(super) enum Received {
    /// It waits for its author's word under this id.
    Waits(String),
    /// It cannot be taken.
    Refused(Refused),
}

/// Why a file cannot be taken.
#[derive(Debug, Clone, Default)]
pub(super) struct Refused {
    /// In one sentence, if it is not for a finding.
    pub(super) sentence: Option<String>,
    /// Everything that was found in it.
    pub(super) found: Vec<Found>,
    /// Whose file it was: package and number, as far as that could be read.
    pub(super) of: Option<String>,
    /// The status of the page that says it.
    pub(super) status: StatusCode,
}

impl Refused {
    /// How many of what was found keep the package out.
    pub(super) fn errors(&self) -> usize {
        self.found.iter().filter(|one| one.error).count()
    }
}

/// Takes the file `package` from a form and stages it.
pub(super) async fn receive(
    ask: &Ask,
    request: Request,
    into_package: Option<String>,
    replaces: Option<String>,
) -> Result<Received, Problem> {
    let file = match file_of(ask, request).await {
        Ok(file) => file,
        Err(refusal) => return Ok(Received::Refused(by_refusal(&refusal))),
    };
    let input = stage_package::StagePackageInput { package: None, into_package, replaces };
    let file = Some(("input.package".to_owned(), file));
    let told = match ask.deed_with::<StagePackage>(stage_package::Variables { input }, file).await {
        Ok(told) => told.data.stage_package,
        Err(problem) => {
            return match refused(problem)? {
                refusal @ (Refusal::Unauthenticated | Refusal::AccountBlocked) => Err(refusal.into()),
                refusal => Ok(Received::Refused(by_refusal(&refusal))),
            };
        }
    };
    if let Some(id) = told.id {
        return Ok(Received::Waits(id));
    }
    let of = told.package.zip(told.number).map(|(package, number)| format!("{package} {number}"));
    Ok(Received::Refused(Refused {
        sentence: told.refusal.as_deref().map(sentence),
        found: by_weight(told.findings),
        of,
        status: StatusCode::UNPROCESSABLE_ENTITY,
    }))
}

fn by_refusal(refusal: &Refusal) -> Refused {
    let status = status_of(refusal.kind());
    Refused { sentence: Some(sentence(&refusal.to_string())), status, ..Refused::default() }
}

/// The first file of the field `package`, which must be chosen.
async fn file_of(ask: &Ask, mut request: Request) -> Result<File, Refusal> {
    let limits = ask.app.settings.limits;
    let limit_bytes = limits.package_bytes_max as u64;
    let too_large = || Refusal::TooLarge { what: "the package".into(), limit_bytes };
    let fault = |fault: MultipartError| {
        if fault.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { not_sent() }
    };
    DefaultBodyLimit::max(limits.multipart_bytes_max()).apply(&mut request);
    let mut form = Multipart::from_request(request, &ask.app).await.map_err(|_| not_sent())?;
    while let Some(field) = form.next_field().await.map_err(fault)? {
        if field.name() != Some("package") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let content = field.bytes().await.map_err(fault)?;
        return match content.len() {
            0 => Err(not_sent()),
            size if size as u64 > limit_bytes => Err(too_large()),
            _ => Ok(File { name, content }),
        };
    }
    Err(not_sent())
}

fn not_sent() -> Refusal {
    Refusal::invalid("package", "choose the zip of your plugin first")
}
