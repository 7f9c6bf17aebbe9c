import type { ComponentChildren, VNode } from 'preact';
import { explained } from '../../src/core/plots/spec';
import { fullSpec, type Pace } from '../plots/driver';
import { selfContained } from '../plots/selfContained';
import { theme } from '../plots/theme';
import { VegaPlot } from '../plots/VegaPlot';
import { loadVega } from '../plots/vega';
import { copy } from './copied';
import { Menu } from './menu';
import type { FigureSource } from './source';
import './figure.css';

/** Where a plot goes when it leaves the page. */
export interface FigureActions {
  /** False where it could not be copied. */
  copyText(text: string): Promise<boolean>;
  saveFile(name: string, content: string | Uint8Array): void;
}

/** Width of an exported picture's frame, whatever the page's. */
const EXPORT_WIDTH = 720;

/** A plot under its title and caption, with what it can be saved as. */
export function Figure({
  kind,
  title,
  caption,
  source,
  revision,
  label,
  note,
  stem,
  actions,
  pace = 'stream',
  wide = false,
  children,
}: {
  /** Names the plot in files and for tests. */
  kind: string;
  title: string;
  caption: ComponentChildren;
  source: FigureSource;
  /** Raised whenever there is something new to draw. */
  revision: number;
  /** Says in words what the plot shows. */
  label: string;
  /** What its lines, bands and dashes mean, for a picture of it that stands alone. */
  note: string;
  /** What the names of its files begin with. */
  stem: string;
  /** Without them the plot is only looked at. */
  actions: FigureActions | undefined;
  pace?: Pace;
  /** Across both columns of a grid. */
  wide?: boolean;
  /** Its own controls, beside the title. */
  children?: ComponentChildren;
}): VNode {
  const standalone = () => {
    const layout = source.layout(EXPORT_WIDTH);
    const spec = explained(source.alone(theme(), layout), note);
    return selfContained(fullSpec(spec, theme()), source.data(layout));
  };
  const save = async (format: 'png' | 'svg') => {
    const { picture } = await loadVega();
    actions?.saveFile(`${stem}-${kind}.${format}`, await picture(standalone(), format));
  };
  return (
    <figure class={wide ? 'plot wide' : 'plot'}>
      <div class="plot-head">
        <h2>{title}</h2>
        <div class="plot-tools">
          {children}
          {actions !== undefined && (
            <Menu
              label={`Save or copy: ${title}`}
              icon="ellipsis"
              items={[
                { text: 'Save PNG…', onSelect: () => void save('png') },
                { text: 'Save SVG…', onSelect: () => void save('svg') },
                {
                  text: 'Copy Vega-Lite spec',
                  onSelect: () => void copy(actions, JSON.stringify(standalone(), null, 2), 'Vega-Lite spec'),
                },
              ]}
            />
          )}
        </div>
      </div>
      <figcaption class="plot-caption">{caption}</figcaption>
      <VegaPlot kind={kind} source={source} revision={revision} label={label} pace={pace} />
    </figure>
  );
}
