// Amounts in capital figures while they are typed; the server writes them out again from the fen that it stores.
const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const WITHIN = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿", "万亿"];

export function amounts(root) {
  root.addEventListener("input", (event) => {
    const input = event.target.closest("[data-amount]");
    if (!input) return;
    const output = document.getElementById(input.dataset.amount);
    if (output) output.textContent = capitals(input.value);
  });
}

export function capitals(typed) {
  const plain = typed.replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/[,，\s¥￥元]/g, "").replace("．", ".");
  const found = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(plain);
  if (!found) return "";
  const yuan = found[1].replace(/^0+(?=\d)/, "");
  const cents = ((found[2] || "") + "00").slice(0, 2);
  const head = whole(yuan);
  if (cents === "00") return (head ? head + "元" : "零元") + "整";
  let out = head ? head + "元" : "";
  if (cents[0] !== "0") out += (head && yuan.endsWith("0") ? "零" : "") + DIGITS[cents[0]] + "角";
  else if (head) out += "零";
  return out + (cents[1] === "0" ? "整" : DIGITS[cents[1]] + "分");
}

function whole(yuan) {
  const groups = [];
  for (let end = yuan.length; end > 0; end -= 4) groups.push(yuan.slice(Math.max(0, end - 4), end).padStart(4, "0"));
  let out = "";
  let gap = false;
  for (let place = groups.length - 1; place >= 0; place--) {
    const held = groups[place];
    if (held === "0000") { gap = out !== ""; continue; }
    if (out && (gap || held[0] === "0")) out += "零";
    out += four(held) + GROUPS[place];
    if (place === 3 && groups[2] !== "0000") out = out.slice(0, -1);
    gap = false;
  }
  return out;
}

function four(held) {
  let out = "";
  let zero = false;
  for (let i = 0; i < 4; i++) {
    if (held[i] === "0") { zero = true; continue; }
    out += (zero && out ? "零" : "") + DIGITS[held[i]] + WITHIN[3 - i];
    zero = false;
  }
  return out;
}
