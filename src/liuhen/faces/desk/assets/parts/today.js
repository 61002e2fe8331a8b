// A timeline wider than its box opens where today is, not at its beginning.
export function today(root) {
  root.querySelectorAll(".tl-box").forEach((box) => {
    const line = box.querySelector(".now-l");
    if (!line || box.scrollWidth <= box.clientWidth) return;
    const beyond = line.getBoundingClientRect().left - box.getBoundingClientRect().left - box.clientWidth;
    if (beyond > -24) box.scrollLeft = box.scrollWidth;
  });
}
