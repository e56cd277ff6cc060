//! Statements that are put together from the lines of a `.sql` file: a line that names what it is for is left out of statements that
//! are not about it. The file as a whole is one valid statement, and only its own lines ever become a statement.

use cairn_store::{Result, Tx, Value, sqlx};
use sqlx::SqlSafeStr;

/// The lines of a file, read once.
#[derive(Debug)]
pub(in crate::catalogue) struct Lines(Vec<Line>);

#[derive(Debug)]
struct Line {
    text: &'static str,
    /// What it is for; nothing where it is always needed.
    needed_for: Vec<&'static str>,
}

/// A statement with its values, ready to be asked.
#[derive(Debug, Clone)]
pub(in crate::catalogue) struct Statement {
    sql: String,
    values: Vec<Value>,
}

impl Lines {
    /// Reads a file whose lines may end in `-- [one]` or `-- [one two]`.
    pub(in crate::catalogue) fn of(file: &'static str) -> Self {
        let lines = file.lines().filter(|line| !line.trim_start().starts_with("--"));
        Self(lines.map(Line::of).collect())
    }

    /// The statement that is about these things. `values` are those of `$1`, `$2` and so on of the file; those that it does not
    /// need are left out and the others numbered anew, since PostgreSQL wants to know the type of each.
    pub(in crate::catalogue) fn statement(&self, about: &[&'static str], values: &[Value]) -> Statement {
        let (mut sql, mut kept) = (String::new(), Vec::new());
        let wanted = |line: &&Line| {
            line.needed_for.is_empty() || line.needed_for.iter().any(|one| about.contains(one))
        };
        for line in self.0.iter().filter(wanted) {
            renumber(line.text, &mut sql, &mut kept);
            sql.push('\n');
        }
        Statement { sql, values: kept.into_iter().map(|place: usize| values[place - 1].clone()).collect() }
    }
}

impl Line {
    fn of(line: &'static str) -> Self {
        match line.rsplit_once(" -- [") {
            Some((text, marks)) => {
                let marks = marks.strip_suffix(']').expect("a mark ends its line");
                Self { text, needed_for: marks.split(' ').collect() }
            }
            None => Self { text: line, needed_for: Vec::new() },
        }
    }
}

/// Copies a line with its `$n` numbered by when they first come; `kept` are the numbers that came.
fn renumber(line: &str, sql: &mut String, kept: &mut Vec<usize>) {
    let mut pieces = line.split('$');
    sql.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let Ok(place) = piece[..digits].parse::<usize>() else {
            // A path into JSON, not a value.
            sql.push('$');
            sql.push_str(piece);
            continue;
        };
        let at = kept.iter().position(|one| *one == place).unwrap_or_else(|| {
            kept.push(place);
            kept.len() - 1
        });
        sql.push('$');
        sql.push_str(&(at + 1).to_string());
        sql.push_str(&piece[digits..]);
    }
}

impl Statement {
    /// Puts other words of the program's in the place of some.
    pub(in crate::catalogue) fn with(mut self, words: &str, others: &str) -> Self {
        self.sql = self.sql.replace(words, others);
        self
    }

    /// The statement `outer` with this one in the place of `inner` in it.
    pub(in crate::catalogue) fn within(mut self, outer: &'static str, inner: &str) -> Self {
        self.sql = outer.replace(inner, &self.sql);
        self
    }

    /// Asks for rows of a number and a place.
    pub(in crate::catalogue) async fn fetch<R>(self, tx: &mut Tx) -> Result<Vec<R>>
    where
        R: Send + Unpin,
        R: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>,
        R: for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>,
    {
        #[expect(
            clippy::disallowed_methods,
            reason = "made of the lines of a .sql file and of words of this module; values stay bound"
        )]
        let sql = sqlx::AssertSqlSafe(self.sql).into_sql_str();
        cairn_store::on!(tx, |c| {
            let mut query = sqlx::query_as(sql);
            for value in &self.values {
                query = match value {
                    Value::Int(value) => query.bind(*value),
                    Value::Text(value) => query.bind(value.as_deref()),
                    Value::Bytes(value) => query.bind(value.as_deref()),
                    Value::Bool(value) => query.bind(*value),
                    Value::Uuid(value) => query.bind(*value),
                    Value::Float(value) => query.bind(*value),
                };
            }
            query.fetch_all(&mut *c).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "-- what it is about\nselect a -- [left]\n     , b $2 $1 -- [right both]\n  from c where d = $3 and '$[0]'";

    #[test]
    fn a_statement_has_the_lines_and_values_that_it_needs() {
        let lines = Lines::of(FILE);
        let values: Vec<Value> = [1_i64, 2, 3].into_iter().map(Value::from).collect();
        let left = lines.statement(&["left"], &values);
        assert_eq!(left.sql, "select a\n  from c where d = $1 and '$[0]'\n");
        assert_eq!(left.values, values[2..]);
        let both = lines.statement(&["left", "both"], &values);
        assert_eq!(both.sql, "select a\n     , b $1 $2\n  from c where d = $3 and '$[0]'\n");
        assert_eq!(both.values, [values[1].clone(), values[0].clone(), values[2].clone()]);
    }
}
