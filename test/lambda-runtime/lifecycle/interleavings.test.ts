import { randomUUID } from 'node:crypto';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { DynamoDBStore, MemoryStore, SessionConflictError, currentSession, session } from '../../../lambda-runtime/src/index.js';
import type { Session, SessionRow, SessionStore } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';
import { testWhere } from '../../fixtures/every-store.js';
import { forEveryChoice, interleave } from '../../fixtures/interleave.js';
import type { Choose } from '../../fixtures/interleave.js';
import { LOCAL_CLIENT } from '../../fixtures/session-table.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';

/** Invocations of one session, in every order in which the store can come to do what they ask of it. */

type Data = Record<string, unknown> & { n?: number };
type Program = (current: Session<Data>, outcome: Outcome) => unknown;

const LIMITS = { timeLimitMs: 10_000 };
const TTL = 900;

jest.setTimeout(300_000); // thousands of orders, on a machine that may be busy

const set: Program = (current, { who }) => current.set({ ...current.data, [`by${who}`]: 1, latest: who });
const update: Program = async (current, outcome) => {
  await current.update((data) => ({ ...data, n: (data?.n ?? 0) + 1 }));
  outcome.updatesReported++;
};
const touch: Program = (current) => current.touch();
const destroy: Program = (current) => current.destroy();
const regenerate: Program = (current) => current.regenerate();
const inTurn = (...programs: Program[]): Program => async (current, outcome) => {
  for (const program of programs) await program(current, outcome);
};

const STEPS: Record<string, Program> = { set, update, touch, destroy, regenerate };
const PROGRAMS: Record<string, Program> = {
  ...STEPS,
  'set, update': inTurn(set, update),
  'update, set, touch': inTurn(update, set, touch),
  'set, regenerate': inTurn(set, regenerate),
  'update, regenerate': inTurn(update, regenerate),
  'update, destroy': inTurn(update, destroy),
};
/** Three at the same time: a logout, a double click on "log in" or a slow save, while the session moves. */
const TRIPLES: [string, string, string][] = [
  ['regenerate', 'regenerate', 'destroy'],
  ['regenerate', 'regenerate', 'set'],
  ['set, regenerate', 'set, regenerate', 'update'],
  ['regenerate', 'set', 'destroy'],
  ['regenerate', 'update', 'destroy'],
  ['regenerate', 'update', 'touch'],
];
const pairsOf = (programs: object) => Object.keys(programs)
  .flatMap((one, index, all) => all.slice(index).map((other): [string, string] => [one, other]));

/** What is in the store before; the expiry is due for renewal. */
const BEFORE: Record<string, Omit<SessionRow, 'key'> | undefined> = {
  'no session': undefined,
  'a session without a value': { value: { NULL: true }, created_at: { N: '1700000000' }, access_counter: { N: '1' } },
  'a session with data': { value: { M: { n: { N: '5' } } }, created_at: { N: '1700000000' }, access_counter: { N: '3' } },
  'a session with data that a schema hides and completes': {
    value: { M: { n: { N: '5' }, hidden: { S: 'theirs' } } }, created_at: { N: '1700000000' }, access_counter: { N: '3' },
  },
  'a row without created_at': { value: { M: { n: { N: '5' } } } },
};

/** Strips fields that it does not know, and fills in others: it has to keep the promises as well as none. */
const STRIPPING = z.object({
  n: z.number().default(0),
  ...Object.fromEntries(['byA', 'byB', 'byC'].map((field) => [field, z.number().optional()])),
  latest: z.string().optional(),
  filled: z.array(z.string()).default([]),
});
const hides = (before: string) => BEFORE[before]?.value?.M?.hidden !== undefined;

/** What one invocation did, and what it said that it did. */
interface Outcome {
  readonly who: string;
  /** The session's id when its handler returned. */
  id?: string;
  /** The id in its answer. */
  sentId?: string;
  error?: unknown;
  updatesReported: number;
  updatesApplied: number;
  /** The life of the session that its last write went to. */
  life?: string;
  /** Whether it has seen the session since it learned that it had moved, or when it was loaded. */
  hasSeenIt: boolean;
  /** Whether the id that it was presented led to nobody when it was loaded, as the session had moved; `undefined` before that. */
  loadedMoved?: boolean;
  /** Whether the session had moved from that id when it last called the store. */
  endedAfterMove: boolean;
  /** Whether it stored a session without data. */
  storedNothing: boolean;
}

