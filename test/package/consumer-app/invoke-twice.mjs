// Invokes the handler in the file that is the argument: first as a new client, then with the id of the first answer.
import { pathToFileURL } from 'node:url';

const { handler } = await import(pathToFileURL(process.argv[2]).href);
const context = { awsRequestId: 'one', getRemainingTimeInMillis: () => 30_000 };

const first = await handler({ headers: {} }, context);
const second = await handler({ headers: { 'session-id': first.headers['session-id'] } }, context);
console.log(JSON.stringify([first.body, second.body]));
