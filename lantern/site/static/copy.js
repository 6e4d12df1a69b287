// Copies the text of the box before the button.
"use strict";

for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const box = document.getElementById(button.dataset.copies);
    const told = button.nextElementSibling;
    try {
      await navigator.clipboard.writeText(box.textContent);
      told.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(box);
      told.textContent = "It is marked now. Copy it with your keyboard.";
    }
  });
}
