// The desk's own script: every page works without it; these make it lighter.
import { rows } from "./parts/rows.js";
import { amounts } from "./parts/amounts.js";
import { uploads } from "./parts/uploads.js";
import { opening } from "./parts/opening.js";
import { lights } from "./parts/lights.js";
import { once } from "./parts/once.js";
import { keys } from "./parts/keys.js";
import { finding } from "./parts/finding.js";
import { today } from "./parts/today.js";

function start() {
  for (const part of [rows, amounts, uploads, opening, lights, once, keys, finding, today]) part(document);
  // A refusal is what the page is about: that is where reading goes on.
  const refusal = document.getElementById("refusal");
  if (refusal) refusal.focus({ preventScroll: false });
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
