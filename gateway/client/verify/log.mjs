import { Fault } from './faults.mjs';
import { Lines, decode, hex, shown, utf8 } from './bytes.mjs';
import { findTicket } from './lists.mjs';
import { Rescue, WORDS } from './rescue.mjs';
import { Seats } from './seats.mjs';

const FILE = 'log.txt';
const NAME = /^[A-Z0-9.-]{1,40}$/, LIST = /^(?:-|[^|,]+(?:,[^|,]+)*)$/;
const OUTCOMES = ['placed', 'waiting', 'refused'], ANSWERS = ['accepted', 'declined', 'expired'];

/** Who is in line for a freed seat of each programme: its runners-up in draw order who got nothing or a seat in a programme below its minimum; with `upgrade` all. */
function linesOf(applications, programmes, draw, upgrade) {
  const lines = programmes.codes.map((_, programme) => new Array(draw.runnersUp[programme]));
  for (let number = 0; number < applications.count; number++) {
    const seat = draw.seat[number], may = upgrade || seat < 0 || draw.members[seat] < programmes.minimum[seat];
    let ticket = null;
    for (let at = applications.starts[number]; at < applications.starts[number + 1]; at++) {
      if (draw.runnerUp[at] > 0) lines[applications.choices[at]][draw.runnerUp[at] - 1] = may ? ticket ??= applications.ticket(number) : null;
    }
  }
  return lines.map((line) => line.filter((ticket) => ticket !== null));
}

function heldAfter(applications, draw) {
  const held = new Map();
  for (let number = 0; number < applications.count; number++) if (draw.seat[number] >= 0) held.set(applications.ticket(number), draw.seat[number]);
  return held;
}

const drawnIn = (applications, draw) => (ticket) => {
  const number = findTicket(applications, ticket);
  return { place: draw.place[number], list: applications.choices.subarray(applications.starts[number], applications.starts[number + 1]) };
};

/** Replays the claim log over the outcome of the draw: the chain of hashes, and each decision in its turn (R23-R27). */
export function checkLog(bytes, period, applications, programmes, draw, { sha256 }, { scope = 'AnyVacancy', upgrade = false } = {}, progress = () => {}) {
  const lines = new Lines(bytes, FILE, `epimorfosi-seats-v1 ${period}`);
  const numbers = new Map(programmes.codes.map((code, number) => [code, number]));
  const seats = new Seats(programmes, heldAfter(applications, draw), linesOf(applications, programmes, draw, upgrade), drawnIn(applications, draw));
  const below = programmes.codes.map((_, number) => draw.members[number] < programmes.minimum[number]);
  const counts = {};
  let [previous, number, sequence] = ['0'.repeat(64), 0, 0];
  const body = (event) => [number, event.sequence ?? '-', event.ticket, event.event, event.programme === null ? '-' : programmes.codes[event.programme], event.list ?? '-'].join('|');
  while (lines.next()) {
    const text = decode(bytes.subarray(lines.start, lines.end), FILE, lines.line), cut = text.lastIndexOf('|'), parts = text.split('|');
    if (parts.length !== 7 || !NAME.test(parts[2]) || !LIST.test(parts[5])) throw lines.fault('grammar', { should: 'N|SEQUENCE|TICKET|EVENT|PROGRAMME|LIST|HASH' });
    number++;
    if (parts[0] !== String(number)) throw lines.fault('logNumber', { should: `${number}|…` });
    const hash = hex(sha256(utf8(`${previous}\n${text.slice(0, cut)}`)));
    if (hash !== parts[6]) throw lines.fault('logChain', { should: `${text.slice(0, cut)}|${hash}` });
    previous = hash;
    const [, , ticket, event, code, list] = parts;
    const is = text.slice(0, cut), decided = (expected) => { if (body(expected) !== is) throw lines.fault('logDecision', { is, should: body(expected) }); };
    counts[event] = (counts[event] ?? 0) + 1;
    if (WORDS.includes(event) && !seats.rescue && !seats.due()) seats.rescue = new Rescue(seats);
    const due = seats.due(event);
    if (due) {
      decided(due);
      seats.follow(due);
    } else if (OUTCOMES.includes(event)) {
      const codes = list === '-' ? [] : list.split(',').map((choice) => numbers.get(choice));
      const refused = codes.length === 0 || codes.some((choice) => choice === undefined || (scope === 'BelowMinimum' && !below[choice]));
      sequence++;
      decided({ ...seats.claim(ticket, sequence, codes, refused), sequence, ticket, list });
    } else if (event === 'released') {
      decided({ event, ticket, programme: seats.release(ticket) });
    } else if (ANSWERS.includes(event)) {
      const programme = numbers.get(code);
      if (programme === undefined || !seats.hasOffer(ticket, programme)) throw lines.fault('logOffer', { word: code });
      if (event === 'accepted') seats.accept(ticket, programme); else seats.end(ticket, programme);
      decided({ event, ticket, programme });
    } else if (event === 'offered' || event === 'promoted' || WORDS.includes(event)) {
      throw lines.fault('logDecision', { is });
    } else {
      throw lines.fault('logEvent', { is, word: shown(utf8(event)) });
    }
    if ((number & 1023) === 0) progress(lines.end / bytes.length);
  }
  const due = seats.due();
  if (due) {
    number++;
    throw new Fault('logEnd', FILE, { line: number + 1, is: '', should: body(due) });
  }
  return { lines: number, claims: sequence, hash: previous, events: counts, seats };
}
