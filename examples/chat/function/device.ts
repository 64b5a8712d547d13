const BROWSERS = [['Edge', /Edg/], ['Opera', /OPR/], ['Firefox', /Firefox|FxiOS/], ['Chrome', /Chrom|CriOS/], ['Safari', /Safari/]] as const;
const SYSTEMS = [['iPhone', /iPhone/], ['iPad', /iPad/], ['Android', /Android/], ['Windows', /Windows/], ['Mac', /Mac OS/], ['Linux', /Linux/]] as const;

/** What a user calls the device, such as `Firefox on Windows`. */
export function deviceOf(userAgent: string | undefined): string {
  return `${firstOf(BROWSERS, userAgent) ?? 'A browser'} on ${firstOf(SYSTEMS, userAgent) ?? 'an unknown device'}`;
}

function firstOf(names: readonly (readonly [string, RegExp])[], userAgent = ''): string | undefined {
  return names.find(([, pattern]) => pattern.test(userAgent))?.[0];
}
