//! Parameters, taken one after another and told apart by name in every fault.

use super::super::value::{Value, decode_base64};
use super::super::{Fault, vote_fault};
use super::table::{Method, Param};

/// The parameters of one call; those that were left out come as [`Value::Nil`].
pub(super) struct Params<'a> {
    method: &'static Method,
    values: std::vec::IntoIter<Value<'a>>,
    taken: usize,
}

impl<'a> Params<'a> {
    /// Takes charge of as many parameters as the method may have.
    pub(super) fn of(method: &'static Method, values: Vec<Value<'a>>) -> Result<Self, Fault> {
        let (least, most, given) = (method.required(), method.params.len(), values.len());
        if (least..=most).contains(&given) {
            return Ok(Self { method, values: values.into_iter(), taken: 0 });
        }
        let count = if least == most { most.to_string() } else { format!("{least} to {most}") };
        let plural = if count == "1" { "" } else { "s" };
        let names: Vec<_> =
            method.params.iter().map(|param| format!("{} {}", param.name, param.kind)).collect();
        let list = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
        Err(Fault::refused(format!("{} takes {count} parameter{plural}{list}, not {given}", method.name)))
    }

    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, Fault> {
        match self.take() {
            (_, Value::Bytes(bytes)) => Ok(bytes),
            (param, Value::Text(text)) => decode_base64(&text)
                .map_err(|error| self.fault(param, &format!("is a text that is no base64 ({error})"))),
            (param, other) => Err(self.wrong_kind(param, &other, "base64")),
        }
    }

    pub(super) fn flag(&mut self) -> Result<bool, Fault> {
        match self.take() {
            (_, Value::Bool(flag)) => Ok(flag),
            (_, Value::Nil | Value::Int(0)) => Ok(false),
            (_, Value::Int(1)) => Ok(true),
            (param, other) => Err(self.wrong_kind(param, &other, "a boolean")),
        }
    }

    pub(super) fn text(&mut self) -> Result<String, Fault> {
        match self.take() {
            (_, Value::Text(text)) => Ok(text.into_owned()),
            (param, other) => Err(self.wrong_kind(param, &other, "a text")),
        }
    }

    /// Ids are 32-bit integers without sign in XML-RPC, so no plugin has another.
    pub(super) fn plugin_id(&mut self) -> Result<u64, Fault> {
        let id = self.integer()?;
        id.number
            .and_then(|number| i32::try_from(number).ok())
            .and_then(|number| u64::try_from(number).ok())
            .ok_or_else(|| vote_fault(&[format!("Plugin with id {} does not exist.", id.shown)]))
    }

    pub(super) fn score(&mut self) -> Result<i64, Fault> {
        let score = self.integer()?;
        score
            .number
            .and_then(|number| i64::try_from(number).ok())
            .ok_or_else(|| vote_fault(&[format!("{} is not a valid vote (1-5).", score.shown)]))
    }

    /// An integer, or a text that may be one: QGIS sends both parameters of its vote as texts.
    fn integer(&mut self) -> Result<Integer, Fault> {
        match self.take() {
            (_, Value::Int(number)) => Ok(Integer { number: Some(number), shown: number.to_string() }),
            (_, Value::Text(text)) => {
                Ok(Integer { number: text.trim().parse().ok(), shown: super::shown(&text) })
            }
            (param, other) => Err(self.wrong_kind(param, &other, "an integer")),
        }
    }

    fn take(&mut self) -> (&'static Param, Value<'a>) {
        let param = &self.method.params[self.taken];
        self.taken += 1;
        (param, self.values.next().unwrap_or(Value::Nil))
    }

    fn wrong_kind(&self, param: &Param, value: &Value<'_>, kind: &str) -> Fault {
        self.fault(param, &format!("is {} and must be {kind}", value.kind()))
    }

    fn fault(&self, param: &Param, what: &str) -> Fault {
        Fault::refused(format!("{}: parameter {} ({}) {what}", self.method.name, self.taken, param.name))
    }
}

struct Integer {
    number: Option<i128>,
    /// As it was sent, for the fault.
    shown: String,
}

/// The parameters of a JSON-RPC call in order, also when they came by name.
pub(crate) fn positional<'a>(method: &str, params: Value<'a>) -> Result<Vec<Value<'a>>, Fault> {
    let members = match params {
        Value::Array(values) => return Ok(values),
        Value::Struct(members) => members,
        _ => return Err(Fault::bad_call("params must be a javascript Array, or an Object of names")),
    };
    let expected = super::find(method)?.params;
    let mut values: Vec<Option<Value<'a>>> = vec![None; expected.len()];
    for (name, value) in members {
        let place = expected.iter().position(|param| param.name == name).ok_or_else(|| {
            Fault::bad_call(format!("{method} has no parameter named \"{}\"", super::shown(&name)))
        })?;
        values[place] = Some(value);
    }
    let given = values.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    values.truncate(given);
    Ok(values.into_iter().map(|value| value.unwrap_or(Value::Nil)).collect())
}
