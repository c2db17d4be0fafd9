/** What a line of the API's table is. */
import Type from 'typebox';
import type { Static, TObject, TProperties } from 'typebox';
import type { OpenMember } from '../../host/open-member.ts';
import type { SessionRow } from '../../host/state.ts';
import type { Attempt } from './attempts.ts';
import type { Site } from './site.ts';
import type { HostRequest } from './visit.ts';

export type Method = 'GET' | 'POST' | 'DELETE';

/** A request of a program, or of anybody where no token is asked for. */
export interface Call {
  readonly site: Site;
  readonly request: HostRequest;
  /** The `:id` of the path; empty where it has none. */
  readonly id: string;
  /** What the query says; empty where it says nothing. */
  readonly query: (name: string) => string;
}

export interface MemberCall extends Call {
  readonly member: OpenMember;
  readonly session: SessionRow;
  /** The `Idempotency-Key`; empty where there is none. */
  readonly once: string;
}

interface Description {
  readonly method: Method;
  readonly path: string;
  readonly what: string;
  /** Whether it moves money: asked for twice with one `Idempotency-Key`, it is done once. */
  readonly isOnce: boolean;
  /** The query's names, and what they mean. */
  readonly query: Readonly<Record<string, string>>;
  /** Undefined: no body is read. */
  readonly input: Type.TSchema | undefined;
  /** Undefined: there is nothing to answer. */
  readonly output: Type.TSchema | undefined;
}

type Runs<Who> = (call: Who, input: unknown) => Promise<unknown>;
type Counts<Who> = (call: Who, input: unknown) => readonly Attempt[];

export type ApiRoute =
  | (Description & {
      readonly isForMembers: true;
      readonly run: Runs<MemberCall>;
      readonly counts: Counts<MemberCall>;
    })
  | (Description & { readonly isForMembers: false; readonly run: Runs<Call>; readonly counts: Counts<Call> });

interface Deed<Who, Input extends Type.TSchema> {
  readonly what: string;
  readonly isOnce?: boolean;
  readonly query?: Readonly<Record<string, string>>;
  readonly input?: Input;
  readonly output?: Type.TSchema;
  readonly counts?: (call: Who, input: Static<Input>) => readonly Attempt[];
  readonly run: (call: Who, input: Static<Input>) => Promise<unknown>;
}

export function forMembers<Input extends Type.TSchema>(
  method: Method,
  path: string,
  deed: Deed<MemberCall, Input>,
): ApiRoute {
  return { isForMembers: true, ...described(method, path, deed), ...acting(deed) };
}

export function forAnyone<Input extends Type.TSchema>(
  method: Method,
  path: string,
  deed: Deed<Call, Input>,
): ApiRoute {
  return {
    isForMembers: false,
    ...described(method, path, deed),
    ...acting({ counts: () => ['look'], ...deed }),
  };
}

function described<Who, Input extends Type.TSchema>(
  method: Method,
  path: string,
  { what, isOnce = false, query = {}, input, output }: Deed<Who, Input>,
): Description {
  return { method, path, what, isOnce, query, input, output };
}

/** The input has been read by its schema when these are called. */
function acting<Who, Input extends Type.TSchema>({ run, counts }: Deed<Who, Input>) {
  return {
    run: (call: Who, input: unknown) => run(call, input as Static<Input>),
    counts: (call: Who, input: unknown) => counts?.(call, input as Static<Input>) ?? [],
  };
}

export function strict<Fields extends TProperties>(fields: Fields): TObject<Fields> {
  return Type.Object(fields, { additionalProperties: false });
}
