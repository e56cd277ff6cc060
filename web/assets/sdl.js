"use strict";

// Reads a GraphQL schema in its own language (SDL) into a Map from type name to
// {kind, name, description, fields, values, members, interfaces}. It knows what servers print; what it does not know it skips.
function readSdl(text) {
  const tokens = text.match(/"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|[A-Za-z_]\w*|-?\d[\w.+-]*|\.{3}|[!$&()=:@[\]{}|]/g) || [];
  const stream = tokens.filter((token) => token[0] !== "#");
  let at = 0;
  const next = () => stream[at++];
  const peek = () => stream[at];
  const took = (token) => peek() === token && ++at > 0;

  function description() {
    const token = peek();
    if (!token || token[0] !== '"') return "";
    at++;
    if (!token.startsWith('"""')) return JSON.parse(token);
    const lines = token.slice(3, -3).replaceAll('\\"""', '"""').split("\n");
    const indents = lines.slice(1).filter((line) => line.trim()).map((line) => line.search(/\S/));
    const indent = indents.length ? Math.min(...indents) : 0;
    return lines.map((line, i) => (i ? line.slice(indent) : line.trimStart())).join("\n").trim();
  }

  // The text between a bracket that was taken and the one that closes it.
  function upTo(open, close) {
    let depth = 1, text = "";
    while (at < stream.length) {
      const token = next();
      if (token === open) depth++;
      if (token === close && --depth === 0) break;
      text += (text && /\w$/.test(text) && /^\w/.test(token) ? " " : "") + token;
    }
    return text;
  }

  function type() {
    let text = took("[") ? `[${type()}${next()}` : next();
    if (took("!")) text += "!";
    return text;
  }

  function value() {
    if (took("[")) return `[${upTo("[", "]")}]`;
    if (took("{")) return `{${upTo("{", "}")}}`;
    return next();
  }

  // Skips directives; answers the reason of @deprecated.
  function directives() {
    let deprecated = null;
    while (took("@")) {
      const name = next();
      const args = took("(") ? upTo("(", ")") : "";
      if (name === "deprecated") deprecated = args.replace(/^reason:\s*/, "").replaceAll('"', "") || "deprecated";
    }
    return deprecated;
  }

  function listOf(close, one) {
    const list = [];
    while (at < stream.length && !took(close)) list.push(one());
    return list;
  }

  function field() {
    const it = { description: description(), name: next(), args: [], type: "", fallback: null };
    if (took("(")) it.args = listOf(")", field);
    if (took(":")) it.type = type();
    if (took("=")) it.fallback = value();
    it.deprecated = directives();
    return it;
  }

  function names(separator) {
    const list = [];
    took(separator);
    do list.push(next()); while (took(separator));
    return list;
  }

  const types = new Map();
  while (at < stream.length) {
    const about = description();
    const kind = next();
    if (kind === "schema") {
      directives();
      if (took("{")) upTo("{", "}");
    } else if (kind === "directive") {
      took("@");
      next();
      if (took("(")) upTo("(", ")");
      took("repeatable");
      if (took("on")) names("|");
    } else if (["type", "interface", "input", "enum", "union", "scalar"].includes(kind)) {
      const it = { kind, name: next(), description: about, fields: [], values: [], members: [], interfaces: [] };
      if (took("implements")) it.interfaces = names("&");
      directives();
      if (kind === "union" && took("=")) it.members = names("|");
      if (took("{")) it[kind === "enum" ? "values" : "fields"] = listOf("}", field);
      types.set(it.name, it);
    }
  }
  return types;
}
