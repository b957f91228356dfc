/** The line breaks that ECMAScript and ESLint count. */
const LINE_BREAK = /\r\n|[\r\n\u2028\u2029]/g;

/** Offset to 1-based line and column. Finds the lines at the first question. */
export function createPositions(text: string): (offset: number) => { line: number; column: number } {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { 0: lineBreak, index } of text.matchAll(LINE_BREAK)) starts.push(index + lineBreak.length);
  return starts;
}
