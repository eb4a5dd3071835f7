import { BAR, COMMA, LF, Lines, compare, shown } from './bytes.mjs';

const identifier = new Uint8Array(256);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-') identifier[letter.charCodeAt(0)] = 1;
const LONGEST = 40;

const APPLICATION = 'TICKET|CLUSTER|CODE1,CODE2,…';
const PROGRAMME = 'CODE|CLUSTER|IIa or IIb|NOMOI|MINIMUM|MAXIMUM';
const PROGRAMME_LINE = /^([A-Z0-9.-]{1,40})\|[A-Z0-9.-]{1,40}\|(?:IIa\|[A-Z0-9.-]{1,40}(?:,[A-Z0-9.-]{1,40})*|IIb\|\*)\|(0|[1-9][0-9]{0,5})\|([1-9][0-9]{0,5})$/;

/** programmes.txt: codes with their minimum and maximum, and a table that finds a code's number by its bytes. */
export function readProgrammes(bytes, period) {
  const file = 'programmes.txt', lines = new Lines(bytes, file, `epimorfosi-programmes-v1 ${period}`);
  const codes = [], minimum = [], maximum = [];
  while (lines.next()) {
    const parts = PROGRAMME_LINE.exec(lines.text());
    if (!parts || Number(parts[2]) > Number(parts[3])) throw lines.fault('grammar', { should: PROGRAMME });
    if (codes.length > 0 && codes[codes.length - 1] >= parts[1]) throw lines.fault('order');
    codes.push(parts[1]);
    minimum.push(Number(parts[2]));
    maximum.push(Number(parts[3]));
  }
  return { codes, minimum: Int32Array.from(minimum), maximum: Int32Array.from(maximum), find: finder(codes) };
}

/** A hash table over bytes: the number of the code at [start, end) of a file, or -1. The hash is the one that the reader has rolled over them. */
function finder(codes) {
  let size = 16;
  while (size < codes.length * 4) size *= 2;
  const slots = new Int32Array(size).fill(-1), texts = codes.map((code) => Uint8Array.from(code, (letter) => letter.charCodeAt(0)));
  texts.forEach((text, number) => {
    let slot = text.reduce(roll, 0) & (size - 1);
    while (slots[slot] >= 0) slot = (slot + 1) & (size - 1);
    slots[slot] = number;
  });
  return (bytes, start, end, hash) => {
    for (let slot = hash & (size - 1); slots[slot] >= 0; slot = (slot + 1) & (size - 1)) {
      const text = texts[slots[slot]];
      if (text.length === end - start && compare(bytes, start, end, text, 0, text.length) === 0) return slots[slot];
    }
    return -1;
  };
}

const roll = (hash, byte) => Math.imul(hash ^ byte, 0x01000193);

function tally(bytes) {
  let lines = 0, commas = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === LF) lines++;
    else if (bytes[at] === COMMA) commas++;
  }
  return { applications: Math.max(0, lines - 1), choices: commas + lines };
}

/**
 * applications.txt, or struck.txt, as arrays: where each ticket is in the bytes, and the numbers of the programmes on its list; no object for an
 * application or a preference.
 */
export function readApplications(bytes, period, programmes, { file = 'applications.txt', format = 'applications', progress = () => {} } = {}) {
  const lines = new Lines(bytes, file, `epimorfosi-${format}-v1 ${period}`);
  const sizes = tally(bytes);
  const tickets = new Uint32Array(sizes.applications), lengths = new Uint8Array(sizes.applications);
  const starts = new Uint32Array(sizes.applications + 1), choices = new Int32Array(sizes.choices);
  const listed = new Int32Array(programmes.codes.length); // by programme the last line that lists it
  let count = 0, filled = 0;
  while (lines.next()) {
    const end = lines.end, wrong = () => lines.fault('grammar', { should: APPLICATION });
    const field = (from, closing) => {
      let at = from;
      while (identifier[bytes[at]] === 1) at++;
      if (bytes[at] !== closing || at === from || at - from > LONGEST || at >= end) throw wrong();
      return at;
    };
    const ticketEnd = field(lines.start, BAR), clusterEnd = field(ticketEnd + 1, BAR);
    if (count > 0 && compare(bytes, tickets[count - 1], tickets[count - 1] + lengths[count - 1], bytes, lines.start, ticketEnd) >= 0) throw lines.fault('order');
    tickets[count] = lines.start;
    lengths[count] = ticketEnd - lines.start;
    for (let from = clusterEnd + 1; from <= end;) {
      let at = from, hash = 0;
      while (identifier[bytes[at]] === 1) hash = roll(hash, bytes[at++]);
      if (at === from || at - from > LONGEST || (bytes[at] !== COMMA && at !== end)) throw wrong();
      const programme = programmes.find(bytes, from, at, hash);
      if (programme < 0) throw lines.fault('unknownProgramme', { word: shown(bytes.subarray(from, at)) });
      if (listed[programme] === lines.line) throw lines.fault('repeated', { word: programmes.codes[programme] });
      listed[programme] = lines.line;
      choices[filled++] = programme;
      from = at + 1;
    }
    starts[++count] = filled;
    if ((count & 4095) === 0) progress(end / bytes.length);
  }
  return { bytes, count, tickets, lengths, starts, choices: choices.subarray(0, filled), ticket: (number) => shown(bytes.subarray(tickets[number], tickets[number] + lengths[number])) };
}

/** The number of a ticket in the sorted list, or -1. */
export function findTicket(applications, ticket) {
  const wanted = Uint8Array.from(ticket, (letter) => letter.charCodeAt(0) & 255);
  let [low, high] = [0, applications.count - 1];
  while (low <= high) {
    const middle = (low + high) >> 1, start = applications.tickets[middle];
    const side = compare(applications.bytes, start, start + applications.lengths[middle], wanted, 0, wanted.length);
    if (side === 0) return middle;
    if (side < 0) low = middle + 1; else high = middle - 1;
  }
  return -1;
}
