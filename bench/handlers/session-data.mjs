const TEXT = 'I ordered a pair of running shoes last week, and they have not arrived yet. Could you find out where they are?';

/** Session data of about so many kB as JSON: a count, the user, and a conversation that goes on until it is full. */
export function sessionData(kilobytes) {
  const data = { count: 0, user: { id: 'u-4711', name: 'Grüße', plan: 'free', isAdmin: false }, messages: [] };
  while (JSON.stringify(data).length < kilobytes * 1000) {
    data.messages.push({ role: data.messages.length % 2 === 0 ? 'user' : 'assistant', at: 1_790_000_000 + data.messages.length, text: TEXT });
  }
  return data;
}
