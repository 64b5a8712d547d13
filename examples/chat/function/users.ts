import { timingSafeEqual } from 'node:crypto';

/** Made up. Your application has an identity provider, or a table of password hashes. */
const PASSWORDS: Readonly<Record<string, string>> = { ada: 'analytical', grace: 'nanosecond' };

/** Whether this is the user's password. Takes the same time wherever the two differ. */
export function isPasswordOf(user: string, password: string): boolean {
  const expected = Buffer.from(Object.hasOwn(PASSWORDS, user) ? PASSWORDS[user] : '');
  const given = Buffer.from(password);
  return expected.length > 0 && expected.length === given.length && timingSafeEqual(expected, given);
}
