import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { FunctionConfiguration, SynthesisedApp } from './synthesised-app';
import { type LocalLambda, startLambda } from '../../../test/fixtures/lambda-runtime-api';
import { type LocalDynamoDB, startLocalDynamoDB } from '../../../test/fixtures/local-dynamodb';
import { createTableFromTemplate, LOCAL_CLIENT } from '../../../test/fixtures/session-table';

/** An app "deployed" on this machine: its table in a local DynamoDB, its functions under AWS's own Lambda runtime client. */
export class LocalCloud {
  static async start(app: SynthesisedApp): Promise<LocalCloud> {
    const dynamodb = await startLocalDynamoDB();
    try {
      return new LocalCloud(app, dynamodb, await createTableFromTemplate(dynamodb.endpoint, app.template));
    } catch (error) {
      await dynamodb.stop();
      throw error;
    }
  }

  private readonly functions: LocalLambda[] = [];
  private readonly client: DynamoDB;

  private constructor(private readonly app: SynthesisedApp, private readonly dynamodb: LocalDynamoDB, readonly tableName: string) {
    this.client = new DynamoDB({ ...LOCAL_CLIENT, endpoint: dynamodb.endpoint });
  }

  get kind(): string {
    return this.dynamodb.kind;
  }

  configurationOf(functionId: string): FunctionConfiguration {
    return this.app.function(functionId, this.tableName);
  }

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
