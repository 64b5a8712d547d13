import type { NodeBinary } from '../../test/fixtures/node-binaries';
import { type Bundled, type Felt, feltOf, type Gap } from '../felt';
import { type FeltInLambda, feltInLambda } from '../felt-in-lambda';
import type { SectionResult } from '../figures';
import { inRelationTo, Measured } from '../measured';
import { lambdaNodes } from '../measured-nodes';
import type { PreparedPeer } from '../prepared-peers';
import { inRounds, scaled } from '../rounds';
import { variants } from '../variants';

const ROUNDS = scaled(11);
const LAMBDA_ROUNDS = scaled(5);
const GAP_ROUNDS = scaled(5);
const MINUTE_ROUNDS = scaled(1);

const MEMORIES = [128, 512, 1769] as const;

/** Those whose first invocation is also measured under a CPU quota, and after a gap. */
const COMPARED = ['cdk-session-table', 'floor', 'aws-sdk-tuned'];

type Subject = Bundled & { readonly id: string };

/** What a client feels of a cold start, over TLS: init at full speed, the first invocation at the share that the memory buys. */
export async function coldStart(peers: readonly PreparedPeer[]): Promise<SectionResult> {
  const all = peers.map(({ peer: { id, name }, ...rest }): Subject => ({ ...rest, id, name }));
  const compared = all.filter(({ id }) => COMPARED.includes(id));
  const nodes = await lambdaNodes();
  const newest = nodes.at(-1)!;
  const sections: SectionResult[] = [];
  for (const node of nodes) sections.push(await byFormula(all, node));
  for (const node of nodes) sections.push(...await underQuota(compared, node));
  sections.push(await afterGaps(compared, newest));
  sections.push(await ofVariants([compared[0], ...variants(peers[0])], newest));
  return {
    markdown: sections.map(({ markdown }) => markdown).join('\n\n'),
    figures: Object.assign({}, ...sections.map(({ figures }) => figures)),
  };
}

async function byFormula(subjects: readonly Subject[], { majorVersion, path }: NodeBinary): Promise<SectionResult> {
  const measured = new Measured<keyof Felt>(subjects, await inRounds(ROUNDS, subjects, (subject) => feltOf(subject, path)));
  const [felt128, felt512, felt1769, firstCpuMs, initMs] =
    (['felt128', 'felt512', 'felt1769', 'firstCpuMs', 'initMs'] as const).map((figure) => measured.values(figure));
  return {
    markdown: `### Felt, on Node ${majorVersion}

Medians of ${ROUNDS} rounds, each in a fresh process; in brackets the quartiles. Felt: the CPU time of init, and that of the first invocation
divided by the share of a core.

${measured.table({
  'init, ms': initMs,
  'CPU of init, ms': measured.values('initCpuMs'),
  'CPU of the first invocation, ms': firstCpuMs,
  'felt at 1,769 MB, ms': felt1769,
  'felt at 512 MB, ms': felt512,
  'felt at 128 MB, ms': felt128,
})}

${measured.table({
  'init ÷ tuned SDK': inRelationTo('aws-sdk-tuned', initMs),
  'CPU of the first invocation ÷ tuned SDK': inRelationTo('aws-sdk-tuned', firstCpuMs),
  'felt at 1,769 MB ÷ tuned SDK': inRelationTo('aws-sdk-tuned', felt1769),
  'at 512 MB ÷ tuned SDK': inRelationTo('aws-sdk-tuned', felt512),
  '÷ floor': inRelationTo('floor', felt512),
  'at 128 MB ÷ tuned SDK': inRelationTo('aws-sdk-tuned', felt128),
  '÷ floor ': inRelationTo('floor', felt128),
})}`,
    figures: { [`node${majorVersion}`]: measured.figures() },
  };
}

