import { crc32 as nodeCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { crc32 } from '../../../../lambda-runtime/src/dynamodb/client/crc32.js';

test('has the published check value', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});

test('is what node:zlib calculates', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
    expect(crc32(bytes)).toBe(nodeCrc32(bytes));
  }));
});
