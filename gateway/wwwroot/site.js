// What makes the pages better where there is script. Each works without it.
const said = document.getElementById("said");

// A form pressed twice is sent once.
const sent = new WeakSet();
document.addEventListener("submit", event => {
  const form = event.target;
  if (form.method !== "post") return;
  if (sent.has(form)) { event.preventDefault(); return; }
  sent.add(form);
  if (form.matches("[data-live]")) live(event, form);
});
window.addEventListener("pageshow", event => { if (event.persisted) location.reload(); }); // the back button shows what is, not what was

// Buttons of a list: the page's main part is exchanged, and the reader stays where they were.
async function live(event, form) {
  event.preventDefault();
  const button = event.submitter, act = form.dataset.act ?? button?.value;
  const body = new FormData(form);
  if (act) body.set("Form.Act", act);
  delete form.dataset.act;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(body), headers: { Accept: "text/html" } });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = next.getElementById("main");
    if (!answer.ok || !main || new URL(answer.url).pathname !== location.pathname) {
      if (answer.redirected) location.assign(answer.url); else location.reload();
      return;
    }
    history.replaceState(null, "", new URL(answer.url).pathname + new URL(answer.url).search.replace(/[?&]saved=\d+/, "").replace(/^&/, "?"));
    document.getElementById("main").replaceChildren(...document.importNode(main, true).childNodes);
    document.title = next.title;
    enliven();
    focusOn(act);
    said.textContent = document.querySelector("#main [data-said]")?.dataset.said ?? "";
  } catch {
    location.reload(); // what was saved is on the page again
  }
}

function focusOn(act) {
  const alert = document.querySelector("#main [role=alert]");
  if (alert) { alert.focus(); return; }
  if (!act) return;
  const same = document.querySelector(`#main button[value="${CSS.escape(act)}"]:not([disabled])`);
  const code = act.split(":")[1];
  const place = same ?? document.getElementById(`p-${code}`) ?? document.querySelector("#main h1");
  if (place?.tagName === "H1") place.tabIndex = -1;
  place?.focus({ preventScroll: place === same });
}

// What a timetable adds up to, as one types: the page is asked as its own button would ask it.
let asking;
document.addEventListener("input", event => {
  const form = event.target.closest("form[data-sum]");
  if (!form) return;
  clearTimeout(asking?.timer);
  asking?.stop.abort();
  const stop = new AbortController();
  asking = { stop, timer: setTimeout(async () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("Form.Act", "sum");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" }, signal: stop.signal });
      const sum = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("sum");
      if (answer.ok && sum) document.getElementById("sum").replaceChildren(...document.importNode(sum, true).childNodes);
    } catch { /* the button is still there */ }
  }, 250) };
});

// A ranked list is reordered by dragging too; each of its parts in itself.
function draggable(list) {
  for (const item of list.children) {
    const handle = document.createElement("span");
    handle.className = "ranking__handle";
    handle.setAttribute("aria-hidden", "true");
    handle.textContent = "⠿";
    item.prepend(handle);
    handle.addEventListener("pointerdown", down => {
      if (down.button !== 0) return;
      down.preventDefault();
      item.classList.add("ranking__item--dragged");
      const before = [...list.children].indexOf(item);
      const move = event => {
        const over = [...list.children].find(other => other !== item && event.clientY >= other.getBoundingClientRect().top && event.clientY <= other.getBoundingClientRect().bottom);
        if (!over) return;
        const box = over.getBoundingClientRect();
        list.insertBefore(item, event.clientY < box.top + box.height / 2 ? over : over.nextSibling);
      };
      const end = () => {
        for (const kind of ["pointerup", "pointercancel"]) document.removeEventListener(kind, end);
        document.removeEventListener("pointermove", move);
        item.classList.remove("ranking__item--dragged");
        const after = [...list.children].indexOf(item);
        if (after === before) return;
        const form = list.closest("form");
        form.dataset.act = `move:${item.dataset.code}:${Number(list.dataset.from) + after}`;
        form.requestSubmit();
      };
      document.addEventListener("pointermove", move); // the item moves under the pointer, so it cannot hold it
      for (const kind of ["pointerup", "pointercancel"]) document.addEventListener(kind, end);
    });
  }
}

// How long until a deadline, on the server's clock.
const language = document.documentElement.lang === "el" ? "el-GR" : "en-GB";
const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const format = (unit, value) => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);
const and = language === "el-GR" ? " και " : " and ";
let clocks = [], times = [], reloading = false;
const hour = new Intl.DateTimeFormat("el-GR", { timeZone: "Europe/Athens", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
function countdowns() {
  times = [...document.querySelectorAll("[data-clock]")].map(place => ({ place, behind: Date.parse(place.dataset.clock) - performance.now() }));
  clocks = [...document.querySelectorAll(".countdown")].map(place => ({ place, until: Date.parse(place.dataset.until), behind: Date.parse(place.dataset.now) - performance.now() }));
}
setInterval(() => {
  for (const { place, behind } of times) place.textContent = hour.format(behind + performance.now());
  for (const { place, until, behind } of clocks) {
    let left = Math.ceil((until - behind - performance.now()) / 1000);
    if (left <= 0) {
      place.textContent = place.dataset.over;
      if (place.closest("[data-reload]") && !reloading) { reloading = true; setTimeout(() => location.reload(), 2000 * Math.random()); } // not all in one moment
      continue;
    }
    const first = units.findIndex(([, length]) => left >= length);
    const text = units.slice(first, first + 2).map(([unit, length]) => { const count = Math.floor(left / length); left -= count * length; return format(unit, count); }).join(and);
    place.textContent = place.dataset.in.replace("{0}", text);
  }
}, 1000);

function enliven() {
  document.querySelectorAll(".ranking").forEach(draggable);
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  countdowns();
}
// A file of the office that is under way: how far it is, and the page again when it is through.
async function follow(place) {
  const bar = place.querySelector("progress");
  for (;;) {
    await new Promise(next => setTimeout(next, 1000));
    try {
      const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) continue;
      const { underWay, read } = await answer.json();
      if (!underWay) { location.reload(); return; }
      bar.value = read;
    } catch { /* asked again */ }
  }
}
document.querySelectorAll("[data-progress]").forEach(follow);

enliven();
document.querySelector("#main [role=alert]")?.focus();
