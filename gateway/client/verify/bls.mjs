import { bls12_381 } from '@noble/curves/bls12-381.js';
import { fromHex } from './bytes.mjs';

const { shortSignatures, longSignatures } = bls12_381;

/** Whether a BLS signature is the chain's over a message: on G1 for an unchained chain, on G2 for a chained one (RFC 9380). */
export function bls(chain, message, signature) {
  const [scheme, tag] = chain.chained
    ? [longSignatures, 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_']
    : [shortSignatures, 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_'];
  try {
    return scheme.verify(signature, scheme.hash(message, tag), fromHex(chain.publicKey));
  } catch {
    return false; // not a point of the curve
  }
}
