import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { statements } from './fixtures/synthesised';
import { KEY_ACTIONS } from '../src/private/runtime-permissions';

const FRANKFURT = { account: '111111111111', region: 'eu-central-1' };
const DUBLIN = { account: '111111111111', region: 'eu-west-1' };
const DUBLIN_KEY = 'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000001';
const IMPORTED_ALIAS_FLAG = '@aws-cdk/aws-kms:applyImportedAliasPermissionsToPrincipal';

function frankfurt(context: Record<string, unknown> = {}): Stack {
  return new Stack(new App({ context }), 'Stack', { env: FRANKFURT });
}

function sessionsEncryptedWith(key: kms.IKey, stack = key.stack, replicas: string[] = []): SessionTable {
  return new SessionTable(stack, 'Sessions', {
    tableName: 'sessions',
    encryption: dynamodb.TableEncryptionV2.customerManagedKey(key, Object.fromEntries(replicas.map((region) => [region, DUBLIN_KEY]))),
    replicas: replicas.map((region) => ({ region })),
  });
}

/** What is permitted beyond the table. */
const onKeys = (stack: Stack) => statements(stack).filter(({ Action }) => Action.includes('kms:Decrypt'));
const anyKeyWithAlias = (stack: Stack, aliasName: string) => ({
  Action: KEY_ACTIONS,
  Effect: 'Allow',
  Resource: stack.resolve(stack.formatArn({ service: 'kms', resource: 'key', resourceName: '*' })),
  Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': aliasName } },
});

describe('an alias as the key of a session table', () => {
  it('permits the key that it leads to: IAM does not match an alias', () => {
    const stack = frankfurt();
    const key = new kms.Key(stack, 'Key');
    sessionsEncryptedWith(key.addAlias('alias/sessions')).attach(lambdaFunction(stack, 'Chat'));
    expect(onKeys(stack)).toEqual([{ Action: KEY_ACTIONS, Effect: 'Allow', Resource: stack.resolve(key.keyArn) }]);
  });

  it('permits that key to functions that only read, too', () => {
    const stack = frankfurt();
    const key = new kms.Key(stack, 'Key');
    sessionsEncryptedWith(key.addAlias('alias/sessions')).attachReadOnly(lambdaFunction(stack, 'Report'));
    expect(onKeys(stack)).toEqual([{ Action: ['kms:Decrypt', 'kms:DescribeKey'], Effect: 'Allow', Resource: stack.resolve(key.keyArn) }]);
  });

  it('permits that key to functions in another region, too', () => {
    const stack = frankfurt();
    const key = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111111111111:key/00000000-0000-0000-0000-000000000000');
    const sessions = sessionsEncryptedWith(new kms.Alias(stack, 'Alias', { aliasName: 'alias/sessions', targetKey: key }));
    const dublin = new Stack(stack.node.root as App, 'Dublin', { env: DUBLIN });
    sessions.attach(lambdaFunction(dublin, 'Chat'));
    expect(onKeys(dublin)).toEqual([{ Action: KEY_ACTIONS, Effect: 'Allow', Resource: key.keyArn }]);
  });

  it.each([['with', true], ['without', false]])('permits the keys that have an imported alias, %s the feature flag', (_, flag) => {
    const stack = frankfurt({ [IMPORTED_ALIAS_FLAG]: flag });
    sessionsEncryptedWith(kms.Alias.fromAliasName(stack, 'Alias', 'alias/sessions')).attach(lambdaFunction(stack, 'Chat'));
    expect(onKeys(stack)).toEqual([anyKeyWithAlias(stack, 'alias/sessions')]);
  });

  it('permits what the table\'s own grants permit with that flag', () => {
    const stack = frankfurt({ [IMPORTED_ALIAS_FLAG]: true });
    const sessions = sessionsEncryptedWith(kms.Alias.fromAliasName(stack, 'Alias', 'alias/sessions'));
    sessions.table.grantReadWriteData(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }));
    const [{ Resource, Condition }] = statements(stack).filter(({ Action }) => Action.includes('kms:Decrypt'));
    expect({ Resource, Condition }).toEqual({ Resource: anyKeyWithAlias(stack, '').Resource, Condition: anyKeyWithAlias(stack, 'alias/sessions').Condition });
  });

  it('permits the keys of replicas without the condition on the alias', () => {
    const stack = frankfurt();
    sessionsEncryptedWith(kms.Alias.fromAliasName(stack, 'Alias', 'alias/sessions'), stack, ['eu-west-1']).attach(lambdaFunction(stack, 'Chat'));
    expect(onKeys(stack)).toEqual([
      anyKeyWithAlias(stack, 'alias/sessions'),
      { Action: KEY_ACTIONS, Effect: 'Allow', Resource: DUBLIN_KEY },
    ]);
  });

  it('permits the key that an alias imported with its key leads to', () => {
    const stack = frankfurt();
    const aliasTargetKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111111111111:key/00000000-0000-0000-0000-000000000000');
    sessionsEncryptedWith(kms.Alias.fromAliasAttributes(stack, 'Alias', { aliasName: 'alias/sessions', aliasTargetKey })).attach(lambdaFunction(stack, 'Chat'));
    expect(onKeys(stack)).toEqual([{ Action: KEY_ACTIONS, Effect: 'Allow', Resource: aliasTargetKey.keyArn }]);
  });

  it('works for imported tables', () => {
    const stack = frankfurt();
    const key = new kms.Key(stack, 'Key');
    SessionTable.fromTableAttributes(stack, 'Sessions', { tableName: 'sessions', encryptionKey: key.addAlias('alias/sessions') }).attach(lambdaFunction(stack, 'Chat'));
    expect(onKeys(stack)).toEqual([{ Action: KEY_ACTIONS, Effect: 'Allow', Resource: stack.resolve(key.keyArn) }]);
  });
});

describe('a key whose policy does not leave permissions to IAM', () => {
  it('permits the function by its policy, as the key\'s own grants do', () => {
    const stack = frankfurt();
    const resource = new kms.CfnKey(stack, 'Key', { keyPolicy: { Version: '2012-10-17', Statement: [] } });
    const fn = lambdaFunction(stack, 'Chat');
    sessionsEncryptedWith(kms.Key.fromCfnKey(resource), stack).attach(fn);
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: [{ Action: KEY_ACTIONS, Effect: 'Allow', Principal: { AWS: stack.resolve(fn.role!.roleArn) }, Resource: '*' }] },
    });
  });
});
