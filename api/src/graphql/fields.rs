//! How large a document is once its fragments are put in their places.
//!
//! Forty short fragments that each use the next one twice stand for 2^40 fields, and the rules that check a document walk
//! through all of them. This count looks at each fragment once.

use async_graphql::Name;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use std::collections::HashMap;

/// The fields of all operations, fragments put in; a document whose fragments go in circles has more than any number.
pub(crate) fn fields_of(document: &ExecutableDocument) -> usize {
    let mut counted = HashMap::new();
    let operations = document.operations.iter();
    operations
        .map(|(_, operation)| count(document, &operation.node.selection_set.node, &mut counted))
        .fold(0, usize::saturating_add)
}

/// A fragment that is being counted stands as endless, so one that comes back to itself is.
fn count<'d>(
    document: &'d ExecutableDocument,
    selections: &'d SelectionSet,
    counted: &mut HashMap<&'d Name, usize>,
) -> usize {
    let mut fields: usize = 0;
    for selection in &selections.items {
        let more = match &selection.node {
            Selection::Field(field) => {
                count(document, &field.node.selection_set.node, counted).saturating_add(1)
            }
            Selection::InlineFragment(inline) => {
                count(document, &inline.node.selection_set.node, counted).saturating_add(1)
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                match (counted.get(name), document.fragments.get_key_value(name)) {
                    (Some(known), _) => *known,
                    (None, Some((name, fragment))) => {
                        counted.insert(name, usize::MAX);
                        let inside =
                            count(document, &fragment.node.selection_set.node, counted).saturating_add(1);
                        counted.insert(name, inside);
                        inside
                    }
                    (None, None) => 1,
                }
            }
        };
        fields = fields.saturating_add(more);
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(document: &str) -> usize {
        fields_of(&async_graphql::parser::parse_query(document).unwrap())
    }

    #[test]
    fn fields_count_where_they_are_used() {
        assert_eq!(fields("{ a b { c } }"), 3);
        assert_eq!(fields("{ ...F ...F } fragment F on Query { a b }"), 6);
        assert_eq!(fields("{ a { ... on A { b } } }"), 3);
        assert_eq!(fields("query A { a } query B { a b }"), 3);
    }

    #[test]
    fn a_bomb_of_fragments_is_counted_without_going_off() {
        let mut bomb = String::from("{ ...F0 }");
        for n in 0..200 {
            bomb.push_str(&format!(" fragment F{n} on Query {{ ...F{} ...F{} }}", n + 1, n + 1));
        }
        assert_eq!(fields(&bomb), usize::MAX);
    }

    #[test]
    fn a_circle_is_endless() {
        assert_eq!(
            fields("{ ...A } fragment A on Query { ...B } fragment B on Query { a ...A }"),
            usize::MAX
        );
    }
}
