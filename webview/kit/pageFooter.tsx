import type { ComponentChildren, VNode } from 'preact';
import './pageFooter.css';

/** What is at the end of a page; its menus open upwards. */
export const PageFooter = ({ children }: { children: ComponentChildren }): VNode => (
  <footer class="footer">{children}</footer>
);
