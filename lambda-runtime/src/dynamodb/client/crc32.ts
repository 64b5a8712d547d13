/* eslint-disable no-bitwise */

let table: Int32Array | undefined;

/**
 * The CRC-32 of `node:zlib`, which is not used because loading it costs a cold start two milliseconds. It goes by half bytes: filling a
 * table for whole bytes takes so many steps that V8 pauses to optimise the loop, half a millisecond on Node 24.
 */
export function crc32(bytes: Uint8Array): number {
  table ??= makeTable();
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes[i];
    crc = table[crc & 0xf] ^ (crc >>> 4);
    crc = table[crc & 0xf] ^ (crc >>> 4);
  }
  return (crc ^ -1) >>> 0;
}

function makeTable(): Int32Array {
  const crcs = new Int32Array(16);
  for (let halfByte = 0; halfByte < crcs.length; halfByte++) {
    let crc = halfByte;
    for (let bit = 0; bit < 4; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    crcs[halfByte] = crc;
  }
  return crcs;
}
