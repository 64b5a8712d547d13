import { join } from 'node:path';

export const REPOSITORY = join(__dirname, '..', '..');
/** What `npm run languages` installs and makes; out of git. */
export const LANGUAGES_FOLDER = join(REPOSITORY, '.languages');
