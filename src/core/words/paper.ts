/** The paper whose experiment and figures the product begins with: named in full where it is met first, "the paper" after that. */
export const paper = {
  title: 'How the Sigmoid Activation Function Causes Vanishing Gradients in Deep Neural Networks',
  author: 'Archit Roy',
} as const;

/** For a tooltip, a note or a line of its own. */
export const paperInFull = `The paper: ${paper.title} (${paper.author}).`;

/** The name in full, for a tooltip on a text that speaks of the paper; undefined on any other. */
export const paperTitleFor = (text: string): string | undefined => (/\bpaper\b/i.test(text) ? paperInFull : undefined);
