import { expect, it } from 'vitest';
import { droppedRuns } from '../../../webview/compare/droppedRuns';

const dropped = (files: File[], list: string) =>
  droppedRuns({ files, getData: (type) => (type === 'text/uri-list' ? list : '') });

it('takes files of the desktop as they are', () => {
  const file = new File(['{}'], 'run.gradient-lens.json');
  expect(dropped([file], '')).toEqual({ files: [file], addresses: [] });
});

it('takes addresses of files of the explorer, without the comments of a list', () => {
  const list = '# two runs\r\nfile:///a.json\r\n\r\nvscode-remote://wsl/b.json\r\n';
  expect(dropped([], list).addresses).toEqual(['file:///a.json', 'vscode-remote://wsl/b.json']);
});
