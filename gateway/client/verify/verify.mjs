// Checks a published draw from its files alone, and phase B if its log is there (docs/verify.md). Pure: bytes in, verdict out; shares nothing with the services.
import { DrawJson, checkRandomness, checkSeed } from './ceremony.mjs';
import { hex } from './bytes.mjs';
import { checkResults, order, seats } from './draw.mjs';
import { Fault } from './faults.mjs';
import { readApplications, readProgrammes } from './lists.mjs';
import { checkLog } from './log.mjs';
import { checkStruck } from './struck.mjs';
import { explain } from './ticket.mjs';

const CHUNK = 1 << 20;
// How much of the whole each stage takes, about.
const STAGES = [['read', 0.25], ['digest', 0.2], ['order', 0.35], ['results', 0.05], ['log', 0.15]];

/**
 * @param files Map of name to Uint8Array: draw.json, applications.txt, programmes.txt, results.txt, maybe struck.txt and log.txt
 * @param tools { newSha256() with update and digest, sha256(bytes), bls or null }
 * @param options { ticket, scope, upgrade, announcedSha256, progress(part of 1, stage) }
 * @returns { ok: true, figures, … } or { ok: false, file, line, key, is, should, word, message }
 */
export function verify(files, tools, options = {}) {
  try {
    return check(files, tools, options);
  } catch (fault) {
    if (fault instanceof Fault) return { ...fault.plain(), message: fault.message };
    throw fault;
  }
}

function check(files, tools, { ticket = '', scope, upgrade, announcedSha256 = null, progress = () => {} }) {
  const began = performance.now();
  const file = (name) => { if (!files.has(name)) throw new Fault('missing', name); return files.get(name); };
  const at = (stage) => {
    const index = STAGES.findIndex(([name]) => name === stage), before = STAGES.slice(0, index).reduce((sum, [, share]) => sum + share, 0);
    return (part) => progress(before + part * STAGES[index][1], stage);
  };
  const json = new DrawJson(file('draw.json')), { period } = json.value;
  const programmes = readProgrammes(file('programmes.txt'), period);
  checkDigest('programmes.txt', file('programmes.txt'), programmes.codes.length, json.value.programmesSha256, json.value.programmes, tools);
  const applications = readApplications(file('applications.txt'), period, programmes, { progress: at('read') });
  checkDigest('applications.txt', file('applications.txt'), applications.count, json.value.applicationsSha256, json.value.applications, tools, at('digest'));
  const struck = files.has('struck.txt') ? checkStruck(file('struck.txt'), period, applications, programmes, announcedSha256 ?? json.value.announcedSha256, tools) : null;
  const randomness = checkRandomness(json, tools);
  const draw = seats(applications, programmes, order(applications, checkSeed(json, tools), tools, at('order')));
  checkResults(file('results.txt'), period, applications, programmes, draw, at('results'));
  const log = files.has('log.txt') ? checkLog(file('log.txt'), period, applications, programmes, draw, tools, { scope, upgrade }, at('log')) : null;
  progress(1, 'done');
  return {
    ok: true, rehearsal: randomness.kind === 'rehearsal', figures: figures(json, applications, programmes, draw), randomness, struck,
    log: log && { lines: log.lines, claims: log.claims, hash: log.hash, events: log.events },
    asked: ticket.trim() !== '', ticket: ticket.trim() === '' ? null : explain(ticket, applications, programmes, draw, log),
    seconds: (performance.now() - began) / 1000,
  };
}

function checkDigest(name, bytes, lines, sha256, count, { newSha256 }, progress = () => {}) {
  if (lines !== count) throw new Fault('count', name, { is: String(lines), should: String(count) });
  const hash = newSha256();
  for (let at = 0; at < bytes.length; at += CHUNK) {
    hash.update(bytes.subarray(at, at + CHUNK));
    progress(at / bytes.length);
  }
  const is = hex(hash.digest());
  if (is !== sha256) throw new Fault('digest', name, { is, should: sha256 });
}

function figures(json, applications, programmes, draw) {
  const { period, source, randomness, seed, applicationsSha256, programmesSha256, committedAt, drawnAt } = json.value;
  const count = (list, holds) => list.reduce((sum, value, index) => sum + (holds(value, index) ? 1 : 0), 0);
  return {
    period, source, randomness, seed, applicationsSha256, programmesSha256, committedAt, drawnAt,
    applications: applications.count, choices: applications.choices.length, programmes: programmes.codes.length, seats: programmes.maximum.reduce((sum, maximum) => sum + maximum, 0),
    placed: count(draw.rank, (rank) => rank > 0), unplaced: count(draw.rank, (rank) => rank === 0),
    first: count(draw.rank, (rank) => rank === 1), topThree: count(draw.rank, (rank) => rank > 0 && rank <= 3),
    belowMinimum: count(draw.members, (members, programme) => members < programmes.minimum[programme]),
  };
}
