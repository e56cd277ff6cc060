//! What one request body may hold.

/// The bounds of a request, all inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RpcLimits {
    /// Bytes of the whole body. 25,000,000 is what the site behind plugins.qgis.org takes; base64 in lines adds 35 %, so
    /// packages of about 18 MB fit.
    pub body_bytes_max: usize,
    /// Arrays and structs around a value, not counting the list of parameters itself. Known calls need none.
    pub depth_max: usize,
    /// Values in the whole body, those inside arrays and structs counted.
    pub values_max: usize,
    /// Calls in one JSON-RPC batch.
    pub batch_calls_max: usize,
    /// Bytes of a JSON-RPC `id`; it is sent back, so it stays short. Clients send a word, a number or a UUID.
    pub id_bytes_max: usize,
}

impl Default for RpcLimits {
    fn default() -> Self {
        Self {
            body_bytes_max: 25_000_000,
            depth_max: 16,
            values_max: 1_000,
            batch_calls_max: 20,
            id_bytes_max: 256,
        }
    }
}

impl RpcLimits {
    /// Why a body of so many bytes is refused, and where to go with it.
    pub(super) fn body_too_large(&self, bytes: usize) -> String {
        format!(
            "the request has {bytes} bytes and may have {}; base64 makes a package a third larger, so upload large \
             packages in the browser or with a token",
            self.body_bytes_max
        )
    }
}
