/** Says in the words of VS Code whether the person's system is light or dark: plots and toolkit listen to these. */
export function followColours(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const tell = () => {
    const kind = dark.matches ? 'vscode-dark' : 'vscode-light';
    document.body.dataset.vscodeThemeKind = kind;
    document.body.classList.remove('vscode-dark', 'vscode-light');
    document.body.classList.add(kind);
  };
  dark.addEventListener('change', tell);
  tell();
}
