//! Style, script and pictures of the pages. A file's name holds a digest of its bytes, so browsers may keep it for ever and
//! still see every change at once.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use cairn_domain::names::Sha256;
use std::sync::LazyLock;

/// Digits of the digest in a name: enough that two versions of a file never meet.
const DIGEST_CHARS: usize = 12;

/// One stylesheet for every page, kept in a file for each part of the site.
const STYLE: &str = concat!(
    include_str!("../assets/style/base.css"),
    include_str!("../assets/style/visitors.css"),
    include_str!("../assets/style/charts.css"),
    include_str!("../assets/style/authors.css"),
    include_str!("../assets/style/staff.css"),
);

/// A file that pages use.
struct Asset {
    /// As templates call it: `style.css`.
    name: &'static str,
    /// As browsers ask for it: `style.0123456789ab.css`.
    file: String,
    media_type: &'static str,
    bytes: &'static [u8],
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let script = "text/javascript; charset=utf-8";
    vec![
        asset("style.css", "text/css; charset=utf-8", STYLE.as_bytes()),
        asset("mark.svg", "image/svg+xml", include_bytes!("../assets/mark.svg")),
        asset("site.js", script, include_bytes!("../assets/site.js")),
        asset("passkey.js", script, include_bytes!("../assets/passkey.js")),
        asset("chart.js", script, include_bytes!("../assets/chart.js")),
        asset("search.js", script, include_bytes!("../assets/search.js")),
        asset("upload.js", script, include_bytes!("../assets/upload.js")),
        asset("staff.js", script, include_bytes!("../assets/staff.js")),
        asset("sdl.js", script, include_bytes!("../assets/sdl.js")),
        asset("console.js", script, include_bytes!("../assets/console.js")),
    ]
});

fn asset(name: &'static str, media_type: &'static str, bytes: &'static [u8]) -> Asset {
    let (stem, extension) = name.split_once('.').expect("names of assets have an extension");
    let digest = Sha256::of(bytes).to_string();
    Asset { name, file: format!("{stem}.{}.{extension}", &digest[..DIGEST_CHARS]), media_type, bytes }
}

/// The name that browsers ask for.
///
/// # Panics
///
/// If no asset is called `name`: templates name only those that are listed here, and their tests render every one.
pub(crate) fn file_of(name: &str) -> &'static str {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    &asset.unwrap_or_else(|| panic!("no asset is called {name}")).file
}

/// `/assets/<name>.<digest>.<extension>`.
pub(crate) async fn serve(Path(file): Path<String>) -> Result<Response, Problem> {
    let asset = ASSETS.iter().find(|asset| asset.file == file).ok_or(Refusal::NothingHere)?;
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        // A picture opened by itself loads and runs nothing.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ];
    Ok((headers, asset.bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;

    /// Style, scripts and pictures together, before compression.
    const BYTES_MAX: usize = 90_000;

    #[tokio::test]
    async fn a_file_is_found_by_its_digest_only() {
        let file = file_of("style.css");
        let digest = file.strip_prefix("style.").and_then(|rest| rest.strip_suffix(".css")).unwrap();
        assert!(digest.len() == DIGEST_CHARS && Sha256::of(STYLE.as_bytes()).to_string().starts_with(digest));
        let answer = serve(Path(file.to_owned())).await.unwrap();
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(answer.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        for wrong in ["style.css", "style.000000000000.css", "../Cargo.toml"] {
            let problem = serve(Path(wrong.to_owned())).await.unwrap_err();
            assert_eq!(problem.status(), StatusCode::NOT_FOUND, "{wrong}");
        }
    }

    #[test]
    fn all_files_together_are_light() {
        let bytes: usize = ASSETS.iter().map(|asset| asset.bytes.len()).sum();
        assert!(bytes <= BYTES_MAX, "{bytes}");
    }

    #[test]
    fn no_file_asks_another_site() {
        for asset in ASSETS.iter() {
            let text = std::str::from_utf8(asset.bytes).unwrap().replace("http://www.w3.org/2000/svg", "");
            for sign in ["http:", "https:", "url(", "@import", "eval(", "innerHTML"] {
                assert!(!text.contains(sign), "{} has {sign}", asset.name);
            }
        }
    }
}
