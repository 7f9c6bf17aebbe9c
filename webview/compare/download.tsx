import type { VNode } from 'preact';
import { Button } from '../kit/toolkit';
import type { PageActions, PageState } from './state';
import './download.css';

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** Fetching MNIST: the button, then file and megabytes in its place. */
export function Download({ state, actions }: { state: PageState; actions: PageActions }): VNode | null {
  const { download } = state;
  if (download !== undefined) {
    const { file, fileIndex, files, received, total } = download;
    return (
      <span class="download" data-testid="download">
        {file} ({fileIndex + 1} of {files}): {megabytes(received)}
        {total !== undefined && ` of ${megabytes(total)}`} MB
      </span>
    );
  }
  return state.mnistStored ? null : <Button onClick={() => actions.downloadMnist()}>Download MNIST</Button>;
}
