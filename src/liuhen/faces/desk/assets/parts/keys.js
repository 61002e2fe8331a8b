// Keys within the timeline: ← and → go from one act to the next, Enter opens the lens, Esc closes it.
export function keys(root) {
  root.addEventListener("keydown", (event) => {
    const box = event.target.closest && event.target.closest(".tl-box");
    if (!box) return;
    const acts = [...box.querySelectorAll("a.act")];
    const at = acts.indexOf(document.activeElement);
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      if (!acts.length) return;
      event.preventDefault();
      const next = event.key === "ArrowRight" ? Math.min(acts.length - 1, at + 1) : Math.max(0, at - 1);
      acts[next].focus();
    } else if (event.key === "Escape") {
      const close = root.querySelector("[data-close-lens]");
      if (close) close.click();
    }
  });
  // After the lens was swapped in, the act that was chosen keeps the focus.
  root.addEventListener("htmx:afterSettle", (event) => {
    const chosen = event.target.querySelector && event.target.querySelector("a.act .pick");
    if (chosen) chosen.parentElement.focus({ preventScroll: true });
  });
}
