import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { FunctionConfiguration, SynthesisedApp } from './synthesised-app';
import { type LocalLambda, startLambda } from '../../../test/fixtures/lambda-runtime-api';
import { type LocalDynamoDB, startLocalDynamoDB } from '../../../test/fixtures/local-dynamodb';
import { createTablesFromTemplate, LOCAL_CLIENT } from '../../../test/fixtures/session-table';

/** An app "deployed" on this machine: its tables in a local DynamoDB, its functions under AWS's own Lambda runtime client. */
export class LocalCloud {
  static async start(app: SynthesisedApp): Promise<LocalCloud> {
    const dynamodb = await startLocalDynamoDB();
    try {
      return new LocalCloud(app, dynamodb, await createTablesFromTemplate(dynamodb.endpoint, app.template));
    } catch (error) {
      await dynamodb.stop();
      throw error;
    }
  }

  readonly client: DynamoDB;
  private readonly functions: LocalLambda[] = [];

  private constructor(
    private readonly app: SynthesisedApp,
    private readonly dynamodb: LocalDynamoDB,
    private readonly tableNames: ReadonlyMap<string, string>,
  ) {
    this.client = new DynamoDB({ ...LOCAL_CLIENT, endpoint: dynamodb.endpoint });
  }

  /** The first one's, if there are several. */
  get tableName(): string {
    return [...this.tableNames.values()][0];
  }

  get kind(): LocalDynamoDB['kind'] {
    return this.dynamodb.kind;
  }

  get whyDynalite(): string | undefined {
    return this.dynamodb.whyDynalite;
  }

  configurationOf(functionId: string): FunctionConfiguration {
    return this.app.function(functionId, this.tableNames);
  }

  /** Starts a sandbox. */
  async startFunction(configuration: FunctionConfiguration): Promise<LocalLambda> {
    const lambda = await startLambda({
      ...configuration,
      environment: { ...configuration.environment, AWS_ENDPOINT_URL_DYNAMODB: this.dynamodb.endpoint },
    });
    this.functions.push(lambda);
    if (lambda.initError) throw lambda.initError;
    return lambda;
  }

  /** All sessions of the table: id and data. */
  async sessions(): Promise<Map<string, unknown>> {
    const { Items = [] } = await this.client.scan({ TableName: this.tableName, ConsistentRead: true });
    return new Map(Items.map((item) => unmarshall(item)).map(({ key, value }) => [key, value]));
  }

  async stop(): Promise<void> {
    this.client.destroy();
    await Promise.all(this.functions.map((lambda) => lambda.stop()));
    await this.dynamodb.stop();
  }
}
