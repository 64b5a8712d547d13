/**
 * What attaching functions to a session table adds to synthesis, beside the same app with grants and variables written by
 * hand: medians and ratios for 1, 10 and 100 functions.
 *
 * Usage: npx ts-node --transpile-only --project tsconfig.dev.json bench/synthesis.ts [rounds]
 */
import { App, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SessionTable } from '../src';
import { TABLE_ACTIONS } from '../src/runtime-permissions';
import { TABLE_NAME_ENVIRONMENT_VARIABLE } from '../src/table-schema';

const ROUNDS = Number(process.argv[2] ?? 15);
const WARM_UP_ROUNDS = 3;

type Build = (stack: Stack, functions: lambda.Function[]) => void;

const attached: Build = (stack, functions) => new SessionTable(stack, 'Sessions', { functions });

const byHand: Build = (stack, functions) => {
  const table = new dynamodb.TableV2(stack, 'Sessions', {
    partitionKey: { name: 'key', type: dynamodb.AttributeType.STRING },
    timeToLiveAttribute: 'ttl',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  });
  for (const fn of functions) {
    table.grants.actions(fn, ...TABLE_ACTIONS);
    fn.addEnvironment(TABLE_NAME_ENVIRONMENT_VARIABLE, table.tableName);
  }
};

/** Milliseconds of CPU time from an empty app to its templates. Not of the clock: other processes would count. */
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

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function measure(count: number): { byHand: number; attached: number } {
  const times: { byHand: number[]; attached: number[] } = { byHand: [], attached: [] };
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    // In turn, now one first and now the other, so that each pays for the garbage of the other as often.
    const order = round % 2 === 0 ? ['byHand', 'attached'] as const : ['attached', 'byHand'] as const;
    for (const way of order) {
      const time = synthesise(count, way === 'byHand' ? byHand : attached);
      if (round >= 0) {
        times[way].push(time);
      }
    }
  }
  return { byHand: median(times.byHand), attached: median(times.attached) };
}

console.log(`functions  by hand      attached     ratio   (medians of ${ROUNDS}, CPU time)`);
for (const count of [1, 10, 100]) {
  const medians = measure(count);
  const column = (milliseconds: number) => `${milliseconds.toFixed(1)} ms`.padEnd(13);
  console.log(`${String(count).padEnd(11)}${column(medians.byHand)}${column(medians.attached)}${(medians.attached / medians.byHand).toFixed(3)}`);
}
