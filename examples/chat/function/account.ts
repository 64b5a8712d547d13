import { deviceOf } from './device';
import { json, Refusal } from './response';
import { isPasswordOf } from './users';
import { currentSession, sessionsOf } from 'cdk-session-table/lambda-runtime';

interface Login {
  readonly user: string;
  readonly password: string;
  /** Whether to stay logged in when the browser is closed. */
  readonly remember?: string;
}

const DAY = 24 * 60 * 60;
const REMEMBERED = { persistent: true, ttl: 30 * DAY, absoluteTimeout: 90 * DAY };

/** The user who is logged in. */
export function requireUser(): string {
  const { user } = currentSession();
  if (user === undefined) throw new Refusal(401, 'log in first');
  return user;
}

export const account = {
  'POST /login': ({ user, password, remember }: Login, userAgent?: string) => {
    if (!isPasswordOf(user, password)) throw new Refusal(403, 'This name and password do not match.');
    currentSession().signIn(user, { label: deviceOf(userAgent), ...(remember && REMEMBERED) });
    return json({ user });
  },
  'POST /logout': async () => {
    await currentSession().destroy();
    return json({});
  },
  'GET /sessions': async () => json(await sessionsOf(requireUser()).list()),
  'POST /sessions/sign-out': async ({ handle }: { readonly handle: string }) => {
    await sessionsOf(requireUser()).destroy(handle);
    return json({});
  },
  'POST /sessions/sign-out-others': async () => {
    await sessionsOf(requireUser()).destroyOthers();
    return json({});
  },
  'POST /sessions/sign-out-everywhere': async () => {
    await sessionsOf(requireUser()).destroyAll();
    return json({});
  },
};
