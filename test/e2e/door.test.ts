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

  it('says where no activation stands at the cursor', async () => {
    await workbench.page.locator('.view-lines').first().click();
    await workbench.page.keyboard.press('Control+Home');
    await workbench.runCommand('Gradient Lens: Calculate Gradient Flow of This Activation');
    await workbench.seen('note', workbench.notification('no activation stands at the cursor'));
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('View: Close All Editors');
  });

  it('asks for company of an initialiser, and says of which network', async () => {
    await workbench.openFile('pytorch_mlp.py');
    await workbench.followHover('kaiming_normal_', 'Train with it');
    await workbench.seen(
      'network in the title',
      workbench.page.locator('.quick-input-widget', { hasText: 'kaiming_normal_ (he_normal)' }),
    );
    await workbench.page.keyboard.press('Escape');
    await workbench.runCommand('View: Close All Editors');
  });

  it('leaves no empty column behind once all is closed', async () => {
    await workbench.runCommand('Gradient Lens: Open Gradient-Flow Calculator');
    await workbench.seen('calculator', workbench.tab('Gradient flow'));
    await workbench.runCommand('View: Close All Editors');
    await workbench.openFile('keras_sigmoid.py');
    expect(await workbench.page.locator('.editor-group-container').count()).toBe(1);
    await workbench.runCommand('View: Close All Editors');
  });

  it('opens the sample model, which answers to the pointer', async () => {
    await workbench.runCommand('Gradient Lens: Open Sample Model');
    await workbench.seen('sample', workbench.tab('Untitled-1'));
    await workbench.followHover('random_normal', 'Open in calculator');
    await workbench.seen('calculator', workbench.tab('Gradient flow'));
  });

  it('opens a link to a comparison, and trains nothing', async () => {
    await workbench.openLink('vscode://gradient-lens.gradient-lens/compare?activations=relu,gelu&hidden=64x3');
    const compare = workbench.frame('compare');
    await workbench.seen('proposal', compare.getByTestId('proposal'));
    expect(await compare.getByTestId('proposal').textContent()).toContain('ReLU, GELU; 3 × 64');
    await workbench.seen('Start', compare.getByRole('button', { name: 'Start' }));
    expect(await compare.getByTestId('phase').getAttribute('data-phase')).toBe('idle');
  });

  it('opens pages beside each other’s tabs, and files beside the pages', async () => {
    await workbench.openFile('keras_sigmoid.py');
    await workbench.runCommand('Gradient Lens: Open Full View Beside');
    const compare = workbench.frame('compare');
    await workbench.seen('comparison', compare.getByTestId('phase'));
    const code = workbench.page.locator('.editor-instance .view-lines');
    for (const focus of ['the code', 'the page']) {
      await (focus === 'the code' ? workbench.tab('keras_sigmoid.py') : compare.locator('h1').first()).click();
      await workbench.runCommand('Gradient Lens: Open Gradient-Flow Calculator');
      await workbench.seen('calculator', workbench.frame('calculator').locator('h1'));
      await workbench.seen(`code beside it, from ${focus}`, code);
      await workbench.tab('Gradient flow').locator('.tab-actions a').click();
      await workbench.seen('comparison', compare.getByTestId('phase'));
    }
    await compare.locator('h1').first().click();
    await workbench.openFile('pytorch_mlp.py');
    await workbench.seen('comparison beside the file', compare.getByTestId('phase'));
  });

  it('has a walkthrough of five steps, of which those are ticked that were done elsewhere', async () => {
    await workbench.runCommand('Gradient Lens: Get Started');
    for (const step of ['Train sigmoid', 'Ask your code', 'Calculate instead', 'Watch, and', 'Share what']) {
      await workbench.seen(step, workbench.page.locator('.getting-started-step', { hasText: step }));
    }
    // Hovers were asked, calculations and a link opened, and nothing was trained or watched.
    const ticked = workbench.page.locator('.getting-started-step', { has: workbench.page.locator('.complete') });
    await workbench.until(
      'ticks',
      async () => (await ticked.locator('.step-title').allTextContents()).join(),
      (titles) => titles === 'Ask your code,Calculate instead of training,Share what you found',
    );
    expect(workbench.problems).toEqual([]);
  });
});
