import { get, LoginNeeded, post, stream } from './server.page.js';
import { connectSessions } from './sessions.page.js';

const $ = (selector) => document.querySelector(selector);
/** The other tabs of this browser. */
const tabs = new BroadcastChannel('chat');
let shown = ''; // the page of history on display, as JSON
let before; // leads to the page before the earliest on display
let isAnswering = false;

async function load() {
  const page = await get('/messages');
  if (isAnswering || (JSON.stringify(page) === shown && !$('#chat').hidden)) return;
  shown = JSON.stringify(page);
  $('#messages').replaceChildren(...page.entries.map(item));
  noteEarlier(page.before);
  if ($('#who').textContent !== page.user) $('#text').value = ''; // what somebody else began to write
  $('#who').textContent = page.user;
  $('#login').hidden = true;
  $('#chat').hidden = false;
  scrollToEnd();
  if (!$('#sessions').open) $('#text').focus();
}

async function loadEarlier() {
  const page = await get(`/messages?before=${encodeURIComponent(before)}`);
  $('#messages').prepend(...page.entries.map(item));
  noteEarlier(page.before);
}

async function ask(text) {
  isAnswering = true;
  $('#log').ariaBusy = 'true';
  const question = item({ role: 'user', text });
  const answer = item({ role: 'assistant', text: '' });
  answer.classList.add('growing');
  try {
    $('#messages').append(question, answer);
    scrollToEnd();
    for await (const piece of stream('/chat', { text })) {
      answer.append(piece);
      scrollToEnd();
    }
    answer.classList.remove('growing');
    tabs.postMessage('changed');
  } catch (error) {
    question.remove();
    answer.remove();
    $('#text').value ||= text; // nothing was kept, so it can be sent again
    throw error;
  } finally {
    isAnswering = false;
    $('#log').ariaBusy = 'false';
  }
  await load(); // what other tabs have said meanwhile
}

function item({ role, text }) {
  const message = Object.assign(document.createElement('li'), { className: role });
  const author = Object.assign(document.createElement('span'), { className: 'unseen', textContent: role === 'user' ? 'You: ' : 'Assistant: ' });
  message.append(author, text);
  return message;
}

function noteEarlier(cursor) {
  before = cursor;
  $('#earlier').hidden = cursor === undefined;
}

function scrollToEnd() {
  window.scrollTo(0, document.documentElement.scrollHeight);
}

function showLogin(notice = '') {
  $('#sessions').close();
  $('#chat').hidden = true;
  $('#messages').replaceChildren();
  $('#login').hidden = false;
  $('#notice').textContent = notice;
  $('#user').focus();
}

/** Runs what may fail; when the session has ended, asks to log in. */
async function attempt(action, notice) {
  try {
    $('#problem').textContent = '';
    await action();
  } catch (error) {
    if (error instanceof LoginNeeded) showLogin(notice ?? ($('#chat').hidden ? '' : 'Your session has ended. Log in again.'));
    else if ($('#chat').hidden) $('#notice').textContent = error.message;
    else $('#problem').textContent = `That did not work: ${error.message}`;
  }
}

async function changed() {
  tabs.postMessage('changed');
  await load();
}

$('#login form').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target;
  attempt(async () => {
    await post('/login', Object.fromEntries(new FormData(form)));
    form.reset();
    await changed();
  });
});
$('#composer').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = $('#text').value.trim();
  if (isAnswering || text === '') return;
  $('#text').value = '';
  attempt(() => ask(text));
});
$('#text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $('#composer').requestSubmit();
});
$('#logout').addEventListener('click', () => attempt(async () => {
  await post('/logout');
  await changed();
}, 'You are logged out.'));
$('#earlier').addEventListener('click', () => attempt(loadEarlier));
tabs.addEventListener('message', () => attempt(load));
document.addEventListener('visibilitychange', () => { if (!document.hidden) attempt(load); });
connectSessions(attempt, changed);
attempt(load);
