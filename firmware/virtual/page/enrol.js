// A board without settings becomes a terminal; then the same address shows that terminal.
"use strict";

const at = (id) => document.getElementById(id);
const AGAIN_MS = 300;

async function enrol() {
  const answer = await fetch("/enrol", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
    body: JSON.stringify({ hub: at("hub").value, code: at("code").value }),
  });
  if (!answer.ok) throw new Error((await answer.json()).error);
}

// The terminal answers what a bare board does not.
async function started() {
  try {
    return (await fetch("/state.json")).ok;
  } catch {
    return false; // between the two nobody listens
  }
}

async function lookAgain() {
  if (await started()) location.replace(`/?lang=${document.documentElement.lang}`);
  else setTimeout(lookAgain, AGAIN_MS);
}

at("enrol").addEventListener("submit", async (event) => {
  event.preventDefault();
  at("wrong").textContent = "";
  at("go").disabled = true;
  try {
    await enrol();
    at("done").textContent = at("done").dataset.done;
    lookAgain();
  } catch (error) {
    at("wrong").textContent = error.message;
    at("go").disabled = false;
  }
});
