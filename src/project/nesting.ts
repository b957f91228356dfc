/** Native parsers recurse on the machine's stack and end the process when it is used up: between 2,500 and 9,000 levels in a worker thread. */
const MAX_DEPTH = 500;
const MAX_ELSE_IF = 2_000;

// What is not closed reaches to the end of the line or of the text: to try again from its second character would take quadratic time.
const STRING_OR_COMMENT = /"(?:\\[\s\S]|[^"\\\n])*(?:"|\n|\\?$)|'(?:\\[\s\S]|[^'\\\n])*(?:'|\n|\\?$)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/** True for text that no person wrote and that no parser should be given: thousands of brackets, arrows, conditions in each other. */
export function isTooDeep(text: string): boolean {
  // The first count takes brackets in strings and comments for code, which is wrong in very few files and cheap in all others.
  if (depthOf(text) > MAX_DEPTH && depthOf(text.replace(STRING_OR_COMMENT, '')) > MAX_DEPTH) return true;
  return text.includes('else if') && text.split(/\belse\s+if\b/, MAX_ELSE_IF + 2).length > MAX_ELSE_IF;
}

/** Levels of brackets plus the length of `a ? b : c ? d : …` and `a => b => …`, which nest without any. */
function depthOf(text: string): number {
  let depth = 0;
  let chain = 0;
  let deepest = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case 40: // (
      case 91: // [
        depth += 1;
        break;
      case 41: // )
      case 93: // ]
        if (depth > 0) depth -= 1;
        break;
      case 123: // {
        depth += 1;
        chain = 0;
        break;
      case 125: // }
        if (depth > 0) depth -= 1;
        chain = 0;
        break;
      case 44: // ,
      case 59: // ;
        chain = 0;
        break;
      case 63: // ?
        chain += 1;
        break;
      case 62: // >
        if (text.charCodeAt(index - 1) === 61) chain += 1;
        break;
      default:
        continue;
    }
    if (depth + chain > deepest) deepest = depth + chain;
  }
  return deepest;
}
