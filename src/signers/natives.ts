import { nativeBrands } from './brands.ts';
import type { NativeSuite } from './native.ts';
import { nativePlain } from './plain.ts';
import { nativeChaum86, nativeRfc9474 } from './rsa.ts';
import { nativeUnblinded } from './unblinded.ts';
import { nativeWagner } from './wagner.ts';

/** Every suite's native side. A new one is added here. */
const NATIVES: readonly NativeSuite[] = [
  nativeRfc9474,
  nativeChaum86,
  nativeWagner,
  nativeBrands,
  nativeUnblinded,
  nativePlain,
];

/** The native side of the suite with this name. Throws where there is none. */
export function nativeNamed(name: string): NativeSuite {
  const native = NATIVES.find((each) => each.name === name);
  if (native === undefined) throw new Error(`nothing here signs under the cipher suite ${name.slice(0, 80)}`);
  return native;
}
