//! What a call that was done answers.

use super::method::METHODS;
use super::value::Value;

/// The result of a call, in its own words; [`super::Envelope::answer`] writes it in the caller's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// `plugin.upload`: the ids of the plugin and of the version; `qgis-plugin-ci` unpacks exactly two.
    PluginAndVersion(u64, u64),
    /// `plugin.vote`: the cookie that lets an unknown voter change this vote later.
    Vote {
        /// `vote-<a number>.<plugin id>.<six hex digits>`.
        cookie_name: String,
        /// Digits.
        cookie: String,
    },
    /// `plugin.tags`: every tag, in the order to show.
    Tags(Vec<String>),
    /// One text: `plugin.maintainers` (addresses, one a line), `system.methodHelp`.
    Text(String),
    /// `system.listMethods`: all names, in order.
    Methods,
    /// `system.methodSignature`: the type of the result, then those of the parameters.
    Signature(Vec<&'static str>),
    /// `system.describe`: all methods with help and parameters.
    Description {
        /// The absolute address of this endpoint.
        service_url: String,
    },
}

impl Reply {
    pub(super) fn value(&self) -> Value<'_> {
        match self {
            Self::PluginAndVersion(plugin, version) => {
                Value::Array(vec![Value::Int((*plugin).into()), Value::Int((*version).into())])
            }
            Self::Vote { cookie_name, cookie } => Value::Array(vec![members([
                ("cookie_name", cookie_name.as_str().into()),
                ("cookie", cookie.as_str().into()),
            ])]),
            Self::Tags(tags) => texts(tags.iter().map(String::as_str)),
            Self::Text(text) => text.as_str().into(),
            Self::Methods => texts(METHODS.iter().map(|method| method.name)),
            Self::Signature(types) => texts(types.iter().copied()),
            Self::Description { service_url } => describe(service_url),
        }
    }
}

fn describe(service_url: &str) -> Value<'_> {
    let methods = METHODS.iter().map(|method| {
        let params = method
            .params
            .iter()
            .map(|param| members([("name", param.name.into()), ("rpctype", param.kind.into())]));
        members([
            ("name", method.name.into()),
            ("summary", method.help.into()),
            ("params", Value::Array(params.collect())),
            ("return", method.result.into()),
        ])
    });
    members([
        ("serviceType", "Cairn JSONRPC+XMLRPC".into()),
        ("serviceURL", service_url.into()),
        ("methods", Value::Array(methods.collect())),
    ])
}

fn texts<'a>(items: impl Iterator<Item = &'a str>) -> Value<'a> {
    Value::Array(items.map(Value::from).collect())
}

fn members<'a, const N: usize>(pairs: [(&'a str, Value<'a>); N]) -> Value<'a> {
    Value::Struct(pairs.into_iter().map(|(name, value)| (name.into(), value)).collect())
}
