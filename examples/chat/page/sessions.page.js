import { get, post } from './server.page.js';

const dialog = document.querySelector('#sessions');
const list = document.querySelector('#session-list');

/** Connects the dialog that lists where the user is logged in. `attempt` runs what may fail; `changed` follows each change. */
export function connectSessions(attempt, changed) {
  const show = () => attempt(async () => {
    const sessions = (await get('/sessions')).sort((one, other) => other.isCurrent - one.isCurrent);
    list.replaceChildren(...sessions.map((session) => item(session, () => act('/sessions/sign-out', { handle: session.handle }))));
    if (!dialog.open) dialog.showModal();
  });
  const act = (path, body, notice) => attempt(async () => {
    await post(path, body);
    await changed();
    await show();
  }, notice);
  const onClick = (id, action) => document.querySelector(id).addEventListener('click', action);

  onClick('#open-sessions', show);
  onClick('#close-sessions', () => dialog.close());
  onClick('#sign-out-others', () => act('/sessions/sign-out-others'));
  onClick('#sign-out-everywhere', () => act('/sessions/sign-out-everywhere', {}, 'You are signed out everywhere.'));
  onClick('#clear', () => attempt(async () => {
    await post('/messages/clear');
    await changed();
    dialog.close();
  }));
}

function item({ label, createdAt, lastUsed, isCurrent }, signOut) {
  const row = document.createElement('li');
  const name = append(row, 'strong', label);
  append(row, 'span', isCurrent ? 'This browser' : `Last used ${time(lastUsed)}`, 'when');
  append(row, 'span', `Logged in ${time(createdAt)}`, 'when');
  if (!isCurrent) {
    const button = append(row, 'button', 'Sign out');
    button.setAttribute('aria-label', `Sign out ${name.textContent}`);
    button.addEventListener('click', signOut);
  }
  return row;
}

function append(parent, tag, text, className = '') {
  const element = Object.assign(document.createElement(tag), { textContent: text, className });
  parent.append(element);
  return element;
}

function time(date) {
  return date === undefined ? 'at an unknown time' : new Date(date).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
}
