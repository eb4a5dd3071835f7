// Makes the table of seats follow what is decided: by server-sent events, or where they are not to be had by asking now and then.
const seats = document.getElementById("seats");
const state = document.getElementById("seats-state");
const said = document.getElementById("seats-said");
const seconds = 1000;
const askEvery = 5 * seconds, tryStreamAgain = 60 * seconds, sayEvery = 10 * seconds, markFor = 4 * seconds;

const rows = new Map([...document.querySelectorAll("tr[data-programme]")].map(row => [row.dataset.programme, row]));
const marks = new Map();
const unsaid = new Set();
let saying, asking;

const counted = (name, count) => (seats.dataset[name + count] ?? seats.dataset[name]).replace("{0}", count);

function write(row, name, text) {
  const cell = row.querySelector(`[data-cell=${name}]`);
  if (cell.textContent === text) return false;
  cell.textContent = text;
  return true;
}

function show(changes) {
  for (const seat of changes) {
    const row = rows.get(seat.programme);
    if (!row) continue; // on another page of the list
    const changed = [
      write(row, "members", seats.dataset.membersof.replace("{0}", seat.members).replace("{1}", row.dataset.maximum)),
      write(row, "needed", seat.cancelled ? seats.dataset.cancelled : seat.belowMinimum ? counted("needed", seat.needed) : ""),
      write(row, "free", seat.cancelled ? "" : counted("free", seat.free)),
      write(row, "offered", seat.offered > 0 ? counted("offered", seat.offered) : ""),
    ].some(Boolean);
    if (changed) mark(row);
  }
}

function mark(row) {
  row.classList.add("seats__changed");
  clearTimeout(marks.get(row));
  marks.set(row, setTimeout(() => row.classList.remove("seats__changed"), markFor));
  unsaid.add(row);
  saying ??= setTimeout(say, sayEvery);
}

function say() {
  said.textContent = counted("changed", unsaid.size);
  unsaid.clear();
  saying = undefined;
}

function tell(name) {
  if (state.dataset.now === name) return;
  state.dataset.now = name;
  state.textContent = seats.dataset[name];
}

function follow() {
  const stream = new EventSource(seats.dataset.stream);
  stream.onopen = () => {
    clearInterval(asking);
    tell("live");
  };
  stream.addEventListener("seats", event => show(JSON.parse(event.data)));
  stream.onerror = () => {
    if (stream.readyState === EventSource.CLOSED) { // refused: too many follow already, or there is nothing behind
      clearInterval(asking);
      asking = setInterval(ask, askEvery);
      ask();
      setTimeout(follow, tryStreamAgain);
    } else {
      tell("lost"); // the browser connects again by itself
    }
  };
}

async function ask() {
  try {
    for (let page = 1, got = 0, total = 1; got < total; page++) {
      const answer = await fetch(`${seats.dataset.answer}&page=${page}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const body = await answer.json();
      if (body.items.length === 0) break;
      show(body.items);
      got += body.items.length;
      total = body.total;
    }
    tell("asking");
  } catch {
    tell("lost");
  }
}

function clock() {
  const time = document.getElementById("seats-clock");
  const behind = new Date(time.dateTime) - performance.now();
  const language = document.documentElement.lang === "el" ? "el-GR" : "en-GB";
  const zone = { timeZone: "Europe/Athens" };
  const day = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric", ...zone });
  const hour = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", ...zone });
  setInterval(() => {
    const now = new Date(behind + performance.now());
    time.textContent = `${day.format(now).replace(", ", " ")}, ${hour.format(now)}`;
  }, seconds);
}

if (document.getElementById("seats-clock")) clock();
if (seats) follow();
