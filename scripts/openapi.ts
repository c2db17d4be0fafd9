/** `npm run schemata`, too: writes spec/wallet-host.openapi.json, the API of a wallet host, from its table. */
import { writeFileSync } from 'node:fs';
import { openApi } from '../src/apps/wallet-host/openapi.ts';

/** Where the description lies. */
export const OPENAPI = new URL('../spec/wallet-host.openapi.json', import.meta.url);

/** What belongs into it. */
export function openApiText(): string {
  return JSON.stringify(openApi(), undefined, 2) + '\n';
}

if (import.meta.main) {
  writeFileSync(OPENAPI, openApiText());
  console.log('the API of a wallet host written');
}
