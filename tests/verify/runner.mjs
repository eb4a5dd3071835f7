// Reads one request a line and answers each with one line: the core of the page /verify in Node, with the hash and the signature check of the page.
import { createInterface } from 'node:readline';
import { Fault } from '../../gateway/client/verify/faults.mjs';
import { fromHex } from '../../gateway/client/verify/bytes.mjs';
import { CHAINS, message } from '../../gateway/client/verify/drand.mjs';
import { tools } from '../../gateway/client/verify/tools.mjs';
import { unzip } from '../../gateway/client/verify/zip.mjs';
import { verify } from '../../gateway/client/verify/verify.mjs';

const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));

async function answer({ files, zip, round, ...options }) {
  if (round) {
    const chain = CHAINS.get(round.chain);
    return { ok: tools.bls(chain, message(chain, round.round, fromHex(round.previousSignature ?? ''), tools.sha256), fromHex(round.signature)) };
  }
  try {
    const read = zip ? await unzip(bytes(zip)) : new Map(Object.entries(files).map(([name, content]) => [name, bytes(content)]));
    const verdict = verify(read, tools, options);
    return zip && verdict.ok ? { ...verdict, contents: Object.fromEntries([...read].map(([name, content]) => [name, Buffer.from(content).toString('base64')])) } : verdict;
  } catch (fault) {
    if (fault instanceof Fault) return fault.plain();
    return { ok: false, file: 'crash', message: String(fault.stack) };
  }
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await answer(JSON.parse(line))));
