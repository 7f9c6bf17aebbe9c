import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Shape } from '../../src/core/model/model';
import { shapeText } from '../../src/core/report/modelTable';
import { DraftField } from '../kit/draftField';
import { Field } from '../kit/field';
import { Button } from '../kit/toolkit';
import { readShape } from './readShape';

/** Asks for the input's shape where the model does not tell it, or not all of it. */
export function InputShape({
  told,
  onShape,
}: {
  told: Shape | undefined;
  onShape(shape: readonly number[]): void;
}): VNode {
  const [typed, setTyped] = useState<readonly number[] | undefined>(undefined);
  return (
    <Field
      name="inputShape"
      label="Input shape"
      hint={`${told === undefined ? 'The model does not tell it' : `The model tells ${shapeText(told)}`}; sizes without the batch, channels last.`}
    >
      <DraftField
        label="Input shape"
        name="inputShape"
        value={typed}
        text=""
        placeholder="28, 28, 1"
        read={readShape}
        onValue={setTyped}
      />
      <Button disabled={typed === undefined} onClick={() => typed !== undefined && onShape(typed)}>
        Use
      </Button>
    </Field>
  );
}
