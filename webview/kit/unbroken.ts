/** A number stays on one line with its sign, its power and its unit. */
export const unbroken = (text: string): string =>
  text.replace(
    / (?=%)|(?<=\d) (?=× ?10|±|(?:s|min|h|MB)\b)|(?<=×) (?=10)|(?<=[±=]) (?=[−+]?\d)|(?<=\b(?:ln|batch)) (?=\d)/g,
    '\u00a0',
  );
