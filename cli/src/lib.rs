//! The `cairn` program: reads the command line, the environment and the configuration file, and puts the crates
//! together. Everything it can do is in [`args`]; each subcommand has a file of that name in [`commands`].

pub mod args;
pub mod commands;
pub mod config;
pub mod demo;
mod elsewhere;
pub mod house;
mod out;

use args::{Args, Deed};
use cairn_domain::Refusal;
use clap::Parser;
use std::process::ExitCode;

/// Runs the program. Exit code 0: done; 1: refused, or what was inspected is bad; 2: wrong usage, or our own fault.
pub async fn run() -> ExitCode {
    let args = Args::parse();
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match Box::pin(carry_out(args)).await {
        Ok(code) => code,
        Err(fault) => {
            out::err(&format!("cairn: {fault:#}"));
            let refused = fault.downcast_ref::<Refusal>().is_some()
                || matches!(fault.downcast_ref(), Some(cairn_commands::Fault::Refused(_)));
            ExitCode::from(if refused { 1 } else { 2 })
        }
    }
}

/// Does what the command line asks for.
pub async fn carry_out(args: Args) -> anyhow::Result<ExitCode> {
    let deed = args.deed.unwrap_or_default();
    if let Deed::Metadata(what) = &deed {
        return commands::metadata::run(what);
    }
    let config = config::Config::load(&args.settings)?;
    match deed {
        Deed::Serve(what) => Box::pin(commands::serve::run(config, &what)).await,
        Deed::Project => commands::project::run(config).await,
        Deed::User(what) => commands::user::run(&config, what).await,
        Deed::Factor(what) => commands::factor::run(&config, what).await,
        Deed::Identity(what) => commands::identity::run(&config, what).await,
        Deed::Token(what) => commands::token::run(&config, what).await,
        Deed::Publisher(what) => commands::publisher::run(&config, what).await,
        Deed::Keys(what) => commands::keys::run(&config, &what).await,
        Deed::Qgis(what) => commands::qgis::run(&config, what).await,
        Deed::Upload(what) => commands::upload::run(&config, what).await,
        Deed::Approve(what) => commands::approve::run(&config, what).await,
        Deed::Plugin(what) => commands::plugin::run(&config, what).await,
        Deed::Owner(what) => commands::owner::run(&config, what).await,
        Deed::Team(what) => commands::team::run(&config, what).await,
        Deed::Site(what) => commands::site::run(&config, what).await,
        Deed::UndoActor(what) => commands::undo::run(&config, what).await,
        Deed::Version(what) => commands::version::run(&config, what).await,
        Deed::Inspect(what) => commands::inspect::run(&config, &what),
        Deed::Metadata(what) => commands::metadata::run(&what),
        Deed::Rebuild(what) => commands::rebuild::run(&config, &what).await,
        Deed::Digest => commands::digest::run(&config).await,
        Deed::Check => commands::check::run(&config).await,
        Deed::Events(what) => commands::events::run(&config, what).await,
        Deed::Healthcheck(what) => commands::healthcheck::run(&config, &what).await,
    }
}
