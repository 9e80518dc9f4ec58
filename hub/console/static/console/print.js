// SPDX-License-Identifier: Apache-2.0
// The button that prints a page; without this script the browser's own menu does.
for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
