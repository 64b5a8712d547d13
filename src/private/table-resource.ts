import { Token } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { IConstruct } from 'constructs';
import { isResourceOfType } from './resource-type';

export type TableResource = dynamodb.CfnGlobalTable | dynamodb.CfnTable;

/** Returns the CloudFormation resource of a table in this app, undefined if the table is imported. */
export function tableResource(table: dynamodb.ITableV2): TableResource | undefined {
  const resource = table.node.defaultChild;
  return isTableResource(resource) ? resource : undefined;
}

export function isTableResource(construct: IConstruct | undefined): construct is TableResource {
  return isGlobalTable(construct) || isResourceOfType('AWS::DynamoDB::Table', construct);
}

export function isGlobalTable(construct: IConstruct | undefined): construct is dynamodb.CfnGlobalTable {
  return isResourceOfType('AWS::DynamoDB::GlobalTable', construct);
}

/** Returns the explicit name of a table, undefined if CloudFormation generates it or if it is known only at deployment. */
export function literalTableName({ tableName }: TableResource): string | undefined {
  return tableName === undefined || Token.isUnresolved(tableName) ? undefined : tableName;
}
