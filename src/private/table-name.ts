import { Token } from 'aws-cdk-lib';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const TABLE_NAME = '[a-zA-Z0-9_.-]{3,255}';
const TABLE_ARN = `arn:[^:]+:dynamodb:[^:]+:[^:]+:table/${TABLE_NAME}`;

/**
 * Checks a table name as far as possible at synthesis.
 *
 * @throws if DynamoDB would refuse the name
 */
export function assertTableName(path: string, tableName: string, property: string = 'tableName'): void {
  if (!mayBe(TABLE_NAME, tableName)) {
    const fix = tableName.startsWith('arn:') ? `; to refer to a table by its ARN, use ${property.replace('Name', 'Arn')}` : '';
    throw new Error(`[${path}] ${property} must be 3 to 255 letters, digits, '_', '-' or '.', got '${tableName}'${fix}`);
  }
}

/**
 * Checks the ARN of a table as far as possible at synthesis.
 *
 * @throws if it is not the ARN of a table
 */
export function assertTableArn(path: string, tableArn: string, property: string = 'tableArn'): void {
  if (!mayBe(TABLE_ARN, tableArn)) {
    throw new Error(`[${path}] ${property} must be of the form arn:<partition>:dynamodb:<region>:<account>:table/<table-name>, got '${tableArn}'`);
  }
}

/** CDK's placeholder for a value that it has not looked up yet: it synthesises with the placeholder, looks up the value and synthesises again. */
export function isYetToBeLookedUp(value: string): boolean {
  return value.startsWith('dummy-value-for-');
}

function mayBe(pattern: string, value: string): boolean {
  return Token.isUnresolved(value) || isYetToBeLookedUp(value) || new RegExp(`^${pattern}$`).test(value);
}
