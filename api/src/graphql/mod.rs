//! GraphQL: every question and every deed behind one address. A resolver parses, asks the read side or sends one command,
//! and decides nothing.

mod ask;
mod asked;
mod batch;
mod documents;
mod error;
mod fields;
mod http;
mod limits;
mod loaders;
mod mutation;
mod node;
mod noted;
mod object;
mod paging;
mod query;
mod received;
mod scalars;
mod snapshot;
mod socket;
mod subscription;

#[cfg(test)]
mod tests;

pub use ask::{File, Question, Told, ask};
pub use asked::{Asked, execute, execute_noted};
pub use documents::Documents;
pub use http::routes;
pub(crate) use http::same_site;
pub use limits::GraphqlLimits;
pub use mutation::Mutation;
pub use noted::Noted;
pub use query::Query;
pub use socket::{SocketLimits, Sockets};
pub use subscription::Subscription;

use async_graphql::SDLExportOptions;
use async_graphql::extensions::Analyzer;

/// The schema with its limits. Clones share it.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// The schema with the limits that hold for everybody.
pub fn schema() -> Schema {
    schema_with(GraphqlLimits::default())
}

/// The schema with other limits.
pub fn schema_with(limits: GraphqlLimits) -> Schema {
    Schema::build(Query::default(), Mutation::default(), Subscription)
        .limit_depth(limits.depth_max)
        .limit_complexity(limits.complexity_max)
        .limit_recursive_depth(limits.nesting_max)
        .limit_directives(limits.directives_max)
        // Guessing what a caller may have meant costs time for each wrong name.
        .disable_suggestions()
        // Measures what a document costs; `Noted` takes that out of the answer again.
        .extension(Analyzer)
        .data(limits)
        .finish()
}

/// The schema as text, in a fixed order: what `schema.graphql` holds.
pub fn sdl(schema: &Schema) -> String {
    let options =
        SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
    schema.sdl_with_options(options)
}
