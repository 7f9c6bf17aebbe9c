import { describe, expect, it } from 'vitest';
import { sharedFolder } from '../../../src/host/runs/sharedFolder';

describe('the folder that all windows of a workspace share', () => {
  const own =
    '/home/ada/.config/Code/User/workspaceStorage/3f2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d/gradient-lens.gradient-lens';

  it('is the first window’s', () => {
    expect(sharedFolder(own)).toBe(own);
    for (const number of [1, 2, 9]) expect(sharedFolder(own.replace(/\/gradient/, `-${number}/gradient`))).toBe(own);
  });

  it('is not mistaken where a browser names workspaces by numbers', () => {
    const web = '/User/workspaceStorage/-76a66f36/gradient-lens.gradient-lens';
    expect(sharedFolder(web)).toBe(web);
    expect(sharedFolder('/User/workspaceStorage/-76a66f36-1/gradient-lens.gradient-lens')).toBe(web);
  });

  it('is the person’s own where there is no workspace', () => {
    const global = '/home/ada-2/.config/Code/User/globalStorage/gradient-lens.gradient-lens';
    expect(sharedFolder(global)).toBe(global);
  });
});
