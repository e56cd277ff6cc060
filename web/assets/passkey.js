// Asks the browser for a passkey and sends its answer with the form. Binary parts travel as base64url.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const listed = (credentials) => (credentials ?? []).map((credential) => ({ ...credential, id: bytes(credential.id) }));

async function create({ publicKey }) {
  const user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  const excludeCredentials = listed(publicKey.excludeCredentials);
  const made = await navigator.credentials.create({ publicKey: { ...publicKey, user, excludeCredentials, challenge: bytes(publicKey.challenge) } });
  const { attestationObject, clientDataJSON } = made.response;
  const response = { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON) };
  return { id: made.id, rawId: text(made.rawId), type: made.type, response };
}

async function get({ publicKey }) {
  const allowCredentials = listed(publicKey.allowCredentials);
  const shown = await navigator.credentials.get({ publicKey: { ...publicKey, allowCredentials, challenge: bytes(publicKey.challenge) } });
  const { authenticatorData, clientDataJSON, signature, userHandle } = shown.response;
  const response = {
    authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  };
  return { id: shown.id, rawId: text(shown.rawId), type: shown.type, response };
}

async function ask(form) {
  const asked = await fetch(form.dataset.ask, { method: "POST", headers: { accept: "application/json" } });
  const answer = await asked.json();
  if (!asked.ok) throw new Error(answer.detail);
  const shown = await (form.dataset.passkey === "create" ? create : get)(answer.options);
  form.elements.ceremony.value = answer.ceremony;
  form.elements.answer.value = JSON.stringify(shown);
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const status = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  if (!window.PublicKeyCredential) {
    status.textContent = "This browser cannot use passkeys here.";
    continue;
  }
  status.textContent = "";
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    status.textContent = "Waiting for your passkey …";
    try {
      await ask(form);
    } catch (fault) {
      status.textContent = fault.name === "NotAllowedError" ? "No passkey was shown. Try again." : `This did not work: ${fault.message}`;
      button.disabled = false;
    }
  });
}
