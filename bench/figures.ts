/** What a section of the benchmark comes to. */
export interface SectionResult {
  /** For docs/benchmarks.md. */
  readonly markdown: string;
  /** For docs/benchmarks.json, from which the chart and the table of targets are made. */
  readonly figures: Record<string, unknown>;
}

export interface Summary {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function summarise(values: readonly number[]): Summary {
  return { median: median(values), lowerQuartile: quantile(values, 0.25), upperQuartile: quantile(values, 0.75) };
}

/** For values that were measured side by side, round by round. */
export function ratios(values: readonly number[], base: readonly number[]): Summary {
  return summarise(values.map((value, round) => value / base[round]));
}

export function differences(values: readonly number[], base: readonly number[]): Summary {
  return summarise(values.map((value, round) => value - base[round]));
}

/** Interpolated between the two values that are nearest. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const lower = sorted[Math.floor(position)];
  return lower + (sorted[Math.ceil(position)] - lower) * (position % 1);
}

/** With three significant digits, or more before the decimal point. */
export function format(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const magnitude = value === 0 ? 2 : Math.floor(Math.log10(Math.abs(value)));
  return formatTo(value, Math.max(0, 2 - magnitude));
}

function formatTo(value: number, fractionDigits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: fractionDigits, maximumFractionDigits: fractionDigits });
}

/** The median and, in brackets, the quartiles. */
export function formatSpread({ median: middle, lowerQuartile, upperQuartile }: Summary): string {
  return `${format(middle)} (${format(lowerQuartile)}–${format(upperQuartile)})`;
}

export function markdownTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map((_, column) => column === 0 ? '---' : '---:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
