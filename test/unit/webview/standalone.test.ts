import { describe, expect, it } from 'vitest';
import { paperFlow } from '../../../src/core/calculation/config';
import { flowPresets } from '../../../src/core/calculation/presets';
import { readLink } from '../../../src/core/links/link';
import { addressFor, hashOf, readHash } from '../../../webview/standalone/address';

describe('the address of a calculator outside the editor', () => {
  const own = { ...paperFlow, widths: [64, 64] };

  it.each(flowPresets)('has the calculation $id behind "#"', ({ config }) => {
    expect(readHash(hashOf(config, own))).toEqual({ config });
  });

  it('says nothing of the calculation that the file has', () => {
    expect(hashOf(own, own)).toBe('#');
    expect(readHash('#')).toBeUndefined();
    expect(readHash('')).toBeUndefined();
  });

  it('refuses what is no calculation in a sentence', () => {
    expect(readHash('#nope=1')).toEqual({ problem: expect.stringContaining('“nope”') });
    expect(readHash('#widths=0')).toEqual({ problem: expect.stringContaining('a width is 0') });
  });

  it('is a link for others on the web; a file on a disk is not, and VS Code opens it', () => {
    const web = { protocol: 'https:', origin: 'https://example.org', pathname: '/course/flow.html' };
    expect(addressFor(web, own)).toBe('https://example.org/course/flow.html#widths=64x2');
    const file = { protocol: 'file:', origin: 'null', pathname: '/tmp/flow.html' };
    expect(readLink(addressFor(file, own))).toEqual({ kind: 'calculator', config: own });
  });
});
