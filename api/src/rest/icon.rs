//! Icons, by the digest of their bytes: they never change, so they may be kept for ever.

use crate::App;
use crate::caching::not_modified;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cairn_domain::Refusal;
use cairn_domain::names::Sha256;
use cairn_store::StoreError;

/// `/icons/<sha256>.<extension>`. A picture opened by itself runs nothing and loads nothing, whatever is in it.
pub(crate) async fn icon(
    State(app): State<App>,
    Path(file): Path<String>,
    request: RequestId,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (digest, extension) = file.split_once('.').ok_or(Refusal::NothingHere)?;
    let digest: Sha256 = digest.parse().map_err(|_| Refusal::NothingHere)?;
    let media_type = match extension {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        _ => return Err(Refusal::NothingHere.into()),
    };
    let etag = format!("\"{digest}\"");
    let common = [
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned(),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    if not_modified(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    match app.blobs.get(&digest.to_string()).await {
        // Packages lie in the same store; they are given out by the counted download route only.
        Ok(bytes) if bytes.starts_with(b"PK") => Err(Refusal::NothingHere.into()),
        Ok(bytes) => Ok((common, [(header::CONTENT_TYPE, media_type)], bytes).into_response()),
        Err(StoreError::BlobMissing(_)) => Err(Refusal::NothingHere.into()),
        Err(fault) => Err(Problem::store(fault, &request)),
    }
}
