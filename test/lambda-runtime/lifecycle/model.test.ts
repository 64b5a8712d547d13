import fc from 'fast-check';
import { decode } from '../../../lambda-runtime/src/dynamodb/values/attribute-values.js';
import { rowKeys } from '../../../lambda-runtime/src/ids/session-id.js';
import { cookieTransport, currentSession, headerTransport, session } from '../../../lambda-runtime/src/index.js';
import type { Session, SessionOptions, SessionStore } from '../../../lambda-runtime/src/index.js';
import { httpApiV2Event } from '../../fixtures/events.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { SessionModel, increment, isMap } from '../../fixtures/session-model.js';
import type { Action, Call, ModelOptions } from '../../fixtures/session-model.js';

const LIMITS = { timeLimitMs: 10_000 };
const LONG_AGO = 1_600_000_000;
const CLIENTS = 3;

/** What happens to the clients and the table between invocations. */
type Event = Call
  | { readonly happens: 'its session expires' | 'it forgets its id' | 'it makes an id'; readonly client: number }
  | { readonly happens: 'it takes an id that somebody had'; readonly client: number; readonly which: number };

interface Setup extends ModelOptions {
  readonly cookies: boolean;
  readonly hashIds: boolean;
  readonly ttl: number;
}

interface Response { headers: Record<string, string>; cookies?: string[] }

const field = fc.constantFrom('a', 'b', 'c');
const data = fc.oneof(fc.constantFrom(null, 0, 'text', [], [1]), fc.dictionary(field, fc.nat({ max: 2 }), { noNullPrototype: true }));
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('set' as const), data }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('change' as const), field, to: fc.nat({ max: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), field }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('update' as const), field }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('touch' as const, 'destroy' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('regenerate' as const) }) },
);
const client = fc.nat({ max: CLIENTS - 1 });
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ client, actions: fc.array(action, { maxLength: 5 }), throws: fc.nat({ max: 9 }).map((n) => n === 0) }) },
  { weight: 3, arbitrary: fc.record({ client, happens: fc.constantFrom('its session expires', 'it forgets its id', 'it makes an id') }) },
  { weight: 2, arbitrary: fc.record({ client, happens: fc.constant('it takes an id that somebody had' as const), which: fc.nat({ max: 20 }) }) },
);
const anySetup: fc.Arbitrary<Setup> = fc.record({
  update: fc.boolean(), saveUninitialized: fc.boolean(), cookies: fc.boolean(), hashIds: fc.boolean(), ttl: fc.constantFrom(0, 900),
}).map((options) => ({ ...options, adopts: !options.cookies }));

describeEveryStore(({ name, returnsFoundRows, open }) => {
  const testModel = testWhere(returnsFoundRows, 'dynalite has no transactions');

  const numRuns = name === 'memory' ? 300 : 15;

  testModel('whatever clients do, one after the other, sessions are as the model says', async () => {
    await fc.assert(fc.asyncProperty(anySetup, fc.array(event, { maxLength: 25 }), async (options, events) => {
      const world = new World(await open(), options);
      for (const happening of events) {
        await ('happens' in happening ? world.happen(happening) : world.call(happening));
        await world.compareRows();
      }
    }), { numRuns });
  });
});

/** Clients, the library and the model, all in the same state. */
class World {
  private readonly model: SessionModel;
  /** The ids that the clients hold. */
  private readonly held: (string | undefined)[] = Array.from({ length: CLIENTS });
  /** Every id there ever was. */
  private readonly ids: string[] = [];
  private readonly keyOf: (id: string) => string;

  constructor(private readonly store: SessionStore, private readonly setup: Setup) {
    this.model = new SessionModel(setup);
    this.keyOf = rowKeys(setup.hashIds, undefined).keyOfId;
  }

