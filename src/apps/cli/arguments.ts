import { parseArgs } from 'node:util';

/** The options that a command knows, by their long names. */
export interface KnownOptions {
  /** Those that take a value. */
  readonly texts: readonly string[];
  readonly flags?: readonly string[];
  /** Those that take a value and may be given several times. */
  readonly lists?: readonly string[];
  /** One letter for the long name of an option that takes a value. */
  readonly letters?: Readonly<Record<string, string>>;
}

export interface Arguments {
  readonly operands: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
  readonly flags: ReadonlySet<string>;
  /** All values of an option that may be given several times, in their order. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** Reads what was typed after a command; a text says what is wrong with it. After `--` all is operands. */
export function readArguments(args: readonly string[], known: KnownOptions): Arguments | string {
  const texts: Record<string, string> = {};
  const flags = new Set<string>();
  const lists: Record<string, string[]> = {};
  const tokens = tokensOf(args, known);
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const isList = known.lists?.includes(name) === true;
    if (isList || known.texts.includes(name)) {
      // What looks like the next option is no value; --subject=-5 says that it is one.
      const isLacking = value === undefined || value === '' || (!token.inlineValue && value.startsWith('-'));
      if (isLacking) return `${rawName} takes a value`;
      if (isList) (lists[name] ??= []).push(value);
      else texts[name] = value;
    } else if (known.flags?.includes(name) !== true) return `there is no option ${rawName}`;
    else if (value !== undefined) return `${rawName} takes no value`;
    else flags.add(name);
  }
  const operands = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  return { operands, texts, flags, lists };
}

function tokensOf(args: readonly string[], { texts, flags = [], lists = [], letters = {} }: KnownOptions) {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {};
  for (const name of [...texts, ...lists]) options[name] = { type: 'string' };
  for (const name of flags) options[name] = { type: 'boolean' };
  for (const [short, name] of Object.entries(letters)) options[name] = { type: 'string', short };
  return parseArgs({ args: [...args], strict: false, allowPositionals: true, tokens: true, options }).tokens;
}
