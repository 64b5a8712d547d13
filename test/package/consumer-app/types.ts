import { getSessionData, session } from 'cdk-session-table/lambda-runtime';

export const handler = session(async () => ({ statusCode: 200, body: '' }), { update: true, ttl: 15 * 60 });

// @ts-expect-error A number is no string: were the types not found, it would be `any`.
export const data: string = getSessionData<number>();
