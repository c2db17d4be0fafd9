/** `specie box policy`: the keys that operators made, put into a policy that was written with their names and roles. */
import { Refusal, refuse } from '../../../base/refusal.ts';
import { policyFaults } from '../../../mint/charter/policy.ts';
import type { encode } from '../../../protocol/codec.ts';
import { decodeDocument } from '../../../protocol/codec.ts';
import type { Operator, Policy } from '../../../protocol/governance.ts';
import { createFile } from '../../../signers/vault/file.ts';
import { operatorInWords, policyInWords } from '../../audit/words.ts';
import { readArguments } from '../arguments.ts';
import { fileError, readFile } from '../files.ts';
import { complain, misused, printable, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';

const USAGE =
  'specie box policy POLICY.json NAME=FILE… -o FILE.json\nNAME stands in the policy, and FILE holds what "operator keygen" said to that person: public key and recipient';

/** Writes a policy with everybody's keys in it, and says what it means. */
export function policy(args: readonly string[]): ExitStatus {
  const given = readArguments(args, { texts: ['output'], letters: { o: 'output' } });
  if (typeof given === 'string') return misused(USAGE, given);
  const [path, ...people] = given.operands;
  const output = given.texts['output'];
  if (path === undefined || output === undefined) return misused(USAGE);
  const read = readPolicy(path);
  if (read instanceof Refusal) return complain(read);
  const filled = withPeople(read, people);
  const fault = filled instanceof Refusal ? filled : faultOf(filled);
  if (filled instanceof Refusal || fault !== undefined) return complain(fault ?? refuse('malformed', ''));
  const unwritten = writeNew(output, filled);
  if (unwritten !== undefined) return complain(unwritten);
  for (const line of policyLines(filled, { currency_divisor: 1, currency_name: '' })) say(printable(line));
  say(`${output} is written. Amounts are in the smallest unit.`);
  return 0;
}

/** Operators and rules, as people read them to each other. */
export function policyLines(
  { operators, rules, type }: Policy,
  money: { readonly currency_divisor: number; readonly currency_name: string },
): readonly string[] {
  return [
    'Operators:',
    ...operators.map((each) => `  ${operatorInWords(each)}`),
    'Who may do what:',
    ...policyInWords({ operators, rules, type }, money).map((each) => `  ${each}`),
  ];
}

/** The policy in a file. */
export function readPolicy(path: string): Policy | Refusal {
  const bytes = readBytes(path);
  if (bytes instanceof Refusal) return bytes;
  const document = decodeDocument(bytes);
  if (document instanceof Refusal)
    return refuse('malformed', `the file ${path} cannot be read (${document.details})`);
  return document.type === 'policy' ? document : refuse('malformed', `the file ${path} holds no policy`);
}

/** The example's keys are 1, 2, 3 and so on: nobody has the secrets of such keys. */
const OF_THE_EXAMPLE = /^0{56}/;

/** Why a policy is not yet one to begin with; undefined when it is. */
export function faultOf(filled: Policy): Refusal | undefined {
  const lacking = filled.operators.find((each) => OF_THE_EXAMPLE.test(each.public_key));
  return lacking === undefined
    ? policyFaults(filled)
    : refuse('not possible', `${lacking.name} has no key yet; put it in with "specie box policy"`);
}

/** Writes a new file, never over another. */
export function writeNew(path: string, document: Parameters<typeof encode>[0]): Refusal | undefined {
  try {
    return createFile(path, `${JSON.stringify(document, undefined, 2)}\n`)
      ? undefined
      : refuse('not possible', `the file ${path} exists already; choose another name`);
  } catch (error) {
    return fileError(error, path);
  }
}

function withPeople(read: Policy, people: readonly string[]): Policy | Refusal {
  let operators = read.operators;
  for (const person of people) {
    const [name = '', ...rest] = person.split('=');
    const path = rest.join('=');
    if (path === '') return refuse('malformed', `${person} is not written NAME=FILE`);
    const keys = readKeys(path);
    if (keys instanceof Refusal) return keys;
    if (!operators.some((each) => each.name === name)) {
      const names = operators.map((each) => each.name).join(', ');
      return refuse('unknown', `the policy names no ${name}; its operators are ${names}`);
    }
    operators = operators.map((each) => (each.name === name ? { ...each, ...keys } : each));
  }
  return { ...read, operators };
}

/** What `operator keygen` says. Whoever gives no recipient gets no backups. */
function readKeys(path: string): Pick<Operator, 'public_key' | 'recipient'> | Refusal {
  const bytes = readBytes(path);
  if (bytes instanceof Refusal) return bytes;
  const text = new TextDecoder().decode(bytes);
  const public_key = /^public key: ([0-9a-f]{64})\s*$/m.exec(text)?.[1];
  const recipient = /^recipient: (age1[0-9a-z]{58})\s*$/m.exec(text)?.[1] ?? '';
  return public_key === undefined
    ? refuse('malformed', `the file ${path} has no line "public key: …", as "operator keygen" says it`)
    : { public_key, recipient };
}

function readBytes(path: string): Uint8Array | Refusal {
  try {
    return readFile(path);
  } catch (error) {
    return fileError(error, path);
  }
}
