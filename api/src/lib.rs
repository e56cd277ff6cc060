
pub mod rpc;
