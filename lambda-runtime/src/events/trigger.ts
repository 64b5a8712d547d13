import type { EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';

/**
 * Events that no HTTP client sent: queues, streams, schedules, hooks of other services, warm-up pings. They present no id
 * unless the option `sessionId` finds one, and what is returned for them is for the service that invoked the function.
 */
export const trigger: EventFormat = {
  isHttp: false,

  matches(event) {
    const fields = fieldsOf(event);
    return Array.isArray(event) || SIGNS.some((names) => names.every((name) => fields[name] !== undefined)) || isWarmUp(event);
  },

  requestHead: () => ({ header: () => undefined, cookies: () => [] }),

  answer: () => undefined,
};

/** Fields by which the events are known; several of one line only together. Lists are batches of AppSync and of pipes. */
const SIGNS: readonly (readonly string[])[] = [
  ['Records'], // S3, SNS, SQS, SES, DynamoDB, Kinesis, CodeCommit, CloudFront
  ['eventSource'], // Kafka, MQ, DocumentDB
  ['deliveryStreamArn'], // Firehose
  ['detail-type'], // EventBridge, scheduled events
  ['awslogs'], // CloudWatch Logs
  ['alarmArn'], // CloudWatch alarms
  ['triggerSource'], // Cognito
  ['info', 'arguments'], // AppSync
  ['typeName', 'fieldName'], // Amplify
  ['RequestType', 'ResourceProperties'], // CloudFormation's and CDK's custom resources
  ['CodePipeline.job'],
  ['messageVersion'], // Lex, Bedrock agents
  ['Details', 'Name'], // Connect
  ['protocolData', 'connectionMetadata'], // IoT authorizers
  ['claimCertificateId'], // IoT provisioning
  ['invocationSchemaVersion'], // S3 batch operations
  ['getObjectContext'], // S3 Object Lambda
  ['Step', 'SecretId'], // rotation by Secrets Manager
  ['serverId', 'username'], // Transfer Family
  ['invokingEvent'], // Config
  ['requestPayload', 'requestContext'], // destinations of asynchronous invocations
  ['session', 'request', 'context'], // Alexa
];

/** From serverless-plugin-warmup and lambda-warmer. */
function isWarmUp(event: unknown): boolean {
  const { source, warmer } = fieldsOf(event);
  return source === 'serverless-plugin-warmup' || warmer === true;
}
