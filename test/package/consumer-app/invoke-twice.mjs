// Invokes the handler in the file that is the argument: first as a new client, then with the id of the first answer.
import { pathToFileURL } from 'node:url';

const exported = await import(pathToFileURL(process.argv[2]).href);
// The exports of a minified CommonJS module have no names that an import could see; Lambda, which requires it, sees them.
const { handler } = exported.handler === undefined ? exported.default : exported;
const context = { awsRequestId: 'one', getRemainingTimeInMillis: () => 30_000 };

const first = await handler({ headers: {} }, context);
const second = await handler({ headers: { 'session-id': first.headers['session-id'] } }, context);
console.log(JSON.stringify([first.body, second.body]));
