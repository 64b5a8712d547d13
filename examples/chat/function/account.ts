import { deviceOf } from './device';
import { json, Refusal } from './response';
import { isPasswordOf } from './users';
import { currentSession } from 'cdk-session-table/lambda-runtime';

interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The user who is logged in. */
export function requireUser(): string {
  const user = currentSession<{ user: string }>().data?.user;
  if (user === undefined) throw new Refusal(401, 'log in first');
  return user;
}

export const account = {
  'POST /login': async ({ user, password }: Credentials, userAgent?: string) => {
    if (!isPasswordOf(user, password)) throw new Refusal(403, 'This name and password do not match.');
    currentSession().set({ user, label: deviceOf(userAgent) });
    currentSession().regenerate();
    return json({ user });
  },
  'POST /logout': async () => {
    await currentSession().destroy();
    return json({});
  },
  'GET /sessions': async () => {
    requireUser();
    const { data, createdAt } = currentSession<{ label: string }>();
    return json([{ handle: '', label: data?.label, createdAt, lastUsed: new Date(), isCurrent: true }]);
  },
};
