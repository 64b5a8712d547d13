import { runSimulation } from '@cloud-copilot/iam-simulate';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';

const ACCOUNT = '111111111111';
const TABLE = `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/sessions`;
const REPLICA = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/sessions`;
const COLLECTIONS = `${TABLE}-collections`;
const COLLECTIONS_REPLICA = `${REPLICA}-collections`;
const KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/00000000-0000-0000-0000-000000000000`;
const REPLICA_KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/00000000-0000-0000-0000-000000000001`;

/** The policy that attaching gives to the role of a function, as IAM gets it after the deployment. */
function deployedPolicy(attach: (sessions: SessionTable, fn: lambda.Function) => void): object {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: 'eu-central-1' } });
  const sessions = new SessionTable(stack, 'Sessions', {
    tableName: 'sessions',
    collections: true,
    encryption: dynamodb.TableEncryptionV2.customerManagedKey(kms.Key.fromKeyArn(stack, 'Key', KEY), { 'eu-west-1': REPLICA_KEY }),
    replicas: [{ region: 'eu-west-1' }],
  });
  attach(sessions, lambdaFunction(stack, 'Chat'));
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const logicalId = (table: dynamodb.TableV2) => stack.getLogicalId(table.node.defaultChild as dynamodb.CfnGlobalTable);
  return deployed(Properties.PolicyDocument, { [logicalId(sessions.table)]: 'sessions', [logicalId(sessions.collectionsTable!)]: 'sessions-collections' });
}

/** Puts in what CloudFormation would for the few intrinsic functions that are in such a policy. */
function deployed(value: any, tables: Record<string, string>): any {
  if (typeof value !== 'object') {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => deployed(item, tables));
  }
  const { 'Fn::GetAtt': attribute, 'Fn::Join': join, 'Ref': ref } = value;
  if (attribute?.[0] in tables && attribute[1] === 'Arn') {
    return `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/${tables[attribute[0]]}`;
  }
  if (join) {
    return deployed(join[1], tables).join(join[0]);
  }
  if (ref) {
    const known: Record<string, string> = { 'AWS::Partition': 'aws', ...tables };
    if (!(ref in known)) {
      throw new Error(`a reference to ${ref} was not expected in the policy`);
    }
    return known[ref];
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deployed(inner, tables)]));
}

async function isAllowed(policy: object, action: string, resource: string): Promise<boolean> {
  const result = await runSimulation({
    request: {
      principal: `arn:aws:iam::${ACCOUNT}:role/chat`,
      action,
      resource: { resource, accountId: ACCOUNT },
      contextVariables: {},
    },
    identityPolicies: [{ name: 'chat', policy }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    // A key's policy decides alone; this is the one that CDK makes, which leaves it to IAM.
    resourcePolicy: action.startsWith('kms:') ? {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }],
    } : undefined,
  }, {});
  if (result.resultType === 'error') {
    throw new Error(`the simulation of ${action} on ${resource} failed: ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === 'Allowed';
}

const writing = deployedPolicy((sessions, fn) => sessions.attach(fn));
const reading = deployedPolicy((sessions, fn) => sessions.attachReadOnly(fn));

const READS = ['dynamodb:GetItem'];
const WRITES = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
const NEVER = [
  'dynamodb:Scan', 'dynamodb:Query', 'dynamodb:DescribeTable', 'dynamodb:DeleteTable', 'dynamodb:UpdateTable', 'dynamodb:UpdateTimeToLive',
  'dynamodb:BatchWriteItem', 'dynamodb:BatchGetItem', 'dynamodb:PartiQLSelect', 'dynamodb:PartiQLUpdate', 'dynamodb:ConditionCheckItem',
];
const ELSEWHERE = [
  `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/users`,
  `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/sessions-2`,
  `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/sessions`,
  'arn:aws:dynamodb:eu-central-1:222222222222:table/sessions',
];

describe('the policy of an attached function, evaluated as IAM does', () => {
  it.each([TABLE, REPLICA])('allows what the runtime calls on %s', async (table) => {
    for (const action of [...READS, ...WRITES]) {
      expect([action, await isAllowed(writing, action, table)]).toEqual([action, true]);
    }
  });

  it.each([TABLE, REPLICA])('denies everything else on %s', async (table) => {
    for (const action of NEVER) {
      expect([action, await isAllowed(writing, action, table)]).toEqual([action, false]);
    }
  });

  it.each(ELSEWHERE)('denies every call on %s', async (table) => {
    for (const action of [...READS, ...WRITES]) {
      expect([action, await isAllowed(writing, action, table)]).toEqual([action, false]);
    }
  });

  it.each([KEY, REPLICA_KEY])('allows encrypting and decrypting with %s, not deleting it', async (key) => {
    for (const action of ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:DescribeKey']) {
      expect([action, await isAllowed(writing, action, key)]).toEqual([action, true]);
    }
    expect(await isAllowed(writing, 'kms:ScheduleKeyDeletion', key)).toBe(false);
    expect(await isAllowed(writing, 'kms:CreateGrant', key)).toBe(false);
  });
});

describe('the policy of an attached function on the collections table, evaluated as IAM does', () => {
  it.each([COLLECTIONS, COLLECTIONS_REPLICA])('allows what the runtime calls on %s, and nothing else', async (table) => {
    for (const action of [...READS, ...WRITES, 'dynamodb:Query']) {
      expect([action, await isAllowed(writing, action, table)]).toEqual([action, true]);
    }
    for (const action of NEVER.filter((never) => never !== 'dynamodb:Query')) {
      expect([action, await isAllowed(writing, action, table)]).toEqual([action, false]);
    }
  });

  it.each([COLLECTIONS, COLLECTIONS_REPLICA])('allows only reading %s to a function that only reads', async (table) => {
    for (const action of [...READS, 'dynamodb:Query']) {
      expect([action, await isAllowed(reading, action, table)]).toEqual([action, true]);
    }
    for (const action of [...WRITES, ...NEVER.filter((never) => never !== 'dynamodb:Query')]) {
      expect([action, await isAllowed(reading, action, table)]).toEqual([action, false]);
    }
  });
});

describe('the policy of a function that only reads, evaluated as IAM does', () => {
  it.each([TABLE, REPLICA])('allows reading a session from %s and nothing else', async (table) => {
    expect(await isAllowed(reading, 'dynamodb:GetItem', table)).toBe(true);
    for (const action of [...WRITES, ...NEVER]) {
      expect([action, await isAllowed(reading, action, table)]).toEqual([action, false]);
    }
  });

  it.each([KEY, REPLICA_KEY])('allows decrypting with %s, not encrypting', async (key) => {
    expect(await isAllowed(reading, 'kms:Decrypt', key)).toBe(true);
    expect(await isAllowed(reading, 'kms:Encrypt', key)).toBe(false);
    expect(await isAllowed(reading, 'kms:GenerateDataKey', key)).toBe(false);
  });
});
