import { BAR, Lines, compare, shown, utf8 } from './bytes.mjs';
import { Fault } from './faults.mjs';

const FILE = 'results.txt';
const KEY = 32, MOST = 2 ** 21; // 32 bits of key and 21 of number make an exact float

/** Applications by ascending SHA-256(seed || ticket), unsigned bytes; equal keys by ticket. */
export function order(applications, seed, { sha256 }, progress = () => {}) {
  const { bytes, count, tickets, lengths } = applications;
  if (count > MOST) throw new RangeError(`more than ${MOST} applications`);
  const keys = new Uint8Array(count * KEY), first = new Float64Array(count), text = new Uint8Array(seed.length + 255);
  text.set(seed);
  for (let number = 0; number < count; number++) {
    for (let i = 0; i < lengths[number]; i++) text[seed.length + i] = bytes[tickets[number] + i];
    const key = sha256(text.subarray(0, seed.length + lengths[number]));
    keys.set(key, number * KEY);
    first[number] = (((key[0] << 24) | (key[1] << 16) | (key[2] << 8) | key[3]) >>> 0) * MOST + number;
    if ((number & 2047) === 0) progress(number / count);
  }
  first.sort();
  const sorted = Uint32Array.from(first, (value) => value % MOST);
  // The few that share their first 32 bits.
  for (let at = 1; at < count; at++) {
    for (let j = at; j > 0 && compare(keys, sorted[j - 1] * KEY, (sorted[j - 1] + 1) * KEY, keys, sorted[j] * KEY, (sorted[j] + 1) * KEY) > 0; j--) {
      [sorted[j - 1], sorted[j]] = [sorted[j], sorted[j - 1]];
    }
  }
  return sorted;
}

/** Each in that order takes the first programme of the list with fewer than its maximum of members. By application: seat (-1) and rank (0). */
export function seats(applications, programmes, inOrder) {
  const { starts, choices, count } = applications, size = programmes.codes.length;
  const seat = new Int32Array(count).fill(-1), rank = new Int32Array(count), place = new Uint32Array(count);
  const members = new Int32Array(size), cutOff = new Int32Array(size), runnersUp = new Int32Array(size), runnerUp = new Int32Array(choices.length);
  inOrder.forEach((number, index) => {
    place[number] = index + 1;
    for (let at = starts[number]; at < starts[number + 1]; at++) {
      const programme = choices[at];
      if (members[programme] < programmes.maximum[programme]) {
        seat[number] = programme;
        rank[number] = at - starts[number] + 1;
        if (++members[programme] === programmes.maximum[programme]) cutOff[programme] = index + 1;
        return;
      }
      runnerUp[at] = ++runnersUp[programme];
    }
  });
  return { order: inOrder, place, seat, rank, members, cutOff, runnersUp, runnerUp };
}

/** results.txt against the draw: the first line that is another. */
export function checkResults(bytes, period, applications, programmes, draw, progress = () => {}) {
  const lines = new Lines(bytes, FILE, `epimorfosi-results-v1 ${period}`);
  const codes = programmes.codes.map(utf8), line = new Uint8Array(255);
  let length = 0;
  const add = (from, start, end) => { for (let at = start; at < end; at++) line[length++] = from[at]; };
  const digits = (number) => { for (const digit of String(number)) line[length++] = digit.charCodeAt(0); };
  for (let index = 0; index < applications.count; index++) {
    const number = draw.order[index], start = applications.tickets[number];
    length = 0;
    digits(index + 1);
    line[length++] = BAR;
    add(applications.bytes, start, start + applications.lengths[number]);
    line[length++] = BAR;
    if (draw.seat[number] < 0) line[length++] = 45;
    else add(codes[draw.seat[number]], 0, codes[draw.seat[number]].length);
    line[length++] = BAR;
    digits(draw.rank[number]);
    if (!lines.next()) throw new Fault('result', FILE, { line: index + 2, is: '', should: shown(line.subarray(0, length)) });
    if (compare(bytes, lines.start, lines.end, line, 0, length) !== 0) throw lines.fault('result', { should: shown(line.subarray(0, length)) });
    if ((index & 8191) === 0) progress(index / applications.count);
  }
  if (lines.next()) throw lines.fault('result', { should: '' });
}
