// A form is sent once: the button waits, and so does the form while a file is still going up.
export function once(root) {
  root.querySelectorAll("form[data-once]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      const list = form.querySelector("[data-files]");
      if (list && list.querySelector("[data-busy]")) {
        event.preventDefault();
        const words = JSON.parse(list.dataset.words);
        form.querySelector(".form-end .end").textContent = words.wait;
        return;
      }
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
    });
  });
  // Back from the page that followed: the form may be sent again, with the same id, and is stored once.
  window.addEventListener("pageshow", () => root.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));
}
