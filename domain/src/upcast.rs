//! Old event payloads made today's, one pure step per schema version, run on every read. Stored bytes never change.

use crate::event::{Event, Unreadable};
use std::borrow::Cow;

/// One step: the payload of `kind` at schema `from`, as schema `from + 1`.
type Step = fn(&[u8]) -> Result<Vec<u8>, serde_json::Error>;

/// The steps that exist. A kind that changed shape adds `(kind, from, step)` here and a golden file of each schema.
const STEPS: &[(&str, u16, Step)] = &[];

/// The payload in the shape of today's schema version of its kind.
pub fn upcast<'p>(kind: &str, schema: u16, payload: &'p [u8]) -> Result<Cow<'p, [u8]>, Unreadable> {
    upcast_with(STEPS, Event::KINDS, kind, schema, payload)
}

fn upcast_with<'p>(
    steps: &[(&str, u16, Step)],
    kinds: &[(&str, u16)],
    kind: &str,
    schema: u16,
    payload: &'p [u8],
) -> Result<Cow<'p, [u8]>, Unreadable> {
    let unreadable = |reason: String| Unreadable { kind: kind.to_owned(), schema, reason };
    let Some((_, today)) = kinds.iter().find(|(known, _)| *known == kind) else {
        return Err(unreadable("unknown kind".into()));
    };
    if schema == 0 || schema > *today {
        return Err(unreadable(format!(
            "this program knows schema 1 to {today}; is it older than its data?"
        )));
    }
    let mut current = Cow::Borrowed(payload);
    for from in schema..*today {
        let step = steps.iter().find(|(of, at, _)| *of == kind && *at == from);
        let (_, _, step) = step.ok_or_else(|| unreadable(format!("no step from schema {from}")))?;
        current = Cow::Owned(step(&current).map_err(|fault| unreadable(fault.to_string()))?);
    }
    Ok(current)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add_reason(payload: &[u8]) -> Result<Vec<u8>, serde_json::Error> {
        let mut value: serde_json::Value = serde_json::from_slice(payload)?;
        value["reason"] = "none given".into();
        serde_json::to_vec(&value)
    }

    #[test]
    fn steps_run_in_order_from_the_stored_schema() {
        let kinds = [("Stirred", 3)];
        let steps: [(&str, u16, Step); 2] =
            [("Stirred", 1, add_reason), ("Stirred", 2, |bytes| Ok(bytes.to_vec()))];
        let read = upcast_with(&steps, &kinds, "Stirred", 1, b"{}").unwrap();
        assert_eq!(&*read, br#"{"reason":"none given"}"#);
        assert_eq!(&*upcast_with(&steps, &kinds, "Stirred", 3, b"{}").unwrap(), b"{}");
    }

    #[test]
    fn a_schema_from_the_future_is_refused() {
        let fault = upcast("PluginRegistered", 99, b"{}").unwrap_err();
        assert!(fault.reason.contains("older than its data"));
        assert!(
            upcast_with(&[], &[("Stirred", 2)], "Stirred", 1, b"{}").is_err(),
            "a missing step is a fault"
        );
    }
}
