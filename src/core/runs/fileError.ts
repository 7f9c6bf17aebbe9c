/** What was read is not a run that this version can use; the message is a sentence for a person. */
export class RunFileError extends Error {
  override readonly name: string = 'RunFileError';
}

/** It was stored by a newer version, and is better left as it is. */
export class NewerRunError extends RunFileError {
  override readonly name = 'NewerRunError';

  constructor(found: number, known: number) {
    super(
      `This run was stored by a newer Gradient Lens (format ${found}; this one reads up to ${known}). Update the extension to open it.`,
    );
  }
}
