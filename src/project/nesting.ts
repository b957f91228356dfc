/** Native parsers recurse on the machine's stack and end the process when it is used up: between 2,500 and 9,000 levels in a worker thread. */
const MAX_DEPTH = 500;
const MAX_ELSE_IF = 2_000;

/** `a + b + c` and `a.b().c()` nest to the left, which takes the parsers less of the stack: 20,000 levels pass. */
const MAX_OPERATORS = 10_000;

// What is not closed reaches to the end of the line or of the text: to try again from its second character would take quadratic time.
const STRING_OR_COMMENT = /"(?:\\[\s\S]|[^"\\\n])*(?:"|\n|\\?$)|'(?:\\[\s\S]|[^'\\\n])*(?:'|\n|\\?$)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/** True for text that no person wrote and that no parser should be given: thousands of brackets, arrows, conditions in each other. */
export function isTooDeep(text: string): boolean {
  // The first count takes brackets in strings and comments for code, which is wrong in very few files and cheap in all others.
  if (nestsTooDeep(text) && nestsTooDeep(text.replace(STRING_OR_COMMENT, '""'))) return true;
  return text.includes('else if') && text.split(/\belse\s+if\b/, MAX_ELSE_IF + 2).length > MAX_ELSE_IF;
}

/** Counts levels of brackets, plus the length of `a ? b : c ? d : …` and `a => b => …`, and operators in a row, which nest without any. */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let chain = 0;
  let operators = 0;
  let last = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 10 && !isOperator(last) && /[\w$"'@]/.test(text.charAt(index + 1))) operators = 0;
    if (code <= 32) continue;
    last = code;
    if (isOperator(code) && ++operators > MAX_OPERATORS) return true;
    switch (code) {
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
        chain = operators = 0;
        break;
      case 125: // }
        if (depth > 0) depth -= 1;
        chain = operators = 0;
        break;
      case 44: // ,
      case 59: // ;
        chain = operators = 0;
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
    if (depth + chain > MAX_DEPTH) return true;
  }
  return false;
}

/** ! % & * + - . / < > ^ ` | ~ */
function isOperator(code: number): boolean {
  return code < 48 ? code === 33 || code === 37 || code === 38 || (code >= 42 && code !== 44) : code === 60 || code === 62 || code === 94 || code === 96 || code === 124 || code === 126;
}
