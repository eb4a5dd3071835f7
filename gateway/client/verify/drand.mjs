import { fromHex, hex } from './bytes.mjs';

/** The chains of the League of Entropy, as published since they began. A chain's hash stands for its key, genesis and period. */
export const CHAINS = new Map([
  ['52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971', {
    name: 'quicknet', genesis: 1692803367, period: 3, chained: false,
    publicKey: '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
  }],
  ['8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce', {
    name: 'default', genesis: 1595431050, period: 30, chained: true,
    publicKey: '868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31',
  }],
]);

/** Seconds of Unix time. */
export const timeOf = (chain, round) => chain.genesis + (round - 1) * chain.period;

/** What the chain signs for a round. */
export function message(chain, round, previous, sha256) {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, BigInt(round));
  return sha256(chain.chained ? Uint8Array.of(...previous, ...number) : number);
}

/**
 * The round of a draw: known only after the commitment, its randomness SHA-256 of its signature, the signature the chain's.
 * Whether the last was checked: `bls` is null where the machine has no means to.
 */
export function checkRound(json, { sha256, bls }) {
  const [, chainHash, digits] = json.value.source.split(':'), chain = CHAINS.get(chainHash), round = Number(digits);
  if (!chain) throw json.fault('chain', 'source', chainHash, [...CHAINS.keys()].join(' / '));
  const signature = fromHex(json.member(json.value.drand, 'signature', (value) => typeof value === 'string' && value.length > 0 && fromHex(value)));
  const previous = json.member(json.value.drand, 'previousSignature', (value) => value === null || value === undefined ? !chain.chained : typeof value === 'string' && value.length > 0 && fromHex(value)) ?? '';
  const at = timeOf(chain, round), time = new Date(Math.min(at * 1000, 8.64e15)).toISOString(), ticks = BigInt(at) * 10_000_000n;
  if (json.committedAt >= ticks) throw json.fault('early', 'committedAt', json.value.committedAt, `< ${time}`);
  if (json.drawnAt < ticks) throw json.fault('times', 'drawnAt', json.value.drawnAt, `>= ${time}`);
  const randomness = hex(sha256(signature));
  if (randomness !== json.value.randomness) throw json.fault('randomness', 'randomness', json.value.randomness, randomness);
  if (bls && !bls(chain, message(chain, round, fromHex(previous), sha256), signature)) throw json.fault('signature', 'signature', hex(signature));
  return { chain: chain.name, round, time, signatureChecked: Boolean(bls) };
}

/** For tests and the curious: a round by itself. */
export const roundHolds = (chainHash, round, signature, previous, { sha256, bls }) => {
  const chain = CHAINS.get(chainHash);
  return bls(chain, message(chain, round, fromHex(previous ?? ''), sha256), fromHex(signature));
};
