//! Addresses as clients really write them, made into the ones that routes have: no final slash, no double slash.
//! Served, never redirected: upload tools turn a redirected POST into a GET.

use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use tower::ServiceExt;
use tower::util::MapRequest;

/// A router behind address clean-up.
pub type Normalized = MapRequest<Router, fn(Request) -> Request>;

/// Cleans addresses up before `router` looks at them.
pub fn normalized(router: Router) -> Normalized {
    router.map_request(clean as fn(Request) -> Request)
}

fn clean(mut request: Request) -> Request {
    if let Some(path) = cleaned(request.uri().path()) {
        let target = match request.uri().query() {
            Some(query) => format!("{path}?{query}"),
            None => path,
        };
        let mut parts = request.uri().clone().into_parts();
        if let Ok(target) = target.parse::<PathAndQuery>() {
            parts.path_and_query = Some(target);
            if let Ok(uri) = Uri::from_parts(parts) {
                *request.uri_mut() = uri;
            }
        }
    }
    request
}

/// The path without empty parts; `None` when it has none.
fn cleaned(path: &str) -> Option<String> {
    if path == "/" || !(path.ends_with('/') || path.contains("//")) {
        return None;
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    Some(format!("/{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_do_not_matter() {
        assert_eq!(cleaned("/plugins/RPC2/").as_deref(), Some("/plugins/RPC2"));
        assert_eq!(cleaned("//icons/a.png").as_deref(), Some("/icons/a.png"));
        assert_eq!(cleaned("//").as_deref(), Some("/"));
        assert_eq!(cleaned("/"), None);
        assert_eq!(cleaned("/plugins"), None);
    }

    #[test]
    fn the_query_stays() {
        let request = Request::builder()
            .uri("/plugins/plugins.xml/?qgis=3.40")
            .body(axum::body::Body::empty())
            .unwrap();
        assert_eq!(clean(request).uri().to_string(), "/plugins/plugins.xml?qgis=3.40");
    }
}
