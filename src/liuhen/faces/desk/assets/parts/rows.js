// Rows that repeat: add one, remove one; a person chosen from the register brings the certificate along.
export function rows(root) {
  root.querySelectorAll("[data-add]").forEach((button) => { button.hidden = false; });
  root.querySelectorAll("[data-rows]").forEach(settle);
  root.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add]");
    const drop = event.target.closest("[data-drop]");
    if (add) {
      const list = add.closest("fieldset").querySelector("[data-rows]");
      const last = list.querySelector("[data-row]:last-child");
      const copy = last.cloneNode(true);
      copy.querySelectorAll("input:not([type=hidden])").forEach((input) => { input.value = ""; });
      const role = last.querySelector("select");
      if (role && copy.querySelector("select")) copy.querySelector("select").value = role.value;
      list.append(copy);
      settle(list);
      first(copy);
    } else if (drop) {
      const row = drop.closest("[data-row]");
      const list = row.parentElement;
      const near = row.previousElementSibling || row.nextElementSibling;
      row.remove();
      settle(list);
      first(near);
    }
  });
  root.addEventListener("change", (event) => {
    const input = event.target.closest("[data-person]");
    if (!input) return;
    const list = document.getElementById(input.getAttribute("list"));
    const chosen = list && [...list.options].find((o) => o.value === input.value);
    const space = input.value.lastIndexOf(" ");
    if (!chosen || space < 0) return;
    const certificate = input.closest("[data-row]").querySelector("[data-certificate]");
    if (certificate) certificate.value = input.value.slice(space + 1);
    input.value = input.value.slice(0, space);
  });
}

// The last row stays: another is made from it.
function settle(list) {
  const held = list.querySelectorAll(":scope > [data-row]");
  held.forEach((row) => row.querySelectorAll("[data-drop]").forEach((button) => { button.hidden = held.length < 2; }));
}

function first(row) {
  const input = row.querySelector("input:not([type=hidden])");
  if (input) input.focus();
}
