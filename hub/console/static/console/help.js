// SPDX-License-Identifier: Apache-2.0
// The explanation of a section as a pop-up. Without this script it is a block of the page, its
// button a form, and the question mark leads to the help page.
// In a block: where a page is put into another's place, this runs again for the new one.
{
  const help = document.getElementById("help");
  const form = help.querySelector("form");

  const show = () => {
    help.removeAttribute("open");
    help.showModal();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    help.close();
  });
  // closed by its button, by a click beside it or by Escape: the server remembers, the page stays as it is
  help.addEventListener("close", () => {
    // also where somebody goes on to another page at once
    const sent = { method: "POST", body: new FormData(form), redirect: "manual", keepalive: true };
    fetch(form.action, sent);
  });
  for (const link of document.querySelectorAll("[data-opens=help]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show();
    });
  }
  if (help.open) show();
}