/** What really happened to the lives of a session. */
class Lives {
  /** Under which key. */
  readonly created = new Map<string, string>();
  /** The keys of sessions that were begun as copies of one that another invocation had moved. */
  readonly copies = new Set<string>();
  wereBegunBlindly = false;
  /** Whether a creation was applied twice, because it was sent twice and the session was ended in between. */
  wereCreatedAgain = false;
  readonly destroyed = new Set<string>();
  /** The keys under which there is a forwarding row. */
  readonly forwarding = new Set<string>();
  readonly updates = new Map<string, number>();
}

/** Which life of the session a row belongs to. */
function lifeOf({ created_at: createdAt, adopted }: SessionRow): string {
  return createdAt === undefined || adopted !== undefined ? 'added manually' : createdAt.N!;
}

/** The store, with what it really does written down. */
function observed(store: SessionStore, id: string, outcome: Outcome, lives: Lives, before: SessionRow | undefined): SessionStore {
  const wrote = (life: string, isUpdate: boolean) => {
    outcome.life = life;
    if (isUpdate) {
      outcome.updatesApplied++;
      lives.updates.set(life, (lives.updates.get(life) ?? 0) + 1);
    }
  };
  if (before !== undefined) {
    lives.created.set(lifeOf(before), before.key.S!);
  }
  const called = () => { outcome.endedAfterMove = lives.forwarding.has(id); };
  return {
    async get(key, options) {
      const row = await store.get(key, options);
      called();
      outcome.hasSeenIt = row !== undefined;
      outcome.loadedMoved ??= row?.moved_to !== undefined;
      return row;
    },
    async touch(renewal, options) {
      const result = await store.touch(renewal, options);
      called();
      return result;
    },
    async create(creation, options) {
      const result = await store.create(creation, options);
      if (result.written) {
        const { row } = creation;
        lives.forwarding.delete(row.key.S!);
        outcome.storedNothing ||= row.value?.NULL === true;
        const life = lifeOf(row);
        const key = lives.created.get(life);
        if (key !== undefined && key !== row.key.S) {
          lives.copies.add(row.key.S!);
          lives.wereBegunBlindly ||= !outcome.hasSeenIt;
          outcome.life = life;
        } else {
          lives.wereCreatedAgain ||= key !== undefined;
          lives.created.set(life, row.key.S!);
          wrote(life, row.write_log !== undefined);
        }
      }
      called();
      return result;
    },
    async save(change, options) {
      const result = await store.save(change, options);
      if (result.written) wrote(lifeOf(change.from), change.writeLog !== undefined);
      called();
      return result;
    },
    async regenerate(regeneration, options) {
      outcome.hasSeenIt = false;
      const result = await store.regenerate(regeneration, options);
      if (result.written) {
        wrote(lifeOf(regeneration.row), false);
        lives.forwarding.add(regeneration.from.key.S!);
      }
      called();
      return result;
    },
    async destroy(key, options) {
      const row = await store.destroy(key, options);
      if (row !== undefined && row.moved_to === undefined) lives.destroyed.add(lifeOf(row));
      if (!options.keepsForwardingRow) lives.forwarding.delete(key);
      called();
      return row;
    },
  };
}

interface Race {
  readonly store: SessionStore;
  readonly before: string;
  readonly programs: readonly string[];
  readonly losesAnswer: boolean;
}

/**
 * Runs invocations in the order that is chosen; returns the promises that were broken.
 *
 * One is not made: when the answer to a creation under a client-made id is lost, and another invocation finds the session
 * and destroys it before the creation is sent again, then it is made again. Nothing that could be asked of DynamoDB distinguishes this
 * from a creation that did not arrive (docs/reliability.md).
 */
