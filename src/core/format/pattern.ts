/** A text as a part of a regular expression that stands for itself: names of JavaScript may have `$`. */
export const patternOf = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
