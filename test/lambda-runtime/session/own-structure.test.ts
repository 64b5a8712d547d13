import { z } from 'zod';
import { MemoryStore, SessionDataError, getSessionData, session, setSessionData } from '../../../lambda-runtime/src/index.js';

class Basket {
  constructor(readonly items: string[] = []) {}
}

/** What may be handed out again, in a field that only the schema fills in. */
type MakeBasket = () => unknown;

/** Lets two users look at their sessions, one after the other. */
async function handOutTwice(make: MakeBasket): Promise<void> {
  const schema = z.object({ id: z.string(), basket: z.any().default(make) });
  const store = new MemoryStore();
  for (const id of ['ada', 'eve']) {
    const options = { store, update: true, sessionId: () => id };
    await session(() => setSessionData({ id }), options)({});
    await session(() => void getSessionData(), { ...options, schema })({});
  }
}

describe('an instance of a class that a schema hands out again', () => {
  test('is refused: the next session would see what this one does to it', async () => {
    const basket = new Basket();

    await expect(handOutTwice(() => basket)).rejects.toThrow(new SessionDataError(
      'the schema of the session data handed out the same Basket again, which another session may have changed: have it make a new one each time, '
      + 'as with .default(() => new Basket()), or freeze it with all that is in it',
    ));
  });

  test.each<[string, MakeBasket]>([
    ['another one each time', () => new Basket()],
    ['frozen with all that is in it', () => Object.freeze(new Basket(Object.freeze(['shared']) as string[]))],
    ['frozen, and leads back to itself', () => Object.freeze(new (class Loop { self = this; toJSON() { return 'loop'; } })())],
  ])('is taken if it is %s', async (_, make) => {
    const made = make();
    await handOutTwice(Object.isFrozen(made) ? () => made : make);
  });

  const jsonOf = (value: object) => Object.assign(value, { toJSON: () => 'text' });
  test.each<[string, MakeBasket]>([
    ['holds an array that is not frozen', () => new Basket()],
    ['holds an object that is not frozen', () => ({ __proto__: Basket.prototype, price: { amount: 1 } })],
    ['holds a frozen array of arrays', () => new Basket(Object.freeze([['tea']]) as never)],
    ['hides an array behind a symbol', () => Object.assign(new Basket(Object.freeze([]) as never), { [Symbol('items')]: ['tea'] })],
    ['hides an array behind a getter', () => Object.defineProperty(new Basket(Object.freeze([]) as never), 'items', { get: () => ['tea'] })],
    ['is a Map', () => jsonOf(new Map())],
    ['is of a class that extends Map', () => jsonOf(new (class Prices extends Map {})())],
    ['holds a frozen Map', () => Object.freeze(jsonOf(Object.assign(new Basket(Object.freeze([]) as never), { prices: Object.freeze(new Map()) })))],
    ['holds a frozen Set', () => new Basket(Object.freeze(new Set(['tea'])) as never)],
    ['holds a frozen Date', () => new Basket(Object.freeze(new Date(0)) as never)],
    ['holds bytes', () => new Basket(Buffer.from('tea') as never)],
    ['is a URL', () => new URL('https://example.org')],
  ])('is refused although it is frozen, if it %s', async (_, make) => {
    const made = Object.freeze(make());
    await expect(handOutTwice(() => made)).rejects.toThrow(/^the schema of the session data handed out the same \w+ again/);
  });
});

describe('what a schema puts into a new instance of a class', () => {
  const inBasket = (make: MakeBasket): MakeBasket => () => new Basket(make() as string[]);

  test.each<[string, MakeBasket]>([
    ['array', () => []],
    ['object', () => ({})],
    ['array in an array', () => Object.freeze([[]])],
    ['instance', () => new Basket(Object.freeze([]) as never)],
    ['date', () => new Date(0)],
    ['set', () => new Set(['tea'])],
    ['object without a prototype', () => Object.create(null)],
  ])('is refused if it is the same %s again', async (_, make) => {
    const shared = make();
    await expect(handOutTwice(inBasket(() => shared))).rejects.toThrow(/^the schema of the session data handed out the same \w+ again/);
  });

  test.each<[string, MakeBasket]>([
    ['is frozen', () => FROZEN],
    ['is new, too', () => [[{}, new Basket()]]],
    ['is the own business of a class that has a toJSON', () => new (class Money { constructor(readonly currency = EURO) {} toJSON() { return 'EUR'; } })()],
  ])('is taken if it %s', async (_, make) => {
    await handOutTwice(inBasket(make));
  });

  const FROZEN = Object.freeze(['tea']);
  const EURO = { code: 'EUR' };
});
