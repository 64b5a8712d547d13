/** Read and write request units, of one call or of many. */
export interface Capacity {
  readonly readUnits: number;
  readonly writeUnits: number;
}

/**
 * What a million request units of a table on demand cost in us-east-1, in USD; in force since 1 November 2024.
 *
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 */
export const USD_PER_MILLION = { readUnits: 0.125, writeUnits: 0.625 } as const;

export const PRICED_REQUESTS_PER_SECOND = 1000;

const SECONDS_A_MONTH = 30 * 24 * 60 * 60;

/**
 * What a read of an item of this size consumes; an item that is not there counts as the smallest.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function readUnits(itemBytes: number, isConsistent: boolean): number {
  return startedUnits(itemBytes, 4096) / (isConsistent ? 1 : 2);
}

/** What a write consumes that makes an item of one size of an item of another; 0 where there is none. */
export function writeUnits(itemBytesBefore: number, itemBytesAfter: number): number {
  return startedUnits(Math.max(itemBytesBefore, itemBytesAfter), 1024);
}

/** USD for 30 days in which every request consumes this. */
export function monthlyPrice(capacity: Capacity): number {
  const usdPerMillionRequests = capacity.readUnits * USD_PER_MILLION.readUnits + capacity.writeUnits * USD_PER_MILLION.writeUnits;
  return usdPerMillionRequests * PRICED_REQUESTS_PER_SECOND * SECONDS_A_MONTH / 1e6;
}

function startedUnits(bytes: number, unit: number): number {
  return Math.max(1, Math.ceil(bytes / unit));
}
