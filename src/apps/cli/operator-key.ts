import { makeCashierKey } from '../../signers/ed25519.ts';
import { writeFileSync } from 'node:fs';
export function makeOperatorKey(path: string): string { const k = makeCashierKey(); writeFileSync(path, Buffer.from(k.secret).toString('hex')); return k.publicKey; }
