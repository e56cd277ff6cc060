//! What a client says of the copies it has and the codings it takes.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
use cairn_projections::feed::Coding;

/// The longest list of a header that is looked at, in bytes.
const LIST_BYTES_MAX: usize = 4096;

/// Whether `If-None-Match` names this ETag (or is `*`); weak comparison, RFC 9110 §13.1.2.
pub fn not_modified(headers: &HeaderMap, etag: &str) -> bool {
    let lists = headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    lists.filter(|list| list.len() <= LIST_BYTES_MAX).flat_map(|list| list.split(',')).any(|one| {
        let one = one.trim();
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == etag
    })
}

/// The best coding that `Accept-Encoding` allows. Without the header: plain, since some clients that do not send it
/// cannot read anything else.
pub(crate) fn accepted_coding(headers: &HeaderMap) -> Coding {
    let lists = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    let mut best = Coding::Identity;
    for one in lists.filter(|list| list.len() <= LIST_BYTES_MAX).flat_map(|list| list.split(',')) {
        let (name, parameters) = one.split_once(';').unwrap_or((one, ""));
        let refused = parameters.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse() == Ok(0.0_f32));
        let coding = match name.trim() {
            _ if refused => continue,
            "zstd" => Coding::Zstd,
            "br" => Coding::Brotli,
            "gzip" | "x-gzip" | "*" => Coding::Gzip,
            _ => continue,
        };
        if rank(coding) > rank(best) {
            best = coding;
        }
    }
    best
}

/// Smaller bodies first; gzip is the one that every client of the last ten years reads.
fn rank(coding: Coding) -> u8 {
    match coding {
        Coding::Identity => 0,
        Coding::Gzip => 1,
        Coding::Brotli => 2,
        Coding::Zstd => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(list: &str) -> Coding {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, list.parse().unwrap());
        accepted_coding(&headers)
    }

    #[test]
    fn real_clients_get_what_they_read() {
        assert_eq!(accepted_coding(&HeaderMap::new()), Coding::Identity);
        assert_eq!(accepts("identity"), Coding::Identity);
        assert_eq!(accepts("gzip, deflate"), Coding::Gzip);
        assert_eq!(accepts("zstd, br, gzip, deflate"), Coding::Zstd);
        assert_eq!(accepts("br;q=1.0, gzip;q=0.8"), Coding::Brotli);
        assert_eq!(accepts("zstd;q=0, gzip"), Coding::Gzip);
        assert_eq!(accepts("*"), Coding::Gzip);
        assert_eq!(accepts("deflate"), Coding::Identity);
    }

    #[test]
    fn a_known_copy_is_not_sent_again() {
        let mut headers = HeaderMap::new();
        assert!(!not_modified(&headers, "\"a\""));
        headers.insert(IF_NONE_MATCH, "\"b\", W/\"a\"".parse().unwrap());
        assert!(not_modified(&headers, "\"a\""));
        assert!(!not_modified(&headers, "\"c\""));
        headers.insert(IF_NONE_MATCH, "*".parse().unwrap());
        assert!(not_modified(&headers, "\"c\""));
    }
}
