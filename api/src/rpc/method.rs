//! The methods: what they are called, what they take, and how a call of each is read.

mod params;
mod table;

pub(super) use params::positional;
pub(super) use table::METHODS;

use params::Params;

use super::value::Value;
use super::{Fault, Reply};

/// A call whose parameters are of the right number and kind. What they mean is judged by those who act on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// `plugin.upload`
    Upload {
        /// The bytes of the zip, whatever they are.
        package: Vec<u8>,
        /// Whether a trusted caller asks for approval at once.
        auto_approve: bool,
    },
    /// `plugin.vote`
    Vote {
        /// 0 to 2,147,483,647.
        plugin_id: u64,
        /// Any number; 1 to 5 are votes.
        score: i64,
    },
    /// `plugin.tags`
    Tags,
    /// `plugin.maintainers`
    Maintainers,
    /// `system.listMethods`
    ListMethods,
    /// `system.methodHelp`
    MethodHelp(String),
    /// `system.methodSignature`
    MethodSignature(String),
    /// `system.describe`
    Describe,
}

impl Call {
    /// Reads a call, or says what is wrong with it.
    pub(super) fn parse(name: &str, params: Vec<Value<'_>>) -> Result<Self, Fault> {
        let mut params = Params::of(find(name)?, params)?;
        Ok(match name {
            "plugin.upload" => Self::Upload { package: params.bytes()?, auto_approve: params.flag()? },
            "plugin.vote" => Self::Vote { plugin_id: params.plugin_id()?, score: params.score()? },
            "plugin.tags" => Self::Tags,
            "plugin.maintainers" => Self::Maintainers,
            "system.listMethods" => Self::ListMethods,
            "system.methodHelp" => Self::MethodHelp(params.text()?),
            "system.methodSignature" => Self::MethodSignature(params.text()?),
            "system.describe" => Self::Describe,
            _ => unreachable!("every method of the table is read here; a test calls them all"),
        })
    }
}

/// Whether an unknown caller is turned away (401) before anything is done.
pub fn needs_login(call: &Call) -> bool {
    match call {
        Call::Upload { .. } | Call::Maintainers => true,
        Call::Vote { .. }
        | Call::Tags
        | Call::ListMethods
        | Call::MethodHelp(_)
        | Call::MethodSignature(_)
        | Call::Describe => false,
    }
}

/// Answers the calls that ask about this endpoint itself; none for all others.
pub fn introspect(call: &Call, service_url: &str) -> Option<Result<Reply, Fault>> {
    let described = |name: &str| {
        METHODS.iter().find(|method| method.name == name).ok_or_else(|| Fault {
            code: Fault::NOT_DESCRIBED,
            message: format!("No method found with name: {}", shown(name)),
        })
    };
    match call {
        Call::ListMethods => Some(Ok(Reply::Methods)),
        Call::MethodHelp(name) => Some(described(name).map(|method| Reply::Text(method.help.into()))),
        Call::MethodSignature(name) => {
            Some(described(name).map(|method| Reply::Signature(method.signature())))
        }
        Call::Describe => Some(Ok(Reply::Description { service_url: service_url.into() })),
        Call::Upload { .. } | Call::Vote { .. } | Call::Tags | Call::Maintainers => None,
    }
}

