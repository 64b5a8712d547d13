/** The session has ended, or there was none. */
export class LoginNeeded extends Error {}

async function request(path, options) {
  const response = await fetch(path, options);
  if (response.status === 401) throw new LoginNeeded();
  if (!response.ok) throw new Error((await response.json()).error);
  return response;
}

function send(path, body) {
  return request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

export async function get(path) {
  return (await request(path)).json();
}

export async function post(path, body = {}) {
  return (await send(path, body)).json();
}

/** Yields the response piece by piece. */
export async function* stream(path, body) {
  const reader = (await send(path, body)).body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}
