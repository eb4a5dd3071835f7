import { Fault } from './faults.mjs';

export const LF = 10, BAR = 124, COMMA = 44;
const encoder = new TextEncoder();

export const utf8 = (text) => encoder.encode(text);

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Null for what is not lower-case hex of whole bytes. */
export const fromHex = (text) => /^(?:[0-9a-f]{2})*$/.test(text) ? Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16)) : null;

/** Text that is UTF-8 throughout. */
export function decode(bytes, file, line = null) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fault('notUtf8', file, { line, is: shown(bytes) });
  }
}

/** Bytes as somebody may read them, whatever they are. */
export const shown = (bytes) => {
  const text = new TextDecoder().decode(bytes.subarray(0, 300)).replace(/[\u0000-\u001f\u007f]/g, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return bytes.length > 300 ? `${text} …` : text;
};

/** Walks a file line by line without a string for each: `start` and `end` of the line, its number from 1. */
export class Lines {
  constructor(bytes, file, header) {
    Object.assign(this, { bytes, file, line: 0, start: 0, end: -1 });
    if (bytes.length === 0 || bytes[bytes.length - 1] !== LF) {
      let [last, from] = [1, 0];
      for (let at = 0; at < bytes.length; at++) if (bytes[at] === LF) [last, from] = [last + 1, at + 1];
      throw new Fault('noLineFeed', file, { line: last, is: shown(bytes.subarray(from)) });
    }
    this.next();
    const expected = utf8(header);
    if (!same(bytes.subarray(0, this.end), expected)) throw this.fault('header', { should: header });
  }

  next() {
    this.start = this.end + 1;
    if (this.start >= this.bytes.length) return false;
    this.end = this.bytes.indexOf(LF, this.start);
    this.line++;
    return true;
  }

  text() { return shown(this.bytes.subarray(this.start, this.end)); }

  fault(key, more) { return new Fault(key, this.file, { line: this.line, is: this.text(), ...more }); }
}

export const same = (a, b) => a.length === b.length && compare(a, 0, a.length, b, 0, b.length) === 0;

export function compare(a, start, end, b, otherStart, otherEnd) {
  for (let i = start, j = otherStart; i < end && j < otherEnd; i++, j++) if (a[i] !== b[j]) return a[i] - b[j];
  return (end - start) - (otherEnd - otherStart);
}
