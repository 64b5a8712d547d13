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

/** Two invocations of one session, in every order in which the store can come to do what they ask of it. */

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
};

/** Strips fields that it does not know, and fills in others: it has to keep the promises as well as none. */
const STRIPPING = z.object({
  n: z.number().default(0), byA: z.number().optional(), byB: z.number().optional(), latest: z.string().optional(), filled: z.array(z.string()).default([]),
});
const hides = (before: string) => BEFORE[before]?.value?.M?.hidden !== undefined;

/** What one invocation did, and what it said that it did. */
interface Outcome {
  readonly who: string;
  /** The session's id at its end. */
  id?: string;
  error?: unknown;
  updatesReported: number;
  updatesApplied: number;
  /** The life of the session, by `created_at`, that its last write went to. */
  life?: string;
}

/** What really happened to the lives of a session. */
class Lives {
  readonly created = new Set<string>();
  /** Whether a creation was applied twice, because it was sent twice and the session was ended in between. */
  wereCreatedAgain = false;
  readonly destroyed = new Set<string>();
  readonly updates = new Map<string, number>();
}

/** The store, with what it really does written down. */
function observed(store: SessionStore, outcome: Outcome, lives: Lives): SessionStore {
  const wrote = (life: string, isUpdate: boolean) => {
    outcome.life = life;
    if (isUpdate) {
      outcome.updatesApplied++;
      lives.updates.set(life, (lives.updates.get(life) ?? 0) + 1);
    }
  };
  return {
    get: (key, options) => store.get(key, options),
    touch: (renewal, options) => store.touch(renewal, options),
    async create(creation, options) {
      const result = await store.create(creation, options);
      if (result.written) {
        const life = creation.row.created_at!.N!;
        lives.wereCreatedAgain ||= lives.created.has(life);
        lives.created.add(life);
        wrote(life, creation.row.write_log !== undefined);
      }
      return result;
    },
    async save(change, options) {
      const result = await store.save(change, options);
      if (result.written) wrote(change.from.created_at!.N!, change.writeLog !== undefined);
      return result;
    },
    async regenerate(regeneration, options) {
      const result = await store.regenerate(regeneration, options);
      if (result.written) wrote(regeneration.row.created_at!.N!, false);
      return result;
    },
    async destroy(key, options) {
      const row = await store.get(key, { ...options, consistentRead: true });
      await store.destroy(key, options);
      if (row !== undefined) lives.destroyed.add(row.created_at!.N!);
    },
  };
}

interface Race {
  readonly store: SessionStore;
  readonly before: string;
  readonly programs: readonly [string, string];
  readonly losesAnswer: boolean;
}

/**
 * Runs two invocations in the order that is chosen; returns the promises that were broken.
 *
 * One is not made: when the answer to a creation under a client-made id is lost, and another invocation finds the session
 * and ends it before the creation is sent again, then it is made again. Nothing that could be asked of DynamoDB tells this
 * from a creation that did not arrive (docs/reliability.md).
 */
async function run({ store, before, programs, losesAnswer }: Race, choose: Choose): Promise<string[]> {
  const id = randomUUID();
  const rowBefore = BEFORE[before];
  if (rowBefore !== undefined) {
    await store.create({ row: { ...rowBefore, key: { S: id }, ttl: { N: String(Math.floor(Date.now() / 1000) + TTL / 2) } } }, LIMITS);
  }
  const lives = new Lives();
  const invocation = (who: string, program: Program) => {
    const outcome: Outcome = { who, updatesReported: 0, updatesApplied: 0 };
    const play = async (gated: SessionStore) => {
      const handler = session(async () => {
        const current = currentSession<Data>();
        await program(current, outcome);
        outcome.id = current.id;
      }, { store: gated, update: true, ttl: TTL, ...(hides(before) && { schema: STRIPPING }) });
      await handler(bareEvent({ 'session-id': id })).catch((error: unknown) => { outcome.error = error; });
    };
    return { outcome, play: { store: observed(store, outcome, lives), play } };
  };
  const a = invocation('A', PROGRAMS[programs[0]]);
  const b = invocation('B', PROGRAMS[programs[1]]);
  const { order, withoutAnswer } = await interleave({ A: a.play, B: b.play }, choose, losesAnswer);

  const ids = new Set([id, a.outcome.id ?? id, b.outcome.id ?? id]);
  const rows = (await Promise.all([...ids].map((each) => store.get(each, { ...LIMITS, consistentRead: true })))).filter((row) => row !== undefined);
  const broken = lives.wereCreatedAgain ? [] : [
    ...brokenBySession(rows, lives, before),
    ...brokenByInvocation(a.outcome, programs[0], programs[1], rows, lives, withoutAnswer === 'A'),
    ...brokenByInvocation(b.outcome, programs[1], programs[0], rows, lives, withoutAnswer === 'B'),
  ];
  return broken.map((promise) => `${promise} [${before}; A: ${programs[0]}; B: ${programs[1]}; ${order}]`);
}

