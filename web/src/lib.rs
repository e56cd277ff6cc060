//! The pages people see, rendered here from templates and sent with everything they need: no page asks another site for
//! anything.

mod ask;
mod assets;
mod cache;
mod card;
mod chart;
mod coded;
mod documents;
mod done;
mod frame;
mod license;
mod markdown;
mod meta;
mod next;
mod notice;
mod page;
mod pages;
mod problem_page;
mod scalars;
mod text;
mod visitor;

pub use documents::{DOCUMENTS, Document};

use axum::Router;
use axum::middleware::from_fn_with_state;
use cairn_api::{App, Normalized};

/// The whole of Cairn over HTTP: pages, feeds, API. Addresses with and without final slash are the same.
pub fn router(app: App) -> Normalized {
    let routes = cairn_api::routes(&app).merge(cache::around(pages::routes(), &app));
    let whole = cairn_api::finish(routes, app.clone());
    cairn_api::normalized(problems_as_pages(whole, app))
}

/// Outermost, so that it also sees what the fallback and the layers of the API answer.
fn problems_as_pages(whole: Router, app: App) -> Router {
    let whole = whole.layer(from_fn_with_state(app.clone(), problem_page::for_browsers));
    whole.layer(from_fn_with_state(app, visitor::known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::ServiceExt;
    use axum::extract::{ConnectInfo, Request};
    use axum::routing::get;
    use std::net::SocketAddr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    #[tokio::test]
    async fn handlers_learn_who_calls_and_addresses_are_cleaned_before() {
        let caller = get(async |ConnectInfo(caller): ConnectInfo<SocketAddr>| caller.to_string());
        let router = cairn_api::normalized(Router::new().route("/caller", caller));
        let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(router);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asking = async {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let me = stream.local_addr().unwrap().to_string();
            stream.write_all(b"GET //caller/ HTTP/1.0\r\n\r\n").await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            (me, answer)
        };
        tokio::select! {
            done = axum::serve(listener, service) => panic!("the server ended: {done:?}"),
            (me, answer) = asking => assert!(answer.starts_with("HTTP/1.0 200") && answer.ends_with(&me), "{answer}"),
        }
    }
}
