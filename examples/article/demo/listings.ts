import { isDeepStrictEqual } from 'node:util';

/** Sessions as the article lists them: id and data. */
export type Listing = ReadonlyMap<string, unknown>;

const NOTHING = '-';

/** The ids that were made here, and those that the article prints in their place. */
export type ArticleIds = ReadonlyMap<string, string>;

export function isSame(article: Listing, actual: Listing, articleIds: ArticleIds): boolean {
  return isDeepStrictEqual(withArticleIds(actual, articleIds), article);
}

/** The article's listing and the one found here as two columns, a session a line. */
export function sideBySide(article: Listing, actual: Listing, articleIds: ArticleIds): string[] {
  const idsHere = new Map([...articleIds].map(([here, inArticle]) => [inArticle, here]));
  const ids = new Set([...article.keys(), ...withArticleIds(actual, articleIds).keys()]);
  const rows = [...ids].map((id) => [cell(id, article), cell(idsHere.get(id) ?? id, actual)]);
  const width = Math.max(...rows.map(([left]) => left.length)) + 5;
  return [['the article', 'the table'], ...rows].map(([left, right]) => `${left.padEnd(width)}${right}`);
}

export function short(id: string): string {
  return id.length > 20 ? `${id.slice(0, 12)}…` : id;
}

/** Ids that the article does not know stay as they are. */
function withArticleIds(listing: Listing, articleIds: ArticleIds): Listing {
  return new Map([...listing].map(([id, data]) => [articleIds.get(id) ?? id, data]));
}

function cell(id: string, listing: Listing): string {
  return listing.has(id) ? `${short(id).padEnd(17)}  ${JSON.stringify(listing.get(id))}` : NOTHING;
}
