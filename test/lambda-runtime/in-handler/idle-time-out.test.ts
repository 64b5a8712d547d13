import type { SessionOptions } from '../../../lambda-runtime/src/index.js';
import { describeEveryStore } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { nowInSeconds, number, visitsTo } from '../../fixtures/visits-to-a-store.js';
import type { Handler } from '../../fixtures/visits-to-a-store.js';

describeEveryStore(({ open }) => {
  let store: RecordingStore;
  const { visit, rowOf, expiryOf, givenRow } = visitsTo(() => store);

  beforeEach(async () => { store = recording(await open()); });

  describe('the idle time-out', () => {
    test('a busy session costs one read and no write until a tenth of it is used up', async () => {
      const row = await givenRow({ expiresIn: 820 });
      await visit('id', (current) => current.data, { ttl: 900 });

      expect(store.calls).toEqual(['get']);
      expect(await rowOf('id')).toEqual(row);
    });

    test('an unchanged session is renewed once touchAfter is used up', async () => {
      await givenRow({ expiresIn: 840 });
      await visit('id', (current) => current.data, { ttl: 900, touchAfter: 30 });

      expect(store.calls).toEqual(['get', 'touch']);
      expect(await expiryOf('id')).toBeGreaterThan(nowInSeconds() + 890);
    });

    test('rolling false: an unchanged session is not renewed, a changed one is', async () => {
      const row = await givenRow({ expiresIn: 10 });
      await visit('id', (current) => current.data, { ttl: 900, rolling: false });
      expect(await rowOf('id')).toEqual(row);

      await visit('id', (current) => { current.data.name = 'Grace'; }, { ttl: 900, rolling: false });
      expect(await expiryOf('id')).toBeGreaterThan(nowInSeconds() + 890);
    });

    test.each<[string, SessionOptions]>([
      ['mutable', { update: true }],
      ['not rolling', { update: true, rolling: false }],
      ['write-once', { update: false }],
    ])('touch() renews a session before it is due: %s', async (_, options) => {
      await givenRow({ expiresIn: 850 });
      await visit('id', (current) => current.touch(), { ttl: 900, ...options });

      expect(store.calls).toEqual(['get', 'touch']);
      expect(await expiryOf('id')).toBeGreaterThan(nowInSeconds() + 890);
    });

    test('touch() renews a write-once session also where a later set is not stored', async () => {
      const { value } = await givenRow({ expiresIn: 850 });
      await visit('id', (current) => {
        current.set('other');
        current.touch();
      }, { ttl: 900, update: false });

      expect(await expiryOf('id')).toBeGreaterThan(nowInSeconds() + 890);
      expect((await rowOf('id'))?.value).toEqual(value);
    });

    test('touch() renews a write-once session together with its first value', async () => {
      await givenRow({ expiresIn: 850 }, { value: { NULL: true } });
      await visit('id', (current) => {
        current.set('first');
        current.touch();
      }, { ttl: 900, update: false });

      expect(store.calls).toEqual(['get', 'save']);
      expect(await expiryOf('id')).toBeGreaterThan(nowInSeconds() + 890);
    });

    test('touch() does not bring back a session that was destroyed, nor send its id', async () => {
      await givenRow({ expiresIn: 850 });
      const sentId = await visit('id', async (current) => {
        current.touch();
        await visit('id', (other) => other.destroy());
      }, { ttl: 900 });

      expect(sentId).toBeUndefined();
      expect(await rowOf('id')).toBeUndefined();
    });

    test('lowered between deployments: a session that would live longer is shortened to it immediately', async () => {
      await givenRow({ expiresIn: 86_400 });
      await visit('id', (current) => current.data, { ttl: 900 });

      expect(await expiryOf('id')).toBeLessThanOrEqual(nowInSeconds() + 901);
      expect((await rowOf('id'))?.access_counter).toEqual(number(3));
    });

    test('set in a later deployment: a session without expiry gets one', async () => {
      await givenRow();
      await visit('id', (current) => current.data, { ttl: 900 });

      expect(await expiryOf('id')).toBeGreaterThan(nowInSeconds() + 890);
      expect((await rowOf('id'))?.access_counter).toEqual(number(3));
    });

    test('set in a later deployment: a write-once session stays as it is', async () => {
      const row = await givenRow();
      await visit('id', (current) => current.data, { ttl: 900, update: false });

      expect(await rowOf('id')).toEqual(row);
    });

    test('left out in a later deployment: an expiry stays as it is', async () => {
      const row = await givenRow({ expiresIn: 500 });
      await visit('id', (current) => { current.data.name = 'Grace'; });
      await visit('id', (current) => current.touch());

      expect((await rowOf('id'))?.ttl).toEqual(row.ttl);
    });

    test.each<[string, Handler, string]>([
      ['a changed session', (current) => { current.data.name = 'Grace'; }, 'save'],
      ['an unchanged session', (current) => current.data, 'touch'],
      ['an updated session', (current) => current.update((data: object) => ({ ...data, role: 'admin' })), 'save'],
    ])('ttl 0 in a later deployment: %s never expires any more', async (_, handler, call) => {
      await givenRow({ expiresIn: 500 });
      await visit('id', handler, { ttl: 0 });

      expect(store.calls).toEqual(['get', call]);
      expect(await rowOf('id')).toBeDefined();
      expect(await rowOf('id')).not.toHaveProperty('ttl');
    });

    test('ttl 0 in a later deployment: a write-once session stays as it is', async () => {
      const row = await givenRow({ expiresIn: 500 });
      await visit('id', (current) => current.data, { ttl: 0, update: false });

      expect(await rowOf('id')).toEqual(row);
    });

    test('of two functions that share a session the last to use it decides when it expires', async () => {
      await givenRow({ expiresIn: 850 });
      const expectExpiresIn = async (seconds: number) => expect(Math.abs(await expiryOf('id') - nowInSeconds() - seconds)).toBeLessThan(60);
      await visit('id', (current) => current.data, { ttl: 3600 });
      await expectExpiresIn(3600);
      await visit('id', (current) => current.data, { ttl: 900 });
      await expectExpiresIn(900);

      store.calls.length = 0;
      await visit('id', (current) => current.data, { ttl: 900 });
      expect(store.calls).toEqual(['get']);
    });
  });
});