async function run({ store, before, programs, losesAnswer }: Race, choose: Choose): Promise<string[]> {
  const id = randomUUID();
  const rowBefore = BEFORE[before] && { ...BEFORE[before], key: { S: id }, ttl: { N: String(Math.floor(Date.now() / 1000) + TTL / 2) } };
  if (rowBefore !== undefined) {
    await store.create({ row: rowBefore }, LIMITS);
  }
  const lives = new Lives();
  const invocations = programs.map((program, index) => {
    const outcome: Outcome = { who: 'ABC'[index], updatesReported: 0, updatesApplied: 0, hasSeenIt: false, endedAfterMove: false, storedNothing: false };
    const play = async (gated: SessionStore) => {
      const handler = session(async () => {
        const current = currentSession<Data>();
        await PROGRAMS[program](current, outcome);
        outcome.id = current.id;
        return { statusCode: 200, headers: {} as Record<string, string> };
      }, { store: gated, update: true, ttl: TTL, ...(hides(before) && { schema: STRIPPING }) });
      try {
        outcome.sentId = (await handler(bareEvent({ 'session-id': id }))).headers['session-id'] || undefined;
      } catch (error) {
        outcome.error = error;
      }
    };
    const others = programs.filter((_, other) => other !== index).join('; ');
    return { outcome, own: program, others, play: { store: observed(store, id, outcome, lives, rowBefore), play } };
  });
  const plays = Object.fromEntries(invocations.map(({ outcome, play }) => [outcome.who, play]));
  const { order, withoutAnswer } = await interleave(plays, choose, losesAnswer);

  const ids = new Set([id, ...invocations.flatMap(({ outcome }) => [outcome.id, outcome.sentId])].filter((each) => each !== undefined));
  const found = await Promise.all([...ids].map((each) => store.get(each!, { ...LIMITS, consistentRead: true })));
  const rows = found.filter((row) => row !== undefined && row.moved_to === undefined) as SessionRow[];
  const sentOldId = invocations.filter(({ outcome }) => outcome.sentId === id && outcome.endedAfterMove).map(({ outcome }) => outcome.who);
  const storedNothing = invocations.filter(({ outcome }) => outcome.loadedMoved && outcome.storedNothing).map(({ outcome }) => outcome.who);
  const sent = invocations.map(({ outcome }) => outcome.sentId).filter((each) => each !== undefined && each !== id);
  const broken = lives.wereCreatedAgain ? [] : [
    ...brokenBySession(rows, lives, before),
    ...(new Set(sent).size < sent.length ? ['two clients were sent one new id'] : []),
    ...sentOldId.map((who) => `${who} was sent the id from which the session had moved`),
    ...storedNothing.map((who) => `${who} was presented an id that leads nowhere any more, set nothing, and stored a session`),
    ...invocations.flatMap(({ outcome, own, others }) =>
      brokenByInvocation(outcome, own, others, rows, lives, rowBefore, withoutAnswer === outcome.who)),
  ];
  return broken.map((promise) => `${promise} [${before}; ${programs.join('; ')}; ${order}]`);
}

function brokenBySession(rows: SessionRow[], lives: Lives, before: string): string[] {
  const broken: string[] = [];
  const originals = rows.filter(({ key }) => !lives.copies.has(key.S!));
  if (new Set(originals.map(lifeOf)).size < originals.length) {
    broken.push('a session was doubled');
  }
  if (lives.wereBegunBlindly) {
    broken.push('a session was begun in place of one that had moved, without looking whether that still exists');
  }
  for (const row of originals) {
    const life = lifeOf(row);
    if (lives.destroyed.has(life)) {
      broken.push('a destroyed session was recreated');
    }
    const isBefore = BEFORE[before] !== undefined && life === lifeOf(BEFORE[before] as SessionRow);
    if (isBefore && hides(before) && row.value?.M?.hidden === undefined) {
      broken.push('a field that the schema hides was deleted');
    }
    const start = isBefore ? Number(BEFORE[before]!.value!.M?.n.N ?? 0) : 0;
    const n = Number(row.value?.M?.n?.N ?? 0);
    if (n !== start + (lives.updates.get(life) ?? 0)) {
      broken.push(`an update was lost or doubled: ${n} is not ${start} and ${lives.updates.get(life)} more`);
    }
  }
  return broken;
}

