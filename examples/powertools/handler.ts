import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { currentSession, session } from 'cdk-session-table/lambda-runtime';

const serviceName = 'visits';
const logger = new Logger({ serviceName });
const tracer = new Tracer({ serviceName });
const metrics = new Metrics({ serviceName, namespace: 'Visits' });

const countVisit = session(async () => {
  const { isNew } = currentSession();
  const visits = await currentSession<number>().update((data) => (data ?? 0) + 1);

  logger.info('visit counted', { visits });
  tracer.putAnnotation('newVisitor', isNew);
  metrics.addMetric(isNew ? 'newVisitors' : 'knownVisitors', MetricUnit.Count, 1);
  return { statusCode: 200, body: `${visits}` };
}, { update: true, ttl: 15 * 60 });

/**
 * Powertools goes around the session, so that it sees too what loading and saving fail at. Logging whole events would log
 * the session ids in their headers: leave `logEvent` off.
 */
export async function handler(event: APIGatewayProxyEventV2, context: Context) {
  logger.addContext(context);
  const segment = tracer.getSegment();
  const subsegment = segment?.addNewSubsegment('## countVisit');
  if (subsegment) tracer.setSegment(subsegment);
  try {
    return await countVisit(event, context);
  } catch (error) {
    logger.error('visit not counted', error as Error);
    tracer.addErrorAsMetadata(error as Error);
    throw error;
  } finally {
    subsegment?.close();
    if (segment) tracer.setSegment(segment);
    metrics.publishStoredMetrics();
  }
}
