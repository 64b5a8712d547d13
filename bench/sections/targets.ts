import { format, formatSpread, markdownTable, type SectionResult, type Summary } from '../figures';

interface Target {
  readonly name: string;
  readonly atMost: number;
  /** Undefined if it was not measured. */
  readonly figure: Summary | undefined;
  /** @default the number */
  readonly limit?: string;
}

/** Figures of the other sections, by section. */
type Figures = Readonly<Record<string, any>>;

/** What was aimed at, and whether it is reached. */
export function targets(figures: Figures): SectionResult {
  const all = [...coldStart(figures), ...warm(figures), ...calls(figures), ...synthesis(figures)];
  const rows = all.map(({ name, atMost, limit, figure }) => [name, limit ?? `${atMost}`, shown(figure), verdict(atMost, figure)]);
  return {
    markdown: markdownTable(['', 'at most', 'measured', 'met?'], rows),
    figures: Object.fromEntries(all.map(({ name, atMost, figure }) => [name, { atMost, figure: figure?.median }])),
  };
}

function coldStart({ 'cold-start': section }: Figures): Target[] {
  return nodesOf(section).flatMap((node) => {
    const ratio = (to: string, figure: string): Summary => section[node][to][figure].ownRatio;
    const where = `cold, ${nameOf(node)}:`;
    return [
      { name: `${where} felt at 512 MB ÷ tuned SDK`, atMost: 0.4, figure: ratio('aws-sdk-tuned', 'felt512') },
      { name: `${where} felt at 512 MB ÷ floor`, atMost: 1, figure: ratio('floor', 'felt512') },
      { name: `${where} felt at 128 MB ÷ tuned SDK`, atMost: 0.4, figure: ratio('aws-sdk-tuned', 'felt128') },
      { name: `${where} felt at 128 MB ÷ floor`, atMost: 0.8, figure: ratio('floor', 'felt128') },
      { name: `${where} felt at 1,769 MB ÷ tuned SDK`, atMost: 0.45, figure: ratio('aws-sdk-tuned', 'felt1769') },
      { name: `${where} CPU time of the first invocation ÷ tuned SDK`, atMost: 0.45, figure: ratio('aws-sdk-tuned', 'firstCpuMs') },
      { name: `${where} init ÷ tuned SDK`, atMost: 0.6, figure: ratio('aws-sdk-tuned', 'initMs') },
    ];
  });
}

function warm({ warm: section }: Figures): Target[] {
  return nodesOf(section).flatMap((node) => {
    const where = nameOf(node);
    const ratio = (to: string): Summary => section[node].inFlight1[to].cpuUs.ownRatio;
    return [
      { name: `warm, ${where}: CPU time of a changed invocation ÷ floor`, atMost: 1.5, figure: ratio('floor') },
      { name: `warm, ${where}: CPU time of a changed invocation ÷ SDK`, atMost: 0.4, figure: ratio('aws-sdk') },
      { name: `warm, ${where}: CPU time with the memory store, µs`, atMost: 30, figure: section.memoryStore[node] },
    ];
  });
}

function calls({ calls: section }: Figures): Target[] {
  const own = section?.['cdk-session-table'];
  const limits = { 'new visitor': 1, 'read only': 1, 'unchanged, expiry not due': 1, 'changed': 2 };
  const controlPlane = own?.['new visitor'].controlPlaneCallsAtFirst;
  return [
    ...Object.entries(limits).map(([name, atMost]) => ({ name: `calls to DynamoDB, ${name}`, atMost, figure: own?.[name].calls })),
    { name: 'calls to the control plane', atMost: 0, figure: own && constant(controlPlane + own.changed.controlPlaneCalls.median) },
  ];
}

function synthesis({ synthesis: section }: Figures): Target[] {
  return Object.keys(section ?? {}).flatMap((key) => {
    const what = `synthesis, functions attached: ${key.replace('functions', '')}`;
    return [{ name: `${what}, ÷ manually`, atMost: 1.05, figure: section[key].byHand.cpuMs.ownRatio }];
  });
}

function nodesOf(section: Figures | undefined): string[] {
  return Object.keys(section ?? {}).filter((key) => /^node\d/.test(key));
}

function nameOf(node: string): string {
  return node.replace('node', 'Node ');
}

function constant(value: number): Summary {
  return { median: value, lowerQuartile: value, upperQuartile: value };
}

function shown(figure: Summary | undefined): string {
  if (figure === undefined) return '–';
  if (figure.lowerQuartile === figure.upperQuartile) return Number.isInteger(figure.median) ? `${figure.median}` : format(figure.median);
  return formatSpread(figure);
}

function verdict(atMost: number, figure: Summary | undefined): string {
  if (figure === undefined) return 'not measured';
  return figure.median <= atMost ? 'yes' : '**no**';
}