/// A called name for logs and faults, cut when nobody could mean it.
pub(super) fn shown(name: &str) -> String {
    const CHARS_MAX: usize = 64;
    match name.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

fn find(name: &str) -> Result<&'static table::Method, Fault> {
    METHODS.iter().find(|method| method.name == name).ok_or_else(|| {
        let advice = match name {
            "system.login" => "send user name and password with HTTP Basic instead",
            _ => "system.listMethods names those that are",
        };
        Fault {
            code: Fault::NO_METHOD,
            message: format!("method \"{}\" is not supported; {advice}", shown(name)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(name: &str, params: Vec<Value<'_>>) -> String {
        let fault = Call::parse(name, params).unwrap_err();
        assert_eq!(fault.code, Fault::REFUSED, "{fault}");
        fault.message
    }

    /// A call of the method with every parameter it may have.
    fn call_of(method: &table::Method) -> Call {
        let params = method.params.iter().map(|param| match param.kind {
            "boolean" => Value::Bool(true),
            "integer" => Value::Int(1),
            "base64" => Value::Bytes(vec![1]),
            "string" => Value::from("x"),
            other => panic!("no such kind: {other}"),
        });
        Call::parse(method.name, params.collect()).expect("the table says how to call it")
    }

    #[test]
    fn every_method_of_the_table_can_be_called() {
        let calls: Vec<Call> = METHODS.iter().map(call_of).collect();
        assert!(
            (1..calls.len()).all(|at| !calls[..at].contains(&calls[at])),
            "two methods are one call: {calls:?}"
        );
        assert!(METHODS.is_sorted_by_key(|method| method.name));
    }

    #[test]
    fn an_upload_takes_bytes_or_their_base64_and_perhaps_a_wish() {
        let upload = |auto_approve| Call::Upload { package: b"PK\x03\x04".to_vec(), auto_approve };
        let bytes = || Value::Bytes(b"PK\x03\x04".to_vec());
        assert_eq!(Call::parse("plugin.upload", vec![bytes()]).unwrap(), upload(false));
        assert_eq!(
            Call::parse("plugin.upload", vec!["UEsDBA==".into(), Value::Bool(true)]).unwrap(),
            upload(true)
        );
        assert_eq!(Call::parse("plugin.upload", vec![bytes(), Value::Int(1)]).unwrap(), upload(true));
        assert_eq!(Call::parse("plugin.upload", vec![bytes(), Value::Nil]).unwrap(), upload(false));
        assert_eq!(
            message("plugin.upload", vec![bytes(), Value::Int(2)]),
            "plugin.upload: parameter 2 (auto_approve) is an integer and must be a boolean"
        );
        assert_eq!(
            message("plugin.upload", vec![Value::Int(2)]),
            "plugin.upload: parameter 1 (package) is an integer and must be base64"
        );
        assert!(message("plugin.upload", vec!["lasso.zip".into()]).contains("is a text that is no base64"));
    }

    #[test]
    fn the_number_of_parameters_is_told() {
        assert_eq!(
            message("plugin.upload", vec![]),
            "plugin.upload takes 1 to 2 parameters (package base64, auto_approve boolean), not 0"
        );
        assert_eq!(message("plugin.tags", vec![Value::Nil]), "plugin.tags takes 0 parameters, not 1");
        assert!(message("plugin.vote", vec![Value::Int(1)]).contains("takes 2 parameters"));
        assert!(message("plugin.upload", vec![Value::Nil, Value::Nil, Value::Nil]).ends_with("not 3"));
    }

    #[test]
    fn votes_are_numbers_or_texts_of_numbers() {
        let vote = |id: Value<'static>, score: Value<'static>| Call::parse("plugin.vote", vec![id, score]);
        assert_eq!(vote("11".into(), "4".into()).unwrap(), Call::Vote { plugin_id: 11, score: 4 });
        assert_eq!(vote(Value::Int(11), Value::Int(4)).unwrap(), Call::Vote { plugin_id: 11, score: 4 });
        assert_eq!(vote(" 11 ".into(), "-3".into()).unwrap(), Call::Vote { plugin_id: 11, score: -3 });
        let edge = i128::from(i32::MAX);
        assert!(vote(Value::Int(edge), Value::Int(1)).is_ok());
        for (id, score) in [
            (Value::Int(edge + 1), Value::Int(1)),
            (Value::Int(-1), Value::Int(1)),
            ("lasso".into(), Value::Int(1)),
            (Value::Int(1), "five".into()),
            (Value::Int(1), Value::Int(i128::from(i64::MAX) + 1)),
        ] {
            let fault = vote(id, score).unwrap_err();
            assert!(fault.code == 1 && fault.message.starts_with("Unknown error, ['"), "{fault}");
        }
        assert!(
            vote(Value::Array(vec![]), Value::Int(1)).unwrap_err().message.contains("must be an integer")
        );
    }

    #[test]
    fn only_uploads_and_the_list_of_people_need_a_login() {
        let names: Vec<&str> =
            METHODS.iter().filter(|method| needs_login(&call_of(method))).map(|method| method.name).collect();
        assert_eq!(names, ["plugin.maintainers", "plugin.upload"]);
    }

    #[test]
    fn an_unknown_method_says_where_to_look() {
        let fault = Call::parse("plugin.delete", vec![]).unwrap_err();
        assert_eq!(fault.code, Fault::NO_METHOD);
        assert_eq!(
            fault.message,
            "method \"plugin.delete\" is not supported; system.listMethods names those that are"
        );
        assert!(Call::parse("system.login", vec![]).unwrap_err().message.contains("HTTP Basic"));
        assert!(Call::parse(&"x".repeat(100_000), vec![]).unwrap_err().message.len() < 200);
    }

    #[test]
    fn the_endpoint_tells_about_itself() {
        let ask = |call| introspect(&call, "http://x/plugins/RPC2/").unwrap();
        assert_eq!(ask(Call::ListMethods), Ok(Reply::Methods));
        assert_eq!(
            ask(Call::MethodSignature("plugin.vote".into())),
            Ok(Reply::Signature(vec!["array", "integer", "integer"]))
        );
        let Ok(Reply::Text(help)) = ask(Call::MethodHelp("plugin.upload".into())) else { panic!("no help") };
        assert!(help.contains("xmlrpc.client"), "{help}");
        let fault = ask(Call::MethodHelp("plugin.x".into())).unwrap_err();
        assert_eq!((fault.code, fault.message.as_str()), (-32500, "No method found with name: plugin.x"));
        assert_eq!(introspect(&Call::Tags, ""), None);
    }
}
