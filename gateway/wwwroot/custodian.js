// R18: a custodian's secret is hashed here and stays here; what is sent is its digest. Without this, or without a secure context, the digest is written by hand.
const form = document.querySelector("form[data-custody]");
const digest = async text => [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))].map(byte => byte.toString(16).padStart(2, "0")).join("");

if (globalThis.crypto?.subtle) {
  if (form?.dataset.custody === "commit") commit();
  if (form?.dataset.custody === "reveal") reveal();
}

function commit() {
  const [secret, commitment, keep] = [form.querySelector("#secret"), form.querySelector("#commitment"), form.querySelector("[data-keep]")];
  form.querySelector("[data-secret]").hidden = false;
  form.querySelector("[data-invent]").addEventListener("click", () => {
    secret.value = [...crypto.getRandomValues(new Uint8Array(32))].map(byte => byte.toString(16).padStart(2, "0")).join("");
    show();
  });
  secret.addEventListener("input", show);

  async function show() {
    const text = secret.value.trim();
    const shown = text === "" ? "" : await digest(text);
    if (secret.value.trim() !== text) return;
    commitment.value = shown;
    URL.revokeObjectURL(keep.href);
    keep.hidden = text === "";
    keep.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  }
}

function reveal() {
  const secret = form.querySelector("#reveal");
  secret.addEventListener("input", async () => {
    const text = secret.value.trim();
    const wrong = text !== "" && await digest(text) !== form.dataset.commitment;
    if (secret.value.trim() === text) secret.setCustomValidity(wrong ? form.dataset.mismatch : "");
  });
}
