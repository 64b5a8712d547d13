import { App, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SessionTable } from '../../src';
import { TABLE_ACTIONS } from '../../src/private/runtime-permissions';
import { TABLE_NAME_ENVIRONMENT_VARIABLE } from '../../src/shared-with-runtime/table-schema';
import type { SectionResult } from '../figures';
import { inRelationTo, Measured } from '../measured';
import { inRounds, scaled } from '../rounds';

const ROUNDS = scaled(25);
const WARM_UP_ROUNDS = 3;
const FUNCTIONS = [1, 10, 100];

type Build = (stack: Stack, functions: readonly lambda.Function[]) => void;

const WAYS: readonly { readonly id: string; readonly name: string; readonly build: Build }[] = [
  { id: 'without', name: 'no sessions at all', build: () => undefined },
  { id: 'byHand', name: 'the table, its grants and variables manually', build: byHand },
  { id: 'attached', name: '`new SessionTable(stack, \'Sessions\', { functions })`', build: attached },
];

/** What attaching functions to a session table adds to synthesis. */
export async function synthesis(): Promise<SectionResult> {
  // The oldest aws-cdk-lib warns of what it does itself, at every grant.
  process.env.JSII_DEPRECATED = 'quiet';
  await inRounds(WARM_UP_ROUNDS, WAYS, ({ build }) => synthesise(10, build));
  const parts = [`CPU time from an empty app to its template. Medians of ${ROUNDS} rounds.`];
  const figures: Record<string, unknown> = {};
  for (const count of FUNCTIONS) {
    const measured = new Measured(WAYS, await inRounds(ROUNDS, WAYS, ({ build }) => ({ cpuMs: synthesise(count, build) })));
    const cpuMs = measured.values('cpuMs');
    const columns = { 'CPU time, ms': cpuMs, '÷ without': inRelationTo('without', cpuMs), '÷ manually': inRelationTo('byHand', cpuMs) };
    parts.push(`${count} ${count === 1 ? 'function' : 'functions'}:`, measured.table(columns));
    figures[`functions${count}`] = measured.figures('attached');
  }
  return { markdown: parts.join('\n\n'), figures };
}

function attached(stack: Stack, functions: readonly lambda.Function[]): void {
  new SessionTable(stack, 'Sessions', { functions: [...functions] });
}

function byHand(stack: Stack, functions: readonly lambda.Function[]): void {
  const table = new dynamodb.TableV2(stack, 'Sessions', {
    partitionKey: { name: 'key', type: dynamodb.AttributeType.STRING },
    timeToLiveAttribute: 'ttl',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  });
  for (const fn of functions) {
    table.grants.actions(fn, ...TABLE_ACTIONS);
    fn.addEnvironment(TABLE_NAME_ENVIRONMENT_VARIABLE, table.tableName);
  }
}

/** Milliseconds of CPU time. Not of the clock: other processes would count. */
function synthesise(count: number, build: Build): number {
  const start = process.cpuUsage();
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const functions = Array.from({ length: count }, (_, index) => new lambda.Function(stack, `Function${index}`, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
  }));
  build(stack, functions);
  app.synth();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
