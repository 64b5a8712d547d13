import { format, type Summary } from './figures';
import { PEERS } from './peers';

const WIDTH = 800;
const LABEL_WIDTH = 345;
const BAR_WIDTH = 355;
const ROW_HEIGHT = 28;
const BAR_HEIGHT = 16;
const PANEL_HEAD = 58;
const PANEL_HEIGHT = PANEL_HEAD + PEERS.length * ROW_HEIGHT + 14;

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly values: Readonly<Record<string, Summary>>;
}

/** The figures by section, see docs/benchmarks.json. */
type Figures = Readonly<Record<string, any>>;

/** An SVG image with the cold start and the warm invocation of every peer; undefined if one of them was not measured. */
export function chart(figures: Figures): string | undefined {
  const { 'cold-start': coldStart, warm } = figures;
  if (coldStart === undefined || warm === undefined) return undefined;
  const newestNode = Object.keys(warm).filter((key) => /^node\d/.test(key)).sort().at(-1)!;
  const panels: Panel[] = [
    ...(['felt512', 'felt128'] as const).map((figure) => ({
      title: `Cold start as a client feels it at ${figure.slice(4)} MB, over TLS, Node ${newestNode.replace('node', '')}`,
      unit: 'ms',
      values: valuesOf(coldStart[newestNode], figure),
    })),
    {
      title: `Warm: CPU time of an invocation that changes its session, Node ${newestNode.replace('node', '')}`,
      unit: 'µs',
      values: valuesOf(warm[newestNode].inFlight1, 'cpuUs'),
    },
  ];
  const height = panels.length * PANEL_HEIGHT + 30;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>cdk-session-table beside other ways to keep sessions: shorter bars are better</title>
<style>
text { font: 13px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #24292f; }
.title { font-size: 15px; font-weight: 600; }
.note { font-size: 12px; fill: #57606a; }
.own { font-weight: 600; }
rect.own { fill: #1f6feb; }
rect.floor { fill: #c9d1d9; }
rect.other { fill: #8b949e; }
line { stroke: #24292f; stroke-width: 1.2; }
</style>
<rect width="100%" height="100%" fill="#ffffff"/>
${panels.map(drawPanel).join('\n')}
<text class="note" x="16" y="${height - 14}">Medians; the thin lines go from the lower to the upper quartile. Shorter is better.</text>
</svg>
`;
}

function valuesOf(section: Figures, figure: string): Record<string, Summary> {
  return Object.fromEntries(PEERS.map(({ id }) => [id, section[id][figure]]));
}

function drawPanel({ title, unit, values }: Panel, index: number): string {
  const top = index * PANEL_HEIGHT;
  const scale = BAR_WIDTH / Math.max(...Object.values(values).map(({ upperQuartile }) => upperQuartile));
  const rows = PEERS.map(({ id, name }, row) => drawRow(name, kindOf(id), values[id], unit, scale, top + PANEL_HEAD + row * ROW_HEIGHT));
  return [`<text class="title" x="16" y="${top + 34}">${title} (${unit})</text>`, ...rows].join('\n');
}

function drawRow(name: string, kind: string, { median, lowerQuartile, upperQuartile }: Summary, unit: string, scale: number, top: number): string {
  const middle = top + BAR_HEIGHT / 2;
  const x = (value: number) => (LABEL_WIDTH + value * scale).toFixed(1);
  const textClass = kind === 'own' ? ' class="own"' : '';
  return [
    `<text${textClass} x="${LABEL_WIDTH - 8}" y="${middle + 4.5}" text-anchor="end">${name}</text>`,
    `<rect class="${kind}" x="${LABEL_WIDTH}" y="${top}" width="${(median * scale).toFixed(1)}" height="${BAR_HEIGHT}" rx="2"/>`,
    `<line x1="${x(lowerQuartile)}" x2="${x(upperQuartile)}" y1="${middle}" y2="${middle}"/>`,
    `<text${textClass} x="${Number(x(Math.max(median, upperQuartile))) + 8}" y="${middle + 4.5}">${format(median)} ${unit}</text>`,
  ].join('\n');
}

function kindOf(id: string): string {
  if (id === 'cdk-session-table') return 'own';
  return id === 'floor' ? 'floor' : 'other';
}
