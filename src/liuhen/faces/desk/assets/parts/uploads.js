// Files go up as soon as they are chosen, each with its progress; the form then only names them.
export function uploads(root) {
  const list = root.querySelector("[data-files]");
  const input = root.getElementById("upload");
  if (!list || !input) return;
  const words = JSON.parse(list.dataset.words);
  const roles = root.querySelector("template[data-file-role]");
  const token = root.querySelector("[name=csrfmiddlewaretoken]").value;
  const zone = root.querySelector("[data-drop-zone]");
  root.querySelectorAll("[data-upload-now]").forEach((button) => { button.hidden = true; });
  list.querySelectorAll("[data-drop-file]").forEach((button) => { button.hidden = false; });

  const take = (files) => { for (const file of files) send(file); };
  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); zone.classList.remove("over"); take([...event.dataTransfer.files]); });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-drop-file]");
    if (button) { const item = button.closest("li"); if (item.stop) item.stop(); item.remove(); }
  });

  function send(file) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    const state = document.createElement("span");
    const drop = document.createElement("button");
    const bar = document.createElement("progress");
    name.textContent = file.name + " ";
    state.className = "sub";
    state.setAttribute("role", "status");
    state.textContent = words.uploading;
    drop.type = "button";
    drop.className = "btn s q";
    drop.dataset.dropFile = "";
    drop.textContent = words.drop;
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    name.append(state);
    item.append(name, document.createElement("span"), drop, bar);
    item.dataset.busy = "";
    list.append(item);

    const ask = new XMLHttpRequest();
    item.stop = () => ask.abort();
    ask.open("POST", "/files/");
    ask.setRequestHeader("X-CSRFToken", token);
    ask.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    ask.setRequestHeader("X-Kind", list.dataset.kind || "");
    ask.setRequestHeader("Content-Type", "application/octet-stream");
    ask.responseType = "json";
    ask.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = event.loaded / event.total;
      state.textContent = words.uploading + " " + Math.floor(bar.value * 100) + "%";
    });
    ask.addEventListener("load", () => {
      delete item.dataset.busy;
      bar.remove();
      if (ask.status !== 200 || !ask.response) return fail(ask.response && ask.response.sentence ? ask.response.sentence + " " + ask.response.next : String(ask.status));
      state.textContent = words.done;
      const held = document.createElement("input");
      held.type = "hidden";
      held.name = "file";
      held.value = ask.response.token;
      const hash = document.createElement("span");
      hash.className = "hash";
      hash.textContent = "SHA-256 " + ask.response.sha256;
      item.replaceChild(roles.content.cloneNode(true), item.children[1]);
      item.append(held, hash);
    });
    ask.addEventListener("error", () => { delete item.dataset.busy; bar.remove(); fail(""); });
    ask.send(file);

    function fail(why) {
      state.className = "overdue";
      state.textContent = words.failed + why;
    }
  }
}
