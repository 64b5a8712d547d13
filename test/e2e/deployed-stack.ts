import { equal } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormation, type StackResource } from '@aws-sdk/client-cloudformation';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { IAM } from '@aws-sdk/client-iam';
import { type FunctionConfiguration, type FunctionUrlConfig, Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { ASSETS_BUCKET } from './cdk-cli';
import { run } from './run';
import { LOCAL_CLIENT, type TemplateWithTable } from '../fixtures/session-table';

interface PolicyStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** A stack as it is deployed, read by the APIs of the services. */
export class DeployedStack {
  private readonly cloudFormation: CloudFormation;
  private readonly dynamodb: DynamoDB;
  private readonly iam: IAM;
  private readonly lambda: Lambda;
  private readonly s3: S3;

  /** @param python unpacks code, which Node cannot */
  constructor(readonly name: string, endpoint: string, private readonly python: string) {
    const configuration = { ...LOCAL_CLIENT, endpoint };
    this.cloudFormation = new CloudFormation(configuration);
    this.dynamodb = new DynamoDB(configuration);
    this.iam = new IAM(configuration);
    this.lambda = new Lambda(configuration);
    this.s3 = new S3({ ...configuration, forcePathStyle: true });
  }

  async template(): Promise<TemplateWithTable> {
    const { TemplateBody } = await this.cloudFormation.getTemplate({ StackName: this.name });
    return JSON.parse(TemplateBody!);
  }

  /** The name of the only table. */
  async tableName(): Promise<string> {
    const tables = await this.resources('AWS::DynamoDB::GlobalTable');
    if (tables.length !== 1) throw new Error(`the stack ${this.name} must have one table, it has ${tables.length}`);
    return tables[0].PhysicalResourceId!;
  }

  /** The names of all tables by their logical ids. */
  async tableNames(): Promise<ReadonlyMap<string, string>> {
    const tables = await this.resources('AWS::DynamoDB::GlobalTable');
    return new Map(tables.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId!, PhysicalResourceId!]));
  }

  /** The keys of a table, partition key first, and the attribute of its TTL. */
  async tableShape(TableName: string): Promise<{ readonly keys: readonly string[]; readonly ttl?: string }> {
    const { Table } = await this.dynamodb.describeTable({ TableName });
    const { TimeToLiveDescription } = await this.dynamodb.describeTimeToLive({ TableName });
    return { keys: Table!.KeySchema!.map(({ AttributeName }) => AttributeName!), ttl: TimeToLiveDescription?.AttributeName };
  }

  async functionUrl({ FunctionName }: FunctionConfiguration): Promise<Pick<FunctionUrlConfig, 'AuthType' | 'FunctionUrl' | 'InvokeMode'>> {
    return this.lambda.getFunctionUrlConfig({ FunctionName });
  }

  /** By their names. */
  async outputs(): Promise<Readonly<Record<string, string>>> {
    const { Stacks: [stack] = [] } = await this.cloudFormation.describeStacks({ StackName: this.name });
    return Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
  }

  async tableArn(): Promise<string> {
    const { Table } = await this.dynamodb.describeTable({ TableName: await this.tableName() });
    return Table!.TableArn!;
  }

  /** The configurations of all functions by their logical ids. */
  async functions(): Promise<ReadonlyMap<string, FunctionConfiguration>> {
    const resources = await this.resources('AWS::Lambda::Function');
    return new Map(await Promise.all(resources.map(async ({ LogicalResourceId, PhysicalResourceId }) => {
      const { Configuration } = await this.lambda.getFunction({ FunctionName: PhysicalResourceId });
      return [LogicalResourceId!, Configuration!] as const;
    })));
  }

  async function(constructId: string): Promise<FunctionConfiguration> {
    const path = `${this.name}/${constructId}/Resource`;
    const { Resources } = await this.template();
    const logicalId = Object.keys(Resources).find((id) => Resources[id].Metadata?.['aws:cdk:path'] === path);
    const configuration = logicalId && (await this.functions()).get(logicalId);
    if (!configuration) throw new Error(`the stack ${this.name} must have a function ${path}, it has ${[...(await this.functions()).keys()]}`);
    return configuration;
  }

  /** What the policies of the function's role say of DynamoDB. */
  async dynamodbStatements({ Role }: FunctionConfiguration): Promise<readonly PolicyStatement[]> {
    const role = { RoleName: Role!.split('/').at(-1)! };
    const { PolicyNames = [] } = await this.iam.listRolePolicies(role);
    const policies = await Promise.all(PolicyNames.map((PolicyName) => this.iam.getRolePolicy({ ...role, PolicyName })));
    return policies
      .flatMap(({ PolicyDocument }): readonly PolicyStatement[] => JSON.parse(decodeURIComponent(PolicyDocument!)).Statement)
      .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('dynamodb:')));
  }

  /** Puts the function's code into a directory. */
  async unpackCode({ FunctionName, CodeSha256 }: FunctionConfiguration, directory: string): Promise<void> {
    const { Code } = await this.lambda.getFunction({ FunctionName });
    // The key is right; the bucket is one of Lambda's own, which moto does not have.
    const { pathname } = new URL(Code!.Location!);
    const { Body } = await this.s3.getObject({ Bucket: ASSETS_BUCKET, Key: pathname.slice(1) });
    const zip = await Body!.transformToByteArray();
    equal(createHash('sha256').update(zip).digest('base64'), CodeSha256);

    const file = join(directory, 'code.zip');
    writeFileSync(file, zip);
    await run(this.python, ['-m', 'zipfile', '-e', file, directory]);
  }

  /** What there is left of the stack, its functions and, by these names, its tables. */
  async remains(tableNames: Iterable<string> = []): Promise<readonly string[]> {
    const { StackSummaries = [] } = await this.cloudFormation.listStacks({});
    const { Functions = [] } = await this.lambda.listFunctions({});
    const stacks = StackSummaries.filter(({ StackName, StackStatus }) => StackName === this.name && StackStatus !== 'DELETE_COMPLETE');
    const { TableNames = [] } = await this.dynamodb.listTables({});
    const tables = TableNames.filter((name) => [...tableNames].includes(name));
    return [...tables, ...stacks.map(({ StackId }) => StackId!), ...Functions.map(({ FunctionArn }) => FunctionArn!)];
  }

  private async resources(type: string): Promise<StackResource[]> {
    const { StackResources = [] } = await this.cloudFormation.describeStackResources({ StackName: this.name });
    return StackResources.filter(({ ResourceType }) => ResourceType === type);
  }
}
