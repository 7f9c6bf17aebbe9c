/** Backslashes before what Markdown or HTML would read as its own. */
export const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&');
