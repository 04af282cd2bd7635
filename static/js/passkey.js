// Passkeys: the browser and its device do the work; a form carries what they answer. Nothing shows without scripts.
const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function asked(options) {
  const key = options.publicKey;
  const credentials = (list) => (list || []).map((each) => ({ ...each, id: fromText(each.id) }));
  return {
    publicKey: {
      ...key,
      challenge: fromText(key.challenge),
      ...(key.user && { user: { ...key.user, id: fromText(key.user.id) } }),
      ...(key.excludeCredentials && { excludeCredentials: credentials(key.excludeCredentials) }),
      ...(key.allowCredentials && { allowCredentials: credentials(key.allowCredentials) }),
    },
  };
}

function answered(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

export function offerPasskeys(document) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    const act = form.dataset.passkey === "new" ? "create" : "get";
    const options = asked(JSON.parse(document.getElementById("passkey-options").textContent));
    const button = form.querySelector("button");
    const said = form.querySelector("[role=status]");
    form.hidden = false;
    for (const sentence of document.querySelectorAll("[data-without-passkey]")) sentence.hidden = true;
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      said.textContent = "";
      try {
        form.elements.credential.value = JSON.stringify(answered(await navigator.credentials[act](options)));
        form.submit();
      } catch {
        said.textContent = form.dataset.failed;
      }
    });
  }
}
