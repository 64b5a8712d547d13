// Not imported: for an `import` Node copies all exports, and loads for it undici too, on Node 22 and 24 some 50 ms long.
const { protocol, hostname, port } = new URL(process.env.AWS_ENDPOINT_URL_DYNAMODB);
const { Agent, request } = process.getBuiltinModule(protocol === 'https:' ? 'node:https' : 'node:http');

const agent = new Agent({ keepAlive: true });

/** The requests that cdk-session-table sends, over the same kind of connection, and nothing else: no signature, no checks, no retries. */
export async function handler(event) {
  const presented = event.headers['session-id'];
  const id = presented ?? process.getBuiltinModule('node:crypto').randomUUID();
  const key = { key: { S: id } };
  const { Item: item } = presented === undefined ? {} : await send('GetItem', { TableName: process.env.BENCH_TABLE, Key: key, ConsistentRead: true });
  let count = Number(item?.value.N ?? 0);
  if (event.rawPath === '/read') return { statusCode: 200, headers: { 'session-id': id }, body: `${count}` };
  count++;
  if (item === undefined) {
    await send('PutItem', {
      TableName: process.env.BENCH_TABLE,
      Item: { ...key, value: { N: `${count}` }, created_at: { N: `${Date.now() / 1000}` }, access_counter: { N: '1' } },
      ConditionExpression: 'attribute_not_exists(#key)',
      ExpressionAttributeNames: { '#key': 'key' },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  } else {
    await send('UpdateItem', {
      TableName: process.env.BENCH_TABLE,
      Key: key,
      UpdateExpression: `SET ${[
        '#access_counter = if_not_exists(#access_counter, :v1) + :v2', '#created_at = if_not_exists(#created_at, :v3)', '#value = :v4',
      ].join(', ')}`,
      ConditionExpression: 'attribute_exists(#key) AND #created_at = :v0',
      ExpressionAttributeNames: { '#key': 'key', '#created_at': 'created_at', '#access_counter': 'access_counter', '#value': 'value' },
      ExpressionAttributeValues: {
        ':v0': item.created_at, ':v1': { N: '0' }, ':v2': { N: '1' }, ':v3': { N: `${Date.now() / 1000}` }, ':v4': { N: `${count}` },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  }
  return { statusCode: 200, headers: { 'session-id': id }, body: `${count}` };
}

function send(operation, input) {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify(input);
    const headers = {
      'authorization': 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    };
    const outgoing = request({ agent, method: 'POST', hostname, port, path: '/', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => { text += chunk; }).on('end', () => resolve(JSON.parse(text))).on('error', reject);
    });
    outgoing.on('error', reject).end(body);
  });
}
