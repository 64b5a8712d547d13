import { Token } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { IConstruct } from 'constructs';
import { isResourceOfType } from './resource-type';

export type TableResource = dynamodb.CfnGlobalTable | dynamodb.CfnTable;

/** The CloudFormation resource of a table that is made in this app, undefined if the table is imported. */
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

/** The name that a table was given, undefined if CloudFormation makes one or if it is known at deployment only. */
export function literalTableName({ tableName }: TableResource): string | undefined {
  return tableName === undefined || Token.isUnresolved(tableName) ? undefined : tableName;
}
