/** What a fence throws: the program tried what it never does, so this is a bug or somebody else's code. */
export function denied(what: string): Error {
  return Object.assign(new Error(`${what} is fenced off in this program`), { code: 'ERR_ACCESS_DENIED' });
}

/** Whether Node's permission model lets this program write there. Throws where that model is not in force. */
export function mayWrite(path: string): boolean {
  return asked === undefined ? process.permission.has('fs.write', path) : asked('fs.write', path);
}

/** As it was before any other code ran: what somebody puts in its place later is asked nothing. */
const asked = (process.permission as typeof process.permission | undefined)?.has.bind(process.permission);

/** A method as a prototype holds it; `Reflect.apply` calls it. */
export type Method = (this: unknown, ...args: readonly unknown[]) => unknown;

/** Takes a method from a prototype, to call it behind a fence. */
export function methodOf(prototype: object, name: string): Method {
  return (prototype as Readonly<Record<string, Method>>)[name] ?? missing(name);
}

function missing(name: string): never {
  throw new Error(`this version of Node has no ${name} to fence in`);
}

/** Puts something in the place of what a module or a prototype has, so that it can neither be taken back nor replaced. */
export function put(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: false, configurable: false });
}

/**
 * Puts a class in the place of a module's own whose every construction is looked at first. `construct` makes the
 * object; the prototype leads to the fenced class as well.
 */
export function fenceClass<Class extends abstract new (...args: never) => object>(
  module: object,
  fenced: Class,
  construct: (args: readonly unknown[], make: () => object) => object,
): void {
  const proxy = new Proxy(fenced, {
    construct: (target, args: readonly unknown[], newTarget) =>
      construct(args, () => Reflect.construct(target, args, newTarget) as object),
  });
  put(fenced.prototype as object, 'constructor', proxy);
  put(module, fenced.name, proxy);
}
