import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Adds resources to the statements of a grant: those that exist now and those that exist when CDK renders the statements.
 * A replica can be added after the functions of a table were attached.
 */
export function addLateResources(grant: iam.Grant, resources: () => string[]): void {
  for (const statement of grant.principalStatements) {
    const freeze = statement.freeze.bind(statement);
    statement.addResources(...resources());
    // CDK calls freeze() before it renders a statement, so that libraries can complete their statements.
    statement.freeze = () => {
      if (!statement.frozen) {
        statement.addResources(...resources());
      }
      return freeze();
    };
  }
}
