//! Real clients against a running server, on both databases: the tools that authors and operators install from pip,
//! and what QGIS itself sends.

mod curl;
mod dev_tools;
mod fuzz;
mod look;
mod plugin_ci;
mod plugin_manager;
mod qgis;
mod rpc_scripts;
mod tools;
