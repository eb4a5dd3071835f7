import { Fault } from './faults.mjs';

const LIMIT = 2 ** 30; // more than any list we know of, unpacked
const WANTED = /^(?:draw-[1-9]\d{0,3}\/)?[a-z-]+\.(?:txt|json)$/;

const table = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes) {
  let crc = -1;
  for (let at = 0; at < bytes.length; at++) crc = table[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

async function inflate(bytes) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).arrayBuffer());
}

export const isZip = (bytes) => bytes.length > 21 && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] < 9;

/** An audit.zip has a folder for each draw: the last one's files, and the log. */
function lastDraw(files) {
  const folders = [...files.keys()].filter((name) => name.includes('/')).map((name) => name.slice(0, name.indexOf('/') + 1));
  const last = folders.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).at(-1);
  if (!last || files.has('draw.json')) return files;
  return new Map([...files].filter(([name]) => name.startsWith(last) || name === 'log.txt').map(([name, content]) => [name.slice(name.indexOf('/') + 1), content]));
}

/** The files of a zip archive by name. The platform inflates; each file's checksum and size are the archive's. */
export async function unzip(bytes, name = 'bundle.zip') {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = new Map();
  try {
    let end = bytes.length - 22;
    while (view.getUint32(end, true) !== 0x06054b50) end--;
    let at = view.getUint32(end + 16, true);
    for (let left = view.getUint16(end + 10, true); left > 0; left--) {
      if (view.getUint32(at, true) !== 0x02014b50) throw new RangeError();
      const [method, crc, packed, size] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true), view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
      const nameLength = view.getUint16(at + 28, true), local = view.getUint32(at + 42, true);
      const file = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
      if (!WANTED.test(file) || size > LIMIT) continue;
      if (files.has(file)) throw new Fault('damaged', file);
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const data = bytes.subarray(start, start + packed);
      if (data.length !== packed || (method !== 0 && method !== 8)) throw new RangeError();
      let plain;
      try { plain = method === 8 ? await inflate(data) : data; } catch { throw new Fault('damaged', file); }
      if (plain.length !== size || crc32(plain) !== crc) throw new Fault('damaged', file);
      files.set(file, plain);
    }
  } catch (fault) {
    throw fault instanceof Fault ? fault : new Fault('notZip', name);
  }
  return lastDraw(files);
}
