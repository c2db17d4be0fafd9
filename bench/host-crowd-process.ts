/** The crowd's process: people with tokens who pay and read, at their own pace or as fast as they are answered. */
import { setTimeout as pause } from 'node:timers/promises';
import { Person, Refused } from '../test/support/host-people.ts';
import type { CrowdDone, CrowdJob } from './host-crowd.ts';

process.on('message', (job: CrowdJob) => {
  void run(job).then((done) => process.send?.(done));
});

/** What people do, one after the other: a third are payments by name, and a sixth goes by a link. */
const DEEDS = ['pay', 'inbox', 'purses', 'pay', 'letter', 'link'] as const;
type Deed = (typeof DEEDS)[number];

const AT_MOST = 99;

interface Crowd {
  readonly people: readonly Person[];
  readonly currency: string;
  readonly payments: number[];
  readonly refused: Record<string, number>;
  deeds: number;
}

async function run({ url, people, currency, seconds, way }: CrowdJob): Promise<CrowdDone> {
  const crowd: Crowd = {
    people: people.map(({ name, address, token }) => {
      const person = new Person({ url, name, address });
      person.token = token;
      return person;
    }),
    ...{ currency, payments: [], refused: {}, deeds: 0 },
  };
  const before = process.cpuUsage();
  const start = performance.now();
  const end = start + seconds * 1_000;
  if (way.kind === 'at their pace')
    await Promise.all(
      crowd.people.map((person, index) => live(crowd, person, { index, end, pace: way.pace })),
    );
  else await Promise.all(Array.from({ length: way.inFlight }, () => payOnAndOn(crowd, end)));
  const took = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(before);
  for (const { client } of crowd.people) client.close();
  const { payments, refused, deeds } = crowd;
  return { seconds: took, processor: (user + system) / 1e6, payments, refused, deeds };
}

/** One person's day: a deed every `pace` milliseconds or so, however long the one before took. */
async function live(
  crowd: Crowd,
  person: Person,
  { index, end, pace }: { readonly index: number; readonly end: number; readonly pace: number },
): Promise<void> {
  let next = performance.now() + Math.random() * pace;
  for (let count = index; next < end; count++) {
    await pause(Math.max(0, next - performance.now()));
    const deed = DEEDS[count % DEEDS.length];
    if (deed !== undefined) await act(crowd, person, deed);
    next = Math.max(next, performance.now() - pace) + pace * (0.5 + Math.random());
  }
}

async function payOnAndOn(crowd: Crowd, end: number): Promise<void> {
  while (performance.now() < end) await act(crowd, one(crowd.people), 'pay');
}

async function act(crowd: Crowd, person: Person, deed: Deed): Promise<void> {
  crowd.deeds++;
  const outcome = await doing(crowd, person, deed);
  const no = outcome === undefined ? 'no answer' : outcome instanceof Refused ? outcome.error : undefined;
  if (no !== undefined) crowd.refused[no] = (crowd.refused[no] ?? 0) + 1;
}

async function doing(crowd: Crowd, person: Person, deed: Deed): Promise<object | undefined> {
  switch (deed) {
    case 'pay': {
      const start = performance.now();
      const letter = await pay(crowd, person, otherThan(crowd, person).name);
      if (letter !== undefined && !(letter instanceof Refused))
        crowd.payments.push(performance.now() - start);
      return letter;
    }
    case 'inbox':
      return person.newest('inbox');
    case 'purses':
      return person.purses();
    case 'letter': {
      const inbox = await person.newest('inbox');
      if (inbox === undefined || inbox instanceof Refused) return inbox;
      const [newest] = inbox;
      return newest === undefined ? inbox : person.letter(newest.id);
    }
    default: {
      const letter = await pay(crowd, person, '');
      if (letter === undefined || letter instanceof Refused) return letter;
      return otherThan(crowd, person).take(letter.link);
    }
  }
}

function pay({ currency }: Crowd, person: Person, to: string): ReturnType<Person['pay']> {
  const amount = 1 + Math.floor(Math.random() * AT_MOST);
  return person.pay({ to, currency, amount, subject: 'lunch', text: 'as agreed' });
}

function otherThan({ people }: Crowd, person: Person): Person {
  return one(people.filter((each) => each !== person));
}

function one(people: readonly Person[]): Person {
  const person = people[Math.floor(Math.random() * people.length)];
  if (person === undefined) throw new Error('nobody is there');
  return person;
}
