import { sha256 } from '@noble/hashes/sha2.js';
import { bls } from './bls.mjs';

/** Hash and signature check of @noble, as the browser has them. */
export const tools = { sha256, newSha256: () => sha256.create(), bls };
