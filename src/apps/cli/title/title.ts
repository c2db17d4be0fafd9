/** `specie title`: a server of titles, who issues them, who holds them, who checks it all. */
import { misused, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';
import { TITLE_AUDIT_USAGE, titleAudit } from './audit.ts';
import { TITLE_FRONT_USAGE, titleFront } from './front.ts';
import { titleHelp } from './help.ts';
import {
  TITLE_CLASS_USAGE,
  TITLE_ISSUE_USAGE,
  TITLE_KEYGEN_USAGE,
  titleClass,
  titleIssue,
  titleKeygen,
} from './issuer.ts';
import { TITLE_SERVE_USAGE, titleServe } from './serve.ts';
import { TITLE_WALLET_COMMANDS } from './wallet.ts';

interface Command {
  readonly usage: string;
  readonly run: (args: readonly string[]) => ExitStatus | Promise<ExitStatus>;
}

/** What stands behind `title`: a line for each, and one in its help. */
export const TITLE_COMMANDS: Readonly<Record<string, Command>> = {
  serve: { usage: TITLE_SERVE_USAGE, run: titleServe },
  front: { usage: TITLE_FRONT_USAGE, run: titleFront },
  ...TITLE_WALLET_COMMANDS,
  keygen: { usage: TITLE_KEYGEN_USAGE, run: titleKeygen },
  class: { usage: TITLE_CLASS_USAGE, run: titleClass },
  issue: { usage: TITLE_ISSUE_USAGE, run: titleIssue },
  audit: { usage: TITLE_AUDIT_USAGE, run: titleAudit },
};

/** Runs one command about titles. */
export async function title(args: readonly string[]): Promise<ExitStatus> {
  const isHelp = args.length === 0 || args[0] === 'help' || args.some((arg) => HELP.has(arg));
  const [name = '', ...rest] = args.filter((arg) => !isHelp || (arg !== 'help' && !HELP.has(arg)));
  const command = Object.hasOwn(TITLE_COMMANDS, name) ? TITLE_COMMANDS[name] : undefined;
  if (isHelp) {
    say(command === undefined ? titleHelp() : `usage: ${command.usage}`);
    return 0;
  }
  if (command !== undefined) return command.run(rest);
  return misused(
    'specie title COMMAND (specie title help says which there are)',
    `there is no command ${name} about titles`,
  );
}

const HELP = new Set(['--help', '-h']);
