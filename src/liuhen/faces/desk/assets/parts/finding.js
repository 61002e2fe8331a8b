// An address that ends in a duty leads to it, also where the page has folded it or has not laid it out.
export function finding(root) {
  find(root);
  addEventListener("hashchange", () => find(root));
}

function find(root) {
  const name = named();
  if (!name) return;
  const there = root.getElementById(name);
  if (there) {
    let moved = false;
    for (let fold = there.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) { fold.open = true; moved = true; }
    if (moved) there.scrollIntoView();
    return;
  }
  const address = new URL(location.href);
  const key = name.slice(2);
  // Asked for once: a duty that is gone leaves the page as it is.
  if (!root.querySelector("aside.ob") || address.searchParams.get("duty") === key) return;
  address.searchParams.set("duty", key);
  location.replace(address.href);
}

function named() {
  try {
    const name = decodeURIComponent(location.hash.slice(1));
    return name.startsWith("d-") ? name : "";
  } catch {
    return "";
  }
}
