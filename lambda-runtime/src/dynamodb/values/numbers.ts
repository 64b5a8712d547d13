/** The range of DynamoDB's numbers: 38 digits, magnitudes from 1e-130 to below 1e126, and 0. */
const MAX_DIGITS = 38;
const MIN_EXPONENT = -130;
const MAX_EXPONENT = 125;
const MIN_MAGNITUDE = 1e-130;
const MAX_MAGNITUDE = 1e126;

const DECIMAL = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

const ZERO = '0'.charCodeAt(0);

/** `digits` × 10^`exponent`, the digits without zeros at either end: '' is 0. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

/** The shortest text that says the number, or undefined if it is none that DynamoDB can hold. */
export function formatNumber(value: number | bigint): string | undefined {
  const text = String(value);
  return (typeof value === 'number' ? isInRange(value) : fitsDynamoDB(text)) ? text : undefined;
}

/** A JavaScript number never has more than 17 digits. */
function isInRange(value: number): boolean {
  const magnitude = Math.abs(value);
  return magnitude === 0 || (magnitude >= MIN_MAGNITUDE && magnitude < MAX_MAGNITUDE);
}

/** Whether DynamoDB can hold the number without rounding it. */
export function fitsDynamoDB(text: string): boolean {
  const { digits, exponent } = parseDecimal(text);
  const leadingExponent = exponent + digits.length - 1;
  return digits === '' || (digits.length <= MAX_DIGITS && leadingExponent >= MIN_EXPONENT && leadingExponent <= MAX_EXPONENT);
}

/** A number if the shortest decimal of one says the same, else a bigint if it is an integer, else the nearest number. */
export function parseNumber(text: string): number | bigint {
  const nearest = Number(text);
  if (String(nearest) === text) {
    return nearest;
  }
  const { negative, digits, exponent } = parseDecimal(text);
  if (digits === '') {
    return 0;
  }
  return exponent < 0 || isExactNumber(text) ? nearest : BigInt(`${negative ? '-' : ''}${digits}${'0'.repeat(exponent)}`);
}

/** Whether the shortest decimal of a JavaScript number says the same as the text. */
export function isExactNumber(text: string): boolean {
  const nearest = Number(text);
  return String(nearest) === text || (Number.isFinite(nearest) && canonicalNumber(String(nearest)) === canonicalNumber(text));
}

/** The same text for numbers that are equal, however they are written: 100, 1E+2, 100.0. */
export function canonicalNumber(text: string): string {
  const { negative, digits, exponent } = parseDecimal(text);
  return digits === '' ? '0' : `${negative ? '-' : ''}${digits}e${exponent}`;
}

/** The same text for numbers that are equal once they are decoded. */
export function canonicalOnceDecoded(text: string): string {
  return canonicalNumber(String(parseNumber(text)));
}

/** How many digits there are from the first to the last that is not 0, and where the decimal point is in relation to the last. */
export function parseDecimal(text: string): Decimal {
  const match = DECIMAL.exec(text);
  if (match === null) {
    throw new TypeError(`not a decimal number: ${JSON.stringify(text)}`);
  }
  const [, sign, whole, fraction = '', exponent] = match;
  const significant = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = withoutTrailingZeros(significant);
  return { negative: sign === '-', digits, exponent: Number(exponent ?? 0) - fraction.length + significant.length - digits.length };
}

/** Not by `/0+$/`, which begins again at every zero: 80,000 digits would take seconds. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === ZERO) {
    end--;
  }
  return digits.slice(0, end);
}
