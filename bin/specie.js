#!/usr/bin/env node
// Plain JavaScript that any Node from 20 on can read: where the Node that runs this is older than the one Specie needs,
// it hands over to the one among the development dependencies.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const main = fileURLToPath(new URL('../src/apps/cli/main.ts', import.meta.url));
const brought = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
// What was compiled once is kept where only who may change the program may write: every command starts twice as fast.
const cache = fileURLToPath(new URL('../node_modules/.cache/specie', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  module.enableCompileCache(cache);
  await import(main);
} else if (existsSync(brought)) {
  const env = { ...process.env, NODE_COMPILE_CACHE: cache };
  const child = spawn(brought, [main, ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal ?? 'SIGTERM'];
  });
} else {
  console.error(`specie: It needs Node ${NEEDED} or later; run npm ci, which brings it.`);
  process.exitCode = 1;
}
