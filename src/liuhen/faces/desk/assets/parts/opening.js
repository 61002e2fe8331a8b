// What opens in place: our words for an article below the line that cites it, and why a date is that date.
export function opening(root) {
  root.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close]");
    if (close) {
      const note = close.closest(".said");
      const link = note.opener;
      note.remove();
      if (link) { link.setAttribute("aria-expanded", "false"); link.focus(); }
      return;
    }
    const link = event.target.closest("[data-article]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link);
  });
  root.addEventListener("toggle", (event) => {
    const details = event.target;
    const summary = details.open && details.querySelector(":scope > summary[data-load]");
    if (!summary) return;
    const target = details.querySelector(":scope > div");
    const address = summary.dataset.load;
    delete summary.dataset.load;
    part(address).then((html) => { target.innerHTML = html; }, () => { summary.dataset.load = address; details.open = false; location.href = address; });
  }, true);
}

function show(link) {
  const home = link.closest("p, li, td, dd, legend, label, .sub") || link.parentElement;
  const box = home.matches("label, legend, .sub") ? home.parentElement : home;
  const there = [...box.parentElement.querySelectorAll(".said")].find((note) => note.opener === link);
  if (there) { there.remove(); link.setAttribute("aria-expanded", "false"); return; }
  part(link.dataset.article).then((html) => {
    const frame = document.createElement("template");
    frame.innerHTML = html;
    const note = frame.content.querySelector(".said");
    note.opener = link;
    link.setAttribute("aria-expanded", "true");
    if (box.matches("td, dd, li, div")) box.append(note);
    else box.after(note);
  }, () => { location.href = link.href; });
}

function part(address) {
  return fetch(address + (address.includes("?") ? "&" : "?") + "part=1", { headers: { "X-Part": "1" }, credentials: "same-origin" }).then((answer) => {
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    return answer.text();
  });
}
