import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './workbench';

describe('the front door', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await Workbench.open();
  });
  afterAll(() => workbench?.close());

  it('stands in the editor of a model: a button in its title, and entries in its menu', async () => {
    await workbench.openFile('keras_sigmoid.py');
    await workbench.seen('title button', workbench.page.getByRole('button', { name: /Compare This Activation/ }));
    await workbench.page.locator('.view-lines').first().getByText('sigmoid').last().click({ button: 'right' });
    await workbench.seen('menu entry', workbench.page.getByText('Calculate Gradient Flow of This Activation'));
    await workbench.page.keyboard.press('Escape');
  });

  it('opens the sample model, which answers to the pointer', async () => {
    await workbench.runCommand('Gradient Lens: Open Sample Model');
    await workbench.seen('sample', workbench.tab('Untitled-1'));
    await workbench.followHover('random_normal', 'Open in calculator');
    await workbench.seen('calculator', workbench.tab('Gradient flow'));
  });

  it('opens a link to a comparison, and trains nothing', async () => {
    await workbench.runCommand('Gradient Lens: Open Link…');
    await workbench.fill(
      'Open a Gradient Lens link',
      'vscode://gradient-lens.gradient-lens/compare?activations=relu,gelu&hidden=64x3',
    );
    const compare = workbench.frame('compare');
    await workbench.seen('proposal', compare.getByTestId('proposal'));
    expect(await compare.getByTestId('proposal').textContent()).toContain('ReLU, GELU; 3 × 64');
    await workbench.seen('Start', compare.getByRole('button', { name: 'Start' }));
    expect(await compare.getByTestId('phase').getAttribute('data-phase')).toBe('idle');
  });

  it('has a walkthrough of five steps', async () => {
    await workbench.runCommand('Welcome: Open Walkthrough...');
    await workbench.choose('Get Started with Gradient Lens');
    for (const step of ['Train sigmoid', 'Ask your code', 'Calculate instead', 'Watch, and', 'Share what']) {
      await workbench.seen(step, workbench.page.locator('.getting-started-step', { hasText: step }));
    }
    expect(workbench.problems).toEqual([]);
  });
});
