//! Scalars of the schema. GraphQL's own `Int` has 32 bits, which positions and counts outgrow.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use cairn_domain::names;
use chrono::NaiveDate;

/// A place in a log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position(pub(crate) u64);

/// A place in a log, counted from 0; also the length of the log up to there. A JSON number, a whole one from 0 to 2^53 - 1, so
/// that JavaScript reads it exactly; also taken as a text of digits.
#[Scalar]
impl ScalarType for Position {
    fn parse(value: Value) -> InputValueResult<Self> {
        whole_number(&value).map(Self).ok_or_else(|| InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        Value::from(self.0)
    }
}

/// How many, or the number of a plugin or version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Count(pub(crate) u64);

/// How many, or the number of a plugin or version. A JSON number, a whole one from 0 to 2^53 - 1; also taken as a text of digits.
#[Scalar]
impl ScalarType for Count {
    fn parse(value: Value) -> InputValueResult<Self> {
        whole_number(&value).map(Self).ok_or_else(|| InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        Value::from(self.0)
    }
}

/// A SHA-256 digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sha256(pub(crate) names::Sha256);

/// A SHA-256 digest: 64 lower-case hexadecimal digits.
#[Scalar]
impl ScalarType for Sha256 {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text.parse().map(Self).map_err(InputValueError::custom),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date(pub(crate) NaiveDate);

/// A day in UTC, written 2026-03-01.
#[Scalar]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text.parse().map(Self).map_err(InputValueError::custom),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// The largest number that every JSON reader reads exactly.
const NUMBER_MAX: u64 = (1 << 53) - 1;

fn whole_number(value: &Value) -> Option<u64> {
    let number = match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    };
    number.filter(|number| *number <= NUMBER_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(value: Value) -> Option<u64> {
        <Position as ScalarType>::parse(value).ok().map(|position| position.0)
    }

    #[test]
    fn a_position_is_a_number_beyond_32_bits() {
        assert_eq!(position(Value::from(NUMBER_MAX)), Some(NUMBER_MAX));
        assert_eq!(position(Value::from(NUMBER_MAX + 1)), None);
        assert_eq!(position(Value::from("4294967296")), Some(1 << 32));
        for bad in [Value::from(-1), Value::from(1.5), Value::from(""), Value::from("+1"), Value::Null] {
            assert_eq!(position(bad.clone()), None, "{bad}");
        }
        assert_eq!(Position(1 << 32).to_value().to_string(), "4294967296");
    }

    #[test]
    fn digests_and_days_read_back() {
        let digest = Sha256(names::Sha256::of(b"zip"));
        assert_eq!(<Sha256 as ScalarType>::parse(digest.to_value()).ok(), Some(digest));
        assert!(<Sha256 as ScalarType>::parse(Value::from("abc")).is_err());
        let day = Date("2026-03-01".parse().unwrap());
        assert_eq!(<Date as ScalarType>::parse(day.to_value()).ok(), Some(day));
        assert!(<Date as ScalarType>::parse(Value::from("2026-02-30")).is_err());
    }
}
