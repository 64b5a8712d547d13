import { MemoryStore, conversation, session } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';

const RUNTIME = Symbol.for('cdk-session-table/runtime@1');
const AHEAD_MS = 200;

/** What the runtime keeps for the whole process. */
const kept = (globalThis as unknown as Record<symbol, Record<string, unknown>>)[RUNTIME];

let store: MemoryStore;
let time: number;
beforeEach(() => {
  store = new MemoryStore();
  time = 1_800_000_000_000;
});
afterEach(() => {
  jest.restoreAllMocks();
  delete kept.positions;
});

/** A function in a process of its own, whose clock is ahead by so much. */
function functionAhead(ms: number) {
  let positions: unknown;
  const visit = async <T>(handler: () => Promise<T>): Promise<T> => {
    jest.spyOn(Date, 'now').mockImplementation(() => time + ms);
    kept.positions = positions;
    let result!: T;
    await session(async () => { result = await handler(); }, { store })(bareEvent({ 'session-id': 'id' }));
    positions = kept.positions;
    time += 1;
    return result;
  };
  return {
    append: (entry: string) => visit(() => conversation<string>().append(entry)),
    all: () => visit(() => conversation<string>().recent(100)),
    setBack: (by: number) => { ms -= by; },
  };
}

test('what a function appends after having read comes after what it has read, although the other function\'s clock is 200 ms ahead', async () => {
  const [ahead, behind] = [functionAhead(AHEAD_MS), functionAhead(0)];
  await ahead.append('question');
  await behind.all();
  await behind.append('answer');

  expect(await ahead.all()).toEqual(['question', 'answer']);
});

test('a function keeps the order of its own entries, although its clock is set back by 200 ms', async () => {
  const own = functionAhead(AHEAD_MS);
  await own.append('first');
  own.setBack(AHEAD_MS);
  await own.append('second');

  expect(await own.all()).toEqual(['first', 'second']);
});

test('where neither has read the other, the clocks decide: nothing is lost, and everybody sees the same order', async () => {
  const [ahead, behind] = [functionAhead(AHEAD_MS), functionAhead(0)];
  await ahead.append('first, by a clock that is ahead');
  await behind.append('second');
  const seen = await behind.all();

  expect(seen).toEqual(['second', 'first, by a clock that is ahead']);
  expect(await ahead.all()).toEqual(seen);
  time += AHEAD_MS;
  await behind.append('later');
  expect(await ahead.all()).toEqual([...seen, 'later']);
});
