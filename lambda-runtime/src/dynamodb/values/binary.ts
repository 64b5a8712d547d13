import type { AttributeValue, Item } from './attribute-value.js';

/** The JSON of an input, in which binary values are base64. */
export function stringifyInput(input: object): string {
  return holdsBinary(input) ? JSON.stringify(input, binaryAsBase64) : JSON.stringify(input);
}

/** A replacer slows JSON.stringify down several times, and few sessions hold binary values. */
function holdsBinary(value: object): boolean {
  if (value instanceof Uint8Array) {
    return true;
  }
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key];
    if (typeof field === 'object' && field !== null && holdsBinary(field)) {
      return true;
    }
  }
  return false;
}

function binaryAsBase64(this: Record<string, unknown>, key: string, value: unknown): unknown {
  // Not `value`: a Buffer has already been through its toJSON there.
  const original = this[key];
  return original instanceof Uint8Array ? toBase64(original) : value;
}

/** Whether a JSON text may hold attribute values of the types B or BS; it certainly does not if this is false. */
export function mayHoldBinary(json: string): boolean {
  return /"BS?"\s*:\s*["[]/.test(json);
}

/** Replaces base64 by binary values, in place, where DynamoDB's notation says so. */
export function decodeBinary(item: Item): void {
  Object.values(item).forEach(decodeBinaryValue);
}

function decodeBinaryValue(value: { -readonly [Type in keyof AttributeValue]: AttributeValue[Type] }): void {
  if (value.B !== undefined) {
    value.B = fromBase64(value.B as unknown as string);
  } else if (value.BS !== undefined) {
    value.BS = (value.BS as unknown as string[]).map(fromBase64);
  } else if (value.M !== undefined) {
    decodeBinary(value.M);
  } else {
    value.L?.forEach(decodeBinaryValue);
  }
}

/** Copied out of the buffer that Node shares among small ones. */
export function toBase64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function fromBase64(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
