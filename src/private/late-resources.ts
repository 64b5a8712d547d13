import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Adds resources to what a grant has permitted: those that there are now and those that there will be when CDK reads the
 * statement to write the template. A replica can be added after the functions of a table were attached.
 */
export function addLateResources(grant: iam.Grant, resources: () => string[]): void {
  for (const statement of grant.principalStatements) {
    const freeze = statement.freeze.bind(statement);
    statement.addResources(...resources());
    // CDK calls this before it reads a statement, for libraries that complete their statements late.
    statement.freeze = () => {
      if (!statement.frozen) {
        statement.addResources(...resources());
      }
      return freeze();
    };
  }
}
