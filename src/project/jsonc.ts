// What is not closed reaches to the end: to try again from its second character would take quadratic time.
const STRING_OR_COMMENT = /"(?:\\.|[^"\\])*(?:"|\\?$)|\/\/[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
const STRING_OR_TRAILING_COMMA = /"(?:\\.|[^"\\])*(?:"|\\?$)|,(?=\s*[}\]])/g;

/** JSON with comments and trailing commas, as in tsconfig.json. Throws a SyntaxError where it is neither. */
export function parseJsonc(text: string): unknown {
  const keepStrings = (match: string) => (match.startsWith('"') ? match : '');
  return JSON.parse(text.replace(STRING_OR_COMMENT, keepStrings).replace(STRING_OR_TRAILING_COMMA, keepStrings));
}

/** A JSON object, or undefined for any other value. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
