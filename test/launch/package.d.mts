// For the end-to-end tests, which are TypeScript.
export const vsix: string;