async function underQuota(subjects: readonly Subject[], node: NodeBinary): Promise<SectionResult[]> {
  const title = `### Under a CPU quota, in AWS's runtime client on Node ${node.majorVersion}`;
  const parts: string[] = [];
  const figures: Record<string, unknown> = {};
  for (const memory of MEMORIES) {
    const measurements = await inRounds(LAMBDA_ROUNDS, subjects, (subject) => feltInLambda(subject, node, memory));
    if (measurements.flat().includes(undefined)) {
      return [{ markdown: `${title}\n\nNot measured: it takes Linux with cgroup v1, and root.`, figures: {} }];
    }
    const measured = new Measured<keyof FeltInLambda>(subjects, measurements as FeltInLambda[][]);
    const feltMs = measured.values('feltMs');
    parts.push(`${memory.toLocaleString('en')} MB:`, measured.table({
      'init, ms': measured.values('initMs'),
      'first invocation, ms': measured.values('firstMs'),
      'felt, ms': feltMs,
      '÷ tuned SDK': inRelationTo('aws-sdk-tuned', feltMs),
      '÷ floor': inRelationTo('floor', feltMs),
    }));
    figures[`mb${memory}`] = measured.figures();
  }
  return [{
    markdown: [
      title,
      `The process is put under the quota when it asks for its first event. All times by the wall clock. Medians of ${LAMBDA_ROUNDS} rounds.`,
      ...parts,
    ].join('\n\n'),
    figures: { [`quotaNode${node.majorVersion}`]: figures },
  }];
}

async function afterGaps(subjects: readonly Subject[], { majorVersion, path }: NodeBinary): Promise<SectionResult> {
  const parts: string[] = [];
  const figures: Record<string, unknown> = {};
  const gaps: Record<string, [Gap, number]> = {
    '5 ms later': [5, GAP_ROUNDS], 'after ten minutes in a frozen sandbox': ['frozen', GAP_ROUNDS], 'a minute later': [60_000, MINUTE_ROUNDS],
  };
  for (const [name, [gap, rounds]] of Object.entries(gaps)) {
    const measure = (subject: Subject) => feltOf(subject, path, gap);
    // A minute of waiting costs nothing, so all wait at the same time.
    const measurements = gap === 60_000 ? await allAtOnce(rounds, subjects, measure) : await inRounds(rounds, subjects, measure);
    const measured = new Measured<keyof Felt>(subjects, measurements);
    const firstCpuMs = measured.values('firstCpuMs');
    parts.push(`First invocation ${name}, medians of ${rounds} rounds:`, measured.table({
      'CPU of the first invocation, ms': firstCpuMs, '÷ tuned SDK': inRelationTo('aws-sdk-tuned', firstCpuMs), 'its time, ms': measured.values('firstMs'),
    }));
    figures[name] = measured.figures();
  }
  return { markdown: [`### After a gap, on Node ${majorVersion}`, ...parts].join('\n\n'), figures: { gaps: figures } };
}

async function allAtOnce<TResult>(
  rounds: number, subjects: readonly Subject[], measure: (subject: Subject) => Promise<TResult>,
): Promise<TResult[][]> {
  return Promise.all(subjects.map((subject) => Promise.all(Array.from({ length: rounds }, () => measure(subject)))));
}

async function ofVariants(subjects: readonly Subject[], { majorVersion, path }: NodeBinary): Promise<SectionResult> {
  const measured = new Measured<keyof Felt>(subjects, await inRounds(GAP_ROUNDS, subjects, (subject) => feltOf(subject, path)));
  return {
    markdown: `### This library in other uses, on Node ${majorVersion}

Medians of ${GAP_ROUNDS} rounds. With another client there is nothing to warm up.

${measured.table({
  'CPU of init, ms': measured.values('initCpuMs'),
  'CPU of the first invocation, ms': measured.values('firstCpuMs'),
  'felt at 512 MB, ms': measured.values('felt512'),
  'felt at 128 MB, ms': measured.values('felt128'),
})}`,
    figures: { variants: measured.figures() },
  };
}
