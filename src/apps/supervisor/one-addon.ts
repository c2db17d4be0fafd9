import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { denied, mayWrite, put } from './denied.ts';

/** Where the only native code comes from that this house loads: `src/signers/secp256k1.ts`. */
const ADDONS = fileURLToPath(new URL('../../../node_modules/secp256k1/prebuilds', import.meta.url));

/**
 * From here on this thread loads no native code but libsecp256k1's binding, from where the program may not write. The
 * permission model allows all addons or none; every way to one goes through this method, which Node looks up each time.
 */
export function fenceAddons(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its process again
  const { dlopen } = process;
  put(process, 'dlopen', (target: object, path: unknown, ...flags: readonly number[]) => {
    if (!isOurAddon(path)) throw denied('native code');
    Reflect.apply(dlopen, process, [target, path, ...flags]);
  });
}

/** Under its own name, and once links are followed: what counts is the file that would be loaded. */
function isOurAddon(path: unknown): boolean {
  if (typeof path !== 'string' || !path.endsWith('.node')) return false;
  const named = resolve(path);
  const real = realpathSync(ADDONS);
  if (![ADDONS, real].some((folder) => named.startsWith(folder + sep))) return false;
  const file = realpathSync(named);
  return file.startsWith(real + sep) && !mayWrite(file);
}
