import { startLocalChat } from './local-chat';

const PORT = Number(process.env.PORT ?? 3000);

// What was started ends with this process, however it ends.
process.once('SIGINT', () => process.exit(0));

startLocalChat(PORT).then(({ url }) => {
  console.log(`The chat is at ${url} (log in as ada / analytical or grace / nanosecond). Ctrl+C ends it.`);
}, (error: NodeJS.ErrnoException) => {
  console.error(error.code === 'EADDRINUSE' ? `port ${PORT} is in use: set PORT to another one` : error.stack);
  process.exitCode = 1;
});
