// Hover or focus on a duty lights its clock and the records that belong to it, and the other way round.
export function lights(root) {
  const on = (event) => light(event.target, true);
  const off = (event) => light(event.target, false);
  root.addEventListener("mouseover", on);
  root.addEventListener("mouseout", off);
  root.addEventListener("focusin", on);
  root.addEventListener("focusout", off);
}

function light(target, lit) {
  if (!target.closest) return;
  const duty = target.closest("[data-duty]");
  const record = target.closest("[data-record]");
  if (duty) {
    const key = CSS.escape(duty.dataset.duty);
    each(`[data-duty="${key}"]`, lit);
    const lights = document.querySelector(`li[data-duty="${key}"]`);
    ((lights && lights.dataset.lights) || duty.dataset.lights || "").split(" ").filter(Boolean).forEach((id) => each(`[data-record="${CSS.escape(id)}"]`, lit));
  } else if (record) {
    each(`[data-record="${CSS.escape(record.dataset.record)}"]`, lit);
    each(`[data-lights~="${CSS.escape(record.dataset.record)}"]`, lit);
  }
}

function each(selector, lit) {
  document.querySelectorAll(selector).forEach((found) => found.classList.toggle("lit", lit));
}
