//! The table of methods, which help, signatures, descriptions and the page are made of.

/// One method as callers see it. Types are named as the site behind plugins.qgis.org names them.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) name: &'static str,
    pub(crate) params: &'static [Param],
    pub(crate) result: &'static str,
    /// Plain text; lines indented by four blanks are code.
    pub(crate) help: &'static str,
}

/// One parameter; optional ones stand last.
#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) optional: bool,
}

impl Method {
    /// How many parameters every call must have.
    pub(crate) fn required(&self) -> usize {
        self.params.iter().filter(|param| !param.optional).count()
    }

    /// The type of the result, then those of the parameters, in one flat list as the site has always given it.
    pub(crate) fn signature(&self) -> Vec<&'static str> {
        std::iter::once(self.result).chain(self.params.iter().map(|param| param.kind)).collect()
    }
}

const fn required(name: &'static str, kind: &'static str) -> Param {
    Param { name, kind, optional: false }
}

const fn optional(name: &'static str, kind: &'static str) -> Param {
    Param { name, kind, optional: true }
}

/// Every method there is, by name.
pub(crate) const METHODS: &[Method] = &[
    Method {
        name: "plugin.maintainers",
        params: &[],
        result: "string",
        help: "Returns the e-mail addresses of all who have created a plugin, one a line. For staff only.",
    },
    Method {
        name: "plugin.tags",
        params: &[],
        result: "array",
        help: "Returns the names of all tags in alphabetical order.",
    },
    Method {
        name: "plugin.upload",
        params: &[required("package", "base64"), optional("auto_approve", "boolean")],
        result: "array",
        help: "Creates a plugin, or adds a version to one of yours: what the zip is, its metadata.txt says. \
               Returns an array of two integers, the id of the plugin and the id of the version. Needs user name and \
               password (HTTP Basic). In JSON the package is base64 text. auto_approve asks for approval at once, which \
               is granted to trusted authors.\n\n\
               From Python:\n\n    \
               import xmlrpc.client\n    \
               server = xmlrpc.client.ServerProxy(\"https://USER:PASSWORD@HOST/plugins/RPC2/\")\n    \
               package = xmlrpc.client.Binary(open(\"lasso.zip\", \"rb\").read())\n    \
               plugin_id, version_id = server.plugin.upload(package)",
    },
    Method {
        name: "plugin.vote",
        params: &[required("plugin_id", "integer"), required("vote", "integer")],
        result: "array",
        help: "Rates a plugin with 1 (poor) to 5 (excellent); both parameters may be texts. Anybody may vote; voting \
               again changes the vote. Returns an array with one struct, cookie_name and cookie.\n\n\
               From a shell:\n\n    \
               curl -H 'Content-Type: application/json' HOST/plugins/RPC2/ \\\n      \
               -d '{\"id\": \"me\", \"method\": \"plugin.vote\", \"params\": [\"11\", \"4\"]}'",
    },
    Method {
        name: "system.describe",
        params: &[],
        result: "struct",
        help: "Returns all methods with their help, parameters and results in one struct.",
    },
    Method {
        name: "system.listMethods",
        params: &[],
        result: "array",
        help: "Returns the names of all methods.",
    },
    Method {
        name: "system.methodHelp",
        params: &[required("method_name", "string")],
        result: "string",
        help: "Returns what a method does and how to call it.",
    },
    Method {
        name: "system.methodSignature",
        params: &[required("method_name", "string")],
        result: "array",
        help: "Returns the type of a method's result, followed by the types of its parameters.",
    },
];
