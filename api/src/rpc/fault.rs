//! Why a call failed, in the words and codes that its callers know.

use super::python::repr;

/// The answer to a call that was not done.
///
/// One code serves both languages: 1 and below are the codes of XML-RPC faults, 100 to 105 those of JSON-RPC errors. What
/// has a code of the other language is shown as that language has always shown it: a JSON-RPC code as fault 1, a fault
/// as error 104 with its Python repr.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// See the constants and the type.
    pub code: i32,
    /// For the person who called.
    pub message: String,
}

impl Fault {
    /// The method refused: what XML-RPC clients have always been given, whatever the reason.
    pub const REFUSED: i32 = 1;
    /// `system.methodHelp` and `system.methodSignature` about a method that does not exist (xmlrpc-epi's application error).
    pub const NOT_DESCRIBED: i32 = -32500;
    /// Something broke on our side.
    pub const SERVER: i32 = 100;
    /// The body cannot be read.
    pub const PARSE: i32 = 101;
    /// The body can be read and is no call.
    pub const BAD_CALL: i32 = 102;
    /// A fault of the method, as JSON-RPC numbers it.
    pub const SERVICE: i32 = 104;
    /// There is no such method.
    pub const NO_METHOD: i32 = 105;

    /// The method refused, for this reason.
    pub fn refused(message: impl Into<String>) -> Self {
        Self { code: Self::REFUSED, message: message.into() }
    }

    /// Something broke on our side; the message carries a request id and no cause.
    pub fn server(message: impl Into<String>) -> Self {
        Self { code: Self::SERVER, message: message.into() }
    }

    pub(super) fn parse(message: impl Into<String>) -> Self {
        Self { code: Self::PARSE, message: message.into() }
    }

    pub(super) fn bad_call(message: impl Into<String>) -> Self {
        Self { code: Self::BAD_CALL, message: message.into() }
    }

    /// The code of an XML-RPC fault.
    pub(super) fn xml_code(&self) -> i32 {
        if self.is_json_code() { Self::REFUSED } else { self.code }
    }

    /// The code and message of a JSON-RPC error.
    pub(super) fn json_error(&self) -> (i32, String) {
        if self.is_json_code() {
            (self.code, self.message.clone())
        } else {
            (Self::SERVICE, self.python_repr())
        }
    }

    /// `<Fault 1: 'text'>`, as Python shows it.
    fn python_repr(&self) -> String {
        format!("<Fault {}: {}>", self.code, repr(&self.message))
    }

    fn is_json_code(&self) -> bool {
        (Self::SERVER..=Self::NO_METHOD).contains(&self.code)
    }
}

/// The fault of an upload whose package is refused, one line for each finding.
///
/// The text is a fault within a fault, `<Fault 1: 'File upload must be a valid QGIS Python plugin compressed archive. …'>`:
/// that is how it has come out of plugins.qgis.org for years, and upload scripts look for it.
pub fn upload_fault(lines: &[String]) -> Fault {
    let inner = Fault::refused(format!(
        "File upload must be a valid QGIS Python plugin compressed archive. {}",
        lines.join(",")
    ));
    Fault::refused(inner.python_repr())
}

/// The fault of a vote that does not count: `Unknown error, ['…']`, a Python list of the reasons.
pub fn vote_fault(lines: &[String]) -> Fault {
    let reasons: Vec<String> = lines.iter().map(|line| repr(line)).collect();
    Fault::refused(format!("Unknown error, [{}]", reasons.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_package_is_a_fault_within_a_fault() {
        let fault = upload_fault(&["Cannot find metadata.txt".into(), "It's too big".into()]);
        assert_eq!(fault.code, 1);
        assert_eq!(
            fault.message,
            "<Fault 1: \"File upload must be a valid QGIS Python plugin compressed archive. Cannot find \
             metadata.txt,It's too big\">"
        );
        assert!(upload_fault(&["a".into()]).message.starts_with("<Fault 1: 'File upload must be"));
    }

    #[test]
    fn a_refused_vote_lists_its_reasons() {
        let fault = vote_fault(&["9 is not a valid vote (1-5).".into(), "no such plugin".into()]);
        assert_eq!(fault.message, "Unknown error, ['9 is not a valid vote (1-5).', 'no such plugin']");
    }

    #[test]
    fn each_language_shows_its_own_codes() {
        let refused = Fault::refused("no");
        assert_eq!((refused.xml_code(), refused.json_error()), (1, (104, "<Fault 1: 'no'>".into())));
        let unknown = Fault { code: Fault::NO_METHOD, message: "no".into() };
        assert_eq!((unknown.xml_code(), unknown.json_error()), (1, (105, "no".into())));
        let undescribed = Fault { code: Fault::NOT_DESCRIBED, message: "no".into() };
        assert_eq!(undescribed.xml_code(), -32500);
        assert_eq!(undescribed.json_error(), (104, "<Fault -32500: 'no'>".into()));
    }
}
