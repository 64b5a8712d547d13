import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';

export type TableResource = dynamodb.CfnGlobalTable | dynamodb.CfnTable;

/** The CloudFormation resource of a table that is made in this app, undefined if the table is imported. */
export function tableResource(table: dynamodb.ITableV2): TableResource | undefined {
  const resource = table.node.defaultChild;
  return dynamodb.CfnGlobalTable.isCfnGlobalTable(resource) || dynamodb.CfnTable.isCfnTable(resource) ? resource : undefined;
}
