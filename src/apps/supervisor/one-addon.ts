import { createRequire } from 'node:module';
import { denied, put } from './denied.ts';

/** The only native code that this house loads: the binding that `src/signers/secp256k1.ts` uses. */
const BINDING = 'secp256k1/bindings.js';

/**
 * Loads libsecp256k1's binding, and from here on this thread loads no native code at all: the permission model allows all
 * of it or none, and every way to it goes through this one method, which Node looks up each time. No path is judged, so
 * there is nothing to be talked into. It must be called before any other code runs.
 */
export function fenceAddons(): void {
  loadBinding();
  put(process, 'dlopen', () => {
    throw denied('native code');
  });
}

/** What is loaded is found again by whoever requires it. */
function loadBinding(): void {
  try {
    createRequire(import.meta.url)(BINDING);
  } catch {
    // There is no binary for this machine: a currency that needs one is refused when it is founded or opened, and says so.
  }
}