  async call({ client: caller, actions, throws }: Call): Promise<void> {
    const failure = new Error('of the handler');
    const { update, saveUninitialized, cookies, hashIds, ttl } = this.setup;
    const transport = cookies ? cookieTransport() : headerTransport();
    const options: SessionOptions = { store: this.store, update, saveUninitialized, hashIds, ttl, transport };
    let sentId: string | null | undefined;

    const handler = session(async () => {
      const current = currentSession();
      const modelled = this.model.begin(this.held[caller], () => this.fresh(current.id));
      this.ids.push(current.id);
      expect({ id: current.id, data: current.data }).toEqual({ id: modelled.id, data: modelled.data });

      for (const step of actions) {
        expect(await errorOf(() => perform(step, current))).toBe(modelled.act(step, () => this.fresh(current.id)));
        this.ids.push(current.id);
        expect({ id: current.id, data: current.data }).toEqual({ id: modelled.id, data: modelled.data });
      }
      if (throws) {
        throw failure;
      }
      sentId = modelled.end();
      return { statusCode: 200 } as unknown as Response;
    }, options);

    const presented = this.held[caller] === undefined ? {} : { 'session-id': this.held[caller], 'cookie': `__Host-session=${this.held[caller]}` };
    if (throws) {
      await expect(handler(httpApiV2Event(presented))).rejects.toBe(failure);
    } else {
      this.compareResponse(await handler(httpApiV2Event(presented)), caller, sentId);
    }
  }

  async happen(happening: Exclude<Event, Call>): Promise<void> {
    const { client: whose, happens } = happening;
    const id = this.held[whose];
    if (happens === 'its session expires' && id !== undefined) {
      const from = await this.rowOf(id);
      if (from !== undefined && from.moved_to === undefined) {
        await this.store.touch({ from, expiresAt: LONG_AGO, now: 0 }, LIMITS);
        this.model.rows.delete(id);
      }
    } else if (happens === 'it forgets its id') {
      this.held[whose] = undefined;
    } else if (happens === 'it makes an id') {
      this.ids.push(this.held[whose] = `made-by-client-${this.ids.length}`);
    } else if (happening.happens === 'it takes an id that somebody had' && this.ids.length > 0) {
      this.held[whose] = this.ids[happening.which % this.ids.length];
    }
  }

  async compareRows(): Promise<void> {
    const rows = await Promise.all([...new Set(this.ids)].map(async (id) => [id, await this.rowOf(id)] as const));
    const live = rows.filter(([, row]) => row !== undefined && row.moved_to === undefined && row.ttl?.N !== String(LONG_AGO))
      .map(([id, row]) => [id, { data: decode(row!.value!), saves: Number(row!.access_counter!.N) }] as const);
    expect(new Map(live)).toEqual(this.model.rows);
  }

  /** Keeps the client's cookie jar, or its header, by the response. */
  private compareResponse({ headers, cookies = [] }: Response, whose: number, sentId: string | null | undefined): void {
    const before = this.held[whose];
    if (sentId !== undefined) {
      this.held[whose] = sentId ?? undefined;
    }
    if (!this.setup.cookies) {
      expect(headers?.['session-id']).toBe(sentId === null ? '' : sentId);
    } else if (sentId === null) {
      expect(cookies).toEqual([expect.stringMatching(/^__Host-session=; Max-Age=0;/)]);
    } else {
      expect(cookies).toEqual(sentId === undefined || sentId === before ? [] : [expect.stringContaining(`__Host-session=${sentId};`)]);
    }
  }

  /** An id that the library has drawn, which nobody can have had before. */
  private fresh(id: string): string {
    expect(this.ids).not.toContain(id);
    return id;
  }

  private rowOf(id: string) {
    return this.store.get(this.keyOf(id), { ...LIMITS, consistentRead: true });
  }
}

async function perform(step: Action, current: Session): Promise<void> {
  switch (step.do) {
    case 'set': return current.set(structuredClone(step.data));
    case 'change': if (isMap(current.data)) current.data[step.field] = step.to; return undefined;
    case 'remove': if (isMap(current.data)) delete current.data[step.field]; return undefined;
    case 'update': await current.update(increment(step.field)); return undefined;
    case 'touch': return current.touch();
    case 'regenerate': return current.regenerate();
    case 'destroy': return current.destroy();
  }
}

async function errorOf(run: () => Promise<void>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return (error as Error).name;
  }
}
