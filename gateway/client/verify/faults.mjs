// What can be wrong, in English for the command line. The page has each of these in its texts, as VerifyFault_{key}. {0} is what the fault speaks of.
export const FAULTS = {
  notZip: 'this is not a zip archive that can be read',
  damaged: 'the archive is damaged: its own checksum of this file does not hold',
  missing: 'the bundle has no such file',
  notUtf8: 'the bytes are not UTF-8 text',
  notJson: 'this is not JSON',
  member: '"{0}" is missing or is not what the format asks for',
  header: 'the first line is not that of the format and the period',
  noLineFeed: 'the file does not end with a line feed',
  grammar: 'the line is not in the format',
  order: 'the line does not come after the one before it (lists are sorted by bytes, nothing is there twice)',
  repeated: 'the list names {0} twice',
  unknownProgramme: 'the list names {0}, which is not in programmes.txt',
  count: 'the number of lines is not the one committed to',
  digest: 'the SHA-256 of the file is not the one committed to before the draw',
  struckListed: '{0} was struck and is still on the list',
  announced: 'with the struck lines this is not the list that was announced',
  source: 'the source of the randomness is none that the format knows',
  custodians: 'the source does not count the custodians',
  commitment: 'what {0} revealed does not open the commitment',
  randomness: 'the randomness is not what its source gives',
  chain: 'the drand chain is none that this check knows',
  signature: 'the signature of the drand round is not the chain\'s',
  early: 'the drand round was known when the draw was committed to',
  times: 'the draw is earlier than what it was made of',
  seed: 'the seed is not what its parts give',
  result: 'the outcome is not what the lists and the seed give',
  logNumber: 'the lines of the log are not numbered one by one',
  logChain: 'the chain of hashes is broken',
  logEvent: 'an event that this check does not know: {0}',
  logOffer: 'the answer to an offer of {0} that is not open',
  logDecision: 'the decision is not the one that the rules give',
  logEnd: 'the log ends although a decision must follow',
};

/** The first thing that is wrong: where, what it is, what it should be. */
export class Fault extends Error {
  constructor(key, file, { line = null, is = null, should = null, word = '' } = {}) {
    super(`${file}${line === null ? '' : `, line ${line}`}: ${FAULTS[key].replace('{0}', word)}${is === null ? '' : `\n  it is:        ${is}`}${should === null ? '' : `\n  it should be: ${should}`}`);
    Object.assign(this, { key, file, line, is, should, word });
  }

  plain() { return { ok: false, key: this.key, file: this.file, line: this.line, is: this.is, should: this.should, word: this.word }; }
}
