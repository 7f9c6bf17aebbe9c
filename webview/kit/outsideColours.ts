/** Says in the words of VS Code what colours the person's system asks for: plots, tables and toolkit listen to these. */
export function followColours(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const contrast = matchMedia('(prefers-contrast: more), (forced-colors: active)');
  const all = ['vscode-dark', 'vscode-light', 'vscode-high-contrast', 'vscode-high-contrast-light'];
  const tell = () => {
    // As VS Code has it, a light one of high contrast is of high contrast, too.
    const kinds = contrast.matches
      ? dark.matches
        ? ['vscode-high-contrast']
        : ['vscode-high-contrast-light', 'vscode-high-contrast']
      : [dark.matches ? 'vscode-dark' : 'vscode-light'];
    document.body.dataset.vscodeThemeKind = kinds[0];
    document.body.classList.remove(...all);
    document.body.classList.add(...kinds);
  };
  dark.addEventListener('change', tell);
  contrast.addEventListener('change', tell);
  tell();
}
