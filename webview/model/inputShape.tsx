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
  fitting,
  onShape,
}: {
  told: Shape | undefined;
  /** What would fit the sizes that the model tells further on; shown first, for the person to confirm. */
  fitting: readonly number[] | undefined;
  onShape(shape: readonly number[]): void;
}): VNode {
  const [typed, setTyped] = useState(fitting);
  return (
    <Field
      name="inputShape"
      label="Input shape"
      hint={`${told === undefined ? 'The model does not tell it' : `The model tells ${shapeText(told)}`}${fitting === undefined ? '' : `, and ${fitting.join(' × ')} fits`}; sizes without the batch, channels last.`}
    >
      <DraftField
        label="Input shape"
        name="inputShape"
        value={typed}
        text={fitting?.join(', ') ?? ''}
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
