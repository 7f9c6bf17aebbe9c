import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnosticSeverities, UNKNOWN_RULE, usualSeverity } from '../../../src/code/diagnostics/diagnose';
import { rules } from '../../../src/core/advice/rules';
import { codeCommands, commands } from '../../../src/protocol/commands';

interface CommandEntry {
  readonly command: string;
  readonly title?: string;
  readonly category?: string;
  readonly icon?: string;
  readonly enablement?: string;
}
interface Use {
  readonly command: string;
  readonly when?: string;
}
interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: { supported: unknown; restrictedConfigurations: string[] } };
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly CommandEntry[];
    readonly menus: Readonly<Record<string, readonly Use[]>>;
    readonly keybindings: readonly Use[];
    readonly views: Readonly<Record<string, readonly { id: string; name: string; icon?: string }[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly { id: string }[]>>;
    readonly walkthroughs: readonly {
      steps: readonly {
        description: string;
        media: { image?: string | Readonly<Record<string, string>>; markdown?: string };
        completionEvents: readonly string[];
      }[];
    }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly default: unknown; readonly description?: string }>>;
    };
    readonly viewsWelcome: readonly { view: string; contents: string; when?: string }[];
  };
}

const { capabilities, contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const contributed = contributes.commands;
const byId = new Map(contributed.map((entry) => [entry.command, entry]));
const palette = new Map((contributes.menus.commandPalette ?? []).map(({ command, when }) => [command, when]));
const ids: readonly string[] = Object.values({ ...commands, ...codeCommands }).map(({ id }) => id);

/** Commands that make sense at any time, whatever trains and whatever is kept. */
const always: readonly string[] = [
  commands.compare.id,
  commands.showTraining.id,
  commands.openPanel.id,
  commands.importRun.id,
  commands.downloadMnist.id,
  commands.showLog.id,
  commands.timeBackendsAgain.id,
  commands.openCalculator.id,
  commands.openModel.id,
  codeCommands.showRule.id,
  commands.openLink.id,
  commands.openSample.id,
  commands.getStarted.id,
];

describe('commands', () => {
  it('are contributed, each once, and all that are contributed are known to the code', () => {
    expect(contributed.map(({ command }) => command).toSorted()).toEqual(ids.toSorted());
    expect(byId.size).toBe(contributed.length);
  });

  it.each(contributed)('$command has a title, a category and an icon', ({ title, category, icon }) => {
    expect(title).toMatch(/^[A-Z]/);
    expect(category).toBe('Gradient Lens');
    expect(icon).toMatch(/^\$\([a-z-]+\)$/);
  });

  it('have titles of their own', () => {
    expect(new Set(contributed.map(({ title }) => title)).size).toBe(contributed.length);
  });

  it.each(ids.filter((id) => !always.includes(id)))('%s stands in the palette only where it can be used', (id) => {
    expect(palette.get(id) ?? byId.get(id)?.enablement).toBeTruthy();
  });

  it.each(always)('%s can always be used', (id) => {
    expect([palette.get(id), byId.get(id)?.enablement]).toEqual([undefined, undefined]);
  });
});

describe('settings of rules', () => {
  const { properties } = contributes.configuration;
  const own = Object.keys(properties).flatMap((key) => /^gradientLens\.rules\.(.+)$/.exec(key)?.[1] ?? []);

  it('are one for each rule', () => {
    expect(own.toSorted()).toEqual([...rules.map(({ id }) => id), UNKNOWN_RULE].toSorted());
  });

  it.each(rules)('$id has its severity for a default, and its title for an explanation', (rule) => {
    const setting = properties[`gradientLens.rules.${rule.id}`];
    expect(setting).toMatchObject({
      default: rule.offByDefault ? 'off' : usualSeverity(rule),
      enum: [...diagnosticSeverities, 'off'],
    });
    expect(setting?.description).toBe(`${rule.title}.`);
  });
});

describe('an untrusted workspace', () => {
  it('does not say where data come from', () => {
    const { supported, restrictedConfigurations } = capabilities.untrustedWorkspaces;
    // VS Code looks at the list in no other case.
    expect(supported).toBe('limited');
    const settings = Object.keys(contributes.configuration.properties);
    const outside = settings.filter((id) => /\.(data|\w*Mirrors)$/.test(id));
    expect(outside).toHaveLength(2);
    expect(restrictedConfigurations.toSorted()).toEqual(outside.toSorted());
  });
});

describe('what refers to commands and views', () => {
  const views = Object.values(contributes.views).flatMap((all) => all.map(({ id }) => id));
  /** Of a container or a view itself, VS Code has these. */
  const ofViews = views.map((id) => `${id}.focus`);

  it.each(Object.entries(contributes.menus))('the menu %s has commands that exist, and says where', (name, uses) => {
    for (const { command, when } of uses) {
      expect(ids).toContain(command);
      if (name.startsWith('view/')) expect(when).toMatch(/^view == gradientLens\.\w+/);
    }
  });

  it('menus of views name views that exist', () => {
    const named = Object.values(contributes.menus)
      .flat()
      .flatMap(({ when }) => [...(when ?? '').matchAll(/view == ([\w.]+)/g)].map(([, view]) => view));
    expect(named.length).toBeGreaterThan(0);
    for (const view of named) expect(views).toContain(view);
  });

  it('conditions ask for keys that the host sets', () => {
    const sources = readdirSync('src/host', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(path.join('src/host', name), 'utf8'))
      .join('\n');
    const conditions = [
      ...contributed.map(({ enablement }) => enablement),
      ...[...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(({ when }) => when),
      ...contributes.viewsWelcome.map(({ when }) => when),
    ];
    const keys = conditions.flatMap((text) => [...(text ?? '').matchAll(/gradientLens\.\w+/g)].map(([key]) => key));
    for (const key of new Set(keys)) if (!views.includes(key)) expect(sources).toContain(`'${key}'`);
  });

  it('keys have commands that exist, and take effect in our own views and in code of a model only', () => {
    for (const { command, when } of contributes.keybindings) {
      expect(ids).toContain(command);
      expect(when).toMatch(/focusedView == gradientLens\.\w+|^editorTextFocus && gradientLens\.modelCode$/);
    }
  });

  it('welcomes link to commands that exist, in views that exist', () => {
    for (const { view, contents } of contributes.viewsWelcome) {
      expect(views).toContain(view);
      for (const [, command] of contents.matchAll(/\(command:([\w.]+)/g))
        expect([...ids, ...ofViews]).toContain(command);
    }
  });

  it('steps of the walkthrough have a command that exists, and a picture that is in the package', () => {
    const packed = readFileSync('.vscodeignore', 'utf8');
    const firstSteps = readFileSync('src/host/welcome/walkthroughTicks.ts', 'utf8');
    const [{ steps } = { steps: [] }] = contributes.walkthroughs;
    expect(steps).toHaveLength(5);
    for (const { description, media, completionEvents } of steps) {
      const [, button] = /^\[[^\]]+\]\(command:([\w.]+)\)$/m.exec(description) ?? [];
      expect(ids).toContain(button);
      expect(completionEvents).toContain(`onCommand:${button}`);
      // Done elsewhere, it is done too.
      const [key] = completionEvents.flatMap((event) => /^onContext:(.+)$/.exec(event)?.[1] ?? []);
      expect(firstSteps).toContain(`'${key}'`);
      const { image = media.markdown ?? '' } = media;
      for (const file of typeof image === 'string' ? [image] : Object.values(image)) {
        expect(existsSync(file)).toBe(true);
        expect(packed).toContain(`!${path.dirname(file)}/**`);
      }
    }
  });

  it('views stand in the activity bar: the secondary side bar is the person’s own', () => {
    expect(Object.keys(contributes.viewsContainers)).toEqual(['activitybar']);
    const containers = contributes.viewsContainers.activitybar!.map(({ id }) => id);
    expect(Object.keys(contributes.views)).toEqual(containers);
    expect(JSON.stringify(contributes)).not.toMatch(/secondary|auxiliary/i);
  });
});
