import arc from '@architect/functions';

export const handler = arc.http(async ({ session, rawPath }) => {
  if (rawPath === '/read') return { text: `${session.count ?? 0}`, compression: false };
  session.count = (session.count ?? 0) + 1;
  // The others do not compress either.
  return { session, text: `${session.count}`, compression: false };
});