function brokenByInvocation(
  { who, error, life, sentId, updatesApplied, updatesReported }: Outcome, own: string, others: string,
  rows: SessionRow[], lives: Lives, before: SessionRow | undefined, lostAnswer: boolean,
): string[] {
  const broken: string[] = [];
  const field = `by${who}`;
  const isCopy = sentId !== undefined && lives.copies.has(sentId);
  const rowSavedTo = rows.find((row) => lifeOf(row) === life && lives.copies.has(row.key.S!) === isCopy && (!isCopy || row.key.S === sentId));
  const mayBeDestroyed = /destroy/.test(others);
  if (error === undefined && own.includes('set') && !lives.destroyed.has(life!) && rowSavedTo?.value?.M?.[field] === undefined) {
    broken.push(`${who} reported success, and what it set is lost`);
  }
  const isSentNone = sentId === undefined && own === 'regenerate'; // it was presented an id that led nowhere any more, and set nothing
  if (error === undefined && own.includes('regenerate') && !mayBeDestroyed && !isSentNone && !rows.some(({ key }) => key.S === sentId)) {
    broken.push(`${who} was sent an id that does not work`);
  }
  if (error === undefined && own.includes('destroy') && before !== undefined && !lives.destroyed.has(lifeOf(before))) {
    broken.push(`${who} reported a logout, and the session lives on`);
  }
  if (error !== undefined && !(error instanceof SessionConflictError)) {
    broken.push(`${who} failed with ${String(error)}`);
  }
  if (error !== undefined && !mayBeDestroyed) {
    broken.push(`${who} failed although nobody destroyed its session`);
  }
  if (error !== undefined && !/set|update|regenerate/.test(own)) {
    broken.push(`${who} failed although it had nothing to save`);
  }
  if (updatesApplied < updatesReported || updatesApplied > updatesReported + (error !== undefined && lostAnswer ? 1 : 0)) {
    broken.push(`${who} reported ${updatesReported} updates, and ${updatesApplied} were applied`);
  }
  if (error !== undefined && own === 'set, regenerate' && !lostAnswer && rows.some(({ value }) => value?.M?.[field] !== undefined)) {
    broken.push(`${who} reported failure, and what it set is there`);
  }
  return broken;
}

/** Every order of each of these invocations at the same time; returns how many there were. */
async function expectPromisesKept(together: readonly string[][], race: Omit<Race, 'programs'>): Promise<number> {
  const broken: string[] = [];
  const counts = await Promise.all(together.map((programs) => forEveryChoice(async (choose) => {
    broken.push(...await run({ ...race, programs }, choose));
  })));

  expect(broken).toEqual([]);
  return counts.reduce((sum, count) => sum + count, 0);
}

// Milliseconds distinguish one life of a session from the next, and a store in memory goes through several in one.
let latest = 0;
beforeEach(() => {
  const clock = Date.now;
  jest.spyOn(Date, 'now').mockImplementation(() => latest = Math.max(latest + 1, clock()));
});
afterEach(() => jest.restoreAllMocks());

const local = useLocalDynamoDB();
const testOnDynamoDB = testWhere(local.kind === 'DynamoDB Local', 'dynalite has no transactions and does not return the row on which a condition failed');

describe.each(Object.keys(BEFORE))('two invocations of %s', (before) => {
  test('keep every promise in every order: memory store', async () => {
    const count = await expectPromisesKept(pairsOf(PROGRAMS), { store: new MemoryStore(), before, losesAnswer: false });
    console.log(`memory store, ${before}: ${count} orders`);
  });

  test('keep every promise in every order, also when any one answer to a write is lost: memory store', async () => {
    const count = await expectPromisesKept(pairsOf(PROGRAMS), { store: new MemoryStore(), before, losesAnswer: true });
    console.log(`memory store, ${before}: ${count} orders with at most one lost answer`);
  });

  test('and three of it that meet while it moves keep every promise in every order: memory store', async () => {
    const count = await expectPromisesKept(TRIPLES, { store: new MemoryStore(), before, losesAnswer: false });
    console.log(`memory store, three invocations, ${before}: ${count} orders`);
  });

  // Only one step an invocation, and no lost answers: all of it would take many minutes here. faults.test.ts loses answers of DynamoDB Local.
  testOnDynamoDB('keep every promise in every order: DynamoDB store on DynamoDB Local', async () => {
    // However busy the machine is, this client does not take it for silence and send a write twice.
    const client = new DynamoDB({ ...LOCAL_CLIENT, endpoint: local.endpoint });
    const store = new DynamoDBStore({ tableName: await local.createTable(), client });
    const count = await expectPromisesKept(pairsOf(STEPS), { store, before, losesAnswer: false });
    client.destroy();
    console.log(`DynamoDB Local, single steps, ${before}: ${count} orders`);
  });
});
