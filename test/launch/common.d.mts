// For the end-to-end tests, which are TypeScript.
export const root: string;
export function temporaryFolder(name: string): string;
export function removeFolder(folder: string): void;
export function delay(milliseconds: number): Promise<void>;
