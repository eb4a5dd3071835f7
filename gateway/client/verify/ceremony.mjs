import { Fault } from './faults.mjs';
import { decode, hex, utf8 } from './bytes.mjs';
import { checkRound } from './drand.mjs';

const FILE = 'draw.json';
const HASH = /^[0-9a-f]{64}$/, TIME = /^((?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?Z$/, NAME = /^[A-Z0-9.-]{1,40}$/;
const isText = (value) => typeof value === 'string', isCount = (value) => Number.isInteger(value) && value >= 0;
const isTime = (value) => instant(value) !== null;

/** Ten millionths of a second of Unix time; null for what is no time. */
function instant(value) {
  const parts = isText(value) ? TIME.exec(value) : null, moment = parts && Date.parse(`${parts[1]}Z`);
  if (parts === null || Number.isNaN(moment) || new Date(moment).toISOString().slice(0, 19) !== parts[1]) return null;
  return BigInt(moment) * 10_000n + BigInt((parts[2] ?? '').padEnd(7, '0'));
}

const MEMBERS = {
  format: (value) => value === 1,
  period: (value) => isText(value) && NAME.test(value),
  algorithm: (value) => value === 'serial-dictatorship-v1',
  applicationsSha256: (value) => isText(value) && HASH.test(value),
  programmesSha256: (value) => isText(value) && HASH.test(value),
  applications: isCount,
  programmes: isCount,
  source: isText,
  randomness: (value) => isText(value) && HASH.test(value),
  seed: (value) => isText(value) && HASH.test(value),
  committedAt: isTime,
  drawnAt: isTime,
  custodians: Array.isArray,
};

/** draw.json, each member of its kind. */
export class DrawJson {
  constructor(bytes) {
    this.source = decode(bytes, FILE);
    try { this.value = JSON.parse(this.source); } catch { throw new Fault('notJson', FILE); }
    for (const [name, holds] of Object.entries(MEMBERS)) this.member(this.value, name, holds);
    this.committedAt = instant(this.value.committedAt);
    this.drawnAt = instant(this.value.drawnAt);
  }

  member(object, name, holds, nth = 0) {
    const value = object === null || typeof object !== 'object' ? undefined : object[name];
    if (!holds(value)) throw this.fault('member', name, value === undefined ? '–' : JSON.stringify(value), null, name, nth);
    return value;
  }

  /** A fault at the line that has the member for the nth time. */
  fault(key, name, is, should = null, word = name, nth = 0) {
    let at = -1;
    for (let i = 0; i <= nth; i++) at = this.source.indexOf(`"${name}"`, at + 1);
    return new Fault(key, FILE, { line: at < 0 ? null : this.source.slice(0, at).split('\n').length, is, should, word });
  }
}

/** The randomness from its source: custodians' reveals, a drand round, or the text of a rehearsal. */
export function checkRandomness(json, tools) {
  const { sha256 } = tools, { source, randomness, custodians } = json.value;
  const [kind, ...rest] = source.split(':');
  if (json.drawnAt < json.committedAt) throw json.fault('times', 'drawnAt', json.value.drawnAt, `>= ${json.value.committedAt}`);
  const expect = (gives) => { if (gives !== randomness) throw json.fault('randomness', 'randomness', randomness, gives); };
  if (kind === 'custodians') {
    if (custodians.length === 0 || source !== `custodians:${custodians.length}`) throw json.fault('custodians', 'source', source, `custodians:${custodians.length}`);
    custodians.forEach((custodian, nth) => {
      const name = json.member(custodian, 'name', isText, nth), commitment = json.member(custodian, 'commitment', isText, nth);
      const opens = hex(sha256(utf8(json.member(custodian, 'reveal', isText, nth))));
      if (opens !== commitment) throw json.fault('commitment', 'commitment', commitment, opens, name, nth);
    });
    expect(hex(sha256(utf8(custodians.map(({ reveal }) => `${reveal}\n`).join('')))));
    return { kind, custodians: custodians.map(({ name }) => name) };
  }
  if (kind === 'rehearsal' && rest.length > 0) {
    expect(hex(sha256(utf8(rest.join(':')))));
    return { kind, rehearsal: rest.join(':') };
  }
  if (/^drand:[0-9a-f]{64}:[1-9]\d{0,14}$/.test(source)) return { kind, ...checkRound(json, tools) };
  throw json.fault('source', 'source', source, 'custodians:{k} / drand:{chain}:{round} / rehearsal:{text}');
}

/** 32 bytes that stand for exactly these lists and this randomness. */
export function checkSeed(json, { sha256 }) {
  const { period, applicationsSha256, programmesSha256, source, randomness, seed } = json.value;
  const bytes = sha256(utf8(`epimorfosi-draw-v1\n${period}\n${applicationsSha256}\n${programmesSha256}\n${source}\n${randomness}\n`));
  if (hex(bytes) !== seed) throw json.fault('seed', 'seed', seed, hex(bytes));
  return bytes;
}
