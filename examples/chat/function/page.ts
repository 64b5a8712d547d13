import { respond } from './response';
import style from '../page/chat.css';
import chat from '../page/chat.page.js';
import html from '../page/index.html';
import server from '../page/server.page.js';
import sessions from '../page/sessions.page.js';

/** The page's files, which are part of the bundle. */
export const page = {
  'GET /': () => respond('text/html', [html]),
  'GET /chat.css': () => respond('text/css', [style]),
  'GET /chat.page.js': () => respond('text/javascript', [chat]),
  'GET /server.page.js': () => respond('text/javascript', [server]),
  'GET /sessions.page.js': () => respond('text/javascript', [sessions]),
};
