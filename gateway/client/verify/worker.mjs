// The check itself, off the page's thread. Nothing here fetches or sends anything.
import { Fault } from './faults.mjs';
import { tools } from './tools.mjs';
import { verify } from './verify.mjs';
import { isZip, unzip } from './zip.mjs';

/** Files of archives and by themselves, the latter first: who gives a file beside an archive means that one. */
async function read(files) {
  const [plain, packed] = [new Map(), new Map()];
  for (const file of files) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (isZip(bytes)) for (const [name, content] of await unzip(bytes, file.name)) packed.set(name, content);
    else plain.set(nameOf(file.name), bytes);
  }
  return new Map([...packed, ...plain]);
}

/** A browser that has the file already saves it as "results (1).txt". */
const nameOf = (name) => name.toLowerCase().replace(/^.*?(applications|programmes|results|struck|log|draw)[^/]*\.(txt|json)$/, '$1.$2');

addEventListener('message', async ({ data: { files, options } }) => {
  let told = 0;
  const progress = (part, stage) => {
    if (part - told < 0.01 && part < 1) return;
    told = part;
    postMessage({ part, stage });
  };
  try {
    postMessage({ verdict: verify(await read(files), tools, { ...options, progress }) });
  } catch (fault) {
    postMessage({ verdict: fault instanceof Fault ? fault.plain() : { ok: false, crash: String(fault) } });
  }
});
