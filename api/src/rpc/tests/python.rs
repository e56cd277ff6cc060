//! Python's own `xmlrpc.client` and `json` as the other end. Where there is no `python3`, the captures stand for it.

use super::super::python::repr;
use super::super::value::encode_base64;
use super::*;
use std::io::Write;
use std::process::{Command, Stdio};

/// What a Python program prints when given this input; none where there is no `python3`.
fn python(program: &str, input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new("python3")
        .args(["-X", "utf8", "-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take().expect("it is piped").write_all(input).expect("the program reads its input");
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success(), "{program}");
    Some(output.stdout)
}

const REPLIES: &str = r#"
import sys, xmlrpc.client as x
for document in sys.stdin.read().split("\0"):
    try:
        (result,), _ = x.loads(document)
        print(ascii(result))
        again = x.dumps((result,), methodresponse=True)
    except x.Fault as fault:
        print(ascii(str(fault)))
        again = x.dumps(fault)
    assert again == document, again
"#;

#[test]
fn python_reads_answers_and_would_write_the_same() {
    let outcomes = [
        Ok(Reply::PluginAndVersion(11, 42)),
        Ok(Reply::Tags(vec!["3d".into(), "a<b>&\"c\"'d'".into(), "Zürich 🗺".into()])),
        Ok(Reply::Vote { cookie_name: "vote-7.11.2c5504".into(), cookie: "17".into() }),
        Ok(Reply::Text("ann@example.org\nbob@example.org".into())),
        Ok(Reply::Signature(vec!["array"])),
        Err(upload_fault(&["Cannot find metadata.txt".into()])),
        Err(Fault { code: -32500, message: "No method found with name: x".into() }),
    ];
    let documents: Vec<String> =
        outcomes.into_iter().map(|outcome| answer(XML, QGIS_PLUGIN_CI, outcome)).collect();
    let Some(shown) = python(REPLIES, documents.join("\0").as_bytes()) else { return };
    let expected = [
        r"[11, 42]",
        r#"['3d', 'a<b>&"c"\'d\'', 'Z\xfcrich \U0001f5fa']"#,
        r"[{'cookie_name': 'vote-7.11.2c5504', 'cookie': '17'}]",
        r"'ann@example.org\nbob@example.org'",
        r"['array']",
        r#"'<Fault 1: "<Fault 1: \'File upload must be a valid QGIS Python plugin compressed archive. Cannot find metadata.txt\'>">'"#,
        r#""<Fault -32500: 'No method found with name: x'>""#,
    ];
    assert_eq!(String::from_utf8(shown).unwrap().lines().collect::<Vec<_>>(), expected);
}

#[test]
fn uploads_written_by_python_arrive_whole() {
    let program = "import sys, xmlrpc.client as x\n\
                   data = sys.stdin.buffer.read()\n\
                   sys.stdout.write(x.dumps((x.Binary(data), True), 'plugin.upload', encoding='utf-8'))";
    for length in [0, 1, 2, 3, 56, 57, 58, 100_000] {
        let package: Vec<u8> =
            (0..length).map(|n: u32| n.wrapping_mul(0x9E37_79B9).to_le_bytes()[3]).collect();
        let Some(request) = python(program, &package) else { return };
        assert_eq!(call(XML, &request), Ok(Call::Upload { package, auto_approve: true }), "{length} bytes");
    }
}

#[test]
fn json_written_by_python_arrives_whole() {
    let program = "import sys, json\n\
                   package = sys.stdin.read()\n\
                   sys.stdout.write(json.dumps({'jsonrpc': '2.0', 'id': 'Zürich', 'method': 'plugin.upload', 'params': [package]}, indent=1))";
    let Some(request) = python(program, encode_base64(LASSO_ZIP).as_bytes()) else { return };
    assert_eq!(call(JSON, &request), Ok(lasso(false)));
    assert!(answer(JSON, &request, Ok(Reply::Text(String::new()))).contains(r#""id":"Zürich""#));
}

#[test]
fn texts_are_shown_as_python_shows_them() {
    let sample: Vec<char> = (0..0x3000)
        .chain(0x1_F300..0x1_F700)
        .chain([0xD7FF, 0xE000, 0xFEFF, 0xFFFE, 0xE_0001, 0x10_FFFF])
        .filter_map(char::from_u32)
        .collect();
    let lines: Vec<String> = sample.iter().map(|character| format!("{character}'")).collect();
    let program = "import sys, unicodedata\n\
                   for text in sys.stdin.buffer.read().decode().split('\\0\\0'):\n\
                   \x20   print('?' if unicodedata.category(text[0]) == 'Cn' else repr(text))";
    let Some(shown) = python(program, lines.join("\0\0").as_bytes()) else { return };
    let shown = String::from_utf8(shown).unwrap();
    for (line, expected) in lines.iter().zip(shown.split_terminator('\n')) {
        // what Python's Unicode does not know yet, ours may
        if expected != "?" {
            assert_eq!(repr(line), expected, "{line:?}");
        }
    }
    assert_eq!(shown.split_terminator('\n').count(), lines.len());
}
