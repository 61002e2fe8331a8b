// Rows that repeat: add one, remove one; a person chosen from the register brings the certificate along.
export function rows(root) {
  root.querySelectorAll("[data-add]").forEach((button) => { button.hidden = false; });
  root.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add]");
    if (add) {
      const list = add.closest("fieldset").querySelector("[data-rows]");
      const last = list.querySelector("[data-row]:last-child");
      const copy = last.cloneNode(true);
      copy.querySelectorAll("input:not([type=hidden])").forEach((input) => { input.value = ""; });
      const role = last.querySelector("select");
      if (role && copy.querySelector("select")) copy.querySelector("select").value = role.value;
      list.append(copy);
      const first = copy.querySelector("input:not([type=hidden])");
      if (first) first.focus();
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
