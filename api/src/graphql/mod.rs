//! GraphQL: every question and every deed behind one address. A resolver parses, asks the read side or sends one command,
//! and decides nothing.

mod asked;
mod batch;
mod error;
mod fields;
mod http;
mod limits;
mod loaders;
mod mutation;
mod object;
mod query;
mod received;
mod scalars;
mod snapshot;

#[cfg(test)]
mod tests;

pub use asked::{Asked, execute};
pub use http::routes;
pub(crate) use http::same_site;
pub use limits::GraphqlLimits;
pub use mutation::Mutation;
pub use query::Query;

use async_graphql::{EmptySubscription, SDLExportOptions};

/// The schema with its limits. Clones share it.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// The schema with the limits that hold for everybody.
pub fn schema() -> Schema {
    schema_with(GraphqlLimits::default())
}

/// The schema with other limits.
pub fn schema_with(limits: GraphqlLimits) -> Schema {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .limit_depth(limits.depth_max)
        .limit_complexity(limits.complexity_max)
        .limit_recursive_depth(limits.nesting_max)
        .limit_directives(limits.directives_max)
        // Guessing what a caller may have meant costs time for each wrong name.
        .disable_suggestions()
        .data(limits)
        .finish()
}

/// The schema as text, in a fixed order: what `schema.graphql` holds.
pub fn sdl(schema: &Schema) -> String {
    let options =
        SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
    schema.sdl_with_options(options)
}
