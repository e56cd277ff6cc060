//! The whole wire: what real clients send, what they read, and what nobody should send.

mod captures;
mod hostile;
mod json_rpc;
mod noise;
mod python;

use super::*;

const LASSO_ZIP: &[u8] = include_bytes!("captures/lasso.zip");
const QGIS_PLUGIN_CI: &[u8] = include_bytes!("captures/qgis_plugin_ci_upload.xml");
const PLUGIN_UPLOAD_PY: &[u8] = include_bytes!("captures/plugin_upload_py_auto_approve.xml");
const QGIS_VOTE: &[u8] = include_bytes!("captures/qgis_vote.json");
const DEV_TOOLS: &[u8] = include_bytes!("captures/qgis_plugin_dev_tools_upload.json");

const XML: Option<&str> = Some("text/xml");
const JSON: Option<&str> = Some("application/json");

fn read_default(content_type: Option<&str>, body: &[u8]) -> Message {
    read(content_type, body, &RpcLimits::default())
}

/// The one call of a body.
fn call(content_type: Option<&str>, body: &[u8]) -> Result<Call, Fault> {
    let mut message = read_default(content_type, body);
    assert_eq!(message.requests.len(), 1);
    message.requests.remove(0).call
}

/// The one fault of a body.
fn fault(content_type: Option<&str>, body: &[u8]) -> Fault {
    call(content_type, body).expect_err("this body is no call")
}

fn answer(content_type: Option<&str>, body: &[u8], outcome: Result<Reply, Fault>) -> String {
    let answer = read_default(content_type, body).envelope.answer(&[outcome]);
    String::from_utf8(answer.body).expect("answers are UTF-8")
}

fn lasso(auto_approve: bool) -> Call {
    Call::Upload { package: LASSO_ZIP.to_vec(), auto_approve }
}