function brokenBySession(rows: SessionRow[], lives: Lives, before: string): string[] {
  const broken: string[] = [];
  const alive = rows.map((row) => row.created_at!.N!);
  if (new Set(alive).size < alive.length) {
    broken.push('a session was doubled');
  }
  for (const { created_at: createdAt, value } of rows) {
    const life = createdAt!.N!;
    if (lives.destroyed.has(life)) {
      broken.push('a destroyed session was brought back');
    }
    if (hides(before) && !lives.created.has(life) && value?.M?.hidden === undefined) {
      broken.push('a field that the schema hides was deleted');
    }
    const start = lives.created.has(life) ? 0 : Number(BEFORE[before]!.value!.M?.n.N ?? 0);
    const n = Number(value?.M?.n?.N ?? 0);
    if (n !== start + (lives.updates.get(life) ?? 0)) {
      broken.push(`an update was lost or doubled: ${n} is not ${start} and ${lives.updates.get(life)} more`);
    }
  }
  return broken;
}

function brokenByInvocation(
  { who, error, life, updatesApplied, updatesReported }: Outcome, own: string, other: string, rows: SessionRow[], lives: Lives, lostAnswer: boolean,
): string[] {
  const broken: string[] = [];
  const rowOfLife = rows.find((row) => row.created_at!.N === life);
  const field = `by${who}`;
  if (error === undefined && own.includes('set') && !lives.destroyed.has(life!) && rowOfLife?.value?.M?.[field] === undefined) {
    broken.push(`${who} reported success, and what it set is lost`);
  }
  if (error !== undefined && !(error instanceof SessionConflictError)) {
    broken.push(`${who} failed with ${String(error)}`);
  }
  if (error !== undefined && !/destroy|regenerate/.test(other)) {
    broken.push(`${who} failed although nobody ended its session`);
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

/** Every order of every pair of invocations that do something of this; returns how many there were. */
async function expectPromisesKept(programs: Record<string, Program>, race: Omit<Race, 'programs'>): Promise<number> {
  const broken: string[] = [];
  const counts = await Promise.all(pairsOf(programs).map((pair) => forEveryChoice(async (choose) => {
    broken.push(...await run({ ...race, programs: pair }, choose));
  })));

  expect(broken).toEqual([]);
  return counts.reduce((sum, count) => sum + count, 0);
}

// Milliseconds tell one life of a session from the next, and a store in memory goes through several in one.
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
    const count = await expectPromisesKept(PROGRAMS, { store: new MemoryStore(), before, losesAnswer: false });
    console.log(`memory store, ${before}: ${count} orders`);
  });

  test('keep every promise in every order, also when any one answer to a write is lost: memory store', async () => {
    const count = await expectPromisesKept(PROGRAMS, { store: new MemoryStore(), before, losesAnswer: true });
    console.log(`memory store, ${before}: ${count} orders with at most one lost answer`);
  });

  // Only one step an invocation, and no lost answers: all of it would take many minutes here. faults.test.ts loses answers of DynamoDB Local.
  testOnDynamoDB('keep every promise in every order: DynamoDB store on DynamoDB Local', async () => {
    // However busy the machine is, this client does not take it for silence and send a write twice.
    const client = new DynamoDB({ ...LOCAL_CLIENT, endpoint: local.endpoint });
    const store = new DynamoDBStore({ tableName: await local.createTable(), client });
    const count = await expectPromisesKept(STEPS, { store, before, losesAnswer: false });
    client.destroy();
    console.log(`DynamoDB Local, single steps, ${before}: ${count} orders`);
  });
});
